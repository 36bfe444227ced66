"""The room of financing."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FinancingConfig(AppConfig):
    name = "mbois.financing"
    label = "financing"

    def ready(self) -> None:
        from mbois import invariants
        from mbois.enterprises.merge import register_relation
        from mbois.financing.invariants import INVARIANTS

        invariants.register(*INVARIANTS)
        register_relation("financing.Application.enterprise", how="move", title=_("Loan applications"))
        register_relation("financing.Loan.enterprise", how="move", title=_("Loans"))

        from mbois.enterprises.policy import register_need
        from mbois.financing import fieldwork, frame, policy

        register_need(policy.needs_number)
        frame.register()
        fieldwork.register()
