"""Enterprises, applications and loans for tests."""

import uuid
from datetime import date, datetime, time
from itertools import count

from mbois import clock
from mbois.enterprises.models import Enterprise, Owner
from mbois.enterprises.models import State as EnterpriseState
from mbois.financing import actions
from mbois.financing.actions.applications import DebtLine
from mbois.financing.models import (
    Application,
    Assessment,
    Contract,
    Decision,
    Loan,
    PaperKind,
    RentenirDebt,
    Scheme,
    State,
    Visit,
)
from mbois.people import documents, identity
from mbois.people.actions import record_consent
from mbois.people.models import ConsentText, Document, Membership, Person, Purpose
from mbois.people.tests.factories import make_person, make_region, pdf, picture
from mbois.places.models import Area

_number = count(1)


def make_village(region: str = "35.73") -> Area:
    """A village with its district and regency."""
    home = make_region(region)
    regency, _ = Area.objects.get_or_create(
        code=region, defaults={"level": "regency", "name": home.name, "region": home}
    )
    district, _ = Area.objects.get_or_create(
        code=f"{region}.01",
        defaults={"level": "district", "name": "Blimbing", "region": home, "parent": regency},
    )
    return Area.objects.get_or_create(
        code=f"{region}.01.1001",
        defaults={"level": "village", "name": "Purwantoro", "region": home, "parent": district},
    )[0]


def make_owned_enterprise(
    region: str = "35.73",
    *,
    person: Person | None = None,
    state: str = EnterpriseState.VERIFIED,
    name: str = "",
) -> Enterprise:
    """A verified enterprise that runs since 2020, its owner known by NIK."""
    number = next(_number)
    village = make_village(region)
    person = person or make_person(f"Sri {number}")
    nik = f"{region.replace('.', '')}016501{80 + number % 10}{number % 9998 + 1:04d}"
    owner = Owner.objects.create(
        region_id=region,
        person=person,
        name=person.name,
        nik_sealed=identity.seal(nik),
        nik_hash=identity.digest("nik", f"{nik}{number}"),
        village=village,
        registered_by=person,
    )
    return Enterprise.objects.create(
        region_id=region,
        number=f"U-{region.replace('.', '')}-{900000 + number}",
        name=name or f"Keripik Tempe {number}",
        owner=owner,
        village=village,
        address="Jl. Sanan 5",
        started_on=date(2020, 1, 1),
        capital=5_000_000,
        annual_sales=60_000_000,
        state=state,
        registered_by=person,
    )


class Bank:
    """The people and the scheme of one region."""

    def __init__(self, region: str = "35.73", *, fund: int = 1_000_000_000) -> None:
        self.region = region
        make_region(region)
        self.admin = make_person("Admin", role="region_admin", region=region)
        self.field = make_person("Field", role="field_officer", region=region)
        self.assessor = make_person("Assessor", role="assessor", region=region)
        self.approver = make_person("Approver", role="approver", region=region)
        self.teller = make_person("Teller", role="teller", region=region)
        self.teller2 = make_person("Second teller", role="teller", region=region)
        self.auditor = make_person("Auditor", role="auditor", region=region)
        staff = [
            self.admin,
            self.field,
            self.assessor,
            self.approver,
            self.teller,
            self.teller2,
            self.auditor,
        ]
        Membership.objects.filter(person__in=staff).update(since=date(2020, 1, 1))
        self.scheme: Scheme = actions.open_scheme(region)
        if fund:
            actions.add_to_fund(self.scheme, amount=fund, by=self.admin, effective_date=date(2020, 1, 2))

    def paper(self, by: Person, subject: Person | None = None) -> Document:
        return documents.store(pdf(), region_id=self.region, purpose=Purpose.PAPER, by=by, subject=subject)

    def draft(
        self, *, amount: int = 4_000_000, months: int = 12, debt: int = 2_100_000, **values: object
    ) -> Application:
        """An application with everything but the consent and papers."""
        enterprise = values.pop("enterprise", None) or make_owned_enterprise(self.region)
        assert isinstance(enterprise, Enterprise)
        person = enterprise.owner.person
        application = actions.start_application(
            self.scheme,
            enterprise,
            by=person,
            amount_asked=amount,
            months_asked=months,
            purpose="Minyak goreng dan kedelai",
            married=False,
            **values,
        )
        if debt:
            actions.save_application(
                application,
                by=person,
                values={},
                debts=[DebtLine("Bank titil Pak X", debt, monthly_payment=700_000)],
            )
        return application

    def complete(self, application: Application) -> Application:
        """Hand in all papers and the consent."""
        person = application.borrower.person
        for kind in (PaperKind.KTP, PaperKind.KK, PaperKind.SKTM, PaperKind.DEBT_PROOF, PaperKind.BUSINESS):
            actions.add_paper(application, kind=kind, document=self.paper(person, person), by=person)
        make_consent_text()
        record_consent(person, "ojir", region_id=self.region, by=person, method="self")
        return application

    def submitted(self, **values: object) -> Application:
        application = self.complete(self.draft(**values))  # type: ignore[arg-type]
        return actions.submit_application(application, by=application.borrower.person)

    def report(self, **changes: object) -> actions.VisitReport:
        values: dict[str, object] = {
            "client_id": uuid.uuid4(),
            "visited_at": clock.now(),
            "checklist": dict.fromkeys(VISIT_POINTS, True),
            "neighbours": [{"name": "Bu RT", "word": "good"}, {"name": "Pak Min", "word": "good"}],
            "sales": 6_000_000,
            "costs": 3_500_000,
            "household": 1_500_000,
            "other_debts": 200_000,
            "advice": "grant",
        }
        return actions.VisitReport(**(values | changes))  # type: ignore[arg-type]

    def visited(self, **values: object) -> Application:
        application = self.submitted(**values)
        actions.record_visit(application, self.report(), by=self.field)
        application.refresh_from_db()
        return application

    def assessed(self, **values: object) -> Application:
        application = self.visited(**values)
        actions.assess(
            application, by=self.assessor, needy=True, monthly_income=1_200_000, members=4, covers_cost=True
        )
        application.refresh_from_db()
        return application

    def approved(self, **values: object) -> Application:
        application = self.assessed(**values)
        actions.decide(
            application,
            by=self.approver,
            granted=True,
            amount=application.amount_asked,
            months=application.months_asked,
        )
        application.refresh_from_db()
        return application

    def signed(self, **values: object) -> Application:
        application = self.approved(**values)
        actions.make_contract(application, by=self.field)
        signature = documents.store(
            picture("PNG"), region_id=self.region, purpose=Purpose.CONTRACT, by=self.field
        )
        actions.record_signature(application, by=self.field, signature=signature)
        application.refresh_from_db()
        return application

    def settle_all(self, application: Application) -> dict[int, int]:
        return {debt.pk: debt.outstanding for debt in application.debts.all()}

    def disbursed(self, **values: object) -> Loan:
        """A loan paid out today (use clock.on for another day)."""
        application = self.signed(**values)
        return actions.disburse(
            application, by=self.teller, settlements=self.settle_all(application), key=uuid.uuid4().hex
        )

    def pay(self, loan: Loan, amount: int, *, on: date | None = None, by: Person | None = None) -> str:
        """Pay, and give the reference."""
        answer = actions.record_repayment(
            loan, amount=amount, by=by or self.teller, key=uuid.uuid4().hex, effective_date=on
        )
        return str(answer["reference"])


VISIT_POINTS = actions.visits.CHECKLIST


def make_consent_text() -> ConsentText:
    return ConsentText.objects.get_or_create(
        key="ojir", version=1, defaults={"body_id": "Saya setuju.", "body_en": "I agree."}
    )[0]


def lend(bank: Bank, on: date, **values: object) -> Loan:
    """A loan that was paid out on a day in the past, through all the steps."""
    with clock.on(on):
        return bank.disbursed(**values)


def quick_loan(bank: Bank, *, principal: int, months: int, on: date) -> Loan:
    """A loan paid out on a day, its steps written straight into the tables and only the money moved
    by the action: for tests that need many."""
    enterprise = make_owned_enterprise(bank.region)
    moment = datetime.combine(on, time(9), tzinfo=clock.JAKARTA)
    make_consent_text()
    person = enterprise.owner.person
    record_consent(person, "ojir", region_id=bank.region, by=person, method="self")
    document = Document.objects.filter(region_id=bank.region).first() or bank.paper(bank.field)
    application = Application.objects.create(
        region_id=bank.region,
        number=f"A-{bank.region.replace('.', '')}-2020-{next(_number):05d}",
        scheme=bank.scheme,
        enterprise=enterprise,
        borrower=enterprise.owner,
        entered_by=enterprise.owner.person,
        amount_asked=principal,
        months_asked=months,
        state=State.SIGNED,
        submitted_at=moment,
    )
    rows = {"region_id": bank.region, "application": application}
    Visit.objects.create(
        **rows,
        client_id=uuid.uuid4(),
        fingerprint="-",
        visited_by=bank.field,
        visited_at=moment,
        sales=5,
        costs=1,
        household=1,
        other_debts=0,
        advice="grant",
    )
    Assessment.objects.create(
        **rows, assessed_by=bank.assessor, needy=True, monthly_income=0, members=1, covers_cost=True
    )
    Decision.objects.create(**rows, granted=True, amount=principal, months=months, decided_by=bank.approver)
    Contract.objects.create(
        **rows, document=document, signature=document, signed_at=moment, recorded_by=bank.field
    )
    debt = RentenirDebt.objects.create(**rows, lender="Pak X", outstanding=principal // 2)
    with clock.on(on):
        return actions.disburse(
            application, by=bank.teller, settlements={debt.pk: debt.outstanding}, key=uuid.uuid4().hex
        )
