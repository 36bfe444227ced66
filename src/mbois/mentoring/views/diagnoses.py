"""Taking a diagnosis on a phone, and what came of it."""

import uuid
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from mbois.enterprises.models import Enterprise
from mbois.mentoring import policy
from mbois.mentoring.actions.diagnoses import keep_answers, send_diagnosis
from mbois.mentoring.models import Diagnosis, Level
from mbois.mentoring.queries import diagnoses_of, result_of
from mbois.mentoring.questionnaires import Content, Question, content_of, current
from mbois.mentoring.views.common import enterprise_or_404, from_a_phone, login_required, person_of
from mbois.refused import Refused, require
from mbois.web.given import whole_number
from mbois.web.middleware import refusal_json


@dataclass(frozen=True)
class Asked:
    """A question on the page, with the answer it has."""

    number: int
    question: Question
    answer: int | None
    wrong: bool

    @property
    def choices(self) -> list[tuple[int, object, bool]]:
        return [(place, text, place == self.answer) for place, text in enumerate(self.question.answers)]


def _answers(request: HttpRequest, content: Content) -> dict[str, object]:
    """What was answered, by question."""
    found: dict[str, object] = {}
    for key in content.questions:
        given = whole_number(request.POST.get(f"q-{key}"), most=99)
        if given is not None:
            found[key] = given
    return found


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def take(request: HttpRequest, enterprise: str) -> HttpResponse:
    """The questions, on one page with five parts. What is answered is kept at once."""
    person, found = person_of(request), enterprise_or_404(request, enterprise)
    require(policy.can_diagnose(person, found))
    if request.method != "POST":
        return _page(request, found, _draft(found))
    key = _key(request)
    known = None
    if key is not None:
        sent_before = Diagnosis.objects.filter(region=found.region_id, enterprise=found, uuid=key).sent()
        known = sent_before.first()
    if known is not None:
        if from_a_phone(request):
            return JsonResponse({"kept": True})
        return redirect("diagnosis", diagnosis=known.uuid)
    answers = _answers(request, content_of(current()))
    if request.POST.get("do") != "send":
        draft = keep_answers(found, answers, by=person, key=key)
        if from_a_phone(request):
            return JsonResponse({"kept": len(draft.answers)})
        messages.success(request, _("Kept. Go on whenever you like."))
        return redirect("enterprise_mentoring", enterprise=found.number)
    try:
        sent = send_diagnosis(found, answers, by=person, key=key)
    except Refused as refused:
        if from_a_phone(request):
            return refusal_json(refused)
        if refused.code == "sent" and key is not None:
            return redirect("diagnosis", diagnosis=key)
        draft = keep_answers(found, answers, by=person, key=key)
        return _page(request, found, draft, refused=refused)
    messages.success(request, _("Thank you. This is how the business stands."))
    return redirect("diagnosis", diagnosis=sent.uuid)


def _key(request: HttpRequest) -> uuid.UUID | None:
    """The draft a form belongs to: a second tap, or another tab, finds what was sent meanwhile."""
    try:
        return uuid.UUID(request.POST.get("draft", ""))
    except ValueError:
        return None


def _draft(enterprise: Enterprise) -> Diagnosis:
    """The draft that waits, or an empty one that is not kept before something is answered."""
    waiting = Diagnosis.objects.filter(region=enterprise.region_id, enterprise=enterprise, sent_at=None)
    return waiting.first() or Diagnosis(enterprise=enterprise, questionnaire=current())


def _page(
    request: HttpRequest, enterprise: Enterprise, draft: Diagnosis, *, refused: Refused | None = None
) -> HttpResponse:
    content = content_of(draft.questionnaire_id)
    number = 0
    parts = []
    for part in content.parts:
        asked = []
        for question in part.questions:
            number += 1
            answer = draft.answers.get(question.key)
            asked.append(Asked(number, question, answer, bool(refused) and answer is None))
        parts.append((part, asked))
    return render(
        request,
        "mentoring/take.html",
        {
            "enterprise": enterprise,
            "draft": draft,
            "parts": parts,
            "answered": sum(one.answer is not None for _part, asked in parts for one in asked),
            "number": number,
            "refused": refused,
            "own": policy.owns(person_of(request), enterprise),
        },
        status=refused.status if refused else 200,
    )


@login_required
@require_safe
def result(request: HttpRequest, diagnosis: uuid.UUID) -> HttpResponse:
    """How an enterprise stands by one diagnosis, and what to do next."""
    person = person_of(request)
    found = (
        Diagnosis.objects.visible_to(person)
        .sent()
        .filter(uuid=diagnosis)
        .select_related("enterprise__owner", "enterprise__village", "taken_by", "region")
        .first()
    )
    if found is None:
        raise Http404
    every = diagnoses_of(found.enterprise)
    return render(
        request,
        "mentoring/result.html",
        {
            "enterprise": found.enterprise,
            "result": result_of(found, every),
            "newest": every[0].pk == found.pk,
            "every": every,
            "levels": list(Level),
            "can_diagnose": policy.can_diagnose(person, found.enterprise),
            "own": policy.owns(person, found.enterprise),
        },
    )
