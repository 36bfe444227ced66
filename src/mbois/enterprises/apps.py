"""The room of enterprises."""

from django.apps import AppConfig


class EnterprisesConfig(AppConfig):
    name = "mbois.enterprises"
    label = "enterprises"

    def ready(self) -> None:
        from mbois.enterprises import shows

        shows.register()
