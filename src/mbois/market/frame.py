"""What the market adds to the frame: destinations, home cards, a public figure, the passport's panel."""

from typing import Any

from django.db.models import Count, F, Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from mbois import clock
from mbois.enterprises import panels
from mbois.enterprises.models import Enterprise
from mbois.enterprises.queries import owned_by
from mbois.market import policy, queries
from mbois.market.models import CatalogueEntry, Order, OrderState, Product, Shop
from mbois.people.models import Person, Role
from mbois.web import figures, home, navigation


def _no_role(request: HttpRequest) -> bool:
    return isinstance(request.user, Person) and not request.user.roles


def _waiting(request: HttpRequest) -> int:
    """Orders of one's own that wait to be confirmed or sent; counted once a request."""
    person = request.user
    if not isinstance(person, Person) or person.roles:
        return 0
    known: int | None = getattr(request, "_orders_waiting", None)
    if known is None:
        known = (
            Order.objects.visible_to(person)
            .filter(state__in=(OrderState.PLACED, OrderState.CONFIRMED))
            .count()
        )
        request._orders_waiting = known  # type: ignore[attr-defined]
    return known


def home_sections(request: HttpRequest) -> list[home.Section]:
    """For a seller: what waits, what runs out, or the way to the first product."""
    person = request.user
    if not isinstance(person, Person):
        return []
    found = []
    for enterprise in list(owned_by(person)[:3]):
        if enterprise.state != "verified":
            continue
        waits = Order.objects.filter(region=enterprise.region_id, enterprise=enterprise).aggregate(
            new=Count("pk", filter=Q(state=OrderState.PLACED)),
            to_send=Count("pk", filter=Q(state=OrderState.CONFIRMED)),
        )
        rows = Product.objects.filter(region=enterprise.region_id, enterprise=enterprise)
        counts = rows.aggregate(
            every=Count("pk", distinct=True),
            low=Count(
                "pk",
                distinct=True,
                filter=Q(
                    state="published", variants__active=True, variants__on_hand__lte=F("variants__reserved")
                ),
            ),
        )
        shop = Shop.objects.filter(region=enterprise.region_id, enterprise=enterprise).first()
        urgent = bool(waits["new"] or waits["to_send"])
        context = {"enterprise": enterprise, "shop": shop, "waits": waits, "counts": counts}
        found.append(home.Section("market/home_seller.html", context, order=4 if urgent else 25))
    return found


def passport(enterprise: Enterprise, person: Person) -> dict[str, Any]:
    """What the passport of an enterprise shows of this room."""
    rows = Product.objects.filter(region=enterprise.region_id, enterprise=enterprise)
    counts = rows.aggregate(
        every=Count("pk"),
        published=Count("pk", filter=Q(state="published")),
        not_food=Count("pk", filter=Q(not_food_at__isnull=False)),
    )
    said = rows.filter(not_food_at__isnull=False).select_related("not_food_by").order_by("name")
    return {
        "counts": counts,
        "shop": Shop.objects.published().filter(region=enterprise.region_id, enterprise=enterprise).first(),
        "not_food": said[:20] if counts["not_food"] else (),
        "can_sell": policy.can_sell(person, enterprise),
        "can_handle": policy.can_handle_orders(person, enterprise),
        "enterprise": enterprise,
    }


def products_on_offer() -> int | None:
    return queries.offered().count() or None


def shops_open() -> int | None:
    rows = CatalogueEntry.objects.filter(sellable_until__gte=clock.today())
    return rows.values("shop").distinct().count() or None


def register() -> None:
    """Called once, when the program starts."""
    for item in (
        navigation.Item("catalogue", _("Catalogue"), "shopping-bag", order=10, place="public"),
        navigation.Item("my_products", _("Selling"), "package", order=40, visible=_no_role, badge=_waiting),
        navigation.Item(
            "channel_sellers",
            _("Sheets for marketplaces"),
            "file-text",
            roles=frozenset({Role.AGENCY_OFFICER}),
            order=60,
            thumb=False,
        ),
    ):
        navigation.register(item)
    home.register(home_sections)
    panels.register(panels.Panel("market", _("Products and shop"), "market/panel.html", passport, order=30))
    figures.register(
        figures.Figure(
            "products_on_offer",
            _("products in the catalogue"),
            _("Products that open shops offer now, counted now."),
            products_on_offer,
            order=30,
        )
    )
    figures.register(
        figures.Figure(
            "shops_open",
            _("shops open"),
            _("Businesses with at least one product in the catalogue now."),
            shops_open,
            order=31,
        )
    )
