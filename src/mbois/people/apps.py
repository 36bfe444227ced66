"""The room of people."""

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "mbois.people"
    label = "people"

    def ready(self) -> None:
        from mbois.people.models import Role
        from mbois.people.views.inbox import badge
        from mbois.web import navigation
        from mbois.web.navigation import Item
        from mbois.web.signals import language_chosen

        watchers = frozenset({Role.REGION_ADMIN, Role.AUDITOR})
        for item in (
            Item("inbox", _("Messages"), "bell", badge=badge, place="inbox", order=10),
            Item("profile", _("My account"), "user-round", place="account", order=10),
            Item("mfa_index", _("Security"), "shield-check", place="account", order=20),
            Item("consents", _("My consents"), "scale", place="account", order=30),
            Item("preferences", _("Messages by e-mail and phone"), "bell", place="account", order=40),
            Item("members", _("People"), "users-round", roles=watchers, order=70, thumb=False),
        ):
            navigation.register(item)
        language_chosen.connect(_keep_language, dispatch_uid="people.language")


def _keep_language(sender: Any, *, person: Any, language: str, **more: Any) -> None:
    """The language chosen in the layout is also the one messages are written in."""
    from mbois.people.actions.account import change_language

    change_language(person, language)
