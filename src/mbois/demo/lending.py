"""Applications of the demo city, from a draft to a signed contract, set-based.

Rows go in by the thousand, and the database's own triggers check them as they would check a teller's:
decisions, transfers, totals and schedules are refused where they are wrong.
"""

import hashlib
import random
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile

from mbois import clock
from mbois.demo.cases import DAY, Case, reference, worked_on
from mbois.demo.city import CHUNK, MILLION, YEARS, Staff, at
from mbois.demo.pictures import drawn_signature, sample_paper
from mbois.demo.repaying import Repaying
from mbois.demo.words import LENDERS, PURPOSES
from mbois.enterprises.models import Enterprise
from mbois.enterprises.models import State as Registered
from mbois.financing.actions.visits import CHECKLIST
from mbois.financing.contracts import contract_pdf
from mbois.financing.eligibility import papers_needed
from mbois.financing.models import (
    Application,
    Assessment,
    Contract,
    Decision,
    Paper,
    RentenirDebt,
    Scheme,
    State,
    Visit,
)
from mbois.ledger.actions import fingerprint
from mbois.ledger.models import Account, Transfer
from mbois.people.models import Consent, ConsentText, Document, Purpose, Role
from mbois.places.numbers import format_number, take
from mbois.places.workdays import Calendar

# Of each region: loans paid out in two years, at scale 1.
LOANS = {"35.73": 260, "35.07": 60, "35.79": 40}
FUNDS = {"35.73": 2_500, "35.07": 700, "35.79": 500}  # million rupiah
# Applications under way in each stage, at scale 1 (the other two regions get a third).
UNDER_WAY = {
    State.DRAFT: 4,
    State.SUBMITTED: 12,
    State.RETURNED: 3,
    State.VISITED: 8,
    State.ASSESSED: 7,
    State.APPROVED: 4,
    State.SIGNED: 4,
    State.REFUSED: 14,
    State.WITHDRAWN: 5,
}


class Lending:
    """Makes the lending of one region."""

    def __init__(self, rng: random.Random, staff: Staff, scheme: Scheme, scale: float) -> None:
        self.rng, self.staff, self.scheme, self.scale = rng, staff, scheme, scale
        self.region_id = scheme.region_id
        self.calendar = Calendar(self.region_id)
        self.today = clock.today()

    def make(self, enterprises: list[Enterprise], special: list[Case]) -> list[Case]:
        """Everything: applications of all stages, loans, repayments, confirmations."""
        free = [row for row in enterprises if row.state == Registered.VERIFIED]
        self.rng.shuffle(free)
        taken = {case.enterprise.owner_id for case in special}
        queue = iter([row for row in free if row.owner_id not in taken])
        cases = [*special]
        share = 1.0 if self.region_id == "35.73" else 0.34
        for state, count in UNDER_WAY.items():
            cases += [
                self._under_way(next(queue), state) for _n in range(max(1, round(count * share * self.scale)))
            ]
        for _n in range(round(LOANS[self.region_id] * self.scale)):
            cases.append(self._lent(next(queue)))
        for case in cases:
            self._date_steps(case)
        cases.sort(key=lambda case: case.started)
        self._fund()
        self._applications(cases)
        self._visits_and_decisions(cases)
        self._contracts([case for case in cases if case.reached >= 4])
        lent = [case for case in cases if case.state == State.DISBURSED]
        Repaying(self.rng, self.staff, self.scheme, self.calendar).make(lent)
        return cases

    # --- cases -----------------------------------------------------------------------------------

    def terms(self) -> tuple[int, int]:
        """An amount and a term as people ask for them."""
        amount = self.rng.choice([1, 1.5, 2, 2, 2.5, 3, 3, 4, 4, 5, 5, 6, 7.5, 8, 10, 10]) * MILLION
        return int(amount), self.rng.choice([6, 10, 10, 12, 12, 12, 15, 18, 20, 24])

    def _under_way(self, enterprise: Enterprise, state: str) -> Case:
        ended = state in {State.REFUSED, State.WITHDRAWN}
        latest = {
            State.SUBMITTED: 6,
            State.VISITED: 8,
            State.ASSESSED: 13,
            State.APPROVED: 14,
            State.SIGNED: 15,
        }
        earliest = {State.VISITED: 2, State.ASSESSED: 4, State.APPROVED: 6, State.SIGNED: 7}
        back = (
            self.rng.randint(20, 365 * YEARS)
            if ended
            else self.rng.randint(earliest.get(State(state), 0), latest.get(State(state), 10))
        )
        amount, months = self.terms()
        return Case(enterprise, state, worked_on(self.calendar, self.today - back * DAY), amount, months)

    def _lent(self, enterprise: Enterprise) -> Case:
        amount, months = self.terms()
        started = worked_on(self.calendar, self.today - self.rng.randint(16, 365 * YEARS) * DAY)
        habit = self.rng.choices(["on time", "sometimes late", "early", "stuck"], [66, 20, 7, 7])[0]
        return Case(enterprise, State.DISBURSED, started, amount, months, habit)

    def _date_steps(self, case: Case) -> None:
        """Visit, assessment, decision, signature and disbursement, some working days apart, not after today."""
        day = case.started
        for _step in range(case.reached):
            gap = self.rng.choices([1, 2, 3], [5, 3, 1])[0]
            day = min(self.calendar.after(day, gap), max(self.today, day))
            case.steps.append(day)

    # --- rows ------------------------------------------------------------------------------------

    def _fund(self) -> None:
        capital = Account.objects.get_or_create(
            region_id=self.region_id,
            code="capital:city",
            defaults={"name": "Modal pemerintah", "kind": "equity", "normal_side": "credit"},
        )[0]
        Transfer.objects.create(
            region_id=self.region_id,
            reference=reference(self.rng, "F"),
            kind=Transfer.Kind.FUNDING,
            debit=self.scheme.fund,
            credit=capital,
            amount=round(FUNDS[self.region_id] * max(1.0, self.scale)) * MILLION,
            effective_date=self.today - timedelta(days=365 * YEARS + 60),
            made_by=self.staff.by_role[Role.REGION_ADMIN][0],
        )

    def _applications(self, cases: list[Case]) -> None:
        by_year: dict[int, list[Case]] = {}
        for case in cases:
            by_year.setdefault(case.started.year, []).append(case)
        numbers: dict[int, str] = {}
        for year, rows in by_year.items():
            for case, value in zip(rows, take(self.region_id, f"A-{year}", len(rows)), strict=True):
                numbers[id(case)] = format_number("A", self.region_id, value, year=year)
        applications, debts = [], []
        for case in cases:
            rng, owner = self.rng, case.enterprise.owner
            married = rng.random() < 0.75
            assisted = not owner.person.has_account
            sent = None if case.state == State.DRAFT else at(case.started, rng)
            ended = {
                State.DISBURSED: case.steps[-1:],
                State.REFUSED: case.steps[-1:],
                State.WITHDRAWN: [case.started],
            }
            case.application = Application(
                region=self.staff.region,
                number=numbers[id(case)],
                scheme=self.scheme,
                enterprise=case.enterprise,
                borrower=owner,
                entered_by=self.staff.village[case.enterprise.village.parent_id or ""]
                if assisted
                else owner.person,
                amount_asked=case.amount,
                months_asked=case.months,
                purpose=rng.choice(PURPOSES),
                married=married,
                spouse_name=f"{rng.choice(['Sutrisno', 'Mulyono', 'Sumiati', 'Yanto', 'Lilik', 'Hartini'])}"
                if married
                else "",
                household_members=rng.randint(1, 7),
                state=case.state,
                returned_reason="Kartu angsuran rentenir belum terbaca, mohon difoto ulang."
                if case.state == State.RETURNED
                else "",
                started_at=at(case.started, rng),
                submitted_at=sent,
                ended_on=next(iter(ended.get(State(case.state), [])), None),
            )
            applications.append(case.application)
            left = case.amount
            for _n in range(rng.choices([1, 2], [85, 15])[0]):
                owed = min(left, rng.randint(4, 30) * 100_000)
                if owed <= 0:
                    continue
                left -= owed
                case.debts.append(
                    RentenirDebt(
                        region_id=self.region_id,
                        application=case.application,
                        lender=rng.choice(LENDERS),
                        outstanding=owed,
                        borrowed=round(owed * 0.8, -5) or owed,
                        monthly_payment=round(owed * rng.uniform(0.2, 0.4), -4),
                    )
                )
            debts += case.debts
        Application.objects.bulk_create(applications, CHUNK)
        RentenirDebt.objects.bulk_create(debts, CHUNK)
        self._papers_and_consents(cases)

    def _papers_and_consents(self, cases: list[Case]) -> None:
        text = ConsentText.objects.filter(key="ojir").order_by("-version").first()
        documents, papers, consents = [], [], []
        for case in cases:
            application, person = case.application, case.enterprise.owner.person
            if case.state == State.DRAFT:
                continue
            for kind in papers_needed(self.scheme, married=application.married):
                document = sample_paper(
                    kind, region_id=self.region_id, by=application.entered_by, subject=person, rng=self.rng
                )
                documents.append(document)
                papers.append(
                    Paper(
                        region_id=self.region_id,
                        application=application,
                        kind=kind,
                        document=document,
                        added_by=application.entered_by,
                        added_at=application.started_at,
                    )
                )
            if text is not None:
                own = application.entered_by.pk == person.pk
                signature = drawn_signature(
                    self.region_id,
                    Purpose.CONSENT,
                    by=application.entered_by,
                    subject=person,
                    at=application.started_at,
                )
                documents += [] if own else [signature]
                consents.append(
                    Consent(
                        region_id=self.region_id,
                        text=text,
                        person=person,
                        recorded_by=application.entered_by,
                        method="self" if own else "signature",
                        evidence=None if own else signature,
                        given_at=application.started_at,
                    )
                )
        Document.objects.bulk_create(documents, CHUNK)
        Paper.objects.bulk_create(papers, CHUNK)
        Consent.objects.bulk_create(consents, CHUNK)

    def _visits_and_decisions(self, cases: list[Case]) -> None:
        rng, visits, assessments, decisions = self.rng, [], [], []
        for case in cases:
            if case.reached >= 1:
                visits.append(self._visit(case))
            if case.reached >= 2:
                needy = case.state != State.REFUSED or rng.random() < 0.5
                assessments.append(
                    Assessment(
                        region_id=self.region_id,
                        application=case.application,
                        assessed_by=self.staff.one(Role.ASSESSOR, rng),
                        assessed_at=at(case.steps[1], rng),
                        needy=needy,
                        monthly_income=rng.randint(6, 25) * 100_000,
                        members=case.application.household_members or 1,
                        covers_cost=needy,
                        reasons="" if needy else "Penghasilan keluarga di atas batas asnaf.",
                    )
                )
            if case.reached >= 3:
                granted = case.state != State.REFUSED
                case.decision = Decision(
                    region_id=self.region_id,
                    application=case.application,
                    granted=granted,
                    amount=case.amount if granted else None,
                    months=case.months if granted else None,
                    reason=""
                    if granted
                    else rng.choice(
                        [
                            "Sisa penghasilan tidak cukup untuk angsuran.",
                            "Usaha belum berjalan saat dikunjungi.",
                        ]
                    ),
                    decided_by=self.staff.one(Role.APPROVER, rng),
                    decided_at=at(case.steps[2], rng),
                )
                decisions.append(case.decision)
        Visit.objects.bulk_create(visits, CHUNK)
        Assessment.objects.bulk_create(assessments, CHUNK)
        Decision.objects.bulk_create(decisions, CHUNK)

    def _visit(self, case: Case) -> Visit:
        rng = self.rng
        instalment = case.amount // case.months
        sales = rng.randint(25, 140) * 100_000
        costs = int(sales * rng.uniform(0.45, 0.65)) // 1000 * 1000
        household = rng.randint(8, 25) * 100_000
        enough = case.state != State.REFUSED
        if enough and sales - costs - household < instalment * 1.2:
            sales = int((costs + household + instalment * 1.5) // 100_000 + 1) * 100_000
        values: dict[str, Any] = {
            "checklist": {point: enough or rng.random() < 0.7 for point in CHECKLIST},
            "neighbours": [
                {
                    "name": name,
                    "word": rng.choice(["good", "good", "good", "doubt"] if enough else ["doubt", "bad"]),
                    "note": note,
                }
                for name, note in rng.sample(
                    [
                        ("Bu Yati", "Orangnya rajin, jualan tiap hari."),
                        ("Pak Min", "Kenal sejak lama, tidak pernah bermasalah."),
                        ("Bu RT", "Sering didatangi penagih tiap pagi."),
                        ("Mbak Lis", "Dagangannya selalu habis."),
                        ("Pak Salam", "Ikut arisan dan selalu bayar."),
                    ],
                    2,
                )
            ],
            "sales": sales,
            "costs": costs,
            "household": household,
            "other_debts": rng.choice([0, 0, 0, 150_000, 200_000]),
            "advice": "grant" if enough else rng.choice(["refuse", "less"]),
            "notes": rng.choice(
                ["", "", "Rumah kontrakan, dapur produksi di belakang.", "Alat terawat, stok cukup."]
            ),
        }
        return Visit(
            region_id=self.region_id,
            application=case.application,
            client_id=uuid.UUID(int=rng.getrandbits(128), version=4),
            fingerprint=fingerprint({"application": case.application.number, **values}),
            visited_by=self.staff.one(Role.FIELD_OFFICER, rng),
            visited_at=at(case.steps[0], rng),
            received_at=at(case.steps[0], rng),
            latitude=case.enterprise.latitude,
            longitude=case.enterprise.longitude,
            accuracy=float(rng.randint(5, 40)),
            **values,
        )

    def _contracts(self, cases: list[Case]) -> None:
        """The contracts as real PDFs; typesetting takes most of the time, so it runs beside the rest."""
        officer = self.staff.by_role[Role.FIELD_OFFICER][0]
        codes = [uuid.UUID(int=self.rng.getrandbits(128), version=4) for _case in cases]

        def typeset(case: Case, code: uuid.UUID) -> bytes:
            assert case.decision is not None
            return contract_pdf(case.application, case.decision, code, debts=case.debts, day=case.steps[3])

        with ThreadPoolExecutor(2) as pool:
            papers = list(pool.map(typeset, cases, codes))
        documents, contracts = [], []
        for case, code, paper in zip(cases, codes, papers, strict=True):
            signed = at(case.steps[3], self.rng)
            document = Document(
                region_id=self.region_id,
                name=f"{case.application.number}.pdf",
                kind=Document.Kind.PDF,
                purpose=Purpose.CONTRACT,
                size=len(paper),
                sha256=hashlib.sha256(paper).hexdigest(),
                subject=case.enterprise.owner.person,
                uploaded_by=officer,
                uploaded_at=signed,
            )
            document.file.save(document.name, ContentFile(paper), save=False)
            signature = drawn_signature(
                self.region_id, Purpose.CONTRACT, by=officer, subject=case.enterprise.owner.person, at=signed
            )
            documents += [document, signature]
            contracts.append(
                Contract(
                    region_id=self.region_id,
                    application=case.application,
                    code=code,
                    document=document,
                    made_at=signed,
                    signature=signature,
                    signed_at=signed,
                    recorded_by=officer,
                )
            )
        Document.objects.bulk_create(documents, CHUNK)
        Contract.objects.bulk_create(contracts, CHUNK)
