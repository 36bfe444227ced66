"""Applications, loans and two years of repayments of the demo city, set-based.

Rows go in by the thousand, and the database's own triggers check them as they would check a teller's:
decisions, transfers, totals and schedules are refused where they are wrong.
"""

import hashlib
import random
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.core.files.base import ContentFile

from mbois import clock
from mbois.demo.city import CHUNK, MILLION, YEARS, Staff, at
from mbois.demo.pictures import drawn_signature, sample_paper
from mbois.demo.words import LENDERS, PURPOSES
from mbois.enterprises.models import Enterprise
from mbois.enterprises.models import State as Registered
from mbois.financing.actions.visits import CHECKLIST
from mbois.financing.contracts import contract_pdf
from mbois.financing.eligibility import papers_needed
from mbois.financing.models import (
    Application,
    Assessment,
    Confirmation,
    Contract,
    Decision,
    Instalment,
    Loan,
    Paper,
    RentenirDebt,
    Scheme,
    Settlement,
    State,
    Visit,
)
from mbois.financing.schedule import plan
from mbois.ledger.actions import fingerprint
from mbois.ledger.models import Account, Transfer
from mbois.people.models import Consent, ConsentText, Document, Person, Purpose, Role
from mbois.places.numbers import format_number, take
from mbois.places.workdays import Calendar

DAY = timedelta(days=1)
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
# How far each stage has come: visited, assessed, decided, contract made, signed.
REACHED = {
    State.VISITED: 1,
    State.ASSESSED: 2,
    State.REFUSED: 3,
    State.APPROVED: 3,
    State.SIGNED: 4,
    State.DISBURSED: 5,
}
_SIGNS = "23456789BCDFGHJKMNPQRSTVWXYZ"


@dataclass
class Case:
    """One application of the demo and the dates of its steps."""

    enterprise: Enterprise
    state: str
    started: date
    amount: int
    months: int
    habit: str = "on time"
    steps: list[date] = field(default_factory=list)
    application: Application = field(default_factory=Application)
    debts: list[RentenirDebt] = field(default_factory=list)
    decision: Decision | None = None
    loan: Loan | None = None

    @property
    def reached(self) -> int:
        return REACHED.get(State(self.state), 0)


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
        self._loans([case for case in cases if case.state == State.DISBURSED])
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
        return Case(enterprise, state, self._working(self.today - back * DAY), amount, months)

    def _lent(self, enterprise: Enterprise) -> Case:
        amount, months = self.terms()
        started = self._working(self.today - self.rng.randint(16, 365 * YEARS) * DAY)
        habit = self.rng.choices(["on time", "sometimes late", "early", "stuck"], [66, 20, 7, 7])[0]
        return Case(enterprise, State.DISBURSED, started, amount, months, habit)

    def _working(self, day: date) -> date:
        while not self.calendar.is_working_day(day):
            day -= DAY
        return day

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
            reference=self._reference("F"),
            kind=Transfer.Kind.FUNDING,
            debit=self.scheme.fund,
            credit=capital,
            amount=round(FUNDS[self.region_id] * max(1.0, self.scale)) * MILLION,
            effective_date=self.today - timedelta(days=365 * YEARS + 60),
            made_by=self.staff.by_role[Role.REGION_ADMIN][0],
        )

    def _reference(self, letter: str) -> str:
        return f"{letter}-" + "".join(self.rng.choices(_SIGNS, k=10))

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
        signature = drawn_signature(self.region_id, self.staff.by_role[Role.FIELD_OFFICER][0])
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
        signature = drawn_signature(self.region_id, officer)
        codes = [uuid.UUID(int=self.rng.getrandbits(128), version=4) for _case in cases]

        def typeset(case: Case, code: uuid.UUID) -> bytes:
            assert case.decision is not None
            return contract_pdf(case.application, case.decision, code, debts=case.debts)

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
            documents.append(document)
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

    def _loans(self, cases: list[Case]) -> None:
        by_year: dict[int, list[Case]] = {}
        for case in sorted(cases, key=lambda case: case.steps[-1]):
            by_year.setdefault(case.steps[-1].year, []).append(case)
        for year, rows in by_year.items():
            for case, value in zip(rows, take(self.region_id, f"L-{year}", len(rows)), strict=True):
                number = format_number("L", self.region_id, value, year=year)
                case.loan = Loan(
                    region_id=self.region_id,
                    number=number,
                    code=uuid.UUID(int=self.rng.getrandbits(128), version=4),
                    application=case.application,
                    scheme=self.scheme,
                    enterprise=case.enterprise,
                    borrower=case.enterprise.owner,
                    account=Account(
                        region_id=self.region_id,
                        code=f"loan:{number}",
                        name=number,
                        kind=Account.Kind.ASSET,
                        normal_side=Account.Side.DEBIT,
                    ),
                    principal=case.amount,
                    months=case.months,
                    disbursed_on=case.steps[-1],
                    disbursed_by=self.staff.by_role[Role.TELLER][0],
                )
        loans = [case.loan for rows in by_year.values() for case in rows if case.loan]
        Account.objects.bulk_create([loan.account for loan in loans], CHUNK)
        for loan in loans:
            loan.account_id = loan.account.pk
        Loan.objects.bulk_create(loans, CHUNK)
        ordered = [case for rows in by_year.values() for case in rows]
        schedules = self._schedules(ordered)
        self._disbursements(ordered)
        self._repayments(ordered, schedules)
        self._confirmations(ordered)

    def _schedules(self, cases: list[Case]) -> dict[str, list[Instalment]]:
        found: dict[str, list[Instalment]] = {}
        for case in cases:
            loan = _made(case.loan)
            found[loan.number] = [
                Instalment(
                    region_id=self.region_id,
                    loan=loan,
                    number=line.number,
                    due_date=line.due_date,
                    pay_by=self.calendar.first_from(line.due_date),
                    amount=line.amount,
                    due_total=line.due_total,
                )
                for line in plan(
                    principal=loan.principal,
                    months=loan.months,
                    start=loan.disbursed_on,
                    unit=self.scheme.unit,
                )
            ]
        Instalment.objects.bulk_create([line for lines in found.values() for line in lines], CHUNK)
        return found

    def _disbursements(self, cases: list[Case]) -> None:
        transfers, settlements = [], []
        for case in cases:
            loan = _made(case.loan)
            rest = loan.principal
            for place, debt in enumerate(case.debts, 1):
                rest -= debt.outstanding
                moved = self._out(loan, f"{loan.number}/S{place}", debt.outstanding, debt.lender)
                transfers.append(moved)
                settlements.append(
                    Settlement(
                        region_id=self.region_id,
                        loan=loan,
                        debt=debt,
                        transfer=moved,
                        amount=debt.outstanding,
                    )
                )
            if rest:
                transfers.append(self._out(loan, f"{loan.number}/B", rest, loan.borrower.name))
        Transfer.objects.bulk_create(transfers, CHUNK)
        Settlement.objects.bulk_create(settlements, CHUNK)

    def _out(self, loan: Loan, reference: str, amount: int, memo: str) -> Transfer:
        return Transfer(
            region_id=self.region_id,
            reference=reference,
            kind=Transfer.Kind.DISBURSEMENT,
            debit=loan.account,
            credit=self.scheme.fund,
            amount=amount,
            effective_date=loan.disbursed_on,
            posted_at=at(loan.disbursed_on, self.rng),
            made_by=loan.disbursed_by,
            memo=memo,
        )

    def _repayments(self, cases: list[Case], schedules: dict[str, list[Instalment]]) -> None:
        tellers = self.staff.by_role[Role.TELLER]
        collectors = self.staff.by_role[Role.FIELD_OFFICER]
        payments: list[Transfer] = []
        for case in cases:
            loan = _made(case.loan)
            for day, amount in self._days_paid(case, schedules[loan.number]):
                field_work = self.rng.random() < 0.25
                payments.append(
                    self._in(
                        loan, day, amount, self.rng.choice(collectors if field_work else tellers), field_work
                    )
                )
        Transfer.objects.bulk_create(payments, CHUNK)
        # a few mistakes, undone by somebody else and entered again for the right day
        wrong = self.rng.sample(payments, max(1, len(payments) // 250))
        undone = [
            Transfer(
                region_id=self.region_id,
                reference=self._reference("X"),
                kind=Transfer.Kind.REVERSAL,
                debit=row.credit,
                credit=row.debit,
                amount=row.amount,
                effective_date=row.effective_date,
                posted_at=min(row.posted_at + timedelta(hours=2), clock.now()),
                made_by=next(one for one in tellers if one.pk != row.made_by_id),
                reverses=row,
                memo="Salah nomor pinjaman",
            )
            for row in wrong
        ]
        Transfer.objects.bulk_create(undone, CHUNK)
        again = [
            self._in(loan, row.effective_date, row.amount, tellers[0], False)
            for row in wrong
            for loan in [
                next(_made(case.loan) for case in cases if _made(case.loan).account.pk == row.credit_id)
            ]
        ]
        Transfer.objects.bulk_create(again, CHUNK)
        self._sweeps([*payments, *again], undone)

    def _in(self, loan: Loan, day: date, amount: int, by: Person, field_work: bool) -> Transfer:
        return Transfer(
            region_id=self.region_id,
            reference=self._reference("R"),
            kind=Transfer.Kind.REPAYMENT,
            debit=self.scheme.collections,
            credit=loan.account,
            amount=amount,
            effective_date=day,
            posted_at=at(day, self.rng),
            made_by=by,
            memo="field" if field_work else "teller",
        )

    def _days_paid(self, case: Case, schedule: list[Instalment]) -> list[tuple[date, int]]:
        """When and how much somebody pays, by habit: never before disbursement, never after today."""
        rng, habit, loan = self.rng, case.habit, _made(case.loan)
        found: list[tuple[date, int]] = []
        due = sum(line.pay_by < self.today for line in schedule)
        stops = rng.randint(0, max(0, due - 1)) if habit == "stuck" else None
        for line in schedule:
            if stops is not None and line.number > stops:
                break
            late = 0
            if habit == "sometimes late" and rng.random() < 0.35:
                late = rng.choice([2, 3, 5, 9, 14, 21, 34])
            day = line.pay_by + late * DAY if late else line.due_date - rng.choice([0, 0, 1, 1, 2, 3]) * DAY
            day = max(self._working(day), loan.disbursed_on)
            if found:
                day = max(day, found[-1][0])
            if day > self.today:
                break
            if habit == "early" and line.number > 3 and line.number < len(schedule):
                found.append((day, loan.principal - line.due_total + line.amount))
                break
            found.append((day, line.amount))
        return found

    def _sweeps(self, payments: list[Transfer], undone: list[Transfer]) -> None:
        """What was collected goes into the fund at the end of every month."""
        months: dict[tuple[int, int], int] = {}
        gone = {row.reverses_id for row in undone}
        for row in payments:
            if row.pk not in gone:
                key = (row.effective_date.year, row.effective_date.month)
                months[key] = months.get(key, 0) + row.amount
        sweeps = []
        for (year, month), amount in sorted(months.items()):
            last = date(year + month // 12, month % 12 + 1, 1) - DAY
            if last < self.today:
                sweeps.append(
                    Transfer(
                        region_id=self.region_id,
                        reference=self._reference("S"),
                        kind=Transfer.Kind.SWEEP,
                        debit=self.scheme.fund,
                        credit=self.scheme.collections,
                        amount=amount,
                        effective_date=last,
                        posted_at=at(last, self.rng),
                        made_by=self.staff.by_role[Role.TELLER][0],
                    )
                )
        Transfer.objects.bulk_create(sweeps, CHUNK)

    def _confirmations(self, cases: list[Case]) -> None:
        rows = []
        for case in cases:
            loan = _made(case.loan)
            due = loan.disbursed_on + timedelta(days=self.scheme.confirmation_days)
            row = Confirmation(region_id=self.region_id, loan=loan, due_on=due)
            if due < self.today and self.rng.random() < (0.5 if due > self.today - 20 * DAY else 0.97):
                good = self.rng.random() < 0.93
                row.body = self.rng.choice(["rt", "rw", "pkk"])
                row.said_by = self.rng.choice(
                    ["Bu Hartini", "Pak Suwarno", "Bu Lilik", "Pak Mulyono", "Bu Endang"]
                )
                row.rentenir_paid, row.money_works = True, good
                row.note = "" if good else "Sebagian uang dipakai untuk biaya sekolah."
                row.recorded_by = self.staff.village[case.enterprise.village.parent_id or ""]
                row.recorded_at = at(min(due + self.rng.randint(0, 6) * DAY, self.today - DAY), self.rng)
            rows.append(row)
        Confirmation.objects.bulk_create(rows, CHUNK)


def _made(loan: Loan | None) -> Loan:
    assert loan is not None
    return loan
