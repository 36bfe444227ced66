"""Loans of the demo city and two years of their repayments, set-based."""

import random
import uuid
from datetime import date, timedelta

from mbois import clock
from mbois.demo.cases import DAY, Case, reference, worked_on
from mbois.demo.city import CHUNK, Staff, at
from mbois.financing.models import (
    Confirmation,
    Instalment,
    Loan,
    Scheme,
    Settlement,
)
from mbois.financing.schedule import plan
from mbois.ledger.models import Account, Transfer
from mbois.people.models import Person, Role
from mbois.places.numbers import format_number, take
from mbois.places.workdays import Calendar


class Repaying:
    """Makes the loans of one region and what became of them."""

    def __init__(self, rng: random.Random, staff: Staff, scheme: Scheme, calendar: Calendar) -> None:
        self.rng, self.staff, self.scheme, self.calendar = rng, staff, scheme, calendar
        self.region_id = scheme.region_id
        self.today = clock.today()

    def make(self, cases: list[Case]) -> None:
        """The loans with their schedules, then all that was paid, paid in and confirmed."""
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
            loan = case.paid_out
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
            loan = case.paid_out
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
                        told=debt.outstanding,
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
            loan = case.paid_out
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
                reference=reference(self.rng, "X"),
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
            for loan in [next(case.paid_out for case in cases if case.paid_out.account.pk == row.credit_id)]
        ]
        Transfer.objects.bulk_create(again, CHUNK)
        self._sweeps([*payments, *again], undone)

    def _in(self, loan: Loan, day: date, amount: int, by: Person, field_work: bool) -> Transfer:
        return Transfer(
            region_id=self.region_id,
            reference=reference(self.rng, "R"),
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
        rng, habit, loan = self.rng, case.habit, case.paid_out
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
            day = max(worked_on(self.calendar, day), loan.disbursed_on)
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
                        reference=reference(self.rng, "S"),
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
            loan = case.paid_out
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
