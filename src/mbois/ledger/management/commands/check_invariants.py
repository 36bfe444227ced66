"""`mbois check`: prove every invariant over the whole database."""

from typing import Any

from django.core.management.base import BaseCommand

from mbois import invariants

SHOWN = 20


class Command(BaseCommand):
    help = "Prove every invariant over the whole database; exits 1 with the rows that break one."

    def handle(self, *args: Any, **options: Any) -> None:
        breaches = {breach.invariant.key: breach for breach in invariants.breaches()}
        for invariant in invariants.registered():
            breach = breaches.get(invariant.key)
            self.stdout.write(f"{'FAIL' if breach else 'ok  '}  {invariant.sentence}")
            if breach:
                for row in breach.rows[:SHOWN]:
                    self.stdout.write(
                        "        " + ", ".join(f"{name}={value}" for name, value in row.items())
                    )
                if len(breach.rows) > SHOWN:
                    self.stdout.write(f"        … and {len(breach.rows) - SHOWN} more")
        if breaches:
            self.stderr.write(f"{len(breaches)} of {len(invariants.registered())} invariants are broken.")
            raise SystemExit(1)
        self.stdout.write(f"All {len(invariants.registered())} invariants hold.")
