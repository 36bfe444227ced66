from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebConfig(AppConfig):
    name = "mbois.web"
    verbose_name = "web"

    def ready(self) -> None:
        from mbois.web.navigation import Item, register

        register(Item("home", _("Home"), "house", order=0))
