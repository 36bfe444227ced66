"""The mentoring of one enterprise on one page, and the way there for its owner."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from mbois import clock
from mbois.enterprises.queries import owned_by
from mbois.mentoring import policy
from mbois.mentoring.cashbook import totals
from mbois.mentoring.models import Diagnosis, Level, Mentorship, OwnerCalendar, Session, State
from mbois.mentoring.plan import progress, standing_of
from mbois.mentoring.queries import diagnoses_of, result_of
from mbois.mentoring.views.common import enterprise_or_404, login_required, person_of
from mbois.web.calendars import address_of


@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """For owners: their business, or a choice where there are several."""
    rows = owned_by(person_of(request))[:50]
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
    every_mentorship = list(
        Mentorship.objects.filter(region=found.region_id, enterprise=found)
        .select_related("mentor__person", "mentor__organisation", "enterprise")
        .order_by("-pk")[:20]
    )
    now = next((one for one in every_mentorship if one.state == State.ACTIVE), None)
    now = now or next((one for one in every_mentorship if one.state == State.PROPOSED), None)
    rows = standing_of(now) if now and now.state == State.ACTIVE else []
    done, count = progress(rows)
    session = None
    if now and now.state == State.ACTIVE:
        ahead = Session.objects.filter(region=found.region_id, mentorship=now, starts_at__gte=clock.now())
        session = ahead.to_come().order_by("starts_at").first()
    own = policy.owns(person, found)
    calendar = OwnerCalendar.objects.filter(person=person).first() if own else None
    months = totals(found.region_id, [found.pk], since=clock.today().replace(day=1))
    return render(
        request,
        "mentoring/enterprise.html",
        {
            "enterprise": found,
            "own": own,
            "feed": address_of(reverse("calendar_feed", kwargs={"secret": calendar.secret}))
            if calendar
            else "",
            "every": count,
            "done": done,
            "rows": rows,
            "levels": list(Level),
            "result": result_of(every[0], every) if every else None,
            "draft": draft,
            "can_diagnose": may,
            "can_ask": policy.can_ask_for_mentor(person, found),
            "mentorship": now,
            "history": [one for one in every_mentorship if now is None or one.pk != now.pk],
            "session": session,
            "month": months[0] if months else None,
        },
    )
