"""The coordinator's page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mbois.mentoring import coordination, policy
from mbois.mentoring.models import MENTORING_READERS, Mentorship
from mbois.mentoring.views.common import login_required, person_of
from mbois.refused import require

SHOWN = 12


@login_required
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Who waits, who stalls, what works, in the regions one coordinates or oversees."""
    person = person_of(request)
    regions = person.regions_with(*MENTORING_READERS)
    require(bool(regions), _("This page is for those who coordinate the mentoring."))
    waiting, stalled = coordination.waiting(regions), coordination.stalled(regions)
    unanswered, missed = coordination.unanswered(regions), coordination.missed(regions)
    by_mentor, by_step, whole = coordination.changes(regions)
    levels = coordination.levels(regions)
    return render(
        request,
        "mentoring/coordinator.html",
        {
            "waiting": [(one, policy.can_ask_for_mentor(person, one.enterprise)) for one in waiting[:SHOWN]],
            "waiting_count": waiting.count(),
            "unanswered": unanswered[:SHOWN],
            "unanswered_count": unanswered.count(),
            "stalled": stalled[:SHOWN],
            "stalled_count": stalled.count(),
            "missed": missed[:SHOWN],
            "missed_count": missed.count(),
            "active": Mentorship.objects.filter(region__in=regions).active().count(),
            "without": coordination.verified_without_diagnosis(regions),
            "by_mentor": by_mentor,
            "by_step": by_step,
            "whole": whole,
            "few": coordination.FEW,
            "levels": levels,
            "levels_total": sum(count for _level, count in levels) or 1,
        },
    )
