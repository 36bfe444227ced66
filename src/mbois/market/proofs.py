"""What the market proves of an enterprise: photos, a live listing, a first sale, a first parcel."""

from collections.abc import Callable, Collection
from datetime import date

from django.db.models import F, Min, QuerySet
from django.utils.translation import gettext_lazy as _

from mbois import clock
from mbois.enterprises import proofs
from mbois.market.models import CampaignSeller, Listing, Order, OrderState, ProductPhoto, SellerState

Rows = Callable[[str, Collection[int]], QuerySet]


def _first(rows: QuerySet, enterprise: str, moment: str) -> dict[int, date]:
    return {
        key: clock.local_date(first)
        for key, first in rows.order_by().values_list(enterprise).annotate(first=Min(moment))
        if first is not None
    }


def photos(region_id: str, enterprises: Collection[int]) -> dict[int, date]:
    """Its first photo of a product."""
    rows = ProductPhoto.objects.filter(region=region_id, product__enterprise__in=enterprises)
    return _first(rows, "product__enterprise", "added_at")


def listing_live(region_id: str, enterprises: Collection[int]) -> dict[int, date]:
    """Its first product that went live at a marketplace."""
    rows = Listing.objects.filter(
        region=region_id, connection__enterprise__in=enterprises, live_since__isnull=False
    )
    return _first(rows, "connection__enterprise", "live_since")


def sale(region_id: str, enterprises: Collection[int]) -> dict[int, date]:
    """Its first order that was confirmed, wherever it came from."""
    rows = Order.objects.filter(
        region=region_id, enterprise__in=enterprises, confirmed_at__isnull=False
    ).exclude(state=OrderState.CANCELLED)
    return _first(rows, "enterprise", "confirmed_at")


def shipped(region_id: str, enterprises: Collection[int]) -> dict[int, date]:
    """Its first order that was sent."""
    rows = Order.objects.filter(region=region_id, enterprise__in=enterprises, sent_at__isnull=False)
    return _first(rows, "enterprise", "sent_at")


def campaign(region_id: str, enterprises: Collection[int]) -> dict[int, date]:
    """The first day of its first published campaign with something of its own in it; one that was called
    off or lies ahead does not count."""
    rows = CampaignSeller.objects.filter(
        region=region_id,
        enterprise__in=enterprises,
        state=SellerState.AGREED,
        campaign__state="published",
        campaign__begins_on__lte=clock.today(),
        campaign__items__product__enterprise=F("enterprise"),
    )
    return dict(rows.order_by().values_list("enterprise").annotate(first=Min("campaign__begins_on")))


def register() -> None:
    """Called once, when the program starts."""
    for key, label, find in (
        ("photos", _("A product has photos"), photos),
        ("listing_live", _("A product is live at a marketplace"), listing_live),
        ("sale", _("An order was confirmed"), sale),
        ("shipped", _("An order was sent"), shipped),
        ("campaign", _("A campaign ran"), campaign),
    ):
        proofs.register(proofs.Proof(key, label, find))
