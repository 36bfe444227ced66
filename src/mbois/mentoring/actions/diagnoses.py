"""Taking a diagnosis: a draft that is kept, then answers that stay as they were sent."""

import uuid
from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mbois import clock
from mbois.enterprises.models import Enterprise
from mbois.mentoring import policy
from mbois.mentoring.models import Diagnosis, Questionnaire
from mbois.mentoring.questionnaires import content_of, current, level_of, missing, scores_of, total_of
from mbois.people.models import Person
from mbois.people.notifications import notify
from mbois.refused import Refused, require


def _valid(questionnaire: Questionnaire, answers: Mapping[str, object]) -> dict[str, int]:
    """Those answers that belong to a question of this version."""
    found = {}
    for key, question in content_of(questionnaire).questions.items():
        given = answers.get(key)
        if isinstance(given, int) and 0 <= given < len(question.answers):
            found[key] = given
    return found


@transaction.atomic
def open_draft(enterprise: Enterprise, *, by: Person, key: uuid.UUID | None = None) -> Diagnosis:
    """The draft of this enterprise, begun where there is none (under `key`, so that the form that began
    it is known again). One that answers an older version is carried over to the newest, with the
    answers that still fit."""
    require(policy.can_diagnose(by, enterprise))
    # the same form sent twice at once: the second waits here
    Enterprise.objects.select_for_update().only("pk").get(region=enterprise.region_id, pk=enterprise.pk)
    here = Diagnosis.objects.filter(region=enterprise.region_id, enterprise=enterprise)
    if key is not None and here.sent().filter(uuid=key).exists():
        raise Refused(_("These answers were sent already."), code="sent", status=409)
    newest = current()
    draft, _made = Diagnosis.objects.select_for_update().get_or_create(
        region_id=enterprise.region_id,
        enterprise=enterprise,
        sent_at=None,
        defaults={"questionnaire": newest, "taken_by": by, "uuid": key or uuid.uuid4()},
    )
    if draft.questionnaire_id != newest.pk:
        draft.questionnaire = newest
        draft.answers = _valid(newest, draft.answers)
        draft.save()
    return draft


@transaction.atomic
def keep_answers(
    enterprise: Enterprise, answers: Mapping[str, object], *, by: Person, key: uuid.UUID | None = None
) -> Diagnosis:
    """Add answers to the draft; those given before stay."""
    draft = open_draft(enterprise, by=by, key=key)
    draft.answers = {**draft.answers, **_valid(draft.questionnaire, answers)}
    draft.save(update_fields=["answers"])
    return draft


@transaction.atomic
def send_diagnosis(
    enterprise: Enterprise, answers: Mapping[str, object], *, by: Person, key: uuid.UUID | None = None
) -> Diagnosis:
    """Close the draft with these answers and say how the enterprise stands. Refuses while one is missing."""
    draft = keep_answers(enterprise, answers, by=by, key=key)
    content = content_of(draft.questionnaire_id)
    if left := missing(content, draft.answers):
        raise Refused(
            ngettext(
                "%(count)s question is not answered yet.",
                "%(count)s questions are not answered yet.",
                len(left),
            )
            % {"count": len(left)},
            field=left[0],
            code="incomplete",
        )
    draft.scores = scores_of(content, draft.answers)
    draft.total = total_of(draft.scores)
    draft.level = level_of(content, draft.scores)
    draft.taken_by = by
    draft.sent_at = clock.now()
    draft.save()
    owner = enterprise.owner.person
    if owner != by:
        notify(
            owner,
            "mentoring/diagnosed",
            url=f"/pendampingan/diagnosis/{draft.uuid}/",
            enterprise=enterprise.name,
            by=by.name,
        )
    return draft
