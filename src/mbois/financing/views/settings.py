"""For who runs a scheme: its figures, its fund, holidays, closing the books of a period."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from mbois import clock
from mbois.financing import actions, policy
from mbois.financing.forms import DayBackForm, FundForm, HolidayForm, SchemeForm
from mbois.financing.models import Scheme
from mbois.financing.views.common import login_required, person_of, say_and_go
from mbois.ledger import queries as books
from mbois.ledger.actions import new_reference
from mbois.people.models import Person, Role
from mbois.places.models import Holiday
from mbois.refused import Refused, require
from mbois.web import show
from mbois.web.components import Event, Tone
from mbois.web.confirm import ask_first


def _scheme_or_404(person: Person, region: str, code: str) -> Scheme:
    found = (
        Scheme.objects.visible_to(person)
        .filter(region=region, code=code)
        .select_related("region", "fund", "collections")
        .first()
        if "\x00" not in region + code
        else None
    )
    if found is None or not policy.can_run_scheme(person, found):
        raise Http404
    return found


@login_required
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """The schemes one runs."""
    person = person_of(request)
    regions = person.regions_with(Role.REGION_ADMIN)
    require(bool(regions), _("This page is for region admins."))
    schemes = list(
        Scheme.objects.visible_to(person)
        .filter(region__in=regions)
        .select_related("region", "fund")
        .order_by("region", "code")
    )
    if len(schemes) == 1:
        return redirect("scheme", region=schemes[0].region_id, scheme=schemes[0].code)
    return render(request, "financing/schemes.html", {"schemes": schemes})


def _changes(scheme: Scheme) -> list[Event]:
    """What was changed of a scheme, by whom, newest first."""
    log: Any = Scheme.pgh_event_model.objects  # type: ignore[attr-defined]
    rows = list(
        log.filter(region=scheme.region_id, pgh_obj=scheme.pk)
        .select_related("pgh_context")
        .order_by("-pgh_created_at", "-pgh_id")[:20]
    )
    names = _names_of(rows)
    labels = SchemeForm.base_fields
    found = []
    for newer, older in zip(rows, [*rows[1:], None], strict=False):
        who = names(newer)
        if older is None:
            if len(rows) < 20:
                found.append(Event(newer.pgh_created_at, _("Opened"), who, "", "info", "plus"))
            continue
        parts = [
            f"{labels[name].label}: {_plain(getattr(older, name))} → {_plain(getattr(newer, name))}"
            for name in labels
            if getattr(older, name) != getattr(newer, name)
        ]
        if parts:
            found.append(Event(newer.pgh_created_at, _("Changed"), who, "; ".join(parts), "plain", "pencil"))
    return found


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(str(part) for part in value)
    return show.angka(value) if isinstance(value, int) else str(value)


def _days_off(region: str) -> list[Event]:
    """The days off that were declared and taken back, by whom, newest first."""
    log: Any = Holiday.pgh_event_model.objects  # type: ignore[attr-defined]
    said: dict[str, tuple[str, Tone, str]] = {
        "insert": (_("Day off declared"), "info", "plus"),
        "delete": (_("Day off taken back"), "plain", "undo-2"),
    }
    rows = list(
        log.filter(region=region, pgh_label__in=said).select_related("pgh_context").order_by("-pgh_id")[:20]
    )
    names = _names_of(rows)
    return [
        Event(row.pgh_created_at, what, names(row), f"{show.hari_tanggal(row.date)}: {row.name}", tone, icon)
        for row in rows
        for what, tone, icon in [said[row.pgh_label]]
    ]


def _names_of(rows: list[Any]) -> Callable[[Any], str]:
    """Who is behind each of these events, "" where it was the program."""
    users = {(row.pgh_context.metadata or {}).get("user") for row in rows if row.pgh_context}
    names: dict[Any, str] = dict(
        Person.objects.filter(pk__in=[pk for pk in users if pk]).values_list("pk", "name")
    )
    return lambda row: names.get(
        (row.pgh_context.metadata or {}).get("user") if row.pgh_context else None, ""
    )


def _holidays(region: str) -> list[Holiday]:
    return list(
        Holiday.objects.filter(region_id=region, date__gte=date(clock.today().year, 1, 1)).order_by("date")[
            :50
        ]
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, region: str, scheme: str) -> HttpResponse:
    """One scheme: its figures, its fund, its days off. Each form saves by itself."""
    person = person_of(request)
    found = _scheme_or_404(person, region, scheme)
    wanted = request.POST.get("form", "")
    forms: dict[str, Any] = {
        "terms": SchemeForm.of(found, request.POST if wanted == "terms" else None),
        "fund": FundForm(
            request.POST if wanted == "fund" else None,
            initial={"effective_date": clock.today(), "key": new_reference("F")},
        ),
        "holiday": HolidayForm(request.POST if wanted == "holiday" else None),
        "holiday_back": DayBackForm(request.POST if wanted == "holiday_back" else None),
    }
    if request.method == "POST":
        form = forms.get(wanted)
        if form is None:
            raise Http404
        if form.is_valid() and (answer := _do(request, wanted, form, found, person)) is not None:
            return answer
    return render(
        request,
        "financing/scheme.html",
        {
            "scheme": found,
            "forms": forms,
            "fund": books.balance(found.fund),
            "collected": books.balance(found.collections),
            "events": sorted(
                [*_days_off(found.region_id), *_changes(found)], key=lambda one: one.when, reverse=True
            ),
            "holidays": _holidays(found.region_id),
            "today": clock.today(),
            "open_part": wanted,
        },
        status=422 if request.method == "POST" else 200,
    )


def _do(request: HttpRequest, wanted: str, form: Any, scheme: Scheme, person: Person) -> HttpResponse | None:
    """Do what one of the forms asks; None where it was refused and the form says why."""
    where = {"region": scheme.region_id, "scheme": scheme.code}
    given = form.cleaned_data
    try:
        if wanted == "terms":
            actions.update_scheme(scheme, by=person, changes=given)
            return say_and_go(
                request, _("The scheme is changed. Running loans keep their schedule."), "scheme", **where
            )
        if wanted == "fund":
            asked = ask_first(
                request,
                question=_("Add %(amount)s to the fund?") % {"amount": show.rupiah(given["amount"])},
                verb=_("Add it"),
            )
            if asked:
                return asked
            actions.add_to_fund(
                scheme,
                amount=given["amount"],
                by=person,
                effective_date=given["effective_date"],
                key=given["key"],
            )
            return say_and_go(
                request,
                _("%(amount)s added to the fund.") % {"amount": show.rupiah(given["amount"])},
                "scheme",
                **where,
            )
        if wanted == "holiday_back":
            asked = ask_first(
                request,
                question=_("Take back the day off on %(day)s?") % {"day": show.hari_tanggal(given["day"])},
                detail=_(
                    "Pay-by days it moved are on that day again. They stay only where the borrower was already"
                    " reminded of the later day."
                ),
                verb=_("Take it back"),
            )
            if asked:
                return asked
            moved = actions.take_back_holiday(day=given["day"], by=person, region_id=scheme.region_id)
            return say_and_go(
                request,
                _("Taken back. %(count)s pay-by days are on that day again.") % {"count": show.angka(moved)},
                "scheme",
                **where,
            )
        moved = actions.declare_holiday(
            day=given["day"], name=given["name"], by=person, region_id=scheme.region_id
        )
        return say_and_go(
            request,
            _("Declared. %(count)s pay-by days moved to the next working day.")
            % {"count": show.angka(moved)},
            "scheme",
            **where,
        )
    except Refused as refused:
        form.refuse(refused)
        if refused.code == "key_reused":  # whoever has looked may send it as another payment
            form.data = form.data.copy()
            form.data["key"] = new_reference("F")
    return None
