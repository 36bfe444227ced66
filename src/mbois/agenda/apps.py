"""The room of activities and festivals: programme, registration, check-in, certificates."""

from django.apps import AppConfig


class AgendaConfig(AppConfig):
    name = "mbois.agenda"
    label = "agenda"
