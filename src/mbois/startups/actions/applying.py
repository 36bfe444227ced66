"""An application: begun, kept while it is written, sent, changed until the deadline, withdrawn."""

from collections.abc import Mapping
from typing import Any

from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from mbois import clock
from mbois.people import documents
from mbois.people.models import Person, Purpose
from mbois.people.notifications import notify
from mbois.places.numbers import next_number
from mbois.refused import Refused, require
from mbois.startups import answers as reading
from mbois.startups import policy
from mbois.startups.actions.common import broke, team_of
from mbois.startups.models import Application, ApplicationFile, Call, Phase, Question, Startup, State
from mbois.web import show

EDITABLE = (State.DRAFT, State.SUBMITTED)


def window_of(call: Call) -> Phase | None:
    """From when to when applications are taken."""
    return Phase.objects.filter(region=call.region_id, call=call, kind=Phase.Kind.CALL).first()


def too_late(window: Phase | None) -> Refused:
    """The sentence for who comes too late, or too early."""
    if window is None or clock.now() < window.begins:
        return Refused(_("This call is not open yet."), code="closed", status=409)
    return Refused(
        _("The deadline was %(moment)s (WIB). Nothing can be sent or changed any more.")
        % {"moment": show.waktu(window.ends)},
        code="closed",
        status=409,
    )


def _in_time(call: Call) -> None:
    window = window_of(call)
    if window is None or not window.is_now:
        raise too_late(window)


@transaction.atomic
def begin(call: Call, startup: Startup, *, by: Person) -> Application:
    """Begin an application of a startup to a call, or go on with the one there is."""
    require(policy.in_team(by, startup))
    if call.published_at is None:
        raise Refused(_("This call is not open yet."), code="closed", status=409)
    if startup.region_id != call.region_id:
        raise Refused(_("This startup belongs to another region."), field="startup")
    _in_time(call)
    known: Application | None = Application.objects.filter(
        region=call.region_id, call=call, startup=startup
    ).first()
    if known is not None:
        return known
    try:
        with transaction.atomic():
            return Application.objects.create(
                region_id=call.region_id,
                number=next_number("LS", call.region_id),
                call=call,
                startup=startup,
                begun_by=by,
            )
    except IntegrityError as error:
        if broke(error, "startup_application_in_time"):
            raise too_late(window_of(call)) from None
        if broke(error, "startup_application_once"):
            found: Application = Application.objects.get(region=call.region_id, call=call, startup=startup)
            return found
        raise


def _locked(application: Application, by: Person) -> Application:
    found: Application = (
        Application.objects.select_for_update(of=("self",))
        .select_related("call", "startup")
        .get(region=application.region_id, pk=application.pk)
    )
    require(policy.in_team(by, found.startup))
    if found.state not in EDITABLE:
        raise Refused(_("This application can no longer be changed."), code="closed", status=409)
    _in_time(found.call)
    return found


def _saved(application: Application) -> None:
    try:
        with transaction.atomic():
            application.save()
    except IntegrityError as error:
        if not broke(error, "startup_application_in_time"):
            raise
        raise too_late(window_of(application.call)) from None


@transaction.atomic
def keep(application: Application, given: Mapping[str, Any], *, by: Person) -> Application:
    """Keep what is typed in a draft, complete or not: only the answers that are given change, so that
    two of a team can write at the same time."""
    locked = _locked(application, by)
    if locked.state != State.DRAFT:
        raise Refused(_("This application was sent already: changes are sent whole."), status=409)
    known = {
        one.key
        for one in Question.objects.filter(region=locked.region_id, call=locked.call)
        if one.kind != Question.Kind.FILE
    }
    locked.answers = reading.without_empty(
        locked.answers | {key: value for key, value in given.items() if key in known}
    )
    locked.changed_at = clock.now()
    _saved(locked)
    return locked


@transaction.atomic
def submit(application: Application, given: Mapping[str, Any], *, by: Person) -> Application:
    """Send an application, or changes of one that was sent, until the deadline. Refuses what is
    missing or longer than asked, naming the question."""
    locked = _locked(application, by)
    questions = list(Question.objects.filter(region=locked.region_id, call=locked.call).order_by("position"))
    known = {one.key for one in questions if one.kind != Question.Kind.FILE}
    locked.answers = reading.without_empty(
        locked.answers | {key: value for key, value in given.items() if key in known}
    )
    files = set(
        ApplicationFile.objects.filter(region=locked.region_id, application=locked).values_list(
            "question_id", flat=True
        )
    )
    for question in questions:
        if problem := reading.problem(question, locked.answers.get(question.key), question.pk in files):
            raise Refused(problem, field=f"q-{question.key}", code="incomplete")
    first = locked.state == State.DRAFT
    locked.changed_at = clock.now()
    if first:
        locked.state = State.SUBMITTED
        locked.submitted_at, locked.submitted_by = clock.now(), by
    _saved(locked)
    window = window_of(locked.call)
    if first and window:
        notify(
            team_of(locked.startup),
            "startups/submitted",
            url=f"/startup/lamaran/{locked.number}/",
            call=locked.call.title_id,
            startup=locked.startup.name,
            number=locked.number,
            until=window.ends,
        )
    return locked


@documents.together()
def attach(application: Application, question: Question, upload: File, *, by: Person) -> ApplicationFile:
    """Put a file under a question; an earlier one goes."""
    locked = _locked(application, by)
    if question.call_id != locked.call_id or question.kind != Question.Kind.FILE:
        raise Refused(_("There is no such question."), status=404)
    try:
        document = documents.store(upload, region_id=locked.region_id, purpose=Purpose.STARTUP, by=by)
    except Refused as refused:
        refused.field = f"q-{question.key}"
        raise
    _take_away(locked, question)
    Application.objects.filter(region=locked.region_id, pk=locked.pk).update(changed_at=clock.now())
    try:
        with transaction.atomic():
            return ApplicationFile.objects.create(
                region_id=locked.region_id, application=locked, question=question, document=document
            )
    except IntegrityError as error:
        if not broke(error, "startup_application_in_time"):
            raise
        raise too_late(window_of(locked.call)) from None


def _take_away(application: Application, question: Question) -> bool:
    old = (
        ApplicationFile.objects.filter(
            region=application.region_id, application=application, question=question
        )
        .select_related("document")
        .first()
    )
    if old is None:
        return False
    try:
        with transaction.atomic():
            old.delete()
    except IntegrityError as error:
        if not broke(error, "startup_application_in_time"):
            raise
        raise too_late(window_of(application.call)) from None
    documents.discard([old.document])
    return True


@transaction.atomic
def remove_file(application: Application, question: Question, *, by: Person) -> None:
    """Throw a file away. One that must be there is only replaced once the application was sent."""
    locked = _locked(application, by)
    if locked.state == State.SUBMITTED and question.required:
        raise Refused(_("This file must be there. Choose another to replace it."), status=409)
    _take_away(locked, question)


@transaction.atomic
def withdraw(application: Application, *, by: Person) -> Application:
    """Take an application back. Until the deadline it can be sent anew."""
    locked: Application = (
        Application.objects.select_for_update(of=("self",))
        .select_related("call", "startup")
        .get(region=application.region_id, pk=application.pk)
    )
    require(policy.in_team(by, locked.startup))
    if locked.state not in (State.SUBMITTED, State.INTERVIEW, State.WAITING, State.ACCEPTED):
        raise Refused(_("There is nothing to withdraw."), status=409)
    locked.state = State.WITHDRAWN
    locked.save()
    return locked


@transaction.atomic
def take_up_again(application: Application, *, by: Person) -> Application:
    """Make a withdrawn application a draft again, while the call is open."""
    locked: Application = (
        Application.objects.select_for_update(of=("self",))
        .select_related("call", "startup")
        .get(region=application.region_id, pk=application.pk)
    )
    require(policy.in_team(by, locked.startup))
    if locked.state != State.WITHDRAWN:
        raise Refused(_("This application was not withdrawn."), status=409)
    _in_time(locked.call)
    locked.state, locked.submitted_at, locked.submitted_by = State.DRAFT, None, None
    _saved(locked)
    return locked
