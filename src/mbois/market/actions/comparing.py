"""The nightly comparison of our books with each marketplace: names what differs, and matches by SKU what
somebody listed there by hand."""

from collections import defaultdict

from django.db import transaction
from django.utils.translation import gettext as _

from mbois import clock
from mbois.market import policy
from mbois.market.actions.publishing import want_numbers
from mbois.market.channels.base import Listed, Unreadable
from mbois.market.channels.registry import PLATFORMS
from mbois.market.models import Connection, Drift, Listing, ListingState, UnmatchedItem, Variant
from mbois.market.speaking import Speaker, tell_once
from mbois.people.models import Person
from mbois.people.notifications import notify
from mbois.refused import Refused, require


def compare(speaker: Speaker) -> int:
    """Compare one shop; says how many differences are open. Call it when orders were just fetched and
    numbers just pushed, so that what differs truly differs."""
    there = speaker.do(lambda channel: list(channel.listed()))
    return note(speaker.connection, there)


@transaction.atomic
def note(connection: Connection, found_there: list[Listed | Unreadable]) -> int:
    """Write down what differs between our listings and what is there. Of an item that cannot be read
    nothing is said, but to its owner that it is so."""
    there = [one for one in found_there if isinstance(one, Listed)]
    unread = {one.key for one in found_there if isinstance(one, Unreadable)}
    for item in sorted(unread):
        tell_once(connection, "market/item_left", item=item)
    want_numbers(connection)
    now = clock.now()
    _match_by_sku(connection, there)
    ours = {
        (one.external_id, one.external_variant): one
        for one in Listing.objects.filter(
            region=connection.region_id, connection=connection, state=ListingState.LIVE
        ).select_related("variant")
    }
    by_key = {(listed.item, listed.variant): listed for listed in there}
    items_of_sku: dict[str, set[str]] = defaultdict(set)
    for listed in there:
        if listed.sku and listed.live:
            items_of_sku[listed.sku].add(listed.item)
    found: list[Drift] = []
    unsure: set[int] = set()

    def differs(one: Listing, kind: str, mine: int | None, theirs: int | None) -> None:
        found.append(
            Drift(
                region_id=connection.region_id,
                connection=connection,
                listing=one,
                kind=kind,
                ours=mine,
                theirs=theirs,
                found_at=now,
                seen_at=now,
            )
        )

    for key, one in ours.items():
        here = by_key.get(key)
        if one.external_id in unread or (here is None and "" in unread):  # it may be the nameless one
            unsure.add(one.pk)
            continue
        if here is None:
            differs(one, Drift.Kind.MISSING, None, None)
            continue
        if not here.live:
            differs(one, Drift.Kind.HIDDEN, None, None)
        if here.stock != one.wanted_stock:
            differs(one, Drift.Kind.STOCK, one.wanted_stock, here.stock)
        if here.price != one.wanted_price:
            differs(one, Drift.Kind.PRICE, one.wanted_price, here.price)
        if len(items_of_sku[one.variant.sku]) > 1:
            differs(one, Drift.Kind.TWICE, 1, len(items_of_sku[one.variant.sku]))
    _keep(connection, found, unsure)
    _keep_unmatched(connection, there, set(ours), unread)
    return len(found)


def _match_by_sku(connection: Connection, there: list[Listed]) -> None:
    """What somebody listed by hand under one of the seller's SKUs becomes a listing of ours."""
    known = set(
        Listing.objects.filter(region=connection.region_id, connection=connection)
        .exclude(external_id="")
        .values_list("external_id", "external_variant")
    )
    strangers = [one for one in there if (one.item, one.variant) not in known and one.sku and one.live]
    mine = dict(
        Variant.objects.filter(
            region=connection.region_id,
            seller=connection.enterprise_id,
            sku__in={one.sku for one in strangers},
        ).values_list("sku", "pk")
    )
    for one in strangers:
        if one.sku in mine:
            _link(connection, one.item, one.variant, variant_id=mine[one.sku])


def _link(connection: Connection, item: str, variant: str, *, variant_id: int) -> bool:
    """Make a listing live that is there already; not where the variant is live at another item."""
    row = Listing.objects.filter(
        region=connection.region_id, connection=connection, variant=variant_id
    ).first()
    if row is None:
        row = Listing(region_id=connection.region_id, connection=connection, variant_id=variant_id)
    elif row.external_id and row.state == ListingState.LIVE:
        return False
    # where another of theirs was taken off from this item, or refused there, it lets go of it
    holders = Listing.objects.filter(
        region=connection.region_id, connection=connection, external_id=item, external_variant=variant
    ).exclude(variant=variant_id)
    if holders.filter(state=ListingState.LIVE).exists():
        return False
    holders.update(external_id="", external_variant="")
    row.external_id, row.external_variant = item, variant
    row.state, row.live_since = ListingState.LIVE, row.live_since or clock.now()
    row.error = row.error_code = row.error_field = ""
    row.again_at, row.attempts = None, 0
    row.wanted_version += 1
    row.save()
    want_numbers(connection)
    return True


def _keep(connection: Connection, found: list[Drift], unsure: set[int]) -> None:
    """Open what is new, keep what stays, close what is gone; tell the owner where something is new. What is
    open of a listing we are `unsure` of stays."""
    open_now = {
        (drift.listing_id, drift.kind): drift
        for drift in Drift.objects.filter(
            region=connection.region_id, connection=connection, gone_at=None
        ).exclude(listing__in=unsure)
    }
    fresh = [drift for drift in found if (drift.listing_id, drift.kind) not in open_now]
    for drift in found:
        old = open_now.pop((drift.listing_id, drift.kind), None)
        if old is not None:
            old.ours, old.theirs, old.seen_at = drift.ours, drift.theirs, drift.seen_at
            old.save(update_fields=["ours", "theirs", "seen_at"])
    Drift.objects.filter(region=connection.region_id, pk__in=[old.pk for old in open_now.values()]).update(
        gone_at=clock.now()
    )
    Drift.objects.bulk_create(fresh)
    if fresh:
        notify(
            connection.enterprise.owner.person,
            "market/drift",
            url=f"/usaha/{connection.enterprise.number}/lokapasar/{connection.pk}/",
            platform=PLATFORMS[connection.channel].name,
            count=len(fresh),
        )


def _keep_unmatched(
    connection: Connection, there: list[Listed], ours: set[tuple[str, str]], unread: set[str]
) -> None:
    region_id = connection.region_id
    now = clock.now()
    strangers = [one for one in there if (one.item, one.variant) not in ours and one.live]
    UnmatchedItem.objects.bulk_create(
        [
            UnmatchedItem(
                region_id=region_id,
                connection=connection,
                external_id=one.item,
                external_variant=one.variant,
                sku=one.sku[:100],
                title=one.title[:300],
                price=one.price,
                stock=one.stock,
                seen_at=now,
            )
            for one in strangers
        ],
        update_conflicts=True,
        unique_fields=["region", "connection", "external_id", "external_variant"],
        update_fields=["sku", "title", "price", "stock", "seen_at"],
    )
    if "" not in unread:
        UnmatchedItem.objects.filter(region=region_id, connection=connection, seen_at__lt=now).exclude(
            external_id__in=unread
        ).delete()


@transaction.atomic
def match_item(item: UnmatchedItem, variant: Variant, *, by: Person) -> None:
    """The seller says which of their own something there is; from then on it has our price and stock."""
    connection = item.connection
    require(policy.can_sell(by, connection.enterprise))
    if variant.region_id != item.region_id or variant.seller != connection.enterprise_id:
        raise Refused(_("This is not a product of this business."), field="variant", code="variant")
    if not _link(connection, item.external_id, item.external_variant, variant_id=variant.pk):
        raise Refused(
            _("This variant is listed there already, as another item."),
            field="variant",
            code="listed_already",
            status=409,
        )
    item.delete()


@transaction.atomic
def ignore_item(item: UnmatchedItem, *, by: Person) -> None:
    """It is none of what is sold here; nothing asks about it again."""
    require(policy.can_sell(by, item.connection.enterprise))
    item.ignored_at = clock.now()
    item.save(update_fields=["ignored_at"])
