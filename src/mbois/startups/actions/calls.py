"""A call: written, its phases, questions and criteria, published."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext as _

from mbois import clock
from mbois.people.models import Person
from mbois.people.notifications import notify
from mbois.places.numbers import next_number
from mbois.refused import Refused, require
from mbois.startups import policy
from mbois.startups.actions.common import broke, not_too_far
from mbois.startups.models import Application, Call, Criterion, Phase, Question, Review, State
from mbois.web import show

MOST_QUESTIONS = 40
MOST_CRITERIA = 12
ORDER = (Phase.Kind.CALL, Phase.Kind.SCREENING, Phase.Kind.INTERVIEW, Phase.Kind.DECISION)


@transaction.atomic
def save_call(call: Call | None, *, region_id: str, by: Person, **values: Any) -> Call:
    """Write a call or change it. Whether it is blind stays as it was published."""
    require(policy.manages(by, region_id))
    if call is None:
        call = Call(region_id=region_id, number=next_number("PS", region_id), made_by=by)
    else:
        call = Call.objects.select_for_update(of=("self",)).get(region=region_id, pk=call.pk)
        if call.published_at and "blind" in values and values["blind"] != call.blind:
            raise Refused(
                _("Founders applied under this promise: whether the review is blind cannot change any more."),
                field="blind",
            )
    for name, value in values.items():
        setattr(call, name, value)
    call.save()
    return call


@transaction.atomic
def save_phases(call: Call, phases: Mapping[str, tuple[datetime, datetime] | None], *, by: Person) -> None:
    """Say from when to when each phase lasts, `[from, to)`. They come in order and do not overlap; the
    deadline of a published call only moves later."""
    require(policy.manages(by, call.region_id))
    locked = Call.objects.select_for_update(of=("self",)).get(region=call.region_id, pk=call.pk)
    before = {one.kind: one for one in Phase.objects.filter(region=call.region_id, call=call)}
    last: datetime | None = None
    for kind in ORDER:
        given = phases.get(kind)
        if given is None:
            if kind == Phase.Kind.CALL:
                raise Refused(_("Say from when to when applications are taken."), field="call_from")
            continue
        begins, ends = given
        not_too_far(**{f"{kind}_from": begins, f"{kind}_to": ends})
        if ends <= begins:
            raise Refused(_("A phase ends after it begins."), field=f"{kind}_to")
        if last is not None and begins < last:
            raise Refused(
                _("This phase begins before the one before it has ended: phases do not overlap."),
                field=f"{kind}_from",
            )
        last = ends
    known = before.get(Phase.Kind.CALL)
    window = phases[Phase.Kind.CALL]
    assert window is not None
    if locked.published_at and known and window[1] < known.ends:
        raise Refused(
            _("The call is published: its deadline (%(moment)s) can only move later.")
            % {"moment": show.waktu(known.ends)},
            field="call_to",
        )
    later = bool(locked.published_at and known and window[1] > known.ends)
    try:
        with transaction.atomic():
            # the others go first, so that the rows never overlap on the way from old to new
            Phase.objects.filter(region=call.region_id, call=call).exclude(kind=Phase.Kind.CALL).delete()
            for kind in ORDER:
                if (given := phases.get(kind)) is None:
                    continue
                during = DateTimeTZRange(given[0], given[1], "[)")
                if kind == Phase.Kind.CALL and known:
                    if (known.begins, known.ends) != given:
                        known.during = during
                        known.save()
                    continue
                Phase.objects.create(region_id=call.region_id, call=call, kind=kind, during=during)
    except IntegrityError as error:
        if not (
            broke(error, "startup_phases_do_not_overlap") or broke(error, "startup_deadline_moves_later")
        ):
            raise
        raise Refused(_("These phases overlap."), field="call_to") from None
    if later:
        drafts = Application.objects.filter(region=call.region_id, call=call, state=State.DRAFT)
        people = Person.objects.filter(
            startup_members__startup__applications__in=drafts, startup_members__left_at=None
        ).distinct()
        notify(
            people,
            "startups/deadline_moved",
            url=f"/startup/panggilan/{call.number}/",
            call=call.title_id,
            until=window[1],
        )


def _has_applications(call: Call) -> bool:
    return Application.objects.filter(region=call.region_id, call=call).exists()


@transaction.atomic
def save_question(call: Call, question: Question | None, *, by: Person, **values: Any) -> Question:
    """Add a question at the end or change one. Where somebody has applied, its kind stays."""
    require(policy.manages(by, call.region_id))
    Call.objects.select_for_update(of=("self",)).get(region=call.region_id, pk=call.pk)
    here = Question.objects.filter(region=call.region_id, call=call)
    applied = _has_applications(call)
    if values["kind"] == Question.Kind.CHOICE and len(values["options"]) < 2:
        raise Refused(_("A choice needs at least two answers, one a line."), field="options")
    if question is None:
        if applied:
            raise Refused(_("Somebody has begun to apply: questions cannot be added any more."))
        count = here.count()
        if count >= MOST_QUESTIONS:
            raise Refused(_("More than %(most)s questions keep people away.") % {"most": MOST_QUESTIONS})
        last = here.order_by("-position").first()
        question = Question(region_id=call.region_id, call=call, position=last.position + 1 if last else 1)
    elif applied:
        stays = ("kind", "options", "required", "most_words", "identifying")
        if any(name in values and getattr(question, name) != values[name] for name in stays):
            raise Refused(
                _(
                    "Somebody has begun to apply: only the words of a question can change, not what it asks for."
                ),
                field="kind",
            )
    for name, value in values.items():
        setattr(question, name, value)
    question.save()
    return question


@transaction.atomic
def remove_question(question: Question, *, by: Person) -> None:
    """Take a question out, as long as nobody applied; a published call keeps one."""
    call = question.call
    require(policy.manages(by, call.region_id))
    Call.objects.select_for_update(of=("self",)).get(region=call.region_id, pk=call.pk)
    if _has_applications(call):
        raise Refused(_("Somebody has begun to apply: questions stay as they are."), status=409)
    here = Question.objects.filter(region=call.region_id, call=call)
    if call.published_at and here.count() == 1:
        raise Refused(_("A published call keeps at least one question."), status=409)
    Question.objects.filter(region=call.region_id, pk=question.pk).delete()


@transaction.atomic
def move_question(question: Question, *, up: bool, by: Person) -> None:
    """Change places with the neighbour."""
    call = question.call
    require(policy.manages(by, call.region_id))
    rows = list(
        Question.objects.select_for_update().filter(region=call.region_id, call=call).order_by("position")
    )
    place = next(index for index, one in enumerate(rows) if one.pk == question.pk)
    other = place - 1 if up else place + 1
    if 0 <= other < len(rows):
        rows[place].position, rows[other].position = rows[other].position, rows[place].position
        Question.objects.bulk_update([rows[place], rows[other]], ["position"])


@transaction.atomic
def save_criteria(call: Call, rows: Sequence[Mapping[str, Any]], *, by: Person) -> list[Criterion]:
    """All criteria at once: their weights are 100 together. They stay once somebody has judged."""
    require(policy.manages(by, call.region_id))
    Call.objects.select_for_update(of=("self",)).get(region=call.region_id, pk=call.pk)
    if not rows:
        raise Refused(_("Name at least one criterion."), field="criteria")
    if len(rows) > MOST_CRITERIA:
        raise Refused(
            _("More than %(most)s criteria judge nothing.") % {"most": MOST_CRITERIA}, field="criteria"
        )
    total = sum(row["weight"] for row in rows)
    if total != 100:
        raise Refused(
            _("The weights are %(total)s together; they must be 100.") % {"total": show.angka(total)},
            field="criteria",
        )
    if Review.objects.filter(region=call.region_id, application__call=call, sent_at__isnull=False).exists():
        raise Refused(_("Somebody has judged by these criteria: they stay."), field="criteria", status=409)
    Criterion.objects.filter(region=call.region_id, call=call).delete()
    return Criterion.objects.bulk_create(
        Criterion(region_id=call.region_id, call=call, position=place, **row)
        for place, row in enumerate(rows, 1)
    )


@transaction.atomic
def publish(call: Call, *, by: Person) -> Call:
    """Open a call to the public. It needs its time, a question and criteria."""
    require(policy.manages(by, call.region_id))
    locked: Call = Call.objects.select_for_update(of=("self",)).get(region=call.region_id, pk=call.pk)
    if locked.published_at:
        return locked
    here = {"region": call.region_id, "call": call}
    window = Phase.objects.filter(**here, kind=Phase.Kind.CALL).first()
    if window is None:
        raise Refused(_("Say first from when to when applications are taken."))
    if window.is_over:
        raise Refused(_("The deadline is past already. Move it first."))
    if not Question.objects.filter(**here).exists():
        raise Refused(_("Ask at least one question first."))
    if not Criterion.objects.filter(**here).exists():
        raise Refused(_("Say first by what applications are judged."))
    locked.published_at = clock.now()
    locked.save()
    return locked
