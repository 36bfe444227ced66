"""The mentoring of one enterprise on one page, and the way there for its owner."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from mbois.enterprises.models import Enterprise
from mbois.mentoring import policy
from mbois.mentoring.models import Diagnosis, Level
from mbois.mentoring.queries import diagnoses_of, result_of
from mbois.mentoring.views.common import enterprise_or_404, login_required, person_of


@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """For owners: their business, or a choice where there are several."""
    rows = list(
        Enterprise.objects.visible_to(person_of(request))
        .living()
        .filter(owner__person=person_of(request))
        .select_related("village")
        .order_by("pk")[:50]
    )
    if len(rows) == 1:
        return redirect("enterprise_mentoring", enterprise=rows[0].number)
    return render(request, "mentoring/mine.html", {"rows": rows})


@login_required
@require_safe
def enterprise(request: HttpRequest, enterprise: str) -> HttpResponse:
    """Where the business stands, who helps it, what is next."""
    person, found = person_of(request), enterprise_or_404(request, enterprise)
    if not policy.can_see(person, found):
        raise Http404
    may = policy.can_diagnose(person, found)
    every = diagnoses_of(found)
    draft = None
    if may:
        draft = Diagnosis.objects.filter(region=found.region_id, enterprise=found, sent_at=None).first()
    return render(
        request,
        "mentoring/enterprise.html",
        {
            "enterprise": found,
            "own": policy.owns(person, found),
            "every": every,
            "levels": list(Level),
            "result": result_of(every[0], every) if every else None,
            "draft": draft,
            "can_diagnose": may,
        },
    )
