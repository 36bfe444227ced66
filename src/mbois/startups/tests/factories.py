"""Calls, applications, cohorts that tests need."""

from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.test import Client
from django.urls import reverse
from tests.factories import MALANG

from mbois import clock
from mbois.people.models import Person, Role
from mbois.people.tests.factories import make_person, make_region
from mbois.startups.actions import applying, calls, cohorts, reviewing, teams
from mbois.startups.models import (
    Application,
    Assignment,
    Call,
    Cohort,
    Criterion,
    Participation,
    Phase,
    Question,
    Review,
    Startup,
    monday_of,
)

NOTE = "Masalahnya jelas dan timnya sudah bicara dengan pelanggan."


def signed_in(person: Person) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


def page(name: str, **kwargs: object) -> str:
    return reverse(name, kwargs=kwargs)


def make_manager(region: str = MALANG) -> Person:
    return make_person(role=Role.INCUBATOR, region=region)


def make_reviewer(name: str = "", region: str = MALANG) -> Person:
    return make_person(name, role=Role.REVIEWER, region=region)


def make_mentor(name: str = "", region: str = MALANG) -> Person:
    return make_person(name, role=Role.MENTOR, region=region)


def make_call(
    region: str = MALANG,
    *,
    by: Person | None = None,
    blind: bool = True,
    hours: float = 48,
    published: bool = True,
    weights: tuple[int, ...] = (60, 40),
    **values: Any,
) -> Call:
    """A call that is open for so many hours more, with three questions and two criteria."""
    make_region(region)
    by = by or make_manager(region)
    told: dict[str, Any] = {
        "title_id": "Inkubasi 2026",
        "title_en": "Incubation 2026",
        "summary_id": "Enam bulan dari ide ke pelanggan.",
        "about_id": "Untuk tim dari Malang Raya.",
        "places": 20,
        "reviews_wanted": 2,
        "blind": blind,
    }
    call = calls.save_call(None, region_id=region, by=by, **(told | values))
    now = clock.now()
    opening, closing = now - timedelta(days=10), now + timedelta(hours=hours)
    calls.save_phases(
        call,
        {
            "call": (opening, closing),
            "screening": (closing, closing + timedelta(days=14)),
            "interview": (closing + timedelta(days=15), closing + timedelta(days=20)),
            "decision": (closing + timedelta(days=20), closing + timedelta(days=25)),
        },
        by=by,
    )
    common = {"options": [], "label_en": "", "help_id": "", "help_en": "", "most_words": None}
    for values_ in (
        {
            "label_id": "Masalah apa?",
            "kind": "long",
            "required": True,
            "identifying": False,
            "most_words": 50,
        },
        {"label_id": "Siapa Anda?", "kind": "text", "required": False, "identifying": True},
        {"label_id": "Berkas", "kind": "file", "required": False, "identifying": False},
    ):
        calls.save_question(call, None, by=by, **(common | values_))
    calls.save_criteria(
        call,
        [
            {
                "name_id": f"Kriteria {place}",
                "name_en": f"Criterion {place}",
                "help_id": "",
                "help_en": "",
                "weight": weight,
            }
            for place, weight in enumerate(weights, 1)
        ],
        by=by,
    )
    if published:
        call = calls.publish(call, by=by)
    return call


def the_question(call: Call, kind: str = "long") -> Question:
    return Question.objects.get(call=call, kind=kind)


def close(call: Call, *, phase: str = "screening") -> None:
    """The deadline has passed, and this phase runs: as if time went by."""
    now = clock.now()
    ahead = {"call": (-20, -2), "screening": (-2, 12), "interview": (12, 20), "decision": (20, 25)}
    if phase == "interview":
        ahead = {"call": (-20, -9), "screening": (-9, -2), "interview": (-2, 5), "decision": (5, 9)}
    if phase == "decision":
        ahead = {"call": (-30, -20), "screening": (-20, -9), "interview": (-9, -2), "decision": (-2, 5)}
    with connection.cursor() as cursor:
        # only a clock moves a deadline back
        cursor.execute("SET session_replication_role = replica")
        Phase.objects.filter(call=call).exclude(kind="call").delete()
        for kind, (begin, end) in ahead.items():
            during = DateTimeTZRange(now + timedelta(days=begin), now + timedelta(days=end), "[)")
            if kind == "call":
                Phase.objects.filter(call=call, kind=kind).update(during=during)
            else:
                Phase.objects.create(region_id=call.region_id, call=call, kind=kind, during=during)
        Application.objects.filter(call=call, submitted_at__isnull=False).update(
            submitted_at=now
            - timedelta(days=9.5 if phase == "interview" else 21 if phase == "decision" else 3)
        )
        cursor.execute("SET session_replication_role = origin")


def make_startup(
    name: str = "Kopi Lereng", *, founder: Person | None = None, region: str = MALANG
) -> Startup:
    make_region(region)
    return teams.found(name, region_id=region, by=founder or make_person("Dimas Prakoso"))


def founder_of(startup: Startup) -> Person:
    return startup.members.order_by("pk")[0].person


def make_draft(call: Call, name: str = "Kopi Lereng", *, founder: Person | None = None) -> Application:
    startup = make_startup(name, founder=founder, region=call.region_id)
    return applying.begin(call, startup, by=founder_of(startup))


def make_application(
    call: Call,
    name: str = "Kopi Lereng",
    *,
    founder: Person | None = None,
    answer: str = "Petani kopi dibayar lambat.",
) -> Application:
    """One that was sent."""
    draft = make_draft(call, name, founder=founder)
    return applying.submit(draft, {the_question(call).key: answer}, by=founder_of(draft.startup))


def ask(application: Application, *reviewers: Person) -> None:
    """Ask these people to review it."""
    Assignment.objects.bulk_create(
        Assignment(
            region_id=application.region_id,
            application=application,
            reviewer=one,
            assigned_by=application.call.made_by,
        )
        for one in reviewers
    )


def judge(
    application: Application, reviewer: Person, *points: int, advice: str = "yes", version: int = 0
) -> Review:
    """A review that is sent, with these points in the order of the criteria."""
    if not Assignment.objects.filter(application=application, reviewer=reviewer).exists():
        ask(application, reviewer)
    criteria = Criterion.objects.filter(call=application.call).order_by("position")
    return reviewing.save_review(
        application,
        by=reviewer,
        points={one.key: value for one, value in zip(criteria, points, strict=True)},
        remarks={},
        note=NOTE,
        advice=advice,
        version=version,
        send=True,
    )


def make_cohort(
    region: str = MALANG, *, by: Person | None = None, weeks_ago: int = 10, **values: Any
) -> Cohort:
    """One that runs, half-way."""
    make_region(region)
    begins = monday_of(clock.today()) - timedelta(weeks=weeks_ago)
    told: dict[str, Any] = {
        "name": "Angkatan 3",
        "begins_on": begins,
        "ends_on": begins + timedelta(weeks=24),
    }
    return cohorts.open_cohort(region, by=by or make_manager(region), **(told | values))


def make_place(cohort: Cohort | None = None, startup: Startup | None = None) -> Participation:
    """A startup in a cohort since it began."""
    cohort = cohort or make_cohort()
    startup = startup or make_startup(region=cohort.region_id)
    cohorts.add_startups(cohort, [startup], by=cohort.made_by)
    place: Participation = Participation.objects.select_related("cohort", "startup").get(
        cohort=cohort, startup=startup
    )
    place.added_at = clock.now() - (clock.today() - cohort.begins_on)
    place.save()
    return place


def weeks_back(number: int) -> date:
    """The Monday so many weeks ago."""
    return monday_of(clock.today()) - timedelta(weeks=number)
