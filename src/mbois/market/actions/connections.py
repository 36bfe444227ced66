"""Letting a seller's shop at a marketplace in, and out again; what is to be listed there."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urljoin

from django.conf import settings
from django.core import signing
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from mbois import clock
from mbois.enterprises.models import Enterprise
from mbois.market import policy, quality
from mbois.market.channels.base import ChannelError, Grant, PlatformCategory
from mbois.market.channels.findings import OWN
from mbois.market.channels.registry import PLATFORMS
from mbois.market.mending import in_words
from mbois.market.models import Connection, ConnectionState, Listing, ListingState, Product, Variant
from mbois.market.speaking import Speaker, keep, need_app, reading
from mbois.people.models import Person
from mbois.refused import Refused, require

STATE_SALT = "market.connect"
STATE_LASTS = 30 * 60  # seconds


def no_such_channel() -> Refused:
    return Refused(_("This city is not connected to that marketplace."), code="no_app", status=404)


def login_url(enterprise: Enterprise, channel: str, *, by: Person) -> str:
    """Where the seller agrees, at the marketplace. The state in it comes back with the answer: signed,
    for this person and business, good for half an hour."""
    require(policy.can_sell(by, enterprise))
    try:
        app = need_app(channel)
    except ChannelError:
        raise no_such_channel() from None
    state = signing.dumps([by.pk, enterprise.region_id, enterprise.pk, channel], salt=STATE_SALT)
    return PLATFORMS[channel].login_url(app, back=back_url(channel), state=state)


def back_url(channel: str) -> str:
    """Where marketplaces send the seller back to; registered with the app there."""
    return urljoin(settings.SITE_URL, reverse("channel_back", kwargs={"channel": channel}))


def push_url(channel: str) -> str:
    """Where marketplaces push to; registered with the app there."""
    return urljoin(settings.SITE_URL, reverse("channel_push", kwargs={"channel": channel}))


def connect(channel: str, params: Mapping[str, str], *, by: Person) -> Connection:
    """The seller agreed: exchange the code for tokens and keep the connection, or renew it."""
    try:
        person, region_id, key, asked = signing.loads(
            params.get("state", ""), salt=STATE_SALT, max_age=STATE_LASTS
        )
    except (signing.BadSignature, ValueError, TypeError):
        raise Refused(
            _("This answer is not of a question we asked. Please begin again."), code="state"
        ) from None
    if person != by.pk or asked != channel:
        raise Refused(_("This answer is not of a question we asked. Please begin again."), code="state")
    enterprise = Enterprise.objects.get(region=region_id, pk=key)
    require(policy.can_sell(by, enterprise))
    if not params.get("code"):
        raise Refused(_("The marketplace did not agree. Please try again."), code="declined")
    try:
        with reading():
            grant = PLATFORMS[channel].grant(need_app(channel), code=params["code"], params=params)
    except ChannelError:
        raise Refused(
            _("The marketplace did not accept it. Please try again."), code="not_granted", status=502
        ) from None
    return _keep(enterprise, channel, grant, by=by)


@transaction.atomic
def _keep(enterprise: Enterprise, channel: str, grant: Grant, *, by: Person) -> Connection:
    region_id = enterprise.region_id
    row = (
        Connection.objects.select_for_update(of=("self",), no_key=True)
        .filter(region=region_id, channel=channel, shop_id=grant.shop)
        .order_by("-pk")
        .first()
    )
    if row is not None and row.enterprise_id != enterprise.pk and row.state != ConnectionState.CLOSED:
        raise Refused(
            _("This shop at the marketplace is connected to another business already."),
            code="connected_elsewhere",
            status=409,
        )
    if row is None or row.enterprise_id != enterprise.pk:
        row = Connection(region_id=region_id, enterprise=enterprise, channel=channel, shop_id=grant.shop)
        row.made_by = by
    try:
        with transaction.atomic():
            keep(row, grant)
    except IntegrityError:
        raise Refused(_("This was connected already."), code="connected", status=409) from None
    return row


@transaction.atomic
def disconnect(connection: Connection, *, by: Person) -> None:
    """We no longer speak for the shop; what is listed there stays, and is not kept right any more."""
    require(policy.can_sell(by, connection.enterprise))
    connection.access_token = connection.refresh_token = ""
    connection.state = ConnectionState.CLOSED
    connection.save(update_fields=["access_sealed", "refresh_sealed", "state"])


@dataclass(frozen=True)
class Wish:
    """What became of products that were to go to a marketplace: so many variants are on the list; what its
    rules refuse is not, by the product's name with the sentences that say why."""

    count: int
    refused: Mapping[str, Sequence[str]]


@transaction.atomic
def want_listed(connection: Connection, products: Collection[int], *, by: Person) -> Wish:
    """Put these products on the list of what goes to the marketplace. Those that were refused or taken off
    are tried again. What its rules block is left out and told; refuses where nothing else was chosen."""
    require(policy.can_sell(by, connection.enterprise))
    if connection.state == ConnectionState.CLOSED:
        raise Refused(_("This shop is no longer connected."), code="closed", status=409)
    region_id = connection.region_id
    chosen = {
        product.pk: product
        for product in Product.objects.filter(
            region=region_id, enterprise=connection.enterprise_id, pk__in=products, state="published"
        ).select_related("enterprise")
    }
    blocked = quality.blocked_at(connection, chosen.values())
    refused = {chosen[key].name: in_words(told) for key, told in blocked.items()}
    if chosen and len(blocked) == len(chosen):
        name, reasons = next(iter(refused.items()))
        code = next(iter(blocked.values())).blockers[0].code
        raise Refused(f"{name}: {' '.join(reasons)}", code=code.removeprefix(OWN))
    variants = list(
        Variant.objects.filter(
            region=region_id, product__in=chosen.keys() - blocked.keys(), active=True
        ).order_by("pk")
    )
    Listing.objects.bulk_create(
        [Listing(region_id=region_id, connection=connection, variant=variant) for variant in variants],
        ignore_conflicts=True,
    )
    rows = Listing.objects.filter(
        region=region_id, connection=connection, variant__in=[variant.pk for variant in variants]
    )
    rows.filter(state__in=[ListingState.FAILED, ListingState.PAUSED]).update(
        state=ListingState.WANTED,
        external_id="",
        external_variant="",
        error="",
        error_code="",
        error_field="",
        attempts=0,
        again_at=None,
    )
    return Wish(rows.filter(state=ListingState.WANTED).count(), refused)


def take_off(listing: Listing, *, by: Person) -> None:
    """Take the whole product off the marketplace; what is there already stays with it, unseen."""
    connection = listing.connection
    require(policy.can_sell(by, connection.enterprise))
    if listing.external_id:
        try:
            Speaker(connection).do(lambda channel: channel.take_off(listing.external_id))
        except ChannelError:
            raise Refused(
                _("The marketplace does not answer. Please try again later."), code="busy", status=502
            ) from None
    Listing.objects.filter(
        region=listing.region_id, connection=connection, variant__product=listing.variant.product_id
    ).update(state=ListingState.PAUSED)


def choices_of_categories(connection: Connection) -> list[PlatformCategory]:
    """The categories of the platform. Raises ChannelError."""
    return Speaker(connection).do(lambda channel: channel.categories())


@transaction.atomic
def choose_category(connection: Connection, ours: str, chosen: PlatformCategory, *, by: Person) -> None:
    """The seller's word on which category of the platform is meant; what was refused is tried again."""
    require(policy.can_sell(by, connection.enterprise))
    row = Connection.objects.select_for_update(of=("self",), no_key=True).get(
        region=connection.region_id, pk=connection.pk
    )
    told = {**(row.settings.get("categories") or {}), ours: {"key": chosen.key, "name": chosen.name}}
    row.settings = {**row.settings, "categories": told}
    row.save(update_fields=["settings"])
    Listing.objects.filter(
        region=row.region_id,
        connection=row,
        state=ListingState.FAILED,
        error_field="category",
        variant__product__category=ours,
    ).update(state=ListingState.WANTED, error="", error_code="", error_field="", attempts=0, again_at=None)


@transaction.atomic
def send_again(connection: Connection, *, by: Person) -> int:
    """Send our price and stock of everything that differs there; says how many."""
    require(policy.can_sell(by, connection.enterprise))
    return (
        Listing.objects.filter(region=connection.region_id, connection=connection, state=ListingState.LIVE)
        .filter(pk__in=connection.drifts.filter(region=connection.region_id, gone_at=None).values("listing"))
        .update(pushed_version=0, again_at=None)
    )


def check_health(connection: Connection) -> float:
    """Ask the platform for the shop; says how far its clock is from ours, in seconds."""
    speaker = Speaker(connection)
    health = speaker.do(lambda channel: channel.health())
    row = speaker.connection
    row.settings = {**row.settings, "skew": round(health.skew)}
    Connection.objects.filter(region=row.region_id, pk=row.pk).update(
        settings=row.settings,
        checked_at=clock.now(),
        error="",
        shop_name=health.shop_name[:120] or row.shop_name,
    )
    return health.skew
