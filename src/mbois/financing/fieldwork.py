"""What the phone of an officer keeps of this room, and where officers find it."""

from django.utils.translation import gettext_lazy as _

from mbois.financing.frame import turn_count
from mbois.people.models import Role
from mbois.web import navigation, offline


def register() -> None:
    """Called when the program starts."""
    for prefix in ("/kunjungan/", "/tagihan/"):
        offline.keep(prefix)
    for name in ("fieldwork.css", "position.js", "capacity.js", "quick.js"):
        offline.asset(f"financing/{name}")
    field = frozenset({str(Role.FIELD_OFFICER)})
    navigation.register(
        navigation.Item(
            "visits", _("Home visits"), "clipboard-check", roles=field, order=12, badge=turn_count
        )
    )
    navigation.register(navigation.Item("collections", _("Collecting"), "banknote", roles=field, order=14))
