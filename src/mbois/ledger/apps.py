"""The room of ledger."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "mbois.ledger"
    label = "ledger"
