"""The room of places."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "mbois.places"
    label = "places"

    def ready(self) -> None:
        from mbois.places import villages
        from mbois.web import choices

        choices.register(
            "villages", choices.Source(search=villages.options, find=villages.option, among=villages.options)
        )
