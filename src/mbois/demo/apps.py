"""The demo city."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "mbois.demo"
    label = "demo"

    def ready(self) -> None:
        from mbois.demo.agenda import guests
        from mbois.demo.personas import owners, steward
        from mbois.people.demo import register_personas

        register_personas(owners)
        register_personas(steward)
        register_personas(guests)
