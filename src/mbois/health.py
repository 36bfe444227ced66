"""What a load balancer or the supervisor asks: is the process up, and can it do its work?"""

from functools import cache

from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache

WORKER_SILENT_AFTER = 40  # seconds; a worker gives a sign of life every 10
JOB_LATE_AFTER = 600  # seconds that a job may wait when it is due; those of a priority below 0 may longer


@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"process": "ok"})


@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """The database answers, its tables are up to date, and a worker takes jobs in time; 503 if not."""
    state = {"database": "ok", "migrations": "ok", "queue": "ok"}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        missing = _migrations() - set(MigrationRecorder(connection).applied_migrations())
        if missing:
            state["migrations"] = f"{len(missing)} to apply"
        state["queue"] = _queue()
    except DatabaseError:
        for part in ("migrations", "queue"):
            state[part] = "unknown"
        state["database"] = "does not answer"
    ready = set(state.values()) == {"ok"}
    return JsonResponse(state, status=200 if ready else 503)


@cache
def _migrations() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)


def _queue() -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT (SELECT count(*) FROM procrastinate_workers
                     WHERE last_heartbeat > now() - make_interval(secs => %s)),
                   (SELECT count(*) FROM procrastinate_jobs j
                     WHERE j.status = 'todo' AND j.priority >= 0
                       AND coalesce(j.scheduled_at, (SELECT min(e.at) FROM procrastinate_events e
                                                      WHERE e.job_id = j.id))
                           < now() - make_interval(secs => %s))
            """,
            [WORKER_SILENT_AFTER, JOB_LATE_AFTER],
        )
        workers, late = cursor.fetchone()
    if not workers:
        return "no worker"
    return f"{late} jobs late" if late else "ok"
