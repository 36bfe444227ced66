"""When an activity may take place, and when registration opens and closes."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from mbois import clock
from mbois.agenda.actions import activities, proposing
from mbois.agenda.models import Activity
from mbois.agenda.tests.factories import make_activity, make_draft, make_organiser, signed_in, values
from mbois.refused import Refused

pytestmark = pytest.mark.django_db

FAR = datetime(2999, 1, 1, 2, 0, tzinfo=UTC)
SOON = timedelta(days=3)


@pytest.mark.parametrize(
    ("wrong", "field", "says"),
    [
        ({"begins_at": FAR, "ends_at": FAR + timedelta(hours=2)}, "begins_at", "three years"),
        ({"opens_at": FAR}, "opens_at", "three years"),
        ({"closes_at": FAR}, "closes_at", "three years"),
        ({"closes_at": SOON + timedelta(hours=2, minutes=1)}, "closes_at", "after the activity is over"),
        ({"opens_at": SOON, "closes_at": SOON - timedelta(hours=1)}, "opens_at", "before it closes"),
        ({"opens_at": SOON + timedelta(hours=3)}, "opens_at", "before it closes"),
    ],
)
def test_hours_that_cannot_be_meant_are_refused(wrong: dict[str, Any], field: str, says: str) -> None:
    now = clock.now()
    given = values(begins_at=now + SOON) | {
        name: now + one if isinstance(one, timedelta) else one for name, one in wrong.items()
    }
    by = make_organiser()
    with pytest.raises(Refused, match=says) as refused:
        proposing.draft("35.73", by=by, values=given)
    assert refused.value.field == field
    made = make_draft(by=by)
    with pytest.raises(Refused, match=says):
        activities.change(made, by=by, values=given)


def test_the_form_says_it_beside_the_field() -> None:
    made = make_draft()
    form = activities_form(made) | {"begins_at": "2099-01-01T09:00", "ends_at": "2099-01-01T11:00"}
    answer = signed_in(made.proposed_by).post(f"{made.desk_url}ubah/", form)
    assert answer.status_code == 422
    assert "three years" in str(answer.context["form"].errors["begins_at"])


def activities_form(activity: Activity) -> dict[str, Any]:
    from mbois.agenda.forms import first_values

    shown = {name: one for name, one in first_values(activity).items() if one not in (None, False, "")}
    for name in ("begins_at", "ends_at"):
        shown[name] = f"{clock.local_date(shown[name])}T09:00"
    shown["seen"] = shown["seen"].isoformat()
    return shown | {"ends_at": f"{clock.local_date(activity.ends_at)}T11:00"}


def test_the_last_of_a_series_lies_within_three_years() -> None:
    made = make_draft()
    with pytest.raises(Refused, match="three years") as refused:
        proposing.repeat(made, by=made.proposed_by, every_weeks=12, times=52)
    assert refused.value.field == "times" and Activity.objects.count() == 1


def test_an_end_moved_before_the_closing_hour_is_refused() -> None:
    activity = make_activity()
    activities.change(activity, by=activity.proposed_by, values={"closes_at": activity.begins_at})
    earlier = activity.begins_at - timedelta(days=1)
    with pytest.raises(Refused) as refused:
        activities.change(
            activity,
            by=activity.proposed_by,
            values={"begins_at": earlier, "ends_at": earlier + timedelta(hours=1)},
        )
    assert refused.value.field == "closes_at"


def test_the_database_refuses_it_too() -> None:
    rows = Activity.objects.filter(pk=make_activity().pk)
    row = rows.get()
    for wrong in (
        {"closes_at": row.ends_at + timedelta(minutes=1)},
        {"opens_at": row.begins_at, "closes_at": row.begins_at},
    ):
        with pytest.raises(IntegrityError, match="activity_registration"), transaction.atomic():
            rows.update(**wrong)


def test_a_proposal_begins_in_the_region_of_the_last_one() -> None:
    from mbois.people.models import Role
    from mbois.people.tests.factories import join, make_region

    by = make_organiser("35.07")
    make_region("35.73")
    join(by, Role.ORGANISER, region="35.73")
    client, new = signed_in(by), reverse("agenda_new")
    assert client.get(new).context["form"]["region"].value() == "35.07"
    begins = clock.local_date(clock.now() + SOON)
    form = values() | {
        "begins_at": f"{begins}T09:00", "ends_at": f"{begins}T11:00", "region": "35.73", "kind": "activity",
        "entry": "register", "most_places": 5, "offer_hours": 24, "group_rule": "wait",
    }  # fmt: skip
    assert client.post(new, form).status_code == 302
    assert client.get(new).context["form"]["region"].value() == "35.73"
