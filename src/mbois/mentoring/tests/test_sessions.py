"""Sessions: in the calendar of both, recorded once however often they are sent, missed ones followed up."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from django.utils.translation import override
from icalendar import Calendar

from mbois import clock
from mbois.enterprises import standing
from mbois.mentoring import tasks
from mbois.mentoring.actions.matching import end
from mbois.mentoring.actions.sessions import cancel_session, follow_up, move_session, plan_session
from mbois.mentoring.calendars import event_of
from mbois.mentoring.models import Mentorship, OwnerCalendar, Session, SessionReport
from mbois.mentoring.tests.factories import make_mentorship, make_report, make_session, page, signed_in
from mbois.people.models import Document, Notification, Role
from mbois.people.tests.factories import make_person, picture
from mbois.refused import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def mentorship() -> Mentorship:
    return make_mentorship()


def sent(session: Session, **fields: Any) -> dict[str, Any]:
    """The form as a phone sends it."""
    held = timezone.localtime(clock.now()).strftime("%Y-%m-%dT%H:%M")
    told = {"client_id": uuid.uuid4(), "held_at": held, "attended": "yes", "notes": "Memotret tiga produk."}
    return told | fields


PHONE = {"accept": "application/json"}


def test_a_session_is_planned_and_the_owner_told(mentorship: Mentorship) -> None:
    mentor = signed_in(mentorship.mentor.person)
    when = timezone.localtime(clock.now() + timedelta(days=2)).strftime("%Y-%m-%dT09:00")
    fields = {"starts_at": when, "minutes": "60", "kind": "visit", "topic": "Foto produk"}
    done = mentor.post(page("session_plan", mentorship=mentorship.number), fields, follow=True)
    assert "Foto produk" in done.content.decode()
    owner = mentorship.enterprise.owner.person
    assert Notification.objects.filter(person=owner, key="mentoring/session_planned").exists()
    video = mentor.post(page("session_plan", mentorship=mentorship.number), fields | {"kind": "video"})
    assert video.status_code == 422 and "link of the video call" in video.content.decode()


def test_two_sessions_do_not_overlap(mentorship: Mentorship) -> None:
    start = clock.now() + timedelta(days=2)
    common: dict[str, Any] = {"by": mentorship.mentor.person, "kind": "visit", "topic": "A", "minutes": 60}
    plan_session(mentorship, starts_at=start, **common)
    with pytest.raises(Refused, match="The mentor is with"):
        plan_session(mentorship, starts_at=start + timedelta(minutes=30), **common)
    plan_session(mentorship, starts_at=start + timedelta(minutes=60), **common)


def test_sent_twice_it_is_one(mentorship: Mentorship) -> None:
    session = make_session(mentorship, days=-1)
    phone = signed_in(mentorship.mentor.person)
    url, form = page("session_record", session=session.uuid), sent(session)
    first = phone.post(url, form | {"photos": picture()}, headers=PHONE)
    again = phone.post(url, form | {"photos": picture()}, headers=PHONE)
    assert (first.status_code, again.status_code) == (201, 200) and again.json()["again"]
    assert SessionReport.objects.count() == 1 and Document.objects.count() == 1
    changed = phone.post(url, form | {"notes": "Lain", "photos": picture()}, headers=PHONE)
    assert changed.status_code == 409
    session.refresh_from_db()
    assert session.attended is True


def test_the_same_content_under_another_id_is_shown_to_a_person(mentorship: Mentorship) -> None:
    session = make_session(mentorship, days=-1)
    phone = signed_in(mentorship.mentor.person)
    url, form = page("session_record", session=session.uuid), sent(session)
    phone.post(url, form, headers=PHONE)
    twin = phone.post(url, form | {"client_id": uuid.uuid4()}, headers=PHONE)
    assert twin.status_code == 201 and twin.json()["twin"]
    assert "a second time" in phone.get(page("session", session=session.uuid)).content.decode()
    other = phone.post(url, form | {"client_id": uuid.uuid4(), "notes": "Lain"}, headers=PHONE)
    assert other.status_code == 409


def test_what_is_wrong_comes_back_by_field(mentorship: Mentorship) -> None:
    session = make_session(mentorship, days=-1)
    phone = signed_in(mentorship.mentor.person)
    url = page("session_record", session=session.uuid)
    assert phone.post(url, {}, headers=PHONE).status_code == 422
    silent = phone.post(url, sent(session, notes=""), headers=PHONE)
    assert silent.json()["error"]["field"] == "notes"
    later = timezone.localtime(clock.now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    assert phone.post(url, sent(session, held_at=later), headers=PHONE).json()["error"]["field"] == "held_at"
    bad = phone.post(url, sent(session, photos=picture("GIF", name="x.gif")), headers=PHONE)
    assert bad.json()["error"]["field"] == "photos" and not SessionReport.objects.exists()


@pytest.mark.parametrize("when", ["0001-01-01T00:00", "1899-12-31T23:59", "9999-12-31T23:59"])
def test_a_moment_of_another_age_is_refused_beside_its_field(mentorship: Mentorship, when: str) -> None:
    mentor = signed_in(mentorship.mentor.person)
    planned, begun = make_session(mentorship, days=2), make_session(mentorship, days=-1)
    fields = {"starts_at": when, "minutes": "60", "kind": "visit", "topic": "Foto produk"}
    for url, told, field in (
        (page("session_plan", mentorship=mentorship.number), fields, "starts_at"),
        (page("session_move", session=planned.uuid), fields, "starts_at"),
        (page("session_record", session=begun.uuid), sent(begun, held_at=when), "held_at"),
    ):
        answer = mentor.post(url, told)
        assert answer.status_code == 422
        assert answer.context["form"].errors[field] == ["That day is too far away."]
        assert when in answer.content.decode()  # what was typed stays
    phone = mentor.post(page("session_record", session=begun.uuid), sent(begun, held_at=when), headers=PHONE)
    assert (phone.status_code, phone.json()["error"]["field"]) == (422, "held_at")


def test_without_javascript_it_is_a_page(mentorship: Mentorship) -> None:
    session = make_session(mentorship, days=-1)
    mentor = signed_in(mentorship.mentor.person)
    url = page("session_record", session=session.uuid)
    assert mentor.get(url).status_code == 200
    wrong = mentor.post(url, sent(session, notes="", photos=picture()))
    assert wrong.status_code == 422 and "photo.jpg" in wrong.content.decode()
    done = mentor.post(url, sent(session), follow=True)
    assert "What we did" in done.content.decode()


def test_only_the_mentor_records(mentorship: Mentorship) -> None:
    session = make_session(mentorship, days=-1)
    owner = signed_in(mentorship.enterprise.owner.person)
    assert (
        owner.post(page("session_record", session=session.uuid), sent(session), headers=PHONE).status_code
        == 403
    )
    other = signed_in(make_person(role=Role.MENTOR))
    assert (
        other.post(page("session_record", session=session.uuid), sent(session), headers=PHONE).status_code
        == 404
    )


def test_a_missed_one_is_followed_up(mentorship: Mentorship) -> None:
    coordinator = make_person(role=Role.COORDINATOR)
    session = make_session(mentorship, days=-1)
    make_report(session, attended=False)
    assert Notification.objects.filter(person=coordinator, key="mentoring/session_to_follow_up").exists()
    day = signed_in(mentorship.mentor.person)
    assert "Missed: ask why" in day.get(page("mentor_day")).content.decode()
    assert (
        "Missed, nobody asked why"
        in signed_in(coordinator).get(page("mentoring_coordinator")).content.decode()
    )
    session.refresh_from_db()
    follow_up(session, by=mentorship.mentor.person, outcome="new_date", note="Anak sakit")
    assert "Missed: ask why" not in day.get(page("mentor_day")).content.decode()


def test_calling_off_before_is_not_missing(mentorship: Mentorship) -> None:
    session = make_session(mentorship, days=2)
    cancel_session(session, by=mentorship.enterprise.owner.person, reason="Ada hajatan")
    session.refresh_from_db()
    assert session.attended is None and session.cancelled_at
    begun = make_session(mentorship, days=-1)
    with pytest.raises(Refused, match="has begun already"):
        cancel_session(begun, by=mentorship.enterprise.owner.person, reason="lupa")


def test_attendance_counts_with_its_reason(mentorship: Mentorship) -> None:
    enterprise = mentorship.enterprise
    assert not [one for one in standing.of(enterprise).factors if one.factor.key == "mentoring_attendance"]
    for days, attended in ((-40, True), (-30, True), (-20, False), (-10, True)):
        make_report(make_session(mentorship, days=days), attended=attended)
    factor = next(one for one in standing.of(enterprise).factors if one.factor.key == "mentoring_attendance")
    assert (factor.points.points, factor.points.most) == (10, 20)
    assert "Came to 3 of the last 4" in factor.points.sentence


def test_the_calendar_follows_moves_and_needs_its_secret(mentorship: Mentorship) -> None:
    session = make_session(mentorship, days=3)
    move_session(session, by=mentorship.mentor.person, starts_at=clock.now() + timedelta(days=4), minutes=90)
    url = page("calendar_feed", secret=mentorship.mentor.calendar_secret)
    from django.test import Client

    answer = Client().get(url)
    assert answer["Content-Type"].startswith("text/calendar")
    event = next(iter(Calendar.from_ical(answer.content).walk("VEVENT")))
    assert int(event["sequence"]) == 1 and str(session.uuid) in str(event["uid"])
    assert mentorship.enterprise.owner.name not in answer.content.decode()
    signed_in(mentorship.mentor.person).post(page("calendar_new"))
    assert Client().get(url).status_code == 404
    assert Client().get(page("calendar_feed", secret="x")).status_code == 404


def test_a_reminder_comes_once(mentorship: Mentorship) -> None:
    tomorrow = timezone.localtime(clock.now()).replace(hour=10) + timedelta(days=1)
    session = make_session(mentorship)
    Session.objects.filter(pk=session.pk).update(starts_at=tomorrow)
    assert tasks.remind(mentorship.region_id) == 1
    assert tasks.remind(mentorship.region_id) == 0
    assert Notification.objects.filter(key="mentoring/session_soon").count() == 2


def test_reports_are_not_rewritten(mentorship: Mentorship) -> None:
    report = make_report(make_session(mentorship, days=-1))
    with pytest.raises(Exception, match="Cannot update or delete"), transaction.atomic():
        SessionReport.objects.filter(pk=report.pk).update(notes="lain")


def test_the_day_of_a_mentor_costs_the_same(
    mentorship: Mentorship, django_assert_max_num_queries: object
) -> None:
    mentor = mentorship.mentor
    for days in (0, 1, 2):
        make_session(mentorship, days=days)
    for _one in range(2):
        make_session(make_mentorship(mentor=mentor), days=0)
    client = signed_in(mentor.person)
    client.get(page("mentor_day"))
    with django_assert_max_num_queries(26):  # type: ignore[operator]
        assert client.get(page("mentor_day")).status_code == 200


def test_pages_of_a_session_open(mentorship: Mentorship) -> None:
    session = make_session(mentorship, days=3)
    mentor = signed_in(mentorship.mentor.person)
    for name in ("session", "session_record", "session_move", "session_cancel", "session_event"):
        assert mentor.get(page(name, session=session.uuid)).status_code == 200, name
    moved = mentor.post(
        page("session_move", session=session.uuid),
        {
            "starts_at": timezone.localtime(clock.now() + timedelta(days=5)).strftime("%Y-%m-%dT%H:%M"),
            "minutes": "45",
        },
        follow=True,
    )
    assert "Moved" in moved.content.decode()


def test_a_calendar_follows_a_session_that_only_becomes_longer(mentorship: Mentorship) -> None:
    session = make_session(mentorship, days=3)
    by, minutes = mentorship.mentor.person, session.minutes
    for told, sequence in ((minutes, 0), (minutes + 30, 1)):
        moved = move_session(session, by=by, starts_at=session.starts_at, minutes=told)
        assert event_of(moved)["sequence"] == sequence


def test_nobody_has_missed_or_held_what_is_still_to_come(mentorship: Mentorship) -> None:
    phone = signed_in(mentorship.mentor.person)
    session = make_session(mentorship, days=3)
    url = page("session_record", session=session.uuid)
    for attended in ("yes", "no"):
        answer = phone.post(url, sent(session, attended=attended), headers=PHONE)
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, "too_early")
    assert "still to come" in phone.post(url, sent(session)).content.decode()
    assert "Record the session" not in phone.get(page("session", session=session.uuid)).content.decode()
    assert not SessionReport.objects.exists()


def test_one_that_began_early_today_is_recorded_but_not_missed(
    mentorship: Mentorship, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = signed_in(mentorship.mentor.person)
    morning = timezone.localtime(clock.now()).replace(hour=8, minute=0)
    session = make_session(mentorship)
    Session.objects.filter(pk=session.pk).update(starts_at=morning + timedelta(hours=6))
    monkeypatch.setattr(clock, "now", lambda: morning)
    url = page("session_record", session=session.uuid)
    missed = phone.post(url, sent(session, attended="no"), headers=PHONE)
    assert (missed.status_code, missed.json()["error"]["field"]) == (422, "attended")
    assert phone.post(url, sent(session), headers=PHONE).status_code == 201


def test_why_a_session_ended_with_its_mentorship_is_read_in_ones_own_language(mentorship: Mentorship) -> None:
    session = make_session(mentorship, days=2)
    with override("en"):
        end(mentorship, by=mentorship.mentor.person, finished=True, note="")
    session.refresh_from_db()
    with override("id"):
        assert session.cancel_why == "Selesai"
    with override("en"):
        assert session.cancel_why == "Finished"


def test_an_owner_has_the_sessions_in_their_own_calendar(mentorship: Mentorship) -> None:
    enterprise = mentorship.enterprise
    session = make_session(mentorship, days=2, place="Balai RW 3")
    make_session(make_mentorship(), days=2, topic="Milik orang lain")
    owner = signed_in(enterprise.owner.person)
    url = page("enterprise_mentoring", enterprise=enterprise.number)
    assert "Make an address" in owner.get(url).content.decode()
    shown = owner.post(page("calendar_own"), follow=True).content.decode()
    secret = OwnerCalendar.objects.get().secret
    feed = page("calendar_feed", secret=secret)
    assert feed in shown
    calendar = Calendar.from_ical(Client().get(feed).content)
    [event] = calendar.walk("VEVENT")
    assert str(event["summary"]) == f"{mentorship.mentor.person.name}: Foto produk"
    assert (str(event["location"]), event["uid"].startswith(str(session.uuid))) == ("Balai RW 3", True)
    owner.post(page("calendar_own"))
    assert Client().get(feed).status_code == 404


def test_an_address_of_a_calendar_is_for_owners_and_ends_with_their_account(mentorship: Mentorship) -> None:
    assert signed_in(mentorship.mentor.person).post(page("calendar_own")).status_code == 404
    assert not OwnerCalendar.objects.exists()
    person = mentorship.enterprise.owner.person
    signed_in(person).post(page("calendar_own"))
    person.is_active = False
    person.save()
    assert Client().get(page("calendar_feed", secret=OwnerCalendar.objects.get().secret)).status_code == 404
