"""The room of ledger."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "mbois.ledger"
    label = "ledger"

    def ready(self) -> None:
        from mbois import invariants
        from mbois.ledger.invariants import INVARIANTS

        invariants.register(*INVARIANTS)
