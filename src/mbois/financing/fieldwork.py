"""What the phone of an officer keeps of this room, and where officers find it."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from mbois.people.models import Role
from mbois.web import navigation, offline


def _to_visit(request: HttpRequest) -> int:
    """How many households wait for this officer's bank."""
    from mbois.financing.models import Application, State
    from mbois.people.models import Person

    assert isinstance(request.user, Person)
    regions = request.user.regions_with(Role.FIELD_OFFICER)
    return int(Application.objects.filter(region__in=regions, state=State.SUBMITTED).count())


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
    collectors = frozenset({str(Role.FIELD_OFFICER), str(Role.TELLER)})
    navigation.register(
        navigation.Item("collections", _("Collecting"), "banknote", roles=collectors, order=16)
    )
