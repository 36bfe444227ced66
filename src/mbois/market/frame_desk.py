"""What the creative desk and campaigns add to the frame."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from mbois.enterprises import panels
from mbois.enterprises.models import Enterprise
from mbois.market import desk, policy
from mbois.market.mine import held
from mbois.market.models import CREATORS_TURN, CampaignSeller, CreativeJob, SellerState
from mbois.market.models.campaigns import ORGANISERS
from mbois.people.mine import register_part
from mbois.people.models import Person, Role
from mbois.web import home, navigation

CREATORS = frozenset({str(Role.CREATOR)})
OFFICES = frozenset(map(str, ORGANISERS))


def _in_hand(request: HttpRequest) -> int | None:
    """How many jobs a creator has in work; how many deliveries wait where one coordinates."""
    person = request.user
    if not isinstance(person, Person) or not person.roles & CREATORS:
        return None
    return CreativeJob.objects.filter(creator=person, state__in=CREATORS_TURN).count()


def home_section(request: HttpRequest) -> home.Section | None:
    """For a creator: what is in hand and what is open. For a coordinator: who waits."""
    person = request.user
    if not isinstance(person, Person):
        return None
    makes = person.regions_with(Role.CREATOR)
    if makes:
        context: dict[str, Any] = {
            "makes": True,
            "in_hand": _in_hand(request),
            "open": desk.waiting_for_creator(makes).count(),
            "soonest": CreativeJob.objects.filter(creator=person, state__in=CREATORS_TURN)
            .select_related("enterprise")
            .order_by("deliver_by")
            .first(),
        }
        return home.Section("market/desk/home.html", context, order=4)
    oversees = person.regions_with(Role.COORDINATOR)
    if oversees:
        context = {
            "open": desk.waiting_for_creator(oversees).count(),
            "to_answer": desk.waiting_for_owner(oversees).count(),
            "late": desk.late(oversees).count(),
        }
        if any(context.values()):
            return home.Section("market/desk/home.html", context, order=14)
    return None


def passport(enterprise: Enterprise, person: Person) -> dict[str, Any]:
    """What the desk did for this enterprise, and what waits."""
    parts = CampaignSeller.objects.filter(region=enterprise.region_id, enterprise=enterprise)
    return {
        "enterprise": enterprise,
        "counts": desk.counted(enterprise),
        "campaigns": parts.filter(state=SellerState.AGREED, campaign__state="published").count(),
        "invited": parts.filter(state=SellerState.INVITED).count(),
        "can_ask": policy.can_ask(person, enterprise),
        "can_sell": policy.can_sell(person, enterprise),
    }


def register() -> None:
    """Called once, when the program starts."""
    for item in (
        navigation.Item(
            "creative_desk",
            _("Creative desk"),
            "palette",
            roles=CREATORS | OFFICES,
            order=30,
            badge=_in_hand,
        ),
        navigation.Item("campaigns_run", _("Campaigns"), "megaphone", roles=OFFICES, order=58, thumb=False),
        navigation.Item("campaigns_public", _("Campaigns"), "megaphone", order=12, place="public"),
    ):
        navigation.register(item)
    home.register(home_section)
    register_part("market", held)
    panels.register(
        panels.Panel(
            "creative",
            _("Creative desk and campaigns"),
            "market/desk/panel.html",
            passport,
            order=31,
            visible=lambda enterprise, person: (
                policy.can_sell(person, enterprise) or policy.coordinates_desk(person, enterprise.region_id)
            ),
        )
    )
