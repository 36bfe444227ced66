"""The registry's list, the passport of an enterprise, and one's own enterprises."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from mbois import clock
from mbois.enterprises import panels, policy, queries
from mbois.enterprises.merge import final, story
from mbois.enterprises.models import (
    Enterprise,
    Kbli,
    Licence,
    Merge,
    Owner,
    Photo,
    Review,
    Size,
    State,
    Subsector,
)
from mbois.enterprises.models.duplicates import STEWARDS
from mbois.enterprises.models.sizes import SIZE_LIMITS
from mbois.enterprises.views.common import seen, signed_in
from mbois.people.models import Consent, Role
from mbois.people.timeline import timeline
from mbois.places.models import Area
from mbois.web import show
from mbois.web.components import Fact, badge
from mbois.web.tables import Choice, Column, Empty, Filter, Table


def _columns() -> list[Column]:
    return [
        Column(
            "name",
            gettext_lazy("Business"),
            link=lambda row: row.get_absolute_url(),
            note=lambda row: f"{row.number} · {row.owner.name}",
            sort="name",
        ),
        Column(
            "village",
            gettext_lazy("Village"),
            value="village.name",
            note=lambda row: row.village.parent.name,
            sort=("village__name", "name"),
        ),
        Column(
            "kbli", gettext_lazy("Kind"), value=lambda row: row.kbli.title if row.kbli else "", phone=False
        ),
        Column(
            "sales",
            gettext_lazy("Sales in a year"),
            value="annual_sales",
            show=show.rupiah_short,
            number=True,
            sort="-annual_sales",
            note=lambda row: Size(row.size).label,
            phone=False,
        ),
        Column("state", gettext_lazy("State"), show=lambda value: badge(State(value))),
        Column(
            "since",
            gettext_lazy("Registered"),
            value=lambda row: clock.local_date(row.registered_at),
            show=show.tanggal_pendek,
            sort="-registered_at",
            phone=False,
        ),
    ]


@dataclass(frozen=True)
class Place:
    """A district or village one may narrow the list to."""

    code: str
    name: str


@login_required
@require_safe
def enterprises(request: HttpRequest) -> HttpResponseBase:
    """The enterprises one may see: searched, narrowed, sorted, downloaded."""
    table, context = listing(request)
    return table.answer("enterprises/list.html", context)


def listing(request: HttpRequest) -> tuple[Table, dict[str, Any]]:
    """The list as the query of the URL narrows it, and what its page needs beside."""
    person = signed_in(request)
    rows = (
        Enterprise.objects.visible_to(person)
        .living()
        # not joined: a join would be made for every row that matches, not for those of the page
        .prefetch_related("owner", "village__parent", "kbli")
        .defer("search")
    )
    district = request.GET.get("kecamatan", "")[:13]
    subsector = request.GET.get("subsektor", "")
    districts = _districts(person)
    if district in {place.code for place in districts}:
        rows = rows.filter(region=".".join(district.split(".")[:2]), village__parent=district)
    if subsector in Subsector.values:
        rows = rows.filter(subsector=subsector)
    table = Table(
        request,
        rows=rows,
        columns=_columns(),
        search=partial(queries.searched, by=person),
        search_label=_("Name, owner, number, village or product"),
        filters=[
            Filter(
                "state",
                _("State"),
                [
                    Choice(state.value, state.label, Q(state=state))
                    for state in (State.VERIFIED, State.SUBMITTED, State.RETURNED, State.REJECTED)
                ],
            ),
            Filter("size", _("Size"), [Choice(size.value, size.label, Q(size=size)) for size in Size]),
        ],
        order="-since",
        caption=_("Businesses"),
        empty=Empty(
            _("No business yet"),
            _("Register the first one."),
            reverse("enterprise_new"),
            _("Register a business"),
        ),
        counts=True,
    )
    context = {
        "districts": districts,
        "district": district,
        "subsectors": Subsector.choices,
        "subsector": subsector,
        "may_download": bool(person.roles),
        "may_import": bool(person.regions_with(*STEWARDS)),
    }
    return table, context


def _districts(person: Any) -> list[Place]:
    """The districts one sees businesses of, by name: those of one's regions, or of one's villages."""
    memberships = person.memberships_now
    regions = {one.region_id for one in memberships if one.role != Role.VILLAGE_OFFICER}
    served = person.areas_with(Role.VILLAGE_OFFICER)
    # the district of "35.73.02.1001" is "35.73.02"; a whole region is served under its own code
    own = {code[: len("35.73.02")] for code in served}
    found = Area.objects.filter(level=Area.Level.DISTRICT).order_by("name")
    found = found.filter(Q(region__in=regions | own) | Q(code__in=own))
    return [Place(code, name) for code, name in found.values_list("code", "name")]


@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """One's own enterprises, and what is begun."""
    person = signed_in(request)
    rows = list(queries.owned_by(person))
    context = {
        "rows": rows,
        "expiring": queries.expiring(rows),
        "today": clock.today(),
        "drafts": person.registration_drafts.filter(sent_as="").count(),
    }
    return render(request, "enterprises/mine.html", context)


@login_required
@require_safe
def passport(request: HttpRequest, enterprise: str) -> HttpResponse:
    """Everything about one enterprise in one place."""
    person = signed_in(request)
    row = seen(request, enterprise)
    if row.state == State.MERGED and row.merged_into:
        merge = Merge.objects.visible_to(person).filter(loser=row, undone_at=None).first()
        context = {"enterprise": row, "winner": final(row), "merge": merge}
        return render(request, "enterprises/merged.html", context)
    region = row.region_id
    licences = list(
        Licence.objects.filter(region=region, enterprise=row)
        .select_related("document")
        .order_by("kind", "number")
    )
    photos = list(
        Photo.objects.filter(region=region, enterprise=row).select_related("document").order_by("pk")
    )
    reviews = list(
        Review.objects.filter(region=region, enterprise=row)
        .select_related("reviewed_by")
        .order_by("-reviewed_at")
    )
    consent = (
        Consent.objects.filter(region=region, person=row.owner.person_id, text__key="registry")
        .select_related("text", "recorded_by")
        .order_by(F("withdrawn_at").desc(nulls_first=True), "-given_at")
        .first()
    )
    owns = policy.owns(person, row)
    keeper = policy.is_keeper(person, row)
    context = {
        "enterprise": row,
        "identity": _identity(row),
        "owner_facts": _owner(row.owner),
        "size_facts": _size(row),
        "why_size": why_size(row),
        "licences": licences,
        "photos": photos,
        "review": reviews[0] if reviews else None,
        "consent": consent,
        "today": clock.today(),
        "soon": clock.today() + queries.SOON,
        "owns": owns,
        "may_edit": policy.can_edit(person, row),
        "may_merge": person.has_role(row.region_id, *STEWARDS),
        "may_review": policy.can_review(person, row) and row.state == State.SUBMITTED,
        "may_unmask": bool(row.owner.nik_told) and policy.can_unmask(person, row.owner),
        "may_help": keeper or row.registered_by_id == person.pk,
        "panels": panels.shown(row, person),
        "tiles": settings.MAP_TILES,
        "events": sorted(
            timeline(
                row,
                row.owner,
                *reviews,
                *licences,
                *photos,
                addresses=keeper or person.has_role(row.region_id, Role.AUDITOR),
                told=["merged_into"],
            )
            + story.events(row, reader=person),
            key=lambda event: event.when,
            reverse=True,
        ),
        "merged_from": list(
            Enterprise.objects.filter(region=region, merged_into=row).values_list("number", flat=True)
        ),
    }
    return render(request, "enterprises/passport.html", context)


def _identity(row: Enterprise) -> list[Fact]:
    kbli = row.kbli
    facts = [
        Fact(_("Number"), row.number),
        Fact(_("What it makes or sells"), row.description or "–"),
        Fact(
            _("Kind of business (KBLI)"),
            f"{kbli.code} {kbli.title}" if kbli else "–",
            note=_editions(kbli) if kbli else "",
        ),
        Fact("NIB", row.nib or _("none yet")),
        Fact(_("Phone"), show.telepon(row.phone) if row.phone else "–"),
        Fact(_("Running since"), show.tanggal(row.started_on) if row.started_on else "–"),
    ]
    if row.subsector:
        facts.insert(3, Fact(_("Creative subsector"), row.get_subsector_display()))
    return facts


def _editions(kbli: Kbli) -> str:
    """The edition of a code, and what became of it in others."""
    said = [_("KBLI %(edition)s") % {"edition": kbli.edition}]
    said += [
        _("in KBLI %(edition)s: %(code)s") % {"edition": pair.new.edition, "code": pair.new.code}
        for pair in kbli.became.select_related("new").order_by("new__edition", "new__code")
    ]
    return " · ".join(said)


def _owner(owner: Owner) -> list[Fact]:
    return [
        Fact(_("Name"), owner.name),
        Fact("NIK", owner.nik_masked or _("not known yet")),
        Fact("NPWP", _("known, encrypted") if owner.npwp_sealed else "–"),
        Fact(
            _("Phone"),
            format_html('<a href="tel:{}">{}</a>', str(owner.phone), show.telepon(owner.phone))
            if owner.phone
            else "–",
        ),
        Fact(_("Home address"), owner.address or "–"),
    ]


def _size(row: Enterprise) -> list[Fact]:
    return [
        Fact(_("Capital"), show.rupiah(row.capital) if row.capital is not None else "–"),
        Fact(_("Sales in a year"), show.rupiah(row.annual_sales) if row.annual_sales is not None else "–"),
        Fact(_("People who work in it"), show.angka(row.workers) if row.workers is not None else "–"),
    ]


def why_size(row: Enterprise) -> str:
    """The rule that gives the size, in a sentence."""
    if row.size == Size.UNKNOWN:
        return _("Tell capital or sales, and the size follows.")
    if row.size == Size.LARGE:
        return _("More than a medium business by PP 7/2021.")
    capital, sales = next((capital, sales) for size, capital, sales in SIZE_LIMITS if size == row.size)
    return _("By PP 7/2021: capital up to %(capital)s and sales up to %(sales)s a year.") % {
        "capital": show.rupiah_short(capital),
        "sales": show.rupiah_short(sales),
    }
