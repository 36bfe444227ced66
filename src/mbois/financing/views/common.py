"""What several pages of this room need."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from mbois.financing.models import (
    Application,
    Assessment,
    Contract,
    Decision,
    Loan,
    Paper,
    RentenirDebt,
    Scheme,
    Settlement,
    Visit,
    VisitPhoto,
)
from mbois.financing.queries import WorkingDayClock, working_day_clock
from mbois.people.models import Person
from mbois.places.numbers import region_of

__all__ = ["login_required"]


def person_of(request: HttpRequest) -> Person:
    """Who is signed in (the view is behind `login_required`)."""
    assert isinstance(request.user, Person)
    return request.user


def _region(number: str) -> str:
    region = region_of(number)
    if region is None:
        raise Http404
    return region


def application_or_404(request: HttpRequest, number: str) -> Application:
    """An application this person may see; another does not exist for them."""
    found = (
        Application.objects.visible_to(person_of(request))
        .filter(region_id=_region(number), number=number)
        .select_related(
            "region",
            "scheme__region",
            "enterprise__village__parent",
            "enterprise__owner",
            "borrower__person",
            "entered_by",
        )
        .first()
    )
    if found is None:
        raise Http404
    return found


def loan_or_404(request: HttpRequest, number: str) -> Loan:
    """A loan this person may see, with its schedule and settlements."""
    region = _region(number)
    found = (
        Loan.objects.visible_to(person_of(request))
        .filter(region_id=region, number=number)
        .select_related(
            "region",
            "scheme",
            "enterprise__village__parent",
            "borrower__person",
            "application",
            "account",
            "disbursed_by",
        )
        .prefetch_related(
            "instalments",
            Prefetch(
                "settlements",
                Settlement.objects.filter(region_id=region).select_related("debt", "transfer").order_by("pk"),
            ),
        )
        .first()
    )
    if found is None:
        raise Http404
    return found


@dataclass(frozen=True)
class Story:
    """Everything that happened to one application."""

    application: Application
    debts: list[RentenirDebt]
    papers: list[Paper]
    visits: list[Visit]
    assessments: list[Assessment]
    decision: Decision | None
    contract: Contract | None
    loan: Loan | None
    clock: WorkingDayClock | None

    @property
    def visit(self) -> Visit | None:
        """The newest visit, but for copies of another."""
        own = [visit for visit in self.visits if visit.same_as_id is None]
        return own[-1] if own else None

    @property
    def assessment(self) -> Assessment | None:
        return self.assessments[-1] if self.assessments else None

    @property
    def debt_total(self) -> int:
        return sum(debt.outstanding for debt in self.debts)


def story_of(application: Application) -> Story:
    """The records of an application, in the order in which they were made."""
    region, pk = application.region_id, application.pk
    return Story(
        application=application,
        debts=list(RentenirDebt.objects.filter(region_id=region, application=pk).order_by("pk")),
        papers=list(
            Paper.objects.filter(region_id=region, application=pk)
            .select_related("document", "added_by")
            .order_by("pk")
        ),
        visits=list(
            Visit.objects.filter(region_id=region, application=pk)
            .select_related("visited_by", "same_as")
            .prefetch_related(
                Prefetch("photos", VisitPhoto.objects.filter(region_id=region).select_related("document"))
            )
            .order_by("pk")
        ),
        assessments=list(
            Assessment.objects.filter(region_id=region, application=pk)
            .select_related("assessed_by")
            .order_by("pk")
        ),
        decision=Decision.objects.filter(region_id=region, application=pk)
        .select_related("decided_by")
        .first(),
        contract=Contract.objects.filter(region_id=region, application=pk)
        .select_related("document", "signature", "recorded_by")
        .first(),
        loan=Loan.objects.filter(region_id=region, application=pk).first(),
        clock=working_day_clock(application),
    )


def open_schemes(region_id: str | None = None) -> list[Scheme]:
    """The schemes that take applications, of one region or all."""
    schemes = Scheme.objects.published().select_related("region").order_by("region", "code")
    return list(schemes.filter(region=region_id) if region_id else schemes)


def say_and_go(request: HttpRequest, message: Any, to: str, **kwargs: Any) -> HttpResponse:
    """A toast on the next page."""
    messages.success(request, message)
    return redirect(to, **kwargs)
