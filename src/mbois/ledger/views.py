"""The books: accounts, the statement of one, the trial balance, closing a period."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from mbois import clock
from mbois.ledger import actions, policy, queries
from mbois.ledger.forms import CloseForm, DayForm, SpanForm
from mbois.ledger.models import READERS, Account, Closing
from mbois.people.models import Person
from mbois.places.models import Region
from mbois.refused import Refused, require
from mbois.web import show
from mbois.web.confirm import ask_first
from mbois.web.tables import Column, Empty, Table, files


def _person(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    return request.user


def _regions(request: HttpRequest) -> list[Region]:
    """The regions whose books somebody may read."""
    codes = _person(request).regions_with(*READERS)
    require(bool(codes), _("The books are for tellers, approvers, auditors and region admins."))
    return list(Region.objects.filter(pk__in=codes).order_by("pk"))


def _region_or_404(request: HttpRequest, code: str) -> Region:
    found = next((region for region in _regions(request) if region.pk == code), None)
    if found is None:
        raise Http404
    return found


def _day_of(form: DayForm) -> date:
    day = form.cleaned_data.get("on") if form.is_bound and form.is_valid() else None
    return day or clock.today()


@login_required
@require_safe
def books(request: HttpRequest) -> HttpResponse:
    """The regions whose books one may read; with one region, straight to it."""
    regions = _regions(request)
    if len(regions) == 1:
        query = f"?{request.GET.urlencode()}" if request.GET else ""
        return redirect(reverse("trial_balance", kwargs={"region": regions[0].pk}) + query)
    return render(request, "ledger/regions.html", {"regions": regions})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def trial_balance(request: HttpRequest, region: str) -> HttpResponse:
    """Every account at the end of a day, both sides with the same sum; region admins close periods."""
    place = _region_or_404(request, region)
    may_close = policy.can_close_books(_person(request), place.pk)
    closing = CloseForm(request.POST or None)
    if request.method == "POST":
        require(may_close)
        if closing.is_valid():
            through = closing.cleaned_data["through"]
            if asked := ask_first(
                request,
                question=_("Close the books through %(day)s?") % {"day": show.tanggal(through)},
                detail=_("Nothing can be dated on or before this day any more. This cannot be undone."),
                verb=_("Close them"),
                danger=True,
            ):
                return asked
            try:
                actions.close_period(place.pk, through=through, by=_person(request))
                messages.success(
                    request, _("The books are closed through %(day)s.") % {"day": show.tanggal(through)}
                )
                return redirect("trial_balance", region=place.pk)
            except Refused as refused:
                closing.refuse(refused)
    form = DayForm(request.GET if "on" in request.GET else None)
    day = _day_of(form)
    lines = queries.trial_balance(place.pk, on=day)
    if request.GET.get("unduh") in {"xlsx", "csv"}:
        return _trial_file(request, lines)
    closed = Closing.objects.visible_to(_person(request)).filter(region=place.pk).select_related("closed_by")
    return render(
        request,
        "ledger/trial_balance.html",
        {
            "place": place,
            "form": form,
            "day": day,
            "lines": lines,
            "debits": sum(line.debit for line in lines),
            "credits": sum(line.credit for line in lines),
            "kinds": dict(Account.Kind.choices),
            "closing": closing,
            "may_close": may_close,
            "closed": list(closed.order_by("-through")[:12]),
        },
        status=422 if request.method == "POST" else 200,
    )


def _trial_file(request: HttpRequest, lines: list[queries.TrialLine]) -> Any:
    columns = [
        Column("code", _("Account")),
        Column("name", _("Name")),
        Column("kind", _("Kind")),
        Column("debit", _("Debit"), number=True),
        Column("credit", _("Credit"), number=True),
    ]
    return files.answer(lines, columns, name="neraca-saldo", kind=request.GET["unduh"])


@login_required
@require_safe
def accounts(request: HttpRequest, region: str) -> Any:
    """The accounts of a region."""
    place = _region_or_404(request, region)
    kinds = dict(Account.Kind.choices)
    table = Table(
        request,
        rows=Account.objects.visible_to(_person(request)).filter(region=place.pk),
        columns=[
            Column(
                "name",
                _("Account"),
                sort="name",
                link=lambda row: reverse(
                    "account_statement", kwargs={"region": place.pk, "account": row.code}
                ),
            ),
            Column("code", _("Code"), sort="code", phone=False),
            Column("kind", _("Kind"), show=lambda kind: kinds[kind], sort="kind"),
            Column(
                "opened",
                _("Opened"),
                value="opened_at",
                show=show.tanggal_pendek,
                sort="-opened_at",
                phone=False,
            ),
        ],
        search=lambda rows, text: rows.filter(name__icontains=text) | rows.filter(code__icontains=text),
        search_label=_("Search name or code"),
        order="code",
        empty=Empty(_("No account yet"), _("Accounts are opened with the first scheme."), art="coins"),
        download="akun",
    )
    return table.answer("ledger/accounts.html", {"place": place})


@login_required
@require_safe
def statement(request: HttpRequest, region: str, account: str) -> Any:
    """What moved on one account between two days, with the balance before and after each line."""
    place = _region_or_404(request, region)
    found = (
        Account.objects.visible_to(_person(request)).filter(region=place.pk, code=account).first()
        if "\x00" not in account
        else None
    )
    if found is None:
        raise Http404
    today = clock.today()
    form = SpanForm(
        request.GET if {"since", "until"} & set(request.GET) else None,
        initial={"since": today - timedelta(days=30), "until": today},
    )
    given = form.cleaned_data if form.is_bound and form.is_valid() else {}
    until = given.get("until") or today
    since = given.get("since") or until - timedelta(days=30)
    opening, lines = queries.statement(found, since=since, until=until)
    if request.GET.get("unduh") in {"xlsx", "csv"}:
        return _statement_file(request, lines)
    most = 500
    return render(
        request,
        "ledger/statement.html",
        {
            "place": place,
            "account": found,
            "form": form,
            "since": since,
            "until": until,
            "opening": opening,
            "lines": lines[-most:],
            "hidden": max(0, len(lines) - most),
            "closing": lines[-1].balance if lines else opening,
            "came": sum(line.change for line in lines if line.change > 0),
            "went": -sum(line.change for line in lines if line.change < 0),
            "query": f"since={since.isoformat()}&until={until.isoformat()}",
        },
    )


def _statement_file(request: HttpRequest, lines: list[queries.StatementLine]) -> Any:
    columns = [
        Column("date", _("Date"), value="transfer.effective_date"),
        Column("reference", _("Reference"), value="transfer.reference"),
        Column("kind", _("Kind"), value="transfer.get_kind_display"),
        Column("memo", _("Note"), value="transfer.memo"),
        Column("by", _("By"), value="transfer.made_by.name"),
        Column("change", _("Movement"), number=True),
        Column("balance", _("Balance"), number=True),
    ]
    return files.answer(lines, columns, name="rekening", kind=request.GET["unduh"])
