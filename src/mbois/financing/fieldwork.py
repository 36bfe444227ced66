"""What the phone of an officer keeps of this room, and where officers find it."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from mbois.people.models import Role
from mbois.web import navigation, offline


def _to_visit(request: HttpRequest) -> int | None:
    """How many households wait; for a field officer that is what waits for them at all."""
    from mbois.financing.frame import _turn_count

    return _turn_count(request)


def register() -> None:
    """Called when the program starts."""
    for prefix in ("/kunjungan/", "/tagihan/"):
        offline.keep(prefix)
    for name in ("fieldwork.css", "position.js", "capacity.js", "quick.js"):
        offline.asset(f"financing/{name}")
    field = frozenset({str(Role.FIELD_OFFICER)})
    navigation.register(
        navigation.Item("visits", _("Home visits"), "clipboard-check", roles=field, order=12, badge=_to_visit)
    )
    navigation.register(navigation.Item("collections", _("Collecting"), "banknote", roles=field, order=14))
