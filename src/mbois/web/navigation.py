"""Where one can go: rooms register their destinations, the layout shows what a person's roles permit."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

Place = Literal["main", "public", "inbox", "account"]


@dataclass(frozen=True)
class Item:
    """A destination.

    `name` is a URL name without arguments; `roles` are the roles that see it (None: everyone who is
    signed in; places `public` is for everybody); `badge` counts what waits there; `thumb` says
    whether it may stand in the phone's thumb bar, which takes the first by `order`; `visible` is
    asked last, where roles do not say enough (owners have none).
    """

    name: str
    label: object
    icon: str
    roles: frozenset[str] | None = None
    order: int = 50
    badge: Callable[[HttpRequest], int | None] | None = None
    place: Place = "main"
    thumb: bool = True
    visible: Callable[[HttpRequest], bool] | None = None


@dataclass(frozen=True)
class Entry:
    """A destination as one person sees it on one page."""

    item: Item
    url: str
    count: int
    current: bool

    @property
    def label(self) -> str:
        return str(self.item.label)

    @property
    def icon(self) -> str:
        return self.item.icon


_items: dict[tuple[str, str], Item] = {}


def register(item: Item) -> None:
    """Add a destination (from a room's `apps.py`); the same name and place again replaces it."""
    _items[item.place, item.name] = item


def roles_of(request: HttpRequest) -> frozenset[str]:
    """The role names of the signed-in person, none for anybody else."""
    return frozenset(getattr(getattr(request, "user", None), "roles", None) or ())


def entries(request: HttpRequest, place: Place) -> list[Entry]:
    """What the person of this request sees in one place of the layout, in order."""
    user = getattr(request, "user", None)
    signed_in = bool(user is not None and user.is_authenticated)
    roles = roles_of(request)
    permitted: list[tuple[Item, str]] = []
    for item in sorted(_items.values(), key=lambda item: (item.order, item.name)):
        if item.place != place or (place != "public" and not signed_in):
            continue
        if item.roles is not None and not (item.roles & roles):
            continue
        if item.visible is not None and not item.visible(request):
            continue
        try:
            permitted.append((item, reverse(item.name)))
        except NoReverseMatch:
            continue
    here = max((url for _item, url in permitted if request.path.startswith(url)), key=len, default=None)
    return [
        Entry(item=item, url=url, count=(item.badge(request) or 0) if item.badge else 0, current=url == here)
        for item, url in permitted
    ]
