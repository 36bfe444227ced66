"""What came of a campaign: visits and orders of its links, and how its products sold before and during."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from mbois import clock
from mbois.enterprises.models import Enterprise
from mbois.market.models import (
    Campaign,
    CampaignProduct,
    LinkDay,
    OrderLine,
    OrderState,
    Phase,
    Product,
    SellerState,
    Shop,
    TrackedLink,
)


@dataclass(frozen=True)
class Sold:
    """Orders that were not cancelled, pieces and whole rupiah of goods."""

    orders: int = 0
    pieces: int = 0
    rupiah: int = 0


@dataclass(frozen=True)
class LinkResult:
    link: TrackedLink
    visits: int
    sold: Sold


@dataclass(frozen=True)
class ProductResult:
    """`over` came over the campaign's links; `before` and `during` are all orders on the shop page."""

    product: Product
    over: Sold
    before: Sold
    during: Sold


@dataclass(frozen=True)
class Results:
    """What is known of a campaign after so many of its days."""

    days: int
    links: list[LinkResult]
    products: list[ProductResult]
    visits: int
    over: Sold
    before: Sold
    during: Sold

    @property
    def ordered(self) -> list[ProductResult]:
        """The products somebody ordered, before or during, most ordered over the links first."""
        rows = [one for one in self.products if one.over.pieces or one.before.pieces or one.during.pieces]
        return sorted(rows, key=lambda one: (-one.over.pieces, -one.during.pieces, one.product.name))

    @property
    def quiet(self) -> list[ProductResult]:
        """Those nobody ordered."""
        ordered = self.ordered
        return [one for one in self.products if one not in ordered]


def _moment(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=clock.JAKARTA)


def days_run(campaign: Campaign) -> int:
    """How many of its days have begun."""
    last = min(campaign.ends_on, clock.today())
    return max((last - campaign.begins_on).days + 1, 0)


def _lines(campaign: Campaign) -> QuerySet[OrderLine]:
    """Lines of orders on shop pages that were not cancelled."""
    return OrderLine.objects.filter(region=campaign.region_id, order__channel="shop").exclude(
        order__state=OrderState.CANCELLED
    )


def _sold(rows: QuerySet[OrderLine], by: str) -> dict[int, Sold]:
    found = (
        rows.order_by()
        .values_list(by)
        .annotate(
            orders=Count("order", distinct=True),
            pieces=Sum("quantity"),
            money=Sum(F("quantity") * F("price")),
        )
    )
    return {key: Sold(orders, pieces, money) for key, orders, pieces, money in found}


def _all(rows: QuerySet[OrderLine]) -> Sold:
    found = rows.aggregate(
        orders=Count("order", distinct=True), pieces=Sum("quantity"), money=Sum(F("quantity") * F("price"))
    )
    return Sold(found["orders"], found["pieces"] or 0, found["money"] or 0)


def results_of(campaign: Campaign, *, only: Enterprise | None = None) -> Results:
    """Ten queries. `only` this seller's own products and orders; the visits of a link are everybody's."""
    days = days_run(campaign)
    began = _moment(campaign.begins_on)
    ended = _moment(campaign.begins_on + timedelta(days=days))
    earlier = _moment(campaign.begins_on - timedelta(days=days))
    items = CampaignProduct.objects.filter(region=campaign.region_id, campaign=campaign)
    if only is not None:
        items = items.filter(product__enterprise=only)
    products = [one.product for one in items.select_related("product__enterprise").order_by("product__name")]
    links = list(
        TrackedLink.objects.filter(region=campaign.region_id, campaign=campaign)
        .select_related("product", "enterprise")
        .order_by("pk")
    )
    visits = dict(
        LinkDay.objects.filter(region=campaign.region_id, link__in=links)
        .order_by()
        .values_list("link")
        .annotate(n=Sum("visits"))
    )
    over = _lines(campaign).filter(order__link__campaign=campaign)
    if only is not None:
        over = over.filter(order__enterprise=only)
    theirs = _lines(campaign).filter(variant__product__in=products)
    during = theirs.filter(order__placed_at__gte=began, order__placed_at__lt=ended)
    before = theirs.filter(order__placed_at__gte=earlier, order__placed_at__lt=began)
    by_link, by_product = _sold(over, "order__link"), _sold(over, "variant__product")
    then, now = _sold(before, "variant__product"), _sold(during, "variant__product")
    return Results(
        days=days,
        links=[LinkResult(one, visits.get(one.pk, 0), by_link.get(one.pk, Sold())) for one in links],
        products=[
            ProductResult(
                one, by_product.get(one.pk, Sold()), then.get(one.pk, Sold()), now.get(one.pk, Sold())
            )
            for one in products
        ],
        visits=sum(visits.values()),
        over=_all(over),
        before=_all(before),
        during=_all(during),
    )


def rows_of(results: Results) -> Iterable[list[object]]:
    """The results as lines of a table: links, then products."""
    yield ["jenis", "nama", "kunjungan", "pesanan", "buah", "rupiah", "buah_sebelum", "buah_selama"]
    for link in results.links:
        sold = link.sold
        yield ["tautan", link.link.label, link.visits, sold.orders, sold.pieces, sold.rupiah, "", ""]
    for row in results.products:
        sold = row.over
        yield [
            "produk",
            row.product.name,
            "",
            sold.orders,
            sold.pieces,
            sold.rupiah,
            row.before.pieces,
            row.during.pieces,
        ]


def public_now() -> QuerySet[Campaign]:
    """Campaigns that run or come, those that end first in front."""
    return (
        Campaign.objects.published().filter(ends_on__gte=clock.today()).order_by("begins_on", "ends_on", "pk")
    )


def phase_where(phase: str) -> Q:
    """A condition: where a campaign is today."""
    today = clock.today()
    return {
        Phase.COMING: Q(state="published", begins_on__gt=today),
        Phase.RUNNING: Q(state="published", begins_on__lte=today, ends_on__gte=today),
        Phase.ENDED: Q(state="published", ends_on__lt=today),
    }.get(Phase(phase), Q(state=phase))


def targets_of(campaign: Campaign) -> list[tuple[str, str]]:
    """Where a link may lead: products and shops that take part."""
    items = CampaignProduct.objects.filter(region=campaign.region_id, campaign=campaign).select_related(
        "product"
    )
    shops = Shop.objects.filter(
        region=campaign.region_id,
        enterprise__campaign_parts__campaign=campaign,
        enterprise__campaign_parts__state=SellerState.AGREED,
    ).select_related("enterprise")
    return [
        *(
            (f"toko-{one.enterprise_id}", _("Shop: %(name)s") % {"name": one.enterprise.name})
            for one in shops.order_by("enterprise__name")[:100]
        ),
        *(
            (f"produk-{one.product_id}", _("Product: %(name)s") % {"name": one.product.name})
            for one in items.order_by("product__name")[:200]
        ),
    ]
