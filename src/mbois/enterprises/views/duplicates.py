"""The work list of possible duplicates."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from mbois.enterprises import duplicates as finding
from mbois.enterprises import merge as merging
from mbois.enterprises.models import DuplicatePair, Merge, State
from mbois.enterprises.views.common import of_two_regions, signed_in, steward
from mbois.people.models import Person
from mbois.web import show
from mbois.web.components import badge
from mbois.web.tables import Choice, Column, Empty, Filter, Table

_TONES = {"open": "wait", "different": "info", "merged": "ok"}


def _pairs(person: Person) -> QuerySet[DuplicatePair]:
    pairs: QuerySet[DuplicatePair] = (
        DuplicatePair.objects.visible_to(person)
        .exclude(Q(state="open") & (Q(left__state=State.MERGED) | Q(right__state=State.MERGED)))
        .select_related(
            *("left__owner", "right__owner", "left__village__parent", "right__village__parent"),
            *("left__kbli", "right__kbli", "decided_by", "region"),
        )
    )
    return pairs


@login_required
@require_safe
def pairs(request: HttpRequest) -> HttpResponseBase:
    """Pairs that may be one enterprise, likeliest first."""
    person = steward(request)
    table = Table(
        request,
        rows=_pairs(person),
        columns=[
            Column(
                "pair",
                gettext_lazy("Possibly the same"),
                value=lambda row: f"{row.left.name} · {row.right.name}",
                link=lambda row: reverse("duplicate", kwargs={"pair": row.pk}),
                note=lambda row: f"{row.left.number} · {row.right.number}",
            ),
            Column("village", gettext_lazy("Village"), value="left.village.name", phone=False),
            Column("reasons", gettext_lazy("Reasons"), value=lambda row: finding.in_words(row.reasons)),
            Column("score", gettext_lazy("Alike"), show=show.percent, number=True, sort="-score"),
            Column(
                "state",
                gettext_lazy("State"),
                html=lambda row: badge(row.get_state_display(), _TONES[row.state]),
                # those still open first, the likeliest at the top
                sort=("-state", "-score"),
            ),
            Column("found", gettext_lazy("Found"), value="found_at", sort="-found_at", phone=False),
        ],
        search=lambda rows, text: rows.filter(
            Q(left__search__icontains=text) | Q(right__search__icontains=text)
        ),
        search_label=_("Name, owner or number"),
        filters=[
            Filter(
                "state",
                _("State"),
                [Choice(state.value, state.label, Q(state=state)) for state in DuplicatePair.State],
            )
        ],
        order="-state",
        caption=_("Possible duplicates"),
        empty=Empty(_("No duplicates in sight"), _("The registry is searched every night."), art="search"),
    )
    context = {"both": of_two_regions(person)}
    return table.answer("enterprises/duplicates.html", context)


def _pair(request: HttpRequest, key: int) -> DuplicatePair:
    found = _pairs(steward(request)).filter(pk=key).first()
    if found is None:
        raise Http404
    return found


@login_required
@require_safe
def pair(request: HttpRequest, pair: int) -> HttpResponse:
    """Two enterprises side by side."""
    row = _pair(request, pair)
    winner = merging.better_winner(row.left, row.right)
    loser = row.right if winner is row.left else row.left
    merge = (
        Merge.objects.visible_to(signed_in(request))
        .filter(winner__in=[row.left, row.right], loser__in=[row.left, row.right], undone_at=None)
        .first()
    )
    context = {
        "pair": row,
        "fields": merging.shown_fields(row.left, row.right),
        "why": finding.in_words(row.reasons),
        "winner": winner,
        "loser": loser,
        "merge": merge,
    }
    return render(request, "enterprises/duplicate.html", context)


@login_required
@require_POST
def keep_apart(request: HttpRequest, pair: int) -> HttpResponse:
    """Say that two are different."""
    row = finding.keep_apart(_pair(request, pair), by=signed_in(request))
    messages.success(
        request,
        _("%(left)s and %(right)s stay two.") % {"left": row.left.name, "right": row.right.name},
    )
    return redirect("duplicates" if "next" in request.POST else reverse("duplicate", kwargs={"pair": pair}))


@login_required
@require_POST
def look_again(request: HttpRequest, pair: int) -> HttpResponse:
    """Take back that two are different."""
    finding.look_again(_pair(request, pair), by=signed_in(request))
    messages.success(request, _("The pair is on the list again."))
    return redirect("duplicate", pair=pair)
