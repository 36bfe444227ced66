"""The plan of a mentorship: adding and dropping steps, handing in and checking evidence."""

from datetime import date, timedelta

from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from mbois import clock
from mbois.mentoring import policy
from mbois.mentoring.library import steps
from mbois.mentoring.models import Evidence, Mentorship, PlanStep
from mbois.mentoring.questionnaires import advice_for, content_of
from mbois.people import documents
from mbois.people.models import Person, Purpose
from mbois.people.notifications import notify
from mbois.refused import Refused, require

MOST_STEPS = 20


def first_plan(mentorship: Mentorship, *, by: Person) -> list[PlanStep]:
    """The steps that the diagnosis advises, when a mentorship begins."""
    diagnosis = mentorship.diagnosis
    if diagnosis is None:
        return []
    content = content_of(diagnosis.questionnaire_id)
    advised = {one.step for one in advice_for(content, diagnosis.answers, diagnosis.scores) if one.step}
    rows = [
        PlanStep(
            region_id=mentorship.region_id,
            mentorship=mentorship,
            key=step.key,
            due_on=clock.today() + timedelta(days=step.days),
            added_by=by,
        )
        for step in steps().values()
        if step.key in advised
    ]
    return PlanStep.objects.bulk_create(rows)


@transaction.atomic
def add_step(
    mentorship: Mentorship,
    *,
    by: Person,
    key: str = "",
    title: str = "",
    due_on: date | None = None,
    note: str = "",
) -> PlanStep:
    """Add a step of the library, or one with a title of its own."""
    require(policy.can_work_on(by, mentorship))
    if key and key not in steps():
        raise Refused(_("There is no such step."), field="key")
    if not key and not title.strip():
        raise Refused(_("Choose a step, or write one."), field="title")
    here = PlanStep.objects.filter(region=mentorship.region_id, mentorship=mentorship, dropped_at=None)
    if here.count() >= MOST_STEPS:
        raise Refused(_("A plan of more than %(most)s steps helps nobody.") % {"most": MOST_STEPS})
    if key and due_on is None:
        due_on = clock.today() + timedelta(days=steps()[key].days)
    try:
        with transaction.atomic():
            step = PlanStep.objects.create(
                region_id=mentorship.region_id,
                mentorship=mentorship,
                key=key,
                title="" if key else title.strip(),
                due_on=due_on,
                note=note.strip(),
                added_by=by,
            )
    except IntegrityError:
        raise Refused(_("This step is in the plan already."), field="key") from None
    notify(
        mentorship.enterprise.owner.person,
        "mentoring/step_added",
        url=f"/pendampingan/kasus/{mentorship.number}/",
        enterprise=mentorship.enterprise.name,
    )
    return step


@transaction.atomic
def drop_step(step: PlanStep, *, by: Person) -> None:
    """Take a step out of the plan; what was handed in stays to be read."""
    require(policy.can_work_on(by, step.mentorship))
    PlanStep.objects.filter(region=step.region_id, pk=step.pk, dropped_at=None).update(dropped_at=clock.now())


@documents.together()
def hand_in(step: PlanStep, *, by: Person, upload: File | None = None, note: str = "") -> Evidence:
    """Hand in a document, a photo or a sentence that shows a step is done."""
    mentorship = step.mentorship
    require(policy.can_hand_in(by, mentorship))
    if not PlanStep.objects.filter(region=step.region_id, pk=step.pk, dropped_at=None).exists():
        raise Refused(_("This step was taken out of the plan."), code="moved_on", status=409)
    if upload is None and not note.strip():
        raise Refused(_("Add a photo or a file, or say in a sentence what was done."), field="file")
    document = None
    if upload is not None:
        try:
            document = documents.store(
                upload,
                region_id=step.region_id,
                purpose=Purpose.MENTORING,
                by=by,
                subject=mentorship.enterprise.owner.person,
            )
        except Refused as refused:
            refused.field = "file"
            raise
    evidence = Evidence.objects.create(
        region_id=step.region_id, step=step, document=document, note=note.strip(), sent_by=by
    )
    if not policy.is_mentor(by, mentorship):
        notify(
            mentorship.mentor.person,
            "mentoring/to_check",
            url=f"/pendampingan/langkah/{step.pk}/",
            enterprise=mentorship.enterprise.name,
        )
    return evidence


@transaction.atomic
def check(evidence: Evidence, *, by: Person, accepted: bool, remark: str = "") -> Evidence:
    """Say whether evidence proves its step. Refused evidence says what is missing."""
    locked = (
        Evidence.objects.select_for_update(of=("self",))
        .select_related("step__mentorship__enterprise__owner__person", "step__mentorship__mentor__person")
        .get(region=evidence.region_id, pk=evidence.pk)
    )
    mentorship = locked.step.mentorship
    require(policy.can_check(by, mentorship))
    if locked.accepted is not None:
        raise Refused(_("This was checked already."), code="checked", status=409)
    if not accepted and not remark.strip():
        raise Refused(_("Say what is missing."), field="remark")
    locked.accepted, locked.remark = accepted, remark.strip()
    locked.checked_by, locked.checked_at = by, clock.now()
    locked.save()
    notify(
        mentorship.enterprise.owner.person,
        "mentoring/checked",
        url=f"/pendampingan/langkah/{locked.step_id}/",
        enterprise=mentorship.enterprise.name,
        accepted=accepted,
        remark=locked.remark,
    )
    return locked
