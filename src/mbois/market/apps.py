"""The room of the market."""

from django.apps import AppConfig


class MarketConfig(AppConfig):
    name = "mbois.market"
    label = "market"
