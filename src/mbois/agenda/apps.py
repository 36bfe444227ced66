"""The room of activities and festivals: programme, registration, check-in, certificates."""

from django.apps import AppConfig


class AgendaConfig(AppConfig):
    name = "mbois.agenda"
    label = "agenda"

    def ready(self) -> None:
        from mbois import invariants
        from mbois.agenda import frame
        from mbois.agenda.invariants import INVARIANTS

        invariants.register(*INVARIANTS)
        frame.register()
