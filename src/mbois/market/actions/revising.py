"""What is live at a marketplace follows what the seller writes here: words, photos, and new variants.

A listing keeps a fingerprint of what is said of it there. A product that changed since is looked at, and
sent only where the fingerprint differs. A new variant waits like every new listing, and joins the item.
"""

from django.db.models import Exists, F, OuterRef, Q

from mbois import clock
from mbois.market.actions.publishing import as_it_is, failed, in_order, listed_of, make_offer, revise
from mbois.market.channels.base import BEGIN_WITHIN, ChannelError, Kind
from mbois.market.channels.calling import begun_within
from mbois.market.models import Connection, Listing, ListingState, Product, Variant
from mbois.market.offers import content_of
from mbois.market.speaking import Speaker

MOST_A_ROUND = 20


def want_new_variants(connection: Connection) -> int:
    """Put variants on the list whose product we have listed there; says how many are new."""
    region_id = connection.region_id
    ours = Listing.objects.filter(
        region=region_id, connection=connection, state=ListingState.LIVE, variant__product=OuterRef("product")
    ).exclude(content="")
    known = Listing.objects.filter(region=region_id, connection=connection, variant=OuterRef("pk"))
    new = list(
        Variant.objects.filter(
            Exists(ours),
            ~Exists(known),
            region=region_id,
            seller=connection.enterprise_id,
            active=True,
            product__state="published",
        )
    )
    Listing.objects.bulk_create(
        [Listing(region_id=region_id, connection=connection, variant=variant) for variant in new],
        ignore_conflicts=True,
    )
    return len(new)


def revise_some(speaker: Speaker) -> int:
    """Send words and photos that changed; says for how many products. Raises ChannelError where the platform
    wants none of it at the moment; what is wrong with a product is noted with its listings."""
    row = speaker.connection
    changed = F("variant__product__changed_at")
    due = (
        Listing.objects.filter(
            Q(revised_at=None) | Q(revised_at__lt=changed),
            Q(again_at=None) | Q(again_at__lte=clock.now()) | Q(tried_at=None) | Q(tried_at__lt=changed),
            region=row.region_id,
            connection=row,
            state=ListingState.LIVE,
            variant__product__state="published",
        )
        .exclude(content="")
        .order_by("variant__product")
        .values_list("variant__product", flat=True)
        .distinct()[:MOST_A_ROUND]
    )
    keys = list(due)
    products = Product.objects.filter(region=row.region_id, pk__in=keys).select_related("enterprise")
    return sum(_revise(speaker, product) for product in products.order_by("pk"))


def _revise(speaker: Speaker, product: Product) -> bool:
    """Whether something was sent for this product."""
    group = in_order(listed_of(speaker.connection, product))
    if not group:
        return False
    try:
        with begun_within(BEGIN_WITHIN):
            offer = make_offer(speaker, product, group)
            if all(one.content == content_of(offer) for one in group if one.content):
                as_it_is(group)
                return False
            revise(speaker, offer, group)
    except ChannelError as failure:
        for one in group:
            failed(one, failure)
        if failure.kind in (Kind.TOO_MANY, Kind.CLOCK, Kind.SETUP, Kind.LOGIN, Kind.BUSY):
            raise
        return False
    return True
