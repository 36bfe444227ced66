"""Registering: places, groups, the waiting list, and what becomes of an offer."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from mbois import clock
from mbois.agenda.actions import activities, doors, keeping, registering, waiting
from mbois.agenda.models import Registration, Seats, Standing, Ticket
from mbois.agenda.tests.factories import (
    begin,
    make_activity,
    make_curator,
    make_door,
    make_registration,
    scan,
    seats_of,
)
from mbois.people.models import Notification
from mbois.people.tests.factories import make_person
from mbois.refused import Refused

pytestmark = pytest.mark.django_db


def states(activity: object) -> list[str]:
    return list(
        Registration.objects.filter(activity=activity).order_by("number").values_list("state", flat=True)
    )


def test_a_place_is_confirmed_with_a_ticket() -> None:
    placed = make_registration(make_activity(quota=2))
    assert placed.confirmed and len(placed.tickets) == 1
    assert placed.tickets[0].name == placed.registration.name


def test_who_comes_after_the_last_place_waits_with_a_position() -> None:
    activity = make_activity(quota=1)
    make_registration(activity)
    assert [make_registration(activity).position for _one in range(3)] == [1, 2, 3]
    assert not Ticket.objects.filter(registration__state=Standing.WAITING).exists()


def test_a_mother_registers_three_with_their_names() -> None:
    placed = make_registration(make_activity(), places=3, name="Bu Ani", names=["Budi", "Cici"])
    assert [one.name for one in placed.tickets] == ["Bu Ani", "Budi", "Cici"]


def test_without_a_waiting_list_a_full_activity_says_so() -> None:
    activity = make_activity(quota=2, waits=False)
    make_registration(activity)
    with pytest.raises(Refused, match="Only 1 place is left"):
        make_registration(activity, places=2)
    make_registration(activity)
    with pytest.raises(Refused, match="All places are taken"):
        make_registration(activity)
    assert seats_of(activity).taken == 2


def test_a_freed_place_is_offered_to_who_came_first_and_to_nobody_else() -> None:
    activity = make_activity(quota=1)
    first = make_registration(activity).registration
    waiting_ones = [make_registration(activity).registration for _one in range(2)]
    keeping.cancel(first)
    assert states(activity) == ["cancelled", "offered", "waiting"]
    waiting_ones[0].refresh_from_db()
    assert keeping.accept_offer(waiting_ones[0]).state == Standing.CONFIRMED
    assert seats_of(activity).taken == 1
    assert Ticket.objects.filter(registration=waiting_ones[0], cancelled_at=None).count() == 1


def test_a_cancelled_accepted_offer_frees_its_place() -> None:
    activity = make_activity(quota=1)
    first, second, third = (make_registration(activity).registration for _one in range(3))
    keeping.cancel(first)
    keeping.accept_offer(second)
    keeping.cancel(second)
    third.refresh_from_db()
    assert third.state == Standing.OFFERED


def test_a_group_that_does_not_fit_waits_and_so_does_who_comes_after() -> None:
    activity = make_activity(quota=2, group_rule="wait")
    first, _second = make_registration(activity).registration, make_registration(activity).registration
    group = make_registration(activity, places=2).registration
    single = make_registration(activity).registration
    keeping.cancel(first)
    assert states(activity)[2:] == ["waiting", "waiting"]
    keeping.cancel(_second)
    group.refresh_from_db()
    single.refresh_from_db()
    assert (group.state, single.state) == (Standing.OFFERED, Standing.WAITING)


def test_a_smaller_one_passes_a_group_where_the_rule_says_so() -> None:
    activity = make_activity(quota=2, group_rule="pass")
    first = make_registration(activity).registration
    make_registration(activity)
    make_registration(activity, places=2)
    make_registration(activity)
    keeping.cancel(first)
    assert states(activity)[2:] == ["waiting", "offered"]


def test_who_comes_new_does_not_jump_the_queue() -> None:
    activity = make_activity(quota=3, group_rule="wait")
    make_registration(activity, places=2)
    assert make_registration(activity, places=2).position == 1
    assert make_registration(activity).position == 2  # though one place is free


@pytest.mark.parametrize("waits", [True, False])
def test_a_group_larger_than_all_places_is_refused_and_keeps_nobody_out(waits: bool) -> None:
    activity = make_activity(quota=3, waits=waits, group_rule="wait")
    with pytest.raises(Refused, match="3 places in all") as refused:
        make_registration(activity, places=4)
    assert (refused.value.field, refused.value.status) == ("places", 422)
    assert make_registration(activity, places=3).confirmed


def test_a_group_for_which_the_quota_was_cut_too_small_is_passed() -> None:
    activity = make_activity(quota=3, group_rule="wait")
    sold = make_registration(activity, places=3).registration
    make_registration(activity, places=3)  # it waits
    make_registration(activity)
    waiting.set_seats(activity, by=activity.proposed_by, quota=2, group_rule="wait")
    keeping.cancel(sold)
    assert states(activity) == ["cancelled", "waiting", "offered"]
    make_registration(activity)
    assert waiting.lapse_offers(activity.region_id) == 0
    assert states(activity) == ["cancelled", "waiting", "offered", "offered"]


def test_an_offer_ends_at_its_hour_and_passes_on() -> None:
    activity = make_activity(quota=1, offer_hours=2)
    first, second, _third = (make_registration(activity).registration for _one in range(3))
    keeping.cancel(first)
    Registration.objects.filter(pk=second.pk).update(offer_ends_at=clock.now() - timedelta(seconds=1))
    second.refresh_from_db()
    with pytest.raises(Refused, match="has ended"):
        keeping.accept_offer(second)
    assert waiting.lapse_offers(activity.region_id) == 1
    assert states(activity) == ["cancelled", "lapsed", "offered"]
    assert waiting.lapse_offers(activity.region_id) == 0


def test_an_offer_never_outlasts_the_start() -> None:
    activity = make_activity(quota=1, offer_hours=168)
    first, second = (make_registration(activity).registration for _one in range(2))
    keeping.cancel(first)
    second.refresh_from_db()
    assert second.offer_ends_at == activity.begins_at
    sooner = clock.now() + timedelta(hours=5)
    activities.change(activity, by=activity.proposed_by, values={"begins_at": sooner})
    second.refresh_from_db()
    assert second.offer_ends_at == sooner
    with pytest.raises(IntegrityError), transaction.atomic():
        Registration.objects.filter(pk=second.pk).update(offer_ends_at=sooner + timedelta(hours=1))


def test_after_the_start_nothing_is_offered() -> None:
    activity = make_activity(quota=1)
    first = make_registration(activity).registration
    make_registration(activity)
    begin(activity)
    keeping.cancel(first)
    assert states(activity) == ["cancelled", "waiting"]


def test_a_quota_cut_below_what_is_sold_evicts_nobody() -> None:
    activity = make_activity(quota=3)
    sold = [make_registration(activity).registration for _one in range(3)]
    waiting.set_seats(activity, by=activity.proposed_by, quota=1)
    assert states(activity) == ["confirmed"] * 3
    assert make_registration(activity).position == 1
    keeping.cancel(sold[0])
    keeping.cancel(sold[1])
    assert states(activity)[3] == "waiting"  # one is still there, and one may be
    keeping.cancel(sold[2])
    assert states(activity)[3] == "offered"


def test_more_places_are_offered_at_once() -> None:
    activity = make_activity(quota=1)
    for _one in range(4):
        make_registration(activity)
    waiting.set_seats(activity, by=activity.proposed_by, quota=3)
    assert states(activity) == ["confirmed", "offered", "offered", "waiting"]


def test_the_database_sells_no_place_twice() -> None:
    activity = make_activity(quota=2)
    make_registration(activity, places=2)
    with pytest.raises(IntegrityError, match="seats_are_not_sold_twice"), transaction.atomic():
        Seats.objects.filter(activity=activity).update(taken=3)


@pytest.mark.parametrize("counter", ["taken", "waiting"])
def test_nobody_but_the_registrations_moves_what_is_counted_of_them(counter: str) -> None:
    activity = make_activity(quota=1)
    make_registration(activity)
    make_registration(activity)
    for change in (
        lambda: Seats.objects.filter(activity=activity).update(**{counter: 0}),
        lambda: Seats.objects.filter(activity=activity).update(**{counter: 2}),
        lambda: Seats.objects.filter(activity=activity).delete(),
        lambda: Seats.objects.create(region_id=activity.region_id, activity=activity, **{counter: 1}),
    ):
        with pytest.raises(DatabaseError, match="seats"), transaction.atomic():
            change()
    assert (seats_of(activity).taken, seats_of(activity).waiting) == (1, 1)
    make_registration(activity)
    assert seats_of(activity).waiting == 2


def test_a_quota_is_raised_and_cut_and_what_is_taken_stays_counted() -> None:
    activity = make_activity(quota=2)
    for _one in range(4):
        make_registration(activity)
    counts = []
    for quota in (3, 1, None):
        waiting.set_seats(activity, by=activity.proposed_by, quota=quota)
        counts.append((seats_of(activity).taken, seats_of(activity).waiting))
    assert counts == [(3, 1), (3, 1), (4, 0)]


def test_one_of_a_group_stays_home() -> None:
    activity = make_activity(quota=3)
    group = make_registration(activity, places=3)
    make_registration(activity)
    keeping.cancel_ticket(group.tickets[1])
    group.registration.refresh_from_db()
    assert group.registration.places == 2
    assert states(activity) == ["confirmed", "offered"]


def test_who_was_checked_in_does_not_give_up_the_place() -> None:
    activity = make_activity(quota=3)
    group = make_registration(activity, places=3)
    scan(make_door(activity), group.tickets[0])
    with pytest.raises(Refused, match="Somebody was checked in") as refused:
        keeping.cancel(group.registration)
    assert refused.value.code == "checked_in"
    with pytest.raises(Refused, match="Somebody was checked in"):
        keeping.cancel(group.registration, by=activity.proposed_by, reason="Salah daftar")
    with pytest.raises(Refused, match="This ticket was checked in"):
        keeping.cancel_ticket(group.tickets[0])
    keeping.cancel_ticket(group.tickets[1])  # who does not come frees a place
    keeping.cancel_ticket(group.tickets[2])
    with pytest.raises(Refused, match="checked in"):
        keeping.cancel_ticket(group.tickets[0])
    assert seats_of(activity).taken == 1
    with pytest.raises(IntegrityError, match="ticket_that_was_used_stays"), transaction.atomic():
        Ticket.objects.filter(pk=group.tickets[0].pk).update(cancelled_at=clock.now())
    doors.mark(group.tickets[0], activity, present=False, by=activity.proposed_by, reason="Salah pindai")
    keeping.cancel(group.registration)
    assert seats_of(activity).taken == 0


def test_called_off_while_it_runs_ends_the_tickets_of_who_is_inside() -> None:
    activity = make_activity()
    ticket = make_registration(activity).tickets[0]
    scan(make_door(activity), ticket)
    activities.call_off(begin(activity), by=activity.proposed_by, reason="Hujan badai")
    ticket.refresh_from_db()
    assert ticket.cancelled_at is not None


def test_the_same_key_gets_the_same_answer() -> None:
    activity = make_activity(quota=1)
    once = make_registration(activity, key="k", email="a@contoh.id", name="Ani")
    again = make_registration(activity, key="k", email="a@contoh.id", name="Ani")
    assert again.again and again.registration == once.registration
    with pytest.raises(Refused) as refused:
        make_registration(activity, key="k", email="a@contoh.id", name="Ani", places=2)
    assert refused.value.status == 409
    assert seats_of(activity).last == 1


def test_one_address_holds_no_more_than_one_registration_may() -> None:
    activity = make_activity(most_places=3)
    make_registration(activity, places=2, email="a@contoh.id")
    with pytest.raises(Refused, match="at most 3 places"):
        make_registration(activity, places=2, email="A@contoh.id")
    assert make_registration(activity, places=1, email="a@contoh.id").confirmed


def test_a_stranger_cannot_fill_somebodys_mailbox(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registering, "MOST_A_DAY", 2)
    for _one in range(2):
        make_registration(make_activity(), email="korban@contoh.id")
    with pytest.raises(Refused) as refused:
        make_registration(make_activity(), email="korban@contoh.id")
    assert refused.value.status == 429


@pytest.mark.parametrize("hours", [-1, 1])
def test_before_it_opens_and_after_it_closes_nobody_registers(hours: int) -> None:
    activity = make_activity()
    at = clock.now() + timedelta(hours=hours)
    activities.change(
        activity, by=activity.proposed_by, values={"closes_at": at} if hours < 0 else {"opens_at": at}
    )
    activity.refresh_from_db()
    with pytest.raises(Refused, match="closed" if hours < 0 else "not open"):
        make_registration(activity)


def test_called_off_everybody_is_told_and_no_place_is_sold_any_more() -> None:
    activity = make_activity(quota=1)
    make_registration(activity)
    make_registration(activity)
    stale = type(activity).objects.get(pk=activity.pk)
    activities.call_off(activity, by=activity.proposed_by, reason="Hujan badai")
    assert states(activity) == ["cancelled", "cancelled"]
    assert (seats_of(activity).taken, seats_of(activity).waiting) == (0, 0)
    with pytest.raises(Refused, match="called off"):
        make_registration(stale)  # who had opened the form before


def test_who_proposed_what_another_calls_off_is_told() -> None:
    festival = make_activity(kind="festival")
    make_activity(parent=festival, by=festival.proposed_by, begins_at=festival.begins_at)
    guest = make_person()
    type(festival).objects.filter(pk=festival.pk).update(takes_parts=True)
    festival.refresh_from_db()
    theirs = make_activity(parent=festival, by=guest, begins_at=festival.begins_at, title="Tari topeng")
    activities.call_off(festival, by=festival.proposed_by, reason="Hujan badai")
    told = Notification.objects.get(key="agenda/stopped")
    assert (told.person, told.context["title"]) == (guest, theirs.title)
    theirs.refresh_from_db()
    assert theirs.state == "cancelled"


def test_an_organiser_cancels_with_a_reason() -> None:
    activity = make_activity(quota=1)
    one = make_registration(activity).registration
    with pytest.raises(Refused, match="Say why"):
        keeping.cancel(one, by=activity.proposed_by)
    with pytest.raises(Refused) as refused:
        keeping.cancel(one, by=make_curator("35.07"), reason="Salah daftar")
    assert refused.value.status == 403
    keeping.cancel(one, by=activity.proposed_by, reason="Salah daftar")
    assert states(activity) == ["cancelled"]
