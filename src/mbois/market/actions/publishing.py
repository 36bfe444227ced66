"""Bringing marketplaces up to date: what is to be listed, and every price and stock that changed.

The table of listings is the outbox. Nothing is sent that is not written there first, and what was sent
is found again by its SKU before it is made: a worker may be killed anywhere, and nothing is there twice
or missing.
"""

import time
from collections.abc import Mapping
from datetime import timedelta

from django.db import connection as database
from django.db import transaction
from django.db.models import F, Q

from mbois import clock
from mbois.market.channels import findings
from mbois.market.channels.base import (
    BEGIN_WITHIN,
    LEASE,
    Change,
    ChannelError,
    Kind,
    Made,
    Offer,
    OfferedVariant,
)
from mbois.market.channels.calling import begun_within
from mbois.market.models import Connection, Listing, ListingState, Product
from mbois.market.offers import category_for, content_of, may_be_offered, offer_of
from mbois.market.speaking import Speaker

UPDATE_AT_ONCE = 50
LONGEST_PAUSE = timedelta(hours=1)


def want_numbers(connection: Connection) -> int:
    """Write down which price and stock each listing should have now; says how many changed.

    What is not offered (any more) should have none: withdrawn, a variant no longer sold, food whose
    licence ended."""
    with database.cursor() as cursor:
        cursor.execute(
            _WANT, {"region": connection.region_id, "connection": connection.pk, "today": clock.today()}
        )
        return cursor.rowcount


_WANT = """
UPDATE market_listing l
   SET wanted_price = v.price, wanted_stock = v.stock, wanted_version = l.wanted_version + 1,
       again_at = CASE WHEN l.state = 'live' AND l.error_code <> 'too_many' THEN NULL ELSE l.again_at END
  FROM (SELECT v.region_id, v.id, v.price,
               CASE WHEN v.active AND p.state = 'published'
                     AND (NOT p.is_food OR EXISTS (
                          SELECT FROM enterprises_licence c
                           WHERE c.region_id = %(region)s AND c.enterprise_id = p.enterprise_id
                             AND c.kind IN ('pirt', 'bpom')
                             AND (c.expires_on IS NULL OR c.expires_on >= %(today)s)))
                    THEN greatest(v.on_hand - v.reserved, 0) ELSE 0 END AS stock
          FROM market_listing w
          JOIN market_variant v ON v.region_id = w.region_id AND v.id = w.variant_id
          JOIN market_product p ON p.region_id = v.region_id AND p.id = v.product_id
         WHERE w.region_id = %(region)s AND w.connection_id = %(connection)s) v
 WHERE l.region_id = %(region)s AND l.connection_id = %(connection)s AND v.id = l.variant_id
   AND l.state IN ('live', 'wanted')
   AND (l.wanted_price, l.wanted_stock) IS DISTINCT FROM (v.price, v.stock)
"""


def push_numbers(speaker: Speaker) -> int:
    """Send every price and stock that the marketplace does not have yet; says how many it took."""
    row = speaker.connection
    want_numbers(row)
    sent = 0
    tried: set[int] = set()
    while True:
        due = list(
            Listing.objects.filter(
                region=row.region_id,
                connection=row,
                state=ListingState.LIVE,
                pushed_version__lt=F("wanted_version"),
            )
            .filter(Q(again_at=None) | Q(again_at__lte=clock.now()))
            .exclude(pk__in=tried)
            .select_related("variant")
            .order_by("external_id", "pk")[:UPDATE_AT_ONCE]
        )
        if not due:
            return sent
        tried.update(one.pk for one in due)
        changes = [
            Change(
                one.external_id,
                one.external_variant,
                one.variant.sku,
                one.wanted_price or 0,
                one.wanted_stock or 0,
            )
            for one in due
        ]
        wrong = speaker.do(lambda channel, these=changes: channel.update(these))  # type: ignore[misc]
        for one in due:
            failure = wrong.get(one.variant.sku)
            if failure is None:
                sent += 1
                _has(one)
            else:
                failed(one, failure)


def _has(one: Listing) -> None:
    """The marketplace has what this listing wanted when it was read."""
    Listing.objects.filter(region=one.region_id, pk=one.pk, pushed_version__lt=one.wanted_version).update(
        pushed_price=one.wanted_price,
        pushed_stock=one.wanted_stock,
        pushed_version=one.wanted_version,
        tried_at=clock.now(),
        attempts=0,
        again_at=None,
        error="",
        error_code="",
        error_field="",
    )


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many tries in a row that failed."""
    return min(timedelta(seconds=15 * 2 ** min(attempts, 10)), LONGEST_PAUSE)


def failed(one: Listing, failure: ChannelError) -> None:
    """Note what went wrong with a listing, and when to try again."""
    wait = pause_after(one.attempts)
    if failure.kind == Kind.UNKNOWN:
        wait = max(wait, timedelta(seconds=LEASE))
    if failure.wait:
        wait = max(wait, timedelta(seconds=failure.wait))
    values = {
        "error": failure.said[:500],
        "error_code": failure.code if failure.code.startswith(findings.OWN) else str(failure.kind),
        "error_field": failure.field[:16],
        "attempts": one.attempts + 1,
        "tried_at": clock.now(),
        "again_at": clock.now() + (wait if failure.passes else LONGEST_PAUSE),
    }
    if not failure.passes and (one.state == ListingState.WANTED or failure.kind == Kind.MISSING):
        values |= {"state": ListingState.FAILED, "again_at": None}
    Listing.objects.filter(region=one.region_id, pk=one.pk).update(**values)


# --- new listings ----------------------------------------------------------------------------------


def claim(connection: Connection) -> list[Listing]:
    """Take the next product that is to be listed: its listings, for LEASE seconds. Empty where none is
    left that may be tried now."""
    region_id = connection.region_id
    waiting = Listing.objects.filter(
        region=region_id, connection=connection, state=ListingState.WANTED
    ).filter(Q(again_at=None) | Q(again_at__lte=clock.now()))
    while True:
        with transaction.atomic():
            first = (
                waiting.select_for_update(of=("self",), skip_locked=True, no_key=True)
                .select_related("variant")
                .order_by("pk")
                .first()
            )
            if first is None:
                return []
            group = list(
                Listing.objects.select_for_update(of=("self",), no_key=True)
                .filter(
                    region=region_id,
                    connection=connection,
                    state=ListingState.WANTED,
                    variant__product=first.variant.product_id,
                )
                .select_related("variant__product__enterprise")
                .order_by("variant__position", "variant__pk")
            )
            now = clock.now()
            if any(one.again_at is not None and one.again_at > now for one in group):
                # another worker has the product; the rest of it waits with it
                latest = max(one.again_at for one in group if one.again_at is not None)
                Listing.objects.filter(region=region_id, pk=first.pk).update(again_at=latest)
                continue
            product = group[0].variant.product
            for one in group:
                one.again_at = now + timedelta(seconds=LEASE)
                one.tried_at = now
                one.request_key = one.request_key or product.code
            Listing.objects.bulk_update(group, ["again_at", "tried_at", "request_key"])
            return group


def publish_next(speaker: Speaker) -> bool:
    """List one product. False where nothing is left to do now. Raises ChannelError where the platform
    wants none of it at the moment; what is wrong with the product itself is noted with its listings."""
    group = claim(speaker.connection)
    if not group:
        return False
    product: Product = group[0].variant.product
    # what of it is there already: then these join it
    there = listed_of(speaker.connection, product)
    try:
        with begun_within(BEGIN_WITHIN):
            offer = make_offer(speaker, product, in_order([*there, *group]))
            said = content_of(offer)
            if there:
                made = revise(speaker, offer, there)
            else:
                _keep_said(group, said)
                made = speaker.do(lambda channel: channel.publish(offer))
    except ChannelError as failure:
        for one in group:
            failed(one, failure)
        if failure.kind in (Kind.TOO_MANY, Kind.CLOCK, Kind.SETUP, Kind.LOGIN, Kind.BUSY):
            raise
        return True
    told = {variant.sku: variant for variant in offer.variants}
    now = clock.now()
    for one in group:
        key = made.variants.get(one.variant.sku)
        if key is None:
            failed(one, ChannelError(Kind.REFUSED, code=findings.NEW_VARIANT, field="variant"))
            continue
        sent = told[one.variant.sku]
        Listing.objects.filter(region=one.region_id, pk=one.pk).update(
            state=ListingState.LIVE,
            external_id=made.item,
            external_variant=key,
            live_since=now,
            # what was there already says what was sent first: the next round compares
            content=said if made.fresh or there else one.content,
            revised_at=product.changed_at if made.fresh or there else None,
            again_at=None,
            attempts=0,
            error="",
            error_code="",
            error_field="",
            pushed_price=sent.price,
            pushed_stock=sent.stock,
            # what an earlier try sent may be older: then the next round sends the numbers again
            pushed_version=one.wanted_version if _is_as_wanted(one, sent, made) else 0,
        )
    return True


def _keep_said(group: list[Listing], said: str) -> None:
    """Write down what is about to be said, so that who comes after a killed worker knows it."""
    for one in group:
        one.content = one.content or said
    Listing.objects.filter(region=group[0].region_id, pk__in=[one.pk for one in group], content="").update(
        content=said
    )


def _is_as_wanted(one: Listing, sent: OfferedVariant, made: Made) -> bool:
    return made.fresh and (one.wanted_price, one.wanted_stock) == (sent.price, sent.stock)


def make_offer(speaker: Speaker, product: Product, group: list[Listing]) -> Offer:
    """A product as it is to be at a marketplace now. Raises ChannelError(REFUSED) where it may not be."""
    if not may_be_offered(product):
        raise ChannelError(Kind.REFUSED, code=findings.NOT_OFFERED)
    category, limits = category_for(speaker, product.category)
    return offer_of(product, group, channel=speaker.connection.channel, category=category, limits=limits)


# --- what is there already ------------------------------------------------------------------------


def in_order(rows: list[Listing]) -> list[Listing]:
    return sorted(rows, key=lambda row: (row.variant.position, row.variant_id))


def listed_of(connection: Connection, product: Product) -> list[Listing]:
    """The variants of a product that are live at a marketplace."""
    return list(
        Listing.objects.filter(
            region=connection.region_id,
            connection=connection,
            state=ListingState.LIVE,
            variant__product=product,
        )
        .exclude(external_id="")
        .select_related("variant__product__enterprise")
        .order_by("variant__position", "variant__pk")
    )


def revise(speaker: Speaker, offer: Offer, there: list[Listing]) -> Made:
    """Bring what is there to this offer, and note it with these listings. Words and photos that the seller
    wrote there by hand stay theirs."""
    content = content_of(offer)
    kept = next((row.content for row in there if row.content), "")
    words_there, _colon, photos_there = kept.partition(":")
    words_now, _colon, photos_now = content.partition(":")
    item = there[0].external_id
    made = speaker.do(
        lambda channel: channel.revise(
            item,
            offer,
            text=bool(kept) and words_there != words_now,
            photos=bool(kept) and photos_there != photos_now,
        )
    )
    as_it_is(there, content=content if kept else "", keys=made.variants)
    return made


def as_it_is(rows: list[Listing], *, content: str = "", keys: Mapping[str, str] | None = None) -> None:
    """Note that these listings say what they should, with the keys of their variants by SKU."""
    for row in rows:
        values: dict[str, object] = {"revised_at": row.variant.product.changed_at}
        if content:
            values["content"] = content
        if key := (keys or {}).get(row.variant.sku):
            values["external_variant"] = key
        if row.error_code:
            values |= {"error": "", "error_code": "", "error_field": "", "attempts": 0, "again_at": None}
        Listing.objects.filter(region=row.region_id, pk=row.pk).update(**values)


def publish_some(speaker: Speaker, *, seconds: float) -> tuple[int, bool]:
    """List products for so many seconds: how many were tried, and whether some are left for now.
    Where the platform asks for patience it is given some."""
    until = time.monotonic() + seconds
    tried = 0
    patience = 0
    while time.monotonic() < until:
        try:
            if not publish_next(speaker):
                return tried, False
            tried += 1
            patience = 0
        except ChannelError as failure:
            if failure.kind != Kind.TOO_MANY or patience > 4:
                raise
            patience += 1
            # those just noted as failed may be tried at once: the platform refused only the haste
            Listing.objects.filter(
                region=speaker.connection.region_id,
                connection=speaker.connection,
                state=ListingState.WANTED,
                error_code=Kind.TOO_MANY,
            ).update(again_at=None)
            time.sleep(min(failure.wait or 0.5 * 2**patience, max(until - time.monotonic(), 0)))
    return tried, True
