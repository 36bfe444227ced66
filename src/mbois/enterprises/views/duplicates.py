"""The work list of possible duplicates, merging, undoing, and the same NIK in two regions."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mbois.enterprises import duplicates as finding
from mbois.enterprises import merge as merging
from mbois.enterprises.forms_stewards import NumberForm, SettleForm
from mbois.enterprises.models import DuplicatePair, Enterprise, Merge, OwnerMatch, State
from mbois.enterprises.models.duplicates import STEWARDS
from mbois.enterprises.views.common import posted, seen, signed_in
from mbois.people.models import Person, Role
from mbois.refused import Refused
from mbois.web import confirm, show
from mbois.web.components import badge
from mbois.web.tables import Choice, Column, Empty, Filter, Table

_TONES = {"open": "wait", "different": "info", "merged": "ok"}


def steward(request: HttpRequest) -> Person:
    """The person, if they are a steward of some region; else the page does not exist for them."""
    person = signed_in(request)
    if not person.regions_with(*STEWARDS):
        raise Http404
    return person


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
    context = {"both": _of_two_regions(person)}
    return table.answer("enterprises/duplicates.html", context)


def _of_two_regions(person: Person) -> bool:
    return len(person.regions_with(Role.REGION_ADMIN)) > 1


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


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def merge_begin(request: HttpRequest, enterprise: str) -> HttpResponse:
    """Say which other record is the same enterprise."""
    person, row = steward(request), seen(request, enterprise)
    form = NumberForm(posted(request)[0])
    if form.is_valid():
        other = Enterprise.objects.visible_to(person).numbered(form.cleaned_data["number"]).first()
        if other is not None and other.region_id == row.region_id:
            return redirect("merge", enterprise=row.number, other=other.number)
        form.add_error("number", _("There is no business with this number here."))
    alike = finding.candidates(
        row.region_id,
        row.name,
        row.village_id,
        str(row.phone),
        row.owner.nik_hash,
        exclude=row.pk,
        owner_name=row.owner.name,
    )
    return render(request, "enterprises/merge_begin.html", {"enterprise": row, "form": form, "alike": alike})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, enterprise: str, other: str) -> HttpResponse:
    """What merging would do, and doing it. `enterprise` stays, `other` becomes a pointer."""
    person = steward(request)
    winner, loser = seen(request, enterprise), seen(request, other)
    choices = {
        name.removeprefix("take:"): value
        for name, value in request.POST.items()
        if name.startswith("take:") and isinstance(value, str)
    }
    refused = None
    if request.method == "POST":
        try:
            done = merging.merge(winner, loser, choices=choices, seen=request.POST.get("seen", ""), by=person)
        except Refused as refusal:
            if refusal.status == 403 or refusal.code in {"itself", "two_regions", "merged_already"}:
                raise
            refused = refusal
            winner, loser = seen(request, enterprise), seen(request, other)
        else:
            messages.success(
                request,
                _("%(loser)s is now part of %(winner)s. This can be undone until %(day)s.")
                % {
                    "loser": loser.number,
                    "winner": winner.number,
                    "day": show.tanggal(merging.undo_until(done)),
                },
            )
            return redirect("merge_done", merge=done.pk)
    plan = merging.preview(winner, loser, by=person)
    context = {
        "plan": plan,
        "winner": winner,
        "loser": loser,
        "choices": choices,
        "refused": refused,
        "asked": [(d, choices.get(d.name, "")) for d in plan.choices],
    }
    return render(request, "enterprises/merge.html", context, status=422 if refused else 200)


@login_required
@require_safe
def merges(request: HttpRequest) -> HttpResponseBase:
    """What was merged, newest first."""
    person = steward(request)
    table = Table(
        request,
        rows=Merge.objects.visible_to(person).select_related("winner", "loser", "made_by"),
        columns=[
            Column(
                "winner",
                gettext_lazy("Merged"),
                value=lambda row: f"{row.loser.name} → {row.winner.name}",
                link=lambda row: reverse("merge_done", kwargs={"merge": row.pk}),
                note=lambda row: f"{row.loser.number} → {row.winner.number}",
            ),
            Column("made_by", gettext_lazy("By"), value="made_by.name"),
            Column("made", gettext_lazy("When"), value="made_at", sort="-made_at"),
            Column(
                "state",
                gettext_lazy("State"),
                html=lambda row: badge(_("Undone"), "info") if row.undone_at else badge(_("Merged"), "ok"),
            ),
        ],
        search=lambda rows, text: rows.filter(
            Q(winner__search__icontains=text) | Q(loser__search__icontains=text)
        ),
        search_label=_("Name, owner or number"),
        filters=[
            Filter(
                "state",
                _("State"),
                [
                    Choice("merged", _("Merged"), Q(undone_at=None)),
                    Choice("undone", _("Undone"), Q(undone_at__isnull=False)),
                ],
            )
        ],
        order="-made",
        caption=_("Merged businesses"),
        empty=Empty(_("Nothing was merged yet"), "", reverse("duplicates"), _("Possible duplicates")),
    )
    return table.answer("enterprises/merges.html", {})


def _merge(request: HttpRequest, key: int) -> Merge:
    found: Merge | None = (
        Merge.objects.visible_to(steward(request))
        .select_related("winner", "loser", "made_by", "undone_by", "region")
        .filter(pk=key)
        .first()
    )
    if found is None:
        raise Http404
    return found


@login_required
@require_safe
def merge_done(request: HttpRequest, merge: int) -> HttpResponse:
    """What a merge did, and what undoing it would put back."""
    person, row = signed_in(request), _merge(request, merge)
    why_not = merging.why_not_undo(row, person)
    moved = [(merging.relation(label).title, len(keys)) for label, keys in row.moved.items()]
    context = {
        "merge": row,
        "moved": moved,
        "until": merging.undo_until(row),
        "why_not": why_not,
        "undoing": None if why_not else merging.preview_undo(row, by=person),
    }
    return render(request, "enterprises/merge_done.html", context)


@login_required
@require_POST
def merge_undo(request: HttpRequest, merge: int) -> HttpResponse:
    """Undo a merge, after asking."""
    row = _merge(request, merge)
    question = _("Undo the merge of %(loser)s into %(winner)s?") % {
        "loser": row.loser.name,
        "winner": row.winner.name,
    }
    if asked := confirm.ask_first(request, question=question, verb=_("Undo the merge")):
        return asked
    result = merging.undo(row, by=signed_in(request))
    messages.success(request, _("The merge is undone: both businesses are back."))
    if result.kept:
        messages.warning(
            request,
            _("Changed since the merge and therefore left as it is: %(fields)s.")
            % {"fields": ", ".join(result.kept)},
        )
    return redirect("merge_done", merge=row.pk)


# --- across regions -------------------------------------------------------------------------------


def _matches(request: HttpRequest) -> QuerySet[OwnerMatch]:
    person = signed_in(request)
    if not _of_two_regions(person):
        raise Http404
    return finding.owner_matches(person).select_related(
        "left", "right", "left_region", "right_region", "settled_by"
    )


@login_required
@require_safe
def matches(request: HttpRequest) -> HttpResponseBase:
    """The same NIK in two regions, for somebody who is region admin of both."""
    table = Table(
        request,
        rows=_matches(request),
        columns=[
            Column(
                "left",
                gettext_lazy("Owners"),
                value=lambda row: f"{row.left.name} · {row.right.name}",
                link=lambda row: reverse("owner_match", kwargs={"match": row.pk}),
                note=lambda row: row.left.nik_masked,
            ),
            Column(
                "regions",
                gettext_lazy("Regions"),
                value=lambda row: f"{row.left_region} · {row.right_region}",
            ),
            Column("found", gettext_lazy("Found"), value="found_at", sort="-found_at", phone=False),
            Column(
                "state",
                gettext_lazy("State"),
                html=lambda row: (
                    badge(_("Settled"), "ok") if row.settled_at else badge(_("To be settled"), "wait")
                ),
            ),
        ],
        filters=[
            Filter(
                "state",
                _("State"),
                [
                    Choice("open", _("To be settled"), Q(settled_at=None)),
                    Choice("settled", _("Settled"), Q(settled_at__isnull=False)),
                ],
            )
        ],
        order="-found",
        caption=_("Same NIK in two regions"),
        empty=Empty(
            _("No NIK is registered in both"), _("The regions are compared every night."), art="search"
        ),
    )
    return table.answer("enterprises/owner_matches.html", {})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def match(request: HttpRequest, match: int) -> HttpResponse:
    """One person in two regions: their businesses in both, and what was found out."""
    row = _matches(request).filter(pk=match).first()
    if row is None:
        raise Http404
    form = SettleForm(posted(request)[0])
    if form.is_valid():
        try:
            finding.settle_owner_match(row, note=form.cleaned_data["note"], by=signed_in(request))
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Noted."))
            return redirect("owner_matches")
    sides: list[dict[str, Any]] = [
        {
            "owner": owner,
            "region": region,
            "enterprises": list(
                Enterprise.objects.living()
                .filter(region=owner.region_id, owner=owner)
                .select_related("village__parent")
            ),
        }
        for owner, region in ((row.left, row.left_region), (row.right, row.right_region))
    ]
    return render(request, "enterprises/owner_match.html", {"match": row, "sides": sides, "form": form})
