"""Housekeeping of the job queue."""

from procrastinate import JobContext
from procrastinate.contrib.django import app


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="retry_stalled_jobs", pass_context=True)
async def retry_stalled_jobs(context: JobContext, timestamp: int) -> None:
    """Give the jobs of a worker that died (no heartbeat for 30 s) to another one."""
    for job in await app.job_manager.get_stalled_jobs():
        if job.id != context.job.id:
            await app.job_manager.retry_job(job)
