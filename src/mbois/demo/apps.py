"""The demo city."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "mbois.demo"
    label = "demo"

    def ready(self) -> None:
        from mbois.demo.agenda import guests
        from mbois.demo.hub import bookers
        from mbois.demo.personas import owners, steward
        from mbois.demo.startups import founders
        from mbois.people.demo import register_personas

        register_personas(owners)
        register_personas(steward)
        register_personas(bookers)
        register_personas(founders)
        register_personas(guests)
