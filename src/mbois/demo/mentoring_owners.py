"""What owners of the demo city do by themselves: cash books, courses and their certificates."""

import random
import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from mbois import clock
from mbois.demo.city import CHUNK, at
from mbois.enterprises.models import Enterprise
from mbois.mentoring.models import Attempt, CashEntry, Certificate, Course, Mentorship
from mbois.places.models import Region


@dataclass
class Owners:
    """The owners of one region."""

    rng: random.Random
    region: Region
    today: date

    def keep_books(self, chosen: list[Enterprise]) -> None:
        rng = self.rng
        rows = []
        for enterprise in chosen:
            monthly = max(1_500_000, (enterprise.annual_sales or 60_000_000) // 12)
            start = self.today - timedelta(days=rng.randint(40, 420))
            growth, eager = rng.uniform(0.98, 1.06), rng.uniform(1.5, 4.5)
            day = start
            while day <= self.today:
                months = (day - start).days / 30
                takings = monthly * growth**months / (30 / (7 / eager))
                made = min(clock.now(), at(day, rng))
                rows.append(
                    self._entry(enterprise, CashEntry.Kind.SALE, takings * rng.uniform(0.5, 1.5), day, made)
                )
                if rng.random() < 0.45:
                    cost = takings * rng.uniform(0.6, 1.9)
                    rows.append(self._entry(enterprise, CashEntry.Kind.COST, cost, day, made))
                day += timedelta(days=max(1, round(rng.gauss(7 / eager, 1))))
        CashEntry.objects.bulk_create(rows, 2 * CHUNK)

    def _entry(
        self, enterprise: Enterprise, kind: str, amount: float, day: date, made: datetime
    ) -> CashEntry:
        rng = self.rng
        cost = kind == CashEntry.Kind.COST
        return CashEntry(
            region=self.region,
            enterprise=enterprise,
            client_id=uuid.UUID(int=rng.getrandbits(128), version=4),
            kind=kind,
            amount=max(1_000, round(amount / 500) * 500),
            day=day,
            category=rng.choices(list(CashEntry.Category.values), [60, 10, 10, 10, 4, 6])[0] if cost else "",
            made_by=enterprise.owner.person,
            made_at=made,
        )

    def learn(self, cases: list[Mentorship]) -> None:
        rng = self.rng
        courses = list(Course.objects.filter(region=self.region).order_by("pk"))
        people = {case.enterprise.owner.person_id: case.enterprise.owner for case in cases if case.began_on}
        attempts, certificates = [], []
        for owner in people.values():
            for course in rng.sample(courses, rng.choices([0, 1, 2, 3], [35, 30, 22, 13])[0]):
                when = at(self.today - timedelta(days=rng.randint(1, 400)), rng)
                tries = rng.choices([1, 2], [75, 25])[0]
                for place in range(tries):
                    passed = place == tries - 1
                    attempts.append(
                        Attempt(
                            region=self.region,
                            course=course,
                            person=owner.person,
                            right=3 if passed else 1,
                            asked=3,
                            passed=passed,
                            at=when + timedelta(minutes=6 * place),
                        )
                    )
                certificates.append(
                    Certificate(
                        region=self.region,
                        course=course,
                        person=owner.person,
                        code=uuid.UUID(int=rng.getrandbits(128), version=4),
                        name=owner.name,
                        title_id=course.title_id,
                        title_en=course.title_en,
                        passed_on=clock.local_date(when),
                    )
                )
        Attempt.objects.bulk_create(attempts, CHUNK)
        Certificate.objects.bulk_create(certificates, CHUNK)
