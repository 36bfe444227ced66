"""The room of financing."""

from django.apps import AppConfig


class FinancingConfig(AppConfig):
    name = "mbois.financing"
    label = "financing"

    def ready(self) -> None:
        from mbois import invariants
        from mbois.financing.invariants import INVARIANTS

        invariants.register(*INVARIANTS)
