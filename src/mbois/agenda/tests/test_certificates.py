"""Certificates: by share of sessions, revoked by a correction, numbers given once."""

import uuid
from datetime import timedelta

import pgtrigger
import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from mbois import clock
from mbois.agenda.actions import certificates, keeping
from mbois.agenda.actions.doors import decide, mark
from mbois.agenda.actions.keeping import name_tickets
from mbois.agenda.models import Activity, Certificate, Ticket
from mbois.agenda.tests.factories import (
    begin,
    make_activity,
    make_door,
    make_registration,
    scan,
    signed_in,
)
from mbois.refused import Refused

pytestmark = pytest.mark.django_db


def course(share: int, sessions: int = 4) -> tuple[Activity, list[Activity]]:
    begins = clock.now() + timedelta(days=1)
    whole = make_activity(
        begins_at=begins, ends_at=begins + timedelta(days=sessions), certificate_from=share, quota=None
    )
    parts = [
        make_activity(
            parent=whole, entry="whole", begins_at=begins + timedelta(days=day), by=whole.proposed_by
        )
        for day in range(sessions)
    ]
    return whole, parts


def attend(whole: Activity, parts: list[Activity], count: int, name: str = "") -> Ticket:
    ticket = make_registration(whole, name=name).tickets[0]
    door = whole.doors.first() or make_door(whole)
    for part in parts[:count]:
        scan(door, ticket, part=part)
    return ticket


@pytest.mark.parametrize(
    ("share", "attended", "given"),
    [(75, 3, True), (75, 2, False), (100, 3, False), (1, 1, True), (1, 0, False)],
)
def test_it_takes_the_share_that_was_announced(share: int, attended: int, given: bool) -> None:
    whole, parts = course(share)
    attend(whole, parts, attended)
    begin(whole, hours_ago=200)
    assert bool(certificates.issue(whole, by=whole.proposed_by)) is given


def test_given_in_bulk_and_again_is_no_harm() -> None:
    whole, parts = course(50)
    for count in (4, 3, 1):
        attend(whole, parts, count)
    with pytest.raises(Refused, match="when it is over"):
        certificates.issue(whole, by=whole.proposed_by)
    begin(whole, hours_ago=200)
    made = certificates.issue(whole, by=whole.proposed_by)
    assert [(one.attended, one.sessions) for one in made] == [(4, 4), (3, 4)]
    assert certificates.issue(whole, by=whole.proposed_by) == []
    assert len({one.number for one in made}) == 2


def test_a_cancelled_ticket_has_none_without_a_decision() -> None:
    activity = make_activity(certificate_from=1, quota=None)
    door = make_door(activity)
    placed = [make_registration(activity) for _one in range(3)]
    keeping.cancel(placed[0].registration)
    exception, _cancelled, good = [scan(door, one.tickets[0]) for one in placed]
    with pgtrigger.ignore("agenda.Ticket:ticket_that_was_used_stays"):  # as it was possible once
        Ticket.objects.filter(pk=placed[1].tickets[0].pk).update(cancelled_at=clock.now())
    begin(activity, hours_ago=5)
    assert [one.ticket for one in certificates.issue(activity, by=activity.proposed_by)] == [good.ticket]
    with pytest.raises(IntegrityError, match="of_a_good_ticket"), transaction.atomic():
        certificates._make(activity, [(placed[1].tickets[0], 1)], 1, by=activity.proposed_by)
    decide(exception, accepted=True, by=activity.proposed_by, note="Datang juga")
    (given,) = certificates.issue(activity, by=activity.proposed_by)
    assert given.ticket == placed[0].tickets[0]


def test_a_later_correction_revokes_and_the_number_is_not_used_again() -> None:
    whole, parts = course(75)
    ticket = attend(whole, parts, 3, name="Bu Ani")
    begin(whole, hours_ago=200)
    first = certificates.issue(whole, by=whole.proposed_by)[0]
    mark(ticket, parts[0], present=False, by=whole.proposed_by, reason="Titip absen")
    first.refresh_from_db()
    assert first.revoked_at and first.revoke_reason == "Attendance corrected"
    assert certificates.issue(whole, by=whole.proposed_by) == []
    mark(ticket, parts[0], present=True, by=whole.proposed_by, reason="Ternyata hadir")
    second = certificates.issue(whole, by=whole.proposed_by)[0]
    assert second.number > first.number


def test_more_sessions_than_was_written_make_a_new_certificate() -> None:
    whole, parts = course(50)
    ticket = attend(whole, parts, 2)
    begin(whole, hours_ago=200)
    certificates.issue(whole, by=whole.proposed_by)
    mark(ticket, parts[3], present=True, by=whole.proposed_by, reason="Lupa dipindai")
    assert [(one.attended, one.revoked_at is None) for one in Certificate.objects.order_by("number")] == [
        (2, False),
        (3, True),
    ]


def test_a_corrected_name_makes_a_new_certificate() -> None:
    whole, parts = course(25)
    ticket = attend(whole, parts, 1, name="Bu Anik")
    begin(whole, hours_ago=200)
    certificates.issue(whole, by=whole.proposed_by)
    certificates.rename(ticket, by=whole.proposed_by, name="Bu Ani")
    assert list(Certificate.objects.filter(revoked_at=None).values_list("name", flat=True)) == ["Bu Ani"]
    assert Certificate.objects.count() == 2


def test_a_guest_without_a_name_has_no_certificate_in_the_name_of_who_registered() -> None:
    whole, parts = course(25)
    placed = make_registration(whole, places=3, name="Bu Ani")
    door = make_door(whole)
    for ticket in placed.tickets:
        scan(door, ticket, part=parts[0])
    begin(whole, hours_ago=200)
    organiser = whole.proposed_by
    assert [one.name for one in certificates.issue(whole, by=organiser)] == ["Bu Ani"]
    page = reverse("agenda_certificates", kwargs={"activity": whole.code})
    body = signed_in(organiser).get(page).content.decode()
    assert "2 tickets have no name yet" in body
    assert reverse("agenda_participant", args=[whole.code, placed.registration.pk]) in body
    tickets = signed_in(organiser).get(placed.registration.get_absolute_url()).content.decode()
    assert "a ticket without a name has none" in tickets
    # the organiser writes one name, who registered the other
    certificates.rename(placed.tickets[1], by=organiser, name="Budi")
    name_tickets(placed.registration, {3: "Cici"})
    assert [one.name for one in certificates.issue(whole, by=organiser)] == ["Budi", "Cici"]
    body = signed_in(organiser).get(page).content.decode()
    assert "no name yet" not in body
    body = signed_in(organiser).post(page, {"verb": "issue"}, follow=True).content.decode()
    assert "Nobody is left to give one to." in body


def test_the_database_holds_that_a_guests_is_in_their_own_name() -> None:
    whole, _parts = course(25)
    guest = make_registration(whole, places=2, name="Bu Ani").tickets[1]
    for name in ("Bu Ani", ""):
        with pytest.raises(IntegrityError, match="in_its_own_name"), transaction.atomic():
            Certificate.objects.create(
                region_id=whole.region_id,
                number=f"S-{name}",
                code=uuid.uuid4(),
                activity=whole,
                ticket=guest,
                name=name,
                title=whole.title,
                sessions=1,
                attended=1,
                issued_by=whole.proposed_by,
            )


def test_the_database_lets_nobody_rewrite_or_revive_one() -> None:
    whole, parts = course(25)
    attend(whole, parts, 1)
    begin(whole, hours_ago=200)
    one = certificates.issue(whole, by=whole.proposed_by)[0]
    with pytest.raises(Exception, match="agenda_certificate_is_fixed"), transaction.atomic():
        Certificate.objects.filter(pk=one.pk).update(name="Orang lain")
    certificates.revoke(one, by=whole.proposed_by, reason="Salah orang")
    with pytest.raises(Exception, match="agenda_certificate_revoked_for_good"), transaction.atomic():
        Certificate.objects.filter(pk=one.pk).update(revoked_at=None, revoked_by=None, revoke_reason="")


def test_a_revoked_one_is_told_to_who_checks_it_with_the_way_to_the_new_one() -> None:
    whole, parts = course(25)
    ticket = attend(whole, parts, 1, name="Bu Anik")
    begin(whole, hours_ago=200)
    old = certificates.issue(whole, by=whole.proposed_by)[0]
    certificates.rename(ticket, by=whole.proposed_by, name="Bu Ani")
    from mbois.agenda.tests.factories import visitor

    body = visitor().get(f"/sertifikat-kegiatan/{old.code}/").content.decode()
    assert "no longer holds" in body and "There is a new one" in body


@pytest.mark.parametrize("table", ["scan", "attendance", "scanverdict", "certificate", "ticket", "door"])
@pytest.mark.usefixtures("emptying_is_refused")
def test_what_was_seen_and_given_is_never_emptied(table: str) -> None:
    with (
        pytest.raises(IntegrityError, match="never_emptied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"TRUNCATE agenda_{table} CASCADE")
