"""Housekeeping of the job queue."""

from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="retry_stalled_jobs", pass_context=True)
async def retry_stalled_jobs(context: JobContext, timestamp: int) -> None:
    """Give the jobs of a worker that died (no heartbeat for 30 s) to another one.

    Where the same work (its queueing lock) has been asked for again meanwhile, that one does it: the dead
    one is ended, or it would hold its lock for ever.
    """
    for job in await app.job_manager.get_stalled_jobs():
        if job.id == context.job.id:
            continue
        try:
            await app.job_manager.retry_job(job)
        except UniqueViolation:
            await app.job_manager.finish_job(job, Status.FAILED, delete_job=False)
