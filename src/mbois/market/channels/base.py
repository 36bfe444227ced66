"""The one interface by which the market speaks to every marketplace, and the words it speaks in.

A channel knows nothing of our database: it is given an app (whose key and secret are the city's), the
access of one shop, and things to say. What goes wrong is a `ChannelError` of one of a few kinds, so
that whoever calls knows whether to wait, to ask the seller, or to give up.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

# Seconds until a connection is made, and until an answer is there (MBOIS_CHANNEL_TIMEOUT). Nothing that
# a platform has not answered by then is believed to be undone: it may have been done all the same.
CONNECT_WITHIN = 5.0
ANSWER_WITHIN = float(os.environ.get("MBOIS_CHANNEL_TIMEOUT") or 20)
# Who makes a listing has it for so long: whoever comes after a worker that was killed waits until
# nothing it asked for can still be on its way. Within that, requests are begun only so long.
LEASE = 6 * ANSWER_WITHIN
BEGIN_WITHIN = 4 * ANSWER_WITHIN


@dataclass(frozen=True)
class App:
    """What a platform calls the program that connects sellers: `secret` is never shown."""

    url: str
    key: str
    secret: str


@dataclass(frozen=True)
class Access:
    """What lets us speak for one shop. `extra` is what a platform wants beside (a cipher)."""

    shop: str
    token: str
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Grant:
    """What a platform gives for a code or a refresh token."""

    shop: str
    shop_name: str
    access_token: str
    refresh_token: str
    access_until: datetime
    refresh_until: datetime | None
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Photo:
    """A picture to be sent: JPEG, by reading it when it is needed."""

    name: str
    read: Callable[[], bytes]


@dataclass(frozen=True)
class OfferedVariant:
    """One thing one can order; `price` in rupiah."""

    sku: str
    name: str
    price: int
    stock: int


@dataclass(frozen=True)
class Offer:
    """A product as it is to be at a marketplace.

    `request` is ours and never changes for this product at this shop: it and the SKUs are what a
    product is found by, so that it is not made again after an answer that never came.
    """

    request: str
    title: str
    description: str
    category: str
    photos: Sequence[Photo]
    variants: Sequence[OfferedVariant]
    weight_grams: int
    size_cm: tuple[int, int, int] = (10, 10, 10)
    brand: str = ""


@dataclass(frozen=True)
class Made:
    """What became of an offer: the platform's key of the item and of each variant by its SKU."""

    item: str
    variants: Mapping[str, str]
    # Whether it was made just now, with the price and stock of the offer.
    fresh: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class Change:
    """A new price and stock of something that is there already."""

    item: str
    variant: str
    sku: str
    price: int
    stock: int


@dataclass(frozen=True)
class Listed:
    """Something that a platform says is in the shop."""

    item: str
    variant: str
    sku: str
    title: str
    price: int
    stock: int
    live: bool


class SaleState(StrEnum):
    """How far an order is at the marketplace, in words that all of them share."""

    UNPAID = "unpaid"
    PAID = "paid"
    SENT = "sent"
    RECEIVED = "received"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class SoldLine:
    item: str
    variant: str
    sku: str
    title: str
    quantity: int
    price: int


@dataclass(frozen=True)
class Sale:
    """An order at a marketplace."""

    number: str
    state: SaleState
    placed_at: datetime
    changed_at: datetime
    buyer: str
    address: str
    lines: Sequence[SoldLine]


@dataclass(frozen=True)
class Unreadable:
    """An order or item that lacks what the platform says each has. `key` is the platform's own of it, ""
    where that is missing too."""

    key: str


@dataclass(frozen=True)
class Limits:
    """What a platform accepts, (least, most) of each; signs, pictures, rupiah, pieces. None: it does
    not tell."""

    title: tuple[int, int] | None = None
    description: tuple[int, int] | None = None
    photos: tuple[int, int] | None = None
    price: tuple[int, int] | None = None
    stock: tuple[int, int] | None = None


@dataclass(frozen=True)
class PlatformCategory:
    key: str
    name: str


@dataclass(frozen=True)
class Health:
    """The shop as the platform knows it, and how far our clocks are apart (seconds, theirs less ours)."""

    shop_name: str
    skew: float


class Kind(StrEnum):
    """What kind of trouble it is."""

    # wait and try again
    BUSY = "busy"
    TOO_MANY = "too_many"
    # it may have been done: look before trying again
    UNKNOWN = "unknown"
    # a new access token is needed; the seller must connect again
    EXPIRED = "expired"
    LOGIN = "login"
    # our clock and theirs differ
    CLOCK = "clock"
    # the listing must be changed
    REFUSED = "refused"
    # it is not there (any more)
    MISSING = "missing"
    # our own mistake: keys, signatures
    SETUP = "setup"


class ChannelError(Exception):
    """Trouble with a platform. `said` is its own sentence, `field` what of the listing is meant
    (title, description, photos, category, price, stock, weight, sku, variant), `wait` seconds."""

    def __init__(
        self, kind: Kind, *, said: str = "", code: str = "", field: str = "", wait: float | None = None
    ) -> None:
        super().__init__(f"{kind}: {code} {said}".strip())
        self.kind = kind
        self.said = said
        self.code = code
        self.field = field
        self.wait = wait

    @property
    def passes(self) -> bool:
        """Whether it may be tried again without anybody doing anything."""
        return self.kind in (Kind.BUSY, Kind.TOO_MANY, Kind.UNKNOWN, Kind.EXPIRED)


class Channel(Protocol):
    """One shop at one marketplace."""

    def health(self) -> Health: ...

    def limits(self, category: str) -> Limits: ...

    def categories(self) -> list[PlatformCategory]: ...

    def find(self, offer: Offer) -> Made | None:
        """What an earlier try made of this offer, if anything."""

    def publish(self, offer: Offer) -> Made:
        """Make it there, or finish what an earlier try began. Call `find` first."""

    def update(self, changes: Sequence[Change]) -> dict[str, ChannelError]:
        """Set prices and stocks. Returns what went wrong, by SKU; the others are done."""

    def revise(self, item: str, offer: Offer, *, text: bool, photos: bool) -> Made:
        """Bring what is there to this offer: its words, parcel and names of variants (`text`), its pictures
        (`photos`), and the variants it lacks. Price and stock of those there stay (`update`), and nothing
        is taken away. Again is no harm. Answers with the keys of all its variants."""

    def take_off(self, item: str) -> None:
        """Buyers no longer see it."""

    def listed(self) -> Iterator[Listed | Unreadable]:
        """Everything in the shop, whoever put it there."""

    def orders(self, since: datetime, until: datetime) -> Iterator[Sale | Unreadable]:
        """The orders that changed in a time, oldest change first."""

    def order(self, number: str) -> Sale | Unreadable | None: ...


class Platform(Protocol):
    """A marketplace: how sellers let us in, and how its pushes are understood."""

    key: str
    name: str

    def login_url(self, app: App, *, back: str, state: str) -> str: ...

    def grant(self, app: App, *, code: str, params: Mapping[str, str]) -> Grant: ...

    def refresh(self, app: App, *, shop: str, refresh_token: str) -> Grant: ...

    def channel(self, app: App, access: Access) -> Channel: ...

    def verify(self, app: App, *, url: str, raw_body: bytes, authorization: str) -> bool: ...

    def pushed(self, message: Mapping[str, object]) -> tuple[str, str]:
        """The shop and the order (or nothing) that a pushed message is about."""
