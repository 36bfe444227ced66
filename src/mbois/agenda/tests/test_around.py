"""What surrounds an activity: letters, reminders, spaces, other rooms, forgetting, taking home."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.db import connection

from mbois import clock
from mbois.agenda import telling
from mbois.agenda.actions import activities, certificates, doors, forgetting, keeping, proposing, reminding
from mbois.agenda.announcing import AgendaAnnouncer
from mbois.agenda.invariants import INVARIANTS
from mbois.agenda.mine import held
from mbois.agenda.models import Activity, Certificate, Letter, Registration, Ticket
from mbois.agenda.queries import figures_of
from mbois.agenda.tests.factories import (
    begin,
    make_activity,
    make_curator,
    make_door,
    make_draft,
    make_registration,
    scan,
    signed_in,
)
from mbois.people import occasions, venues
from mbois.people.models import Delivery, Notification, Person, Role
from mbois.people.tests.factories import make_person
from mbois.people.venues import Venue
from mbois.refused import Refused

pytestmark = pytest.mark.django_db


def send_all() -> None:
    for one in Registration.objects.all():
        telling.send_letters(one.region_id, one.secret)


def test_the_ticket_comes_by_mail_as_a_paper_with_its_code() -> None:
    placed = make_registration(make_activity(title="Kelas keramik"), name="Bu Ani", email="ani@contoh.id")
    send_all()
    send_all()
    (letter,) = mail.outbox
    assert letter.to == ["ani@contoh.id"] and "Kelas keramik" in letter.subject
    assert placed.registration.secret in letter.body
    assert letter.attachments[0][1].startswith(b"%PDF")


def test_who_has_an_account_finds_it_in_the_inbox_and_gets_one_mail() -> None:
    person = make_person(email="ani@contoh.id")
    make_registration(make_activity(), person=person, email="ani@contoh.id")
    send_all()
    note = Notification.objects.get(person=person)
    assert note.key == "agenda/confirmed" and note.url.startswith("/tiket/")
    assert len(mail.outbox) == 1 and not Delivery.objects.exists()


def test_a_mail_server_that_is_down_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    make_registration(make_activity())

    def broken(*_args: object) -> None:
        raise OSError("down")

    monkeypatch.setattr(telling, "_mail", broken)
    with pytest.raises(OSError, match="down"):
        send_all()
    monkeypatch.undo()
    send_all()
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize(
    "key",
    [
        "confirmed",
        "waiting",
        "offered",
        "lapsed",
        "cancelled",
        "called_off",
        "moved",
        "reminder",
        "certificate",
    ],
)
def test_every_letter_is_written_in_both_languages(key: str, language: str) -> None:
    one = make_registration(make_activity()).registration
    Registration.objects.filter(pk=one.pk).update(language=language)
    Letter.objects.all().delete()
    one.activity = Activity.objects.get()
    telling.write([one], key, until=clock.now(), position=3, reason="Hujan")
    send_all()
    assert mail.outbox[0].subject and len(mail.outbox[0].body) > 40
    assert "{{" not in mail.outbox[0].body


def test_the_evening_before_a_word_once() -> None:
    activity = make_activity(begins_at=clock.now() + timedelta(days=1))
    make_registration(activity)
    day = clock.local_date(activity.begins_at)
    assert reminding.remind(activity.region_id, day) == 1
    assert reminding.remind(activity.region_id, day) == 0


# --- the creative centre, where it keeps spaces ------------------------------------------------------


class Keeper:
    """A house with one space."""

    def __init__(self) -> None:
        self.held: dict[str, tuple[datetime, datetime]] = {}
        self.space = Venue("R-1", "Auditorium", "Jl. A. Yani 53", 30, "")

    def find(self, region: str, text: str = "") -> Sequence[Venue]:
        return [self.space] if text.lower() in self.space.name.lower() else []

    def get(self, code: str) -> Venue | None:
        return self.space if code == self.space.code else None

    def hold(
        self, code: str, *, begins: datetime, ends: datetime, title: str, people: int, by: Person
    ) -> str:
        number = f"B-{len(self.held) + 1}"
        self._take(number, begins, ends)
        return number

    def move(self, booking: str, *, begins: datetime, ends: datetime, by: Person) -> None:
        self._take(booking, begins, ends)

    def _take(self, number: str, begins: datetime, ends: datetime) -> None:
        others = [span for key, span in self.held.items() if key != number]
        if any(begins < other[1] and other[0] < ends for other in others):
            raise Refused("The Auditorium is already booked then.")
        self.held[number] = (begins, ends)

    def release(self, booking: str, *, by: Person) -> None:
        self.held.pop(booking, None)


@pytest.fixture
def keeper() -> Iterator[Keeper]:
    before = venues.keeper()
    made = Keeper()
    venues.register(made)
    yield made
    venues._keepers[:] = [before] if before else []


def test_a_space_is_found_and_held_for_the_hours(keeper: Keeper) -> None:
    activity = make_draft()
    client, address = signed_in(activity.proposed_by), f"{activity.desk_url}ruang/"
    assert "Auditorium" in client.get(f"{address}?q=audi").content.decode()
    client.post(address, {"venue": "R-1"})
    activity.refresh_from_db()
    assert (activity.venue, activity.venue_booking, activity.place) == ("R-1", "B-1", "Auditorium")
    other = make_draft(begins_at=activity.begins_at)
    answer = signed_in(other.proposed_by).post(f"{other.desk_url}ruang/", {"venue": "R-1"})
    assert "already booked" in answer.content.decode()


def test_the_space_goes_along_to_another_hour_or_the_hour_stays(keeper: Keeper) -> None:
    activity, other = make_activity(), make_activity()
    activities.hold_venue(activity, "R-1", by=activity.proposed_by)
    hour = timedelta(hours=1)
    later = {"begins_at": activity.begins_at + hour, "ends_at": activity.ends_at + hour}
    moved = activities.change(activity, by=activity.proposed_by, values=later)
    assert keeper.held == {"B-1": (moved.begins_at, moved.ends_at)}
    day = timedelta(days=1)
    taken = {"begins_at": moved.begins_at + day, "ends_at": moved.ends_at + day}
    activities.change(other, by=other.proposed_by, values=taken)
    activities.hold_venue(other, "R-1", by=other.proposed_by)
    with pytest.raises(Refused, match="already booked") as refused:
        activities.change(activity, by=activity.proposed_by, values=taken)
    assert refused.value.field == "begins_at"
    activity.refresh_from_db()
    assert activity.begins_at == moved.begins_at


def test_a_space_can_be_given_up_again(keeper: Keeper) -> None:
    activity = make_draft()
    client, address = signed_in(activity.proposed_by), f"{activity.desk_url}ruang/"
    assert "is held for it" not in client.get(address).content.decode()
    client.post(address, {"venue": "R-1"})
    assert "is held for it" in client.get(address).content.decode()
    client.post(address, {"leave": "1"})
    activity.refresh_from_db()
    assert keeper.held == {} and (activity.venue, activity.venue_booking) == ("", "")


def test_who_is_registered_hears_of_the_space_that_was_found(keeper: Keeper) -> None:
    activity = make_activity()
    one = make_registration(activity).registration
    activities.hold_venue(activity, "R-1", by=activity.proposed_by)
    activity.refresh_from_db()
    assert activity.moved == 1
    assert Letter.objects.filter(registration=one, key="moved").count() == 1


def test_called_off_the_space_is_given_up(keeper: Keeper) -> None:
    activity = make_activity()
    activities.hold_venue(activity, "R-1", by=activity.proposed_by)
    activities.call_off(activity, by=activity.proposed_by, reason="Batal")
    assert keeper.held == {}


def test_a_space_too_small_is_refused(keeper: Keeper) -> None:
    activity = make_draft(quota=31)
    with pytest.raises(Refused, match="holds 30 people"):
        activities.hold_venue(activity, "R-1", by=activity.proposed_by)


# --- other rooms -----------------------------------------------------------------------------------


def test_a_demo_day_is_announced_and_counted() -> None:
    announcer = occasions.announcer()
    assert isinstance(announcer, AgendaAnnouncer)
    begins = clock.now() + timedelta(days=10)
    told = announcer.announce(
        "35.73",
        title="Hari Demo",
        about="Dua puluh rintisan tampil.",
        begins=begins,
        ends=begins + timedelta(hours=4),
        place="Auditorium",
        capacity=80,
        by=make_person(role=Role.INCUBATOR),
    )
    activity = Activity.objects.get(code=told.code)
    ticket = make_registration(activity, places=2).tickets[0]
    scan(make_door(activity), ticket)
    found = announcer.get([told.code, "G-3573-ZZZZZZ"])
    assert (found[told.code].registered, found[told.code].attended) == (2, 1)
    assert set(found) == {told.code}


def test_not_everybody_announces() -> None:
    begins = clock.now() + timedelta(days=10)
    with pytest.raises(Refused) as refused:
        AgendaAnnouncer().announce(
            "35.73",
            title="Hari Demo",
            about="",
            begins=begins,
            ends=begins + timedelta(hours=4),
            place="Auditorium",
            capacity=80,
            by=make_person(),
        )
    assert refused.value.status == 403


# --- figures, forgetting, taking home ---------------------------------------------------------------


def test_whom_it_reached_is_counted_from_rows() -> None:
    from mbois.agenda.actions import after

    activity = make_activity(quota=None)
    door = make_door(activity)
    for _one in range(3):
        scan(door, make_registration(activity).tickets[0])
    make_registration(activity)
    scan(door, "")
    begin(activity, hours_ago=5)
    after.report(activity, by=activity.proposed_by, visitors=10, businesses=2)
    figures = figures_of(activity)
    assert (figures.registered, figures.attended, figures.counted, figures.reported) == (4, 3, 1, 10)
    assert figures.reached == 14


def test_participants_are_forgotten_a_year_after_and_figures_stay() -> None:
    activity = make_activity(certificate_from=1)
    placed = make_registration(
        activity, name="Bu Ani", email="ani@contoh.id", phone="+628123456789", person=make_person()
    )
    fresh = make_registration(make_activity(), name="Pak Budi").registration
    scan(make_door(activity), placed.tickets[0])
    begin(activity, hours_ago=24 * 366)
    certificates.issue(activity, by=activity.proposed_by)
    doors.mark(placed.tickets[0], activity, present=True, by=activity.proposed_by, reason="Benar hadir")
    keeping.name_tickets(fresh, {1: "Pak Budi S."})
    assert forgetting.forget_participants() == 1
    assert forgetting.forget_participants() == 0
    gone = Registration.objects.get(pk=placed.registration.pk)
    assert (gone.name, gone.email, str(gone.phone), gone.person, gone.answers) == ("", "", "", None, {})
    assert Ticket.objects.get(registration=gone).name == ""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM agenda_registrationevent WHERE name = 'Bu Ani' OR email <> ''")
        assert cursor.fetchone() == (0,)
    assert not Letter.objects.filter(registration=gone).exists()
    assert Certificate.objects.get().name == "Bu Ani"
    assert figures_of(activity).attended == 1
    assert signed_in(make_person()).get(gone.get_absolute_url()).status_code == 404
    fresh.refresh_from_db()
    assert fresh.name == "Pak Budi"


def test_one_takes_home_what_is_held() -> None:
    person = make_person()
    placed = make_registration(make_activity(), person=person, name="Bu Ani")
    draft = make_draft(by=person)
    found = held(person)
    assert found["registrations"][0]["tickets"][0]["code"] == placed.tickets[0].code
    assert found["proposals"][0]["code"] == draft.code
    assert placed.registration.secret not in str(found)


def test_the_invariants_hold_and_see_a_breach() -> None:
    activity = make_activity()
    make_registration(activity)
    with connection.cursor() as cursor:
        for one in INVARIANTS:
            cursor.execute(one.sql)
            assert cursor.fetchall() == [], one.key
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE agenda_seats SET taken = 0")
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute(INVARIANTS[0].sql)
        assert len(cursor.fetchall()) == 1


def test_a_curator_publishes_in_their_own_region_only() -> None:
    activity = make_draft()
    proposing.propose(activity, by=activity.proposed_by)
    with pytest.raises(Refused) as refused:
        proposing.publish(activity, by=make_curator("35.79"))
    assert refused.value.status == 403
