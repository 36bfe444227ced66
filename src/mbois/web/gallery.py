"""Every component on one page, with much in it and with nothing: to look at while building.
Only in the demo or in debugging."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from mbois import clock
from mbois.web import choices, show
from mbois.web.components import Event, Fact, badge, steps_to
from mbois.web.confirm import ask_first
from mbois.web.forms import (
    DayField,
    FilesField,
    Form,
    MoneyField,
    PaperField,
    PhoneField,
    PhotoField,
    PointField,
    SearchChoiceField,
    SignatureField,
)
from mbois.web.given import whole_number
from mbois.web.tables import Choice, Column, Empty, Filter, Table

_NAMES = (
    "Keripik Tempe Sanan",
    "Bakso Cak Ri",
    "Batik Celaket Ayu",
    "Warung Mbok Yem",
    "Kopi Dampit Jaya",
    "Apel Batu Segar",
    "Sate Gebug",
    "Topeng Malangan",
    "Jahit Rapi",
)
_VILLAGES = ("Purwantoro, Blimbing", "Kauman, Klojen", "Rampal Celaket, Klojen", "Sisir, Batu", "Dampit")
_TONES = (("wait", _("Home visit")), ("info", _("Assessment")), ("bad", _("Late")), ("ok", _("Paid out")))


@dataclass(frozen=True)
class Sample:
    """An invented row."""

    number: int
    name: str
    village: str
    amount: int
    tone: str
    label: object
    since: date


def _samples() -> list[Sample]:
    return [
        Sample(
            number,
            f"{_NAMES[number % len(_NAMES)]} {number}",
            _VILLAGES[number % len(_VILLAGES)],
            (number * 37 % 91 + 10) * 100_000,
            *_TONES[number % len(_TONES)],
            since=clock.today() - timedelta(days=number * 3 % 400),
        )
        for number in range(1, 238)
    ]


def _table(request: HttpRequest, rows: list[Sample], key: str) -> Table:
    return Table(
        request,
        rows=rows,
        key=key,
        caption=_("Samples") if rows else _("Nothing"),
        columns=[
            Column("name", _("Business"), link=lambda row: "#", sort="name", note=lambda row: row.village),
            Column("amount", _("Amount"), show=show.rupiah, number=True, sort="-amount"),
            Column("state", _("State"), value="label", html=lambda row: badge(row.label, row.tone)),
            Column("since", _("Since"), show=show.tanggal_pendek, sort="-since", phone=False),
        ],
        search=lambda found, text: [row for row in found if text.casefold() in row.name.casefold()],
        search_label=_("Search a business"),
        filters=[
            Filter(
                "state",
                _("State"),
                [Choice(tone, label, lambda row, tone=tone: row.tone == tone) for tone, label in _TONES],
            )
        ],
        order="-since",
        size=10,
        empty=Empty(_("No business yet"), _("Register the first one."), "#", _("Register")),
        download="contoh",
        mark=lambda row: "late" if row.tone == "bad" else "",
    )


class GalleryForm(Form):
    """Every field."""

    name = forms.CharField(
        label=_("Name of the business"), max_length=80, help_text=_("As your customers know it.")
    )
    phone = PhoneField(label=_("Phone"), required=False)
    capital = MoneyField(label=_("Capital"), help_text=_("Without land and buildings."), max_value=10**10)
    since = DayField(label=_("Running since"), latest=clock.today)
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[("", "–"), ("food", _("Food")), ("craft", _("Craft"))], required=False
    )
    place = forms.ChoiceField(
        label=_("Where do you sell?"),
        widget=forms.RadioSelect,
        choices=[("home", _("At home")), ("market", _("At the market")), ("online", _("Online"))],
    )
    village = SearchChoiceField(source="gallery", label=_("Village"), help_text=_("Type a few letters."))
    story = forms.CharField(label=_("Story"), widget=forms.Textarea({"rows": 3}), required=False)
    paper = PaperField(
        label=_("Proof of the debt"), required=False, help_text=_("PDF or photo, up to 10 MB.")
    )
    papers = FilesField(label=_("Other papers"), required=False)
    photo = PhotoField(label=_("Photo of the business"), required=False)
    position = PointField(label=_("Position"), required=False)
    signature = SignatureField(label=_("Signature"), required=False)
    agree = forms.BooleanField(label=_("I have read this and agree."))


def _search(text: str) -> list[choices.Option]:
    return [
        choices.Option(str(number), name, _("district of Malang"))  # type: ignore[arg-type]
        for number, name in enumerate(_VILLAGES)
        if text.casefold() in name.casefold()
    ]


choices.register(
    "gallery",
    choices.Source(
        search=_search,
        find=lambda value: (
            choices.Option(value, _VILLAGES[key])
            if (key := whole_number(value, most=len(_VILLAGES) - 1)) is not None
            else None
        ),
    ),
)


def _only_for_builders() -> None:
    if not (getattr(settings, "DEMO", False) or settings.DEBUG):
        raise Http404


def table(request: HttpRequest) -> Any:
    """A table alone on its page."""
    _only_for_builders()
    return _table(request, _samples(), "").answer("web/gallery_table.html")


def gallery(request: HttpRequest) -> HttpResponse:
    """All components."""
    _only_for_builders()
    form = GalleryForm()
    if request.method == "POST" and "ask" in request.POST:
        if asked := ask_first(
            request,
            question=_("Reject this application?"),
            detail=_("The applicant is told at once."),
            verb=_("Reject"),
            danger=True,
        ):
            return asked
        messages.success(request, _("Done."))
    elif request.method == "POST":
        form = GalleryForm(request.POST, request.FILES)
        if form.is_valid():
            messages.success(request, _("Everything is filled in well."))
        else:
            messages.error(request, _("Something is missing."))
    labels: list[object] = [_("Applied"), _("Visited"), _("Assessed"), _("Decided"), _("Paid out")]
    now = datetime(2026, 11, 13, 7, 5, tzinfo=clock.JAKARTA)
    context = {
        "form": form,
        "table": _table(request, _samples(), "many"),
        "none": _table(request, [], "none"),
        "steps": steps_to(labels, 2),
        "stopped": steps_to(labels, 3, stopped=True),
        "events": [
            Event(now, _("Application sent"), "Bu Sri", icon="send", tone="info"),
            Event(now + timedelta(days=2), _("Home visited"), "Pak Budi", _("All in order."), "ok", "house"),
            Event(now + timedelta(days=9), _("Paid out"), "", "", "wait"),
        ],
        "facts": [
            Fact(_("Owner"), "Sri Wahyuni"),
            Fact(_("Phone"), show.telepon("+6281234567890")),
            Fact(_("Capital"), show.rupiah(12_500_000), _("Without land and buildings.")),
            Fact(_("State"), badge(_("Paid out"), "ok")),
            Fact(_("Story"), ""),
        ],
        "when": now,
        "crumbs": [(_("Businesses"), "#"), ("Keripik Tempe Sanan", "")],
    }
    if request.headers.get("HX-Target", "").startswith("table-"):
        chosen = context["none"] if request.headers["HX-Target"] == "table-none" else context["table"]
        return render(request, "web/table.html", {"table": chosen})
    return render(request, "web/gallery.html", context)
