"""What financing adds to the frame: destinations, home cards, figures of the landing page, the calculator."""

from datetime import timedelta
from statistics import median
from typing import Any

from django.db.models import Exists, F, OuterRef, Sum
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy, ngettext

from mbois import clock
from mbois.enterprises import panels
from mbois.enterprises.models import Enterprise
from mbois.enterprises.models import State as EnterpriseState
from mbois.financing import policy
from mbois.financing.actions.applications import stop_without_consent
from mbois.financing.models import Application, Confirmation, Loan, Scheme, Settlement, State
from mbois.financing.models.schemes import LENDING_ROLES
from mbois.financing.queries import payments, state_of, working_day_clock
from mbois.financing.shown import next_for, steps_of
from mbois.people import consents, mine
from mbois.people.models import Person, Role
from mbois.places.workdays import Calendar
from mbois.web import calculator, figures, home, navigation, show

QUEUE_ROLES = frozenset({*map(str, LENDING_ROLES), str(Role.VILLAGE_OFFICER)})
CONFIRMERS = frozenset(map(str, (Role.VILLAGE_OFFICER, Role.FIELD_OFFICER, Role.AGENCY_OFFICER)))
OVERSEERS = frozenset(map(str, (Role.EXECUTIVE, Role.AUDITOR, Role.REGION_ADMIN)))
_WORKERS = frozenset(map(str, (Role.FIELD_OFFICER, Role.ASSESSOR, Role.APPROVER, Role.TELLER)))


def turn_count(request: HttpRequest) -> int | None:
    """How many applications wait for this person by their role; counted once a request."""
    from mbois.financing.views.applications import my_turn

    person = request.user
    if not isinstance(person, Person) or not person.roles & _WORKERS:
        return None
    known: int | None = getattr(request, "_applications_waiting", None)
    if known is None:
        known = Application.objects.visible_to(person).filter(my_turn(person)).count()
        request._applications_waiting = known  # type: ignore[attr-defined]
    return known


def _is_owner(request: HttpRequest) -> bool:
    """Whether the person has no role here: then the loan that matters is their own."""
    return isinstance(request.user, Person) and not request.user.roles


def navigate() -> None:
    """The destinations of this room."""
    for item in (
        navigation.Item(
            "applications",
            gettext_lazy("Loan applications"),
            "clipboard-list",
            roles=QUEUE_ROLES,
            order=20,
            badge=turn_count,
        ),
        navigation.Item(
            "teller", gettext_lazy("Teller"), "wallet", roles=frozenset({str(Role.TELLER)}), order=15
        ),
        navigation.Item("loans", gettext_lazy("Loans"), "hand-coins", roles=QUEUE_ROLES, order=30),
        navigation.Item(
            "confirmations", gettext_lazy("Confirmations"), "shield-check", roles=CONFIRMERS, order=45
        ),
        navigation.Item(
            "schemes", gettext_lazy("Scheme"), "settings", roles=frozenset({str(Role.REGION_ADMIN)}), order=80
        ),
        navigation.Item("my_loans", gettext_lazy("My loan"), "hand-coins", order=20, visible=_is_owner),
        navigation.Item(
            "my_applications", gettext_lazy("My applications"), "clipboard-list", order=25, visible=_is_owner
        ),
        navigation.Item("ojir", gettext_lazy("OJIR loan"), "hand-coins", order=20, place="public"),
    ):
        navigation.register(item)


# The home page


def owner_sections(request: HttpRequest) -> list[home.Section]:
    """For a borrower: the next instalment, or what is missing, or the way to begin."""
    person = request.user
    if not isinstance(person, Person):
        return []
    found: list[home.Section] = []
    loans = list(
        Loan.objects.visible_to(person)
        .filter(borrower__person=person.pk)
        .select_related("enterprise")
        .prefetch_related("instalments")
        .order_by("-disbursed_on", "-pk")[:5]
    )
    for loan in loans:
        state = state_of(loan)
        if state.outstanding:
            found.append(
                home.Section(
                    "financing/home_loan.html", {"loan": loan, "state": state, "next": state.next}, order=5
                )
            )
    applications = list(
        Application.objects.visible_to(person)
        .under_way()
        .filter(borrower__person=person.pk)
        .select_related("scheme", "enterprise", "borrower__person", "entered_by")
        .order_by("-pk")[:5]
    )
    for application in applications:
        following = next_for(
            person,
            application,
            visits=[],
            assessments=[],
            decision=application.decisions.filter(region_id=application.region_id).first(),
            contract=application.contracts.filter(region_id=application.region_id).first(),
            loan=None,
            clock=working_day_clock(application),
        )
        found.append(
            home.Section(
                "financing/home_application.html",
                {"application": application, "next": following, "steps": steps_of(application)},
                order=6,
            )
        )
    if not found and not person.roles:
        ready = (
            Enterprise.objects.visible_to(person)
            .living()
            .filter(owner__person=person.pk, state=EnterpriseState.VERIFIED)
            .exists()
        )
        if ready:
            found.append(home.Section("financing/home_begin.html", {"paid_off": bool(loans)}, order=20))
    return found


def officer_section(request: HttpRequest) -> home.Section | None:
    """For those who work here: what waits for them."""
    person = request.user
    if not isinstance(person, Person) or not person.roles & QUEUE_ROLES:
        return None
    turn = turn_count(request)
    cards: list[dict[str, Any]] = []
    if turn is not None:
        cards.append(
            {
                "value": show.angka(turn),
                "label": ngettext("application waits for you", "applications wait for you", turn),
                "href": f"{reverse('applications')}?lihat=giliran",
                "icon": "clipboard-list",
                "tone": "wait" if turn else "",
            }
        )
    under_way = Application.objects.visible_to(person).under_way().exclude(state=State.DRAFT).count()
    cards.append(
        {
            "value": show.angka(under_way),
            "label": ngettext("application under way", "applications under way", under_way),
            "href": f"{reverse('applications')}?lihat=berjalan",
            "icon": "route",
            "tone": "",
        }
    )
    late = Loan.objects.visible_to(person).late().count()
    cards.append(
        {
            "value": show.angka(late),
            "label": ngettext("loan late", "loans late", late),
            "href": f"{reverse('loans')}?keadaan=terlambat",
            "icon": "clock",
            "tone": "bad" if late else "ok",
        }
    )
    if person.roles & CONFIRMERS:
        open_now = (
            Confirmation.objects.visible_to(person)
            .filter(recorded_at=None, due_on__lte=clock.today())
            .count()
        )
        cards.append(
            {
                "value": show.angka(open_now),
                "label": ngettext("confirmation due", "confirmations due", open_now),
                "href": f"{reverse('confirmations')}?keadaan=terlambat",
                "icon": "shield-check",
                "tone": "wait" if open_now else "",
            }
        )
    if person.roles & OVERSEERS:
        cards += _overview(person)
    return home.Section(
        "financing/home_officer.html",
        {"cards": cards, "collector": bool(person.roles & set(policy.COLLECTORS))},
        order=10,
        wide=True,
    )


def _overview(person: Person) -> list[dict[str, Any]]:
    """For those who answer for the whole: what the programme has done in their regions."""
    loans = Loan.objects.visible_to(person)
    sums = loans.aggregate(lent=Sum("principal"), left=Sum(F("principal") - F("paid_total")))
    checked = Enterprise.objects.visible_to(person).published().count()
    paid_off = loans.paid_off().count()
    rows = [
        (show.rupiah_short(sums["lent"] or 0), gettext("lent without interest"), "loans", "hand-coins"),
        (show.rupiah_short(sums["left"] or 0), gettext("still to be paid back"), "loans", "hand-coins"),
        (
            show.angka(paid_off),
            ngettext("loan paid off", "loans paid off", paid_off),
            "loans",
            "circle-check",
        ),
        (
            show.angka(checked),
            ngettext("business checked", "businesses checked", checked),
            "enterprises",
            "building-2",
        ),
    ]
    return [
        {"value": value, "label": label, "href": reverse(to), "icon": icon, "tone": ""}
        for value, label, to, icon in rows
    ]


# Figures


def families_freed() -> int | None:
    """Loans that settled a loan shark's debt."""
    settled = Settlement.objects.filter(region=OuterRef("region"), loan=OuterRef("pk"))
    return Loan.objects.filter(Exists(settled)).count() or None


def capital_lent() -> int | None:
    """Rupiah paid out."""
    return Loan.objects.aggregate(total=Sum("principal"))["total"]


def median_days() -> float | None:
    """Working days from sending to paying out, the median of the last year."""
    rows = (
        Application.objects.filter(state=State.DISBURSED, ended_on__gte=clock.today() - timedelta(days=365))
        .order_by("-ended_on")
        .values_list("region", "submitted_at", "ended_on")[:2000]
    )
    calendars: dict[str, Calendar] = {}
    spans = []
    for region, sent, ended in rows:
        calendar = calendars.setdefault(region, Calendar(region))
        spans.append(calendar.between(clock.local_date(sent), ended))
    return median(spans) if spans else None


def loans_paid_off() -> int | None:
    return Loan.objects.paid_off().count() or None


def add_figures() -> None:
    """The figures of the landing page."""
    for figure in (
        figures.Figure(
            "families_freed",
            gettext_lazy("families free from the loan shark"),
            gettext_lazy("Loans of which a part was paid straight to a loan shark."),
            families_freed,
            order=20,
        ),
        figures.Figure(
            "capital_lent",
            gettext_lazy("lent without interest"),
            gettext_lazy("The sum of all loans paid out, from the ledger."),
            capital_lent,
            show.rupiah_short,
            order=21,
        ),
        figures.Figure(
            "median_days",
            gettext_lazy("working days until the money is there"),
            gettext_lazy(
                "Half of the loans of the last year were paid out in this time or less, from sending the application."
            ),
            median_days,
            order=22,
        ),
        figures.Figure(
            "loans_paid_off",
            gettext_lazy("loans paid off"),
            gettext_lazy("Loans of which nothing is left to pay."),
            loans_paid_off,
            order=23,
        ),
    ):
        figures.register(figure)


def terms() -> calculator.Terms:
    """What the calculator of the landing page works with: the scheme's own settings."""
    scheme = Scheme.objects.published().filter(code="OJIR").order_by("-region").first()
    if scheme is None:
        return calculator.Terms()
    return calculator.Terms(
        minimum=scheme.minimum,
        maximum=scheme.maximum,
        months_maximum=scheme.months_max,
        unit=scheme.unit,
    )


def _held(person: Person) -> list[dict[str, object]]:
    """The applications and loans of a borrower, for their own download; what neighbours said in trust
    is theirs."""
    asked = Application.objects.filter(borrower__person=person).select_related("scheme").order_by("pk")
    loans = {
        loan.application_id: loan
        for loan in Loan.objects.filter(borrower__person=person).prefetch_related("instalments")
    }
    found = []
    for one in asked:
        told = mine.plain(one) | {
            "scheme": one.scheme.name,
            "debts": [mine.plain(debt) for debt in one.debts.filter(region_id=one.region_id)],
            "visits": [
                mine.plain(visit, but=("neighbours",)) for visit in one.visits.filter(region_id=one.region_id)
            ],
        }
        if loan := loans.get(one.pk):
            told["loan"] = mine.plain(loan) | {
                "instalments": [mine.plain(line) for line in loan.instalments.all()],
                "payments": [
                    mine.plain(payment.transfer) | {"reversed": not payment.counts}
                    for payment in payments(loan)
                ],
            }
        found.append(told)
    return found


def register() -> None:
    """Called once, when the program starts."""
    navigate()
    home.register(owner_sections)
    home.register(officer_section)
    add_figures()
    calculator.register(terms)
    mine.register_part("financing", _held)
    consents.on_withdrawal(stop_without_consent)
    panels.register(
        panels.Panel("financing", gettext_lazy("OJIR credit"), "financing/panel.html", passport, order=20)
    )


def passport(enterprise: Enterprise, person: Person) -> dict[str, Any]:
    """What the passport of an enterprise shows of this room: loans and applications one may see."""
    loans = list(
        Loan.objects.visible_to(person)
        .filter(region_id=enterprise.region_id, enterprise=enterprise)
        .prefetch_related("instalments")
        .order_by("-disbursed_on")
    )
    applications = list(
        Application.objects.visible_to(person)
        .filter(region_id=enterprise.region_id, enterprise=enterprise)
        .exclude(state=State.DISBURSED)
        .order_by("-pk")
    )
    can_apply = (
        enterprise.state == EnterpriseState.VERIFIED
        and policy.can_apply(person, enterprise)
        and not any(application.state not in {State.REFUSED, State.WITHDRAWN} for application in applications)
        and not any(loan.outstanding for loan in loans)
    )
    return {
        "loans": [(loan, state_of(loan)) for loan in loans],
        "applications": applications,
        "can_apply": can_apply,
        "apply_url": f"{reverse('application_new')}?usaha={enterprise.number}",
    }
