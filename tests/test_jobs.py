"""The jobs of a worker that died are done by another one."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from asgiref.sync import async_to_sync
from django.db import connection, connections
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from mbois.jobs import retry_stalled_jobs

pytestmark = pytest.mark.django_db(transaction=True)


def empty() -> None:
    rows("DELETE FROM procrastinate_jobs")
    rows("DELETE FROM procrastinate_workers")


@pytest.fixture(autouse=True)
def _empty_queue() -> Iterator[None]:
    """The queue's tables are not Django's to empty."""
    empty()
    yield
    empty()


def rows(sql: str, *values: object) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else []


def queued(lock: str) -> int:
    """A job that waits; gives its key."""
    job = app.configure_task(
        "market.round", lock=lock, queueing_lock=lock, task_kwargs={"region_id": "35.73", "connection_id": 1}
    )
    return job.defer()


def left_by_a_dead_worker(key: int) -> None:
    """The job's worker took it and was killed a minute ago."""
    [(worker,)] = rows(
        "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 minute') RETURNING id"
    )
    rows("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s WHERE id = %s", worker, key)


def status_of(key: int) -> object:
    [(status,)] = rows("SELECT status::text FROM procrastinate_jobs WHERE id = %s", key)
    return status


def taken() -> object:
    """The job that a new worker takes next."""
    [(key,)] = rows("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")
    return rows("SELECT id FROM procrastinate_fetch_job_v2(NULL, %s)", key)[0][0]


def look_after_the_dead() -> None:
    """In a thread of its own: a browser's loop may be at home in this one."""
    job = Job(id=0, queue="default", lock=None, queueing_lock=None, task_name=retry_stalled_jobs.name)
    context = JobContext(app=app, job=job, start_timestamp=0.0, abort_reason=lambda: None)

    def look() -> None:
        try:
            async_to_sync(retry_stalled_jobs.func)(context, 0)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(look).result()


def test_a_dead_workers_job_is_done_again() -> None:
    key = queued("market.round.1")
    left_by_a_dead_worker(key)
    assert taken() is None
    look_after_the_dead()
    assert status_of(key) == "todo"
    assert taken() == key


def test_where_the_same_was_asked_for_again_that_one_is_done_and_the_others_too() -> None:
    """What died first would hold its lock for ever, and end the look after those that died later."""
    first = queued("market.round.1")
    left_by_a_dead_worker(first)
    again = queued("market.round.1")
    second = queued("market.round.2")
    left_by_a_dead_worker(second)
    look_after_the_dead()
    assert [status_of(key) for key in (first, again, second)] == ["failed", "todo", "todo"]
    assert {taken(), taken()} == {again, second}
