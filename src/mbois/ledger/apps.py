"""The room of ledger."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "mbois.ledger"
    label = "ledger"

    def ready(self) -> None:
        from mbois import invariants
        from mbois.ledger.invariants import INVARIANTS

        invariants.register(*INVARIANTS)

        from django.utils.translation import gettext_lazy as _

        from mbois.ledger.models import READERS
        from mbois.web import navigation

        navigation.register(
            navigation.Item("books", _("Books"), "book-open", roles=frozenset(map(str, READERS)), order=70)
        )
