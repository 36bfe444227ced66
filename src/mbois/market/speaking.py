"""Speaking to a marketplace for a seller: the right token at the right moment, and never two at once
asking for a new one."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TypeVar

from django.db import transaction

from mbois import clock
from mbois.market.channels.base import Access, App, Channel, ChannelError, Grant, Kind
from mbois.market.channels.calling import STRANGE
from mbois.market.channels.registry import PLATFORMS, app_of
from mbois.market.models import Connection, ConnectionState
from mbois.people.notifications import notify
from mbois.web.show import NOTHING

T = TypeVar("T")
log = logging.getLogger(__name__)
# A token is changed so long before it ends.
BEFORE_IT_ENDS = timedelta(minutes=5)


def need_app(channel: str) -> App:
    """The app of this installation at a platform. Raises ChannelError(SETUP) where there is none."""
    app = app_of(channel)
    if app is None or channel not in PLATFORMS:
        raise ChannelError(Kind.SETUP, said="no app")
    return app


@contextmanager
def reading() -> Iterator[None]:
    """An answer that cannot be read is trouble with the platform: what was asked for may have been done.
    Its trace is logged, since the mistake may be ours."""
    try:
        yield
    except STRANGE as strange:
        log.exception("an answer of a marketplace could not be read")
        raise ChannelError(Kind.UNKNOWN, said=f"strange answer ({type(strange).__name__})") from strange


class Speaker:
    """One connection, open for several calls."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.app = need_app(connection.channel)
        if connection.state != ConnectionState.CONNECTED:
            raise ChannelError(Kind.LOGIN, said="not connected")
        ends = connection.access_until
        if ends is not None and ends < clock.now() + BEFORE_IT_ENDS:
            self.connection = renew(connection)
        self.channel = self._open()

    def _open(self) -> Channel:
        row = self.connection
        access = Access(row.shop_id, row.access_token, dict(row.settings.get("extra") or {}))
        return PLATFORMS[row.channel].channel(self.app, access)

    def do(self, work: Callable[[Channel], T]) -> T:
        """Run `work`; once more with a new token where the platform says that ours has ended."""
        try:
            with reading():
                return work(self.channel)
        except ChannelError as failure:
            if failure.kind != Kind.EXPIRED:
                raise
        self.connection = renew(self.connection)
        self.channel = self._open()
        with reading():
            return work(self.channel)


def renew(connection: Connection) -> Connection:
    """Get a new access token, unless somebody else just did: a refresh token is good once, so the row
    is held while the platform is asked. Raises ChannelError(LOGIN) where the seller must connect again."""
    failure: ChannelError | None = None
    with transaction.atomic():
        row = (
            Connection.objects.select_for_update(of=("self",), no_key=True)
            .select_related("enterprise__owner__person")
            .get(region=connection.region_id, pk=connection.pk)
        )
        if row.access_sealed != connection.access_sealed and row.state == ConnectionState.CONNECTED:
            return row
        try:
            with reading():
                grant = PLATFORMS[row.channel].refresh(
                    need_app(row.channel), shop=row.shop_id, refresh_token=row.refresh_token
                )
        except ChannelError as wrong:
            failure = wrong
            if wrong.kind == Kind.LOGIN:
                ended(row)
        else:
            keep(row, grant)
    if failure is not None:
        raise failure
    return row


def keep(row: Connection, grant: Grant) -> None:
    """Save what a platform granted."""
    row.access_token, row.refresh_token = grant.access_token, grant.refresh_token
    row.access_until, row.refresh_until = grant.access_until, grant.refresh_until
    row.state, row.error = ConnectionState.CONNECTED, ""
    if grant.shop_name:
        row.shop_name = grant.shop_name[:120]
    if grant.extra:
        row.settings = {**row.settings, "extra": dict(grant.extra)}
    row.save()


def ended(row: Connection) -> None:
    """The seller must connect again; says so to the owner."""
    if row.state != ConnectionState.CONNECTED:
        return
    row.state, row.error = ConnectionState.EXPIRED, Kind.LOGIN
    row.save(update_fields=["state", "error"])
    notify(
        row.enterprise.owner.person,
        "market/connect_again",
        url=f"/usaha/{row.enterprise.number}/lokapasar/",
        platform=PLATFORMS[row.channel].name,
        shop=row.shop_name or row.shop_id,
    )


def tell_once(row: Connection, message: str, **about: str) -> None:
    """The owner hears once of something at the platform. `about` names it by the platform's own key, ""
    where it has none."""
    owner = row.enterprise.owner.person
    said = {name: key.replace("\0", "")[:100] or NOTHING for name, key in about.items()}
    said["platform"] = PLATFORMS[row.channel].name
    known = {f"context__{name}": value for name, value in said.items()}
    if not owner.notifications.filter(key=message, **known).exists():
        url = f"/usaha/{row.enterprise.number}/lokapasar/{row.pk}/"
        notify(owner, message, url=url, **said)
