"""Merging two records of one enterprise, and undoing it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mbois.enterprises import duplicates as finding
from mbois.enterprises import merge as merging
from mbois.enterprises.forms.stewards import NumberForm
from mbois.enterprises.models import Enterprise, Merge
from mbois.enterprises.views.common import posted, seen, signed_in, steward
from mbois.refused import Refused
from mbois.web import confirm, show
from mbois.web.components import badge
from mbois.web.tables import Choice, Column, Empty, Filter, Table


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
        row.owner.nik_told_hash,
        exclude=row.pk,
        owner=row.owner_id,
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
