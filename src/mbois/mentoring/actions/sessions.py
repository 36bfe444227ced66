"""Sessions: planned, moved, called off, recorded (perhaps without a line), followed up."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from mbois import clock
from mbois.ledger.actions import fingerprint
from mbois.mentoring import policy
from mbois.mentoring.actions.matching import coordinators_of
from mbois.mentoring.models import FollowUp, Mentorship, Session, SessionPhoto, SessionReport
from mbois.people import documents
from mbois.people.models import Document, HeldUpload, Person, Purpose
from mbois.people.notifications import notify
from mbois.refused import Refused, require


def url_of(session: Session) -> str:
    return f"/sesi/{session.uuid}/"


def _check_place(kind: str, place: str, video_url: str) -> None:
    if kind == Session.Kind.VIDEO and not video_url:
        raise Refused(_("Paste the link of the video call."), field="video_url")
    if kind == Session.Kind.PLACE and not place.strip():
        raise Refused(_("Say where you meet."), field="place")


@transaction.atomic
def plan_session(
    mentorship: Mentorship,
    *,
    by: Person,
    kind: str,
    starts_at: datetime,
    minutes: int,
    topic: str,
    place: str = "",
    video_url: str = "",
) -> Session:
    """Put a session into the calendar of both. Refuses one that overlaps another of the same mentor."""
    require(policy.can_work_on(by, mentorship))
    _check_place(kind, place, video_url)
    if starts_at < clock.now() - timedelta(days=31):
        raise Refused(_("That is more than a month ago."), field="starts_at")
    _must_be_free(mentorship, starts_at, minutes)
    session = Session.objects.create(
        region_id=mentorship.region_id,
        mentorship=mentorship,
        kind=kind,
        starts_at=starts_at,
        minutes=minutes,
        topic=topic.strip(),
        place=place.strip(),
        video_url=video_url,
        planned_by=by,
    )
    if starts_at > clock.now():
        notify(
            _others(mentorship, by),
            "mentoring/session_planned",
            url=url_of(session),
            enterprise=mentorship.enterprise.name,
            when=starts_at,
            topic=session.topic,
        )
    return session


def _others(mentorship: Mentorship, by: Person) -> set[Person]:
    return {mentorship.enterprise.owner.person, mentorship.mentor.person} - {by}


def _must_be_free(
    mentorship: Mentorship, starts_at: datetime, minutes: int, *, besides: Session | None = None
) -> None:
    """Locks the mentor's row, so that two plans at once see each other."""
    type(mentorship.mentor).objects.select_for_update().get(
        region=mentorship.region_id, pk=mentorship.mentor_id
    )
    ends_at = starts_at + timedelta(minutes=minutes)
    near = (
        Session.objects.filter(
            region=mentorship.region_id,
            mentorship__mentor=mentorship.mentor_id,
            starts_at__gt=starts_at - timedelta(hours=8),
            starts_at__lt=ends_at,
        )
        .to_come()
        .select_related("mentorship__enterprise")
    )
    for one in near:
        if besides is not None and one.pk == besides.pk:
            continue
        if one.starts_at + timedelta(minutes=one.minutes) > starts_at:
            raise Refused(
                _("The mentor is with %(name)s then.") % {"name": one.mentorship.enterprise.name},
                field="starts_at",
            )


def _locked(session: Session) -> Session:
    return (
        Session.objects.select_for_update(of=("self",))
        .select_related(
            "mentorship__enterprise__owner__person",
            "mentorship__enterprise__village",
            "mentorship__mentor__person",
        )
        .get(region=session.region_id, pk=session.pk)
    )


def _must_be_open(session: Session) -> None:
    if session.cancelled_at:
        raise Refused(_("This session was called off."), code="moved_on", status=409)
    if session.attended is not None:
        raise Refused(_("This session is recorded already."), code="moved_on", status=409)


@transaction.atomic
def move_session(session: Session, *, by: Person, starts_at: datetime, minutes: int) -> Session:
    """Another hour for a session that is still to come."""
    locked = _locked(session)
    require(policy.can_work_on(by, locked.mentorship))
    _must_be_open(locked)
    if starts_at < clock.now():
        raise Refused(_("Choose an hour that is still to come."), field="starts_at")
    _must_be_free(locked.mentorship, starts_at, minutes, besides=locked)
    if (starts_at, minutes) != (locked.starts_at, locked.minutes):
        locked.moved += 1
    locked.starts_at, locked.minutes, locked.reminded_at = starts_at, minutes, None
    locked.save()
    notify(
        _others(locked.mentorship, by),
        "mentoring/session_moved",
        url=url_of(locked),
        enterprise=locked.mentorship.enterprise.name,
        when=starts_at,
    )
    return locked


@transaction.atomic
def cancel_session(session: Session, *, by: Person, reason: str) -> Session:
    """Call a session off, by the mentor or the owner, before it begins; that is not a missed one."""
    locked = _locked(session)
    require(policy.can_work_on(by, locked.mentorship) or policy.owns(by, locked.mentorship.enterprise))
    _must_be_open(locked)
    if policy.owns(by, locked.mentorship.enterprise) and locked.starts_at < clock.now():
        raise Refused(_("The session has begun already; speak with your mentor."))
    if not reason.strip():
        raise Refused(_("Say why it is called off."), field="reason")
    locked.cancelled_at, locked.cancel_reason = clock.now(), reason.strip()
    locked.save()
    notify(
        _others(locked.mentorship, by),
        "mentoring/session_cancelled",
        url=url_of(locked),
        enterprise=locked.mentorship.enterprise.name,
        when=locked.starts_at,
        reason=locked.cancel_reason,
    )
    return locked


@dataclass(frozen=True)
class Report:
    """What the mentor wrote down about a session."""

    client_id: uuid.UUID
    held_at: datetime
    attended: bool
    notes: str = ""
    next_steps: str = ""
    latitude: float | None = None
    longitude: float | None = None
    accuracy: float | None = None
    photo_hashes: Sequence[str] = field(default=())

    def fingerprint(self, session: Session) -> str:
        """A hash of the content, whatever id it was sent under."""
        content: dict[str, Any] = {key: value for key, value in vars(self).items() if key != "client_id"}
        return fingerprint({"session": session.pk, **content})


@documents.together()
def record_session(
    session: Session,
    report: Report,
    *,
    by: Person,
    uploads: Sequence[File] = (),
    held: Sequence[HeldUpload] = (),
) -> tuple[SessionReport, bool]:
    """Take down a session with its photos, whole or not at all; says whether it had come before.

    The same id again is the same record. The same content under another id is kept and marked, for a
    person to look at; other content for a session that is recorded is refused. So is one whose day has not
    come, and a missed one that has not begun (`too_early`): attendance counts where credit is decided.
    """
    locked = _locked(session)
    require(policy.is_mentor(by, locked.mentorship) or policy.can_coordinate(by, locked.region_id))
    mark = report.fingerprint(locked)
    known = SessionReport.objects.filter(region=locked.region_id, client_id=report.client_id).first()
    if known is not None:
        if known.fingerprint != mark or known.recorded_by_id != by.pk:
            raise Refused(
                _("This session was sent already with other content."), code="session_changed", status=409
            )
        return known, True
    first = SessionReport.objects.filter(region=locked.region_id, session=locked, same_as=None).first()
    if first is not None and first.fingerprint != mark:
        raise Refused(_("This session is recorded already."), code="moved_on", status=409)
    if locked.cancelled_at:
        raise Refused(_("This session was called off."), code="moved_on", status=409)
    if clock.local_date(locked.starts_at) > clock.today():
        raise Refused(
            _("This session is still to come. If you met earlier, plan one for the hour you met."),
            field="held_at",
            code="too_early",
        )
    if not report.attended and locked.starts_at > clock.now():
        raise Refused(
            _("Nobody has missed this session yet: it has not begun."), field="attended", code="too_early"
        )
    if report.held_at > clock.now() + timedelta(minutes=10):
        raise Refused(_("The session lies in the future; check the clock of the phone."), field="held_at")
    if report.attended and not report.notes.strip():
        raise Refused(_("Write down what you did together."), field="notes")
    values = {key: value for key, value in vars(report).items() if key not in {"client_id", "photo_hashes"}}
    record = SessionReport.objects.create(
        region_id=locked.region_id,
        session=locked,
        client_id=report.client_id,
        fingerprint=mark,
        recorded_by=by,
        same_as=first,
        **values,
    )
    if first is None:
        _keep_photos(record, locked, by=by, uploads=uploads, held=held)
        _tell(locked, attended=report.attended, by=by)
    return record, False


def _tell(session: Session, *, attended: bool, by: Person) -> None:
    mentorship = session.mentorship
    owner = mentorship.enterprise.owner.person
    about: dict[str, Any] = {
        "url": url_of(session),
        "enterprise": mentorship.enterprise.name,
        "when": session.starts_at,
    }
    if attended:
        notify(owner, "mentoring/session_held", **about)
    else:
        notify(owner, "mentoring/session_missed", **about)
        notify(
            set(coordinators_of(session.region_id)) - {by, owner}, "mentoring/session_to_follow_up", **about
        )


def _keep_photos(
    record: SessionReport,
    session: Session,
    *,
    by: Person,
    uploads: Sequence[File],
    held: Sequence[HeldUpload],
) -> None:
    kept: list[Document] = []
    about: dict[str, Any] = {
        "region_id": session.region_id,
        "purpose": Purpose.MENTORING,
        "by": by,
        "subject": session.mentorship.enterprise.owner.person,
    }
    try:
        kept += [documents.store(upload, pictures=True, **about) for upload in uploads]
        kept += [documents.attach(one, **about) for one in held]
    except Refused as refused:
        refused.field = "photos"
        raise
    SessionPhoto.objects.bulk_create(
        SessionPhoto(region_id=record.region_id, report=record, document=document) for document in kept
    )


@transaction.atomic
def follow_up(session: Session, *, by: Person, outcome: str, note: str = "") -> FollowUp:
    """Write down what was done about a missed session."""
    locked = _locked(session)
    require(policy.is_mentor(by, locked.mentorship) or policy.is_officer(by, locked.mentorship.enterprise))
    if locked.attended is not False:
        raise Refused(_("Nobody missed this session."), code="moved_on", status=409)
    if outcome not in FollowUp.Outcome.values:
        raise Refused(_("Say what came of it."), field="outcome")
    return FollowUp.objects.create(
        region_id=locked.region_id, session=locked, outcome=outcome, note=note.strip(), by=by
    )
