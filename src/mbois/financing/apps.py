"""The room of financing."""

from django.apps import AppConfig


class FinancingConfig(AppConfig):
    name = "mbois.financing"
    label = "financing"
