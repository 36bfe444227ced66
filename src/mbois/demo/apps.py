"""The demo city."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "mbois.demo"
    label = "demo"
