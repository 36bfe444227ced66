"""Work done in the background for the registry: imports, the search for duplicates."""

from contextlib import suppress
from datetime import timedelta

from django.db import transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from mbois import clock

AGAIN = RetryStrategy(max_attempts=5, exponential_wait=5)
# What a file said and nobody went on with is removed after this time.
IMPORTS_WAIT = timedelta(days=14)


def go_on_with_import(region_id: str, run_id: int) -> None:
    """Have a run read or applied soon, in the transaction that wants it."""
    with suppress(AlreadyEnqueued), transaction.atomic():
        run_import.configure(queueing_lock=f"enterprises.import.{run_id}").defer(
            region_id=region_id, run_id=run_id
        )


@app.task(name="enterprises.run_import", queue="imports", retry=AGAIN)
def run_import(region_id: str, run_id: int) -> None:
    """Go on with an import where it stopped. A worker that dies in it leaves it to the next."""
    from mbois.enterprises import imports
    from mbois.enterprises.models import ImportRun

    if run := ImportRun.objects.select_related("made_by").filter(region=region_id, pk=run_id).first():
        imports.go_on(run)


def look_for_duplicates(region_id: str) -> None:
    """Have a region searched soon, in the transaction that wants it."""
    with suppress(AlreadyEnqueued), transaction.atomic():
        find_duplicates.configure(queueing_lock=f"enterprises.duplicates.{region_id}").defer(
            region_id=region_id
        )


@app.task(name="enterprises.find_duplicates", queue="night", retry=AGAIN)
def find_duplicates(region_id: str) -> None:
    """Bring the work list of one region up to date."""
    from mbois.enterprises import duplicates

    duplicates.find_all(region_id)


@app.periodic(cron="10 18 * * *")  # 01:10 in Malang
@app.task(name="enterprises.tidy", queue="night", queueing_lock="enterprises.tidy")
def tidy(timestamp: int = 0) -> None:
    """Each night: duplicates of every region, the same NIK in two regions, imports and drafts nobody went on with."""
    from mbois.enterprises import drafts, duplicates, imports

    for region_id in list(duplicates.regions_with_enterprises()):
        look_for_duplicates(region_id)
    duplicates.find_owner_matches()
    imports.purge(before=clock.now() - IMPORTS_WAIT)
    drafts.remove_old(clock.now())
