"""Taking in files, and giving lists out."""

import json
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mbois.enterprises import exports, imports, spreadsheets, tasks
from mbois.enterprises.forms.stewards import MappingForm, UploadForm
from mbois.enterprises.imports.columns import BY_KEY
from mbois.enterprises.models import Export, ImportRow, ImportRun
from mbois.enterprises.models.duplicates import STEWARDS
from mbois.enterprises.views.common import posted, signed_in, steward
from mbois.enterprises.views.registry import listing
from mbois.people import identity
from mbois.people.models import Person
from mbois.places.models import Area
from mbois.refused import Refused
from mbois.web import confirm, show
from mbois.web.components import badge
from mbois.web.tables import Choice, Column, Empty, Filter, Table

State, Fate = ImportRun.State, ImportRow.Fate
_TONES = {
    "new": "ok",
    "changed": "info",
    "same": "plain",
    "conflict": "wait",
    "error": "bad",
    "unread": "plain",
}
_STATES = {
    "uploaded": "wait",
    "reading": "info",
    "ready": "wait",
    "applying": "info",
    "done": "ok",
    "discarded": "plain",
}
_SECRET = ("nik", "npwp")
_FORGOTTEN = "•••"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def runs(request: HttpRequest) -> HttpResponseBase:
    """The imports of one's regions, and a new one."""
    person = steward(request)
    form = UploadForm(*posted(request), regions=person.regions_with(*STEWARDS))
    if form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            run = imports.upload(
                upload.read(), file_name=upload.name, region_id=form.cleaned_data["region"].pk, by=person
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            return redirect("import_run", run=run.pk)
    table = Table(
        request,
        rows=ImportRun.objects.visible_to(person).select_related("made_by", "region"),
        columns=[
            Column(
                "file",
                gettext_lazy("File"),
                value="file_name",
                link=lambda row: reverse("import_run", kwargs={"run": row.pk}),
                note=lambda row: f"{row.region} · {row.made_by.name}",
            ),
            Column("lines", gettext_lazy("Lines"), value="rows_total", number=True, sort="-rows_total"),
            Column("made", gettext_lazy("When"), value="made_at", sort="-made_at"),
            Column(
                "state",
                gettext_lazy("State"),
                html=lambda row: badge(row.get_state_display(), _STATES[row.state]),
            ),
        ],
        order="-made",
        caption=_("Imports"),
        empty=Empty(_("No file was taken in yet"), _("Start with the template below."), art="inbox"),
    )
    return table.answer("enterprises/imports.html", {"form": form})


def _run(request: HttpRequest, key: int) -> ImportRun:
    found: ImportRun | None = (
        ImportRun.objects.visible_to(steward(request))
        .select_related("made_by", "applied_by", "region")
        .filter(pk=key)
        .first()
    )
    if found is None:
        raise Http404
    return found


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def run(request: HttpRequest, run: int) -> HttpResponseBase:
    """One import: its columns, its progress, the fate of each line."""
    row = _run(request, run)
    if row.state == State.UPLOADED or (row.state == State.READY and "kolom" in request.GET):
        return _columns(request, row)
    if row.state in (State.READING, State.APPLYING):
        return render(request, "enterprises/import_progress.html", {"run": row, **_progress(row)})
    return _lines(request, row)


def _columns(request: HttpRequest, run: ImportRun) -> HttpResponse:
    form = MappingForm(posted(request)[0], run=run)
    if form.is_valid():
        try:
            with transaction.atomic():
                imports.start_reading(run, mapping=form.mapping, by=signed_in(request))
                tasks.go_on_with_import(run.region_id, run.pk)
        except Refused as refused:
            form.refuse(refused)
        else:
            return redirect("import_run", run=run.pk)
    samples = _samples(run)
    lines = [(field, samples[place] if place < len(samples) else "") for place, field in enumerate(form)]
    return render(request, "enterprises/import_columns.html", {"run": run, "form": form, "lines": lines})


def _samples(run: ImportRun) -> list[str]:
    """What the first line says in each column; anything that may be an identity number is masked."""
    first = ImportRow.objects.filter(region=run.region_id, run=run).order_by("line").first()
    cells = json.loads(identity.unseal(first.cells_sealed)) if first and first.cells_sealed else []
    return [_masked(cell) for cell in cells[: len(run.columns)]]


def _masked(cell: Any) -> str:
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
    return exports.in_part(text)


def _progress(run: ImportRun) -> dict[str, Any]:
    found = imports.counts(run)
    if run.state == State.READING:
        done, whole = run.rows_total - found[Fate.UNREAD], run.rows_total
    else:
        whole = found[Fate.NEW] + found[Fate.CHANGED]
        done = found["applied"]
    return {"done": done, "whole": whole, "share": done / whole if whole else 0, "counts": found}


@login_required
@require_safe
def progress(request: HttpRequest, run: int) -> HttpResponse:
    """How far an import is, asked for again and again; when it is through, the page is loaded anew."""
    row = _run(request, run)
    if row.state not in (State.READING, State.APPLYING):
        response = HttpResponse(status=204)
        response["HX-Refresh"] = "true"
        return response
    return HttpResponse(
        render_to_string("enterprises/parts/import_meter.html", {"run": row, **_progress(row)}, request)
    )


def _lines(request: HttpRequest, run: ImportRun) -> HttpResponseBase:
    names = {
        area.pk: area.full_name
        for area in Area.objects.filter(region=run.region_id, level=Area.Level.VILLAGE).select_related(
            "parent__parent__parent"
        )
    }
    table = Table(
        request,
        rows=ImportRow.objects.filter(region=run.region_id, run=run)
        .select_related("enterprise")
        .defer("cells_sealed", "values_sealed", "keys"),
        columns=[
            Column("line", gettext_lazy("Line"), number=True, sort="line"),
            Column(
                "name",
                gettext_lazy("Business"),
                value=lambda row: row.values.get("name") or (row.enterprise.name if row.enterprise else ""),
                link=lambda row: row.enterprise.get_absolute_url() if row.enterprise else None,
                note=lambda row: row.values.get("owner_name", ""),
            ),
            Column(
                "fate", gettext_lazy("Fate"), html=lambda row: badge(row.get_fate_display(), _TONES[row.fate])
            ),
            Column(
                "what",
                gettext_lazy("What"),
                html=lambda row: render_to_string(
                    "enterprises/parts/import_what.html",
                    {"row": row, "changes": _changes(row, names), "label": _label(row.field)},
                ),
            ),
        ],
        search=lambda rows, text: rows.filter(
            Q(values__name__icontains=text)
            | Q(values__owner_name__icontains=text)
            | Q(**{f"reasons__{get_language()}__icontains": text})
        ),
        search_label=_("Name, owner or reason"),
        filters=[
            Filter(
                "fate",
                _("Fate"),
                [Choice(fate.value, fate.label, Q(fate=fate)) for fate in Fate if fate != Fate.UNREAD],
            ),
            Filter("remark", _("Remark"), [Choice("yes", _("With a remark"), ImportRow.REMARKED)]),
        ],
        order="line",
        caption=_("Lines"),
        empty=Empty(
            _("No lines are kept"), _("This import was discarded."), reverse("imports"), _("Imports")
        ),
    )
    found = imports.counts(run)
    context = {
        "run": run,
        "counts": found,
        "tone": _STATES[run.state],
        "to_do": found[Fate.NEW] + found[Fate.CHANGED],
        "left": found[Fate.CONFLICT] + found[Fate.ERROR],
    }
    return table.answer("enterprises/import_run.html", context)


def _label(name: str) -> str:
    return str(BY_KEY[name].label) if name in BY_KEY else ""


def _changes(row: ImportRow, villages: dict[str, str]) -> list[tuple[str, str, str]]:
    """What changes, in words: field, before, after."""
    return [
        (_label(name), _said(name, before, villages), _said(name, after, villages))
        for name, (before, after) in row.changes.items()
    ]


def _said(name: str, value: Any, villages: dict[str, str]) -> str:
    if value in (None, ""):
        return show.NOTHING
    if name == "village":
        return villages.get(value, value)
    if name in ("capital", "annual_sales"):
        return show.rupiah(value)
    if name == "phone":
        return show.telepon(value)
    return str(value)


@login_required
@require_POST
def apply(request: HttpRequest, run: int) -> HttpResponse:
    """Let the dry run become true, after asking."""
    row = _run(request, run)
    found = imports.counts(row)
    question = _("Write %(new)s new businesses and change %(changed)s?") % {
        "new": show.angka(found[Fate.NEW]),
        "changed": show.angka(found[Fate.CHANGED]),
    }
    if asked := confirm.ask_first(request, question=question, verb=_("Apply the import")):
        return asked
    with transaction.atomic():
        imports.start_applying(row, by=signed_in(request))
        tasks.go_on_with_import(row.region_id, row.pk)
    return redirect("import_run", run=row.pk)


@login_required
@require_POST
def discard(request: HttpRequest, run: int) -> HttpResponse:
    """Give an import up, after asking."""
    row = _run(request, run)
    if asked := confirm.ask_first(
        request,
        question=_("Discard %(file)s?") % {"file": row.file_name},
        detail=_("What was read from the file is removed. The registry stays as it is."),
        verb=_("Discard"),
        danger=True,
    ):
        return asked
    imports.discard(row, by=signed_in(request))
    messages.success(request, _("The import was discarded."))
    return redirect("imports")


@login_required
@require_safe
def left_over(request: HttpRequest, run: int) -> HttpResponseBase:
    """The lines that are not taken, with their reasons, as XLSX; recorded. Who uploaded the file gets their
    own lines back as they were, to mend them; others see identity numbers in part."""
    row, person = _run(request, run), signed_in(request)
    found = imports.counts(row)
    left = {row.region_id: found[Fate.CONFLICT] + found[Fate.ERROR]}
    exports.record(left, kind=Export.Format.XLSX, by=person, filters={"import": row.file_name})
    headings = [_("Line"), _("Fate"), _("Field"), _("Reason"), *row.columns]
    return _file(
        spreadsheets.xlsx(_("Lines to look at"), headings, _left_lines(row, for_=person)),
        kind="xlsx",
        name=f"{slugify(row.file_name.rsplit('.', 1)[0]) or 'import'}-{slugify(_('Lines to look at'))}.xlsx",
    )


def _left_lines(run: ImportRun, *, for_: Person) -> Iterator[list[Any]]:
    secret = {run.mapping[name] for name in _SECRET if name in run.mapping}
    hidden = set() if for_.pk == run.made_by_id else secret
    rows = ImportRow.objects.filter(region=run.region_id, run=run, fate__in=[Fate.CONFLICT, Fate.ERROR])
    for row in rows.order_by("line").iterator(chunk_size=1000):
        cells = json.loads(identity.unseal(row.cells_sealed)) if row.cells_sealed else []
        if not cells:
            cells = [""] * len(run.columns)
            for name, place in run.mapping.items():
                # of a run that is over no number is kept: the cell says so, and is asked about again
                cells[place] = _FORGOTTEN if place in secret else row.values.get(name, "")
        shown = [identity.masked(str(cell)) if place in hidden else cell for place, cell in enumerate(cells)]
        yield [row.line, str(Fate(row.fate).label), _label(row.field), row.reason, *shown]


@login_required
@require_safe
def template(request: HttpRequest, kind: str) -> HttpResponseBase:
    """An empty file with the headings and one line to learn from."""
    steward(request)
    if kind not in Export.Format.values:
        raise Http404
    headings = [str(column.label) for column in imports.COLUMNS]
    rows = [[column.example for column in imports.COLUMNS]]
    pieces = (
        spreadsheets.xlsx(_("Businesses"), headings, rows)
        if kind == Export.Format.XLSX
        else spreadsheets.csv_lines(headings, rows)
    )
    return _file(pieces, kind=kind, name=f"{slugify(_('Template for import'))}.{kind}")


@login_required
@require_safe
def export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The list as it is narrowed on its page, as a file; recorded."""
    person = signed_in(request)
    if kind not in Export.Format.values:
        raise Http404
    table, _context = listing(request)
    asked = ((name, str(value).replace("\0", "").strip()) for name, value in request.GET.items())
    filters = {name: value for name, value in asked if value and name.isprintable() and name != "page"}
    assert isinstance(table.selected, QuerySet)
    pieces = exports.export(table.selected, kind=kind, by=person, filters=filters)
    return _file(pieces, kind=kind, name=exports.file_name(kind))


@login_required
@require_safe
def exported(request: HttpRequest) -> HttpResponseBase:
    """Which lists were taken out, by whom: one's own, and all of the region for auditors and admins."""
    table = Table(
        request,
        rows=Export.objects.visible_to(signed_in(request)).select_related("made_by", "region"),
        columns=[
            Column("made", gettext_lazy("When"), value="made_at", sort="-made_at"),
            Column(
                "by",
                gettext_lazy("Who"),
                value="made_by.name",
                note=lambda row: row.region,
                sort="made_by__name",
            ),
            Column("rows", gettext_lazy("Businesses"), number=True, sort="-rows"),
            Column("narrowed", gettext_lazy("Narrowed to"), value=_narrowed),
            Column("format", gettext_lazy("File"), value="get_format_display"),
        ],
        search=lambda rows, text: rows.filter(made_by__name__icontains=text),
        search_label=gettext_lazy("Search a name"),
        order="-made",
        empty=Empty(
            gettext_lazy("No list was taken out yet"),
            gettext_lazy("Each download of the registry is noted here."),
        ),
        download="unduhan",
    )
    return table.answer("enterprises/exports.html", {})


def _narrowed(row: Export) -> str:
    """The filters by their names in the address; of lines of an import its file."""
    named = {"import": _("lines left over from")}
    return ", ".join(f"{named.get(name, name)}: {value}" for name, value in row.filters.items())


def _file(pieces: Iterator[bytes], *, kind: str, name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(pieces, content_type=exports.TYPES[Export.Format(kind)])
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
