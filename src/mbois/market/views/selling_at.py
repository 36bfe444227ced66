"""What the pages of marketplaces share."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from mbois.enterprises.models import Enterprise
from mbois.enterprises.views.common import seen, signed_in
from mbois.market import policy
from mbois.market.models import Connection


@dataclass(frozen=True)
class FileChannel:
    """A marketplace that takes sheets, not calls."""

    key: str
    name: str


def seller_of(request: HttpRequest, number: str) -> Enterprise:
    """The enterprise of this number, for those who work on its products."""
    enterprise = seen(request, number)
    if not policy.can_sell(signed_in(request), enterprise):
        raise PermissionDenied
    return enterprise


def connection_of(request: HttpRequest, number: str, key: int) -> Connection:
    """A connection of this enterprise, for those who work on its products."""
    enterprise = seller_of(request, number)
    row: Connection | None = Connection.objects.filter(
        region=enterprise.region_id, enterprise=enterprise, pk=key
    ).first()
    if row is None:
        raise Http404
    row.enterprise = enterprise
    return row
