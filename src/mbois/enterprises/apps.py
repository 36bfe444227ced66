"""The room of enterprises."""

from django.apps import AppConfig


class EnterprisesConfig(AppConfig):
    name = "mbois.enterprises"
    label = "enterprises"

    def ready(self) -> None:
        from mbois import invariants
        from mbois.enterprises import proven, shows
        from mbois.enterprises.invariants import INVARIANTS

        shows.register()
        proven.register()
        invariants.register(*INVARIANTS)
