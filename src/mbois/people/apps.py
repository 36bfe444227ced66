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
        from mbois.web import home, navigation
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
        home.register(_new_messages)
        language_chosen.connect(_keep_language, dispatch_uid="people.language")


def _new_messages(request: Any) -> Any:
    """The newest unread messages, on the page after signing in."""
    from mbois.people import notifications
    from mbois.people.models import Notification
    from mbois.people.views.inbox import badge
    from mbois.web.home import Section

    waiting = badge(request)
    if not waiting:
        return None
    newest = Notification.objects.filter(person=request.user, read_at=None).select_related("person")[:3]
    messages = [{"notification": one, "text": notifications.text_of(one)} for one in newest]
    return Section("people/home_messages.html", {"news": messages, "count": waiting}, order=60)


def _keep_language(sender: Any, *, person: Any, language: str, **more: Any) -> None:
    """The language chosen in the layout is also the one messages are written in."""
    from mbois.people.actions.account import change_language

    change_language(person, language)
