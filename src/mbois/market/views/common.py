"""What several pages of the market need."""

from collections.abc import Mapping

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from mbois.enterprises.models import Enterprise
from mbois.enterprises.views.common import posted, seen, signed_in
from mbois.market import policy, quality
from mbois.market.codes import code_in
from mbois.market.mending import brought
from mbois.market.models import Connection, Product, Shop

__all__ = [
    "connection_of",
    "handling",
    "posted",
    "selling",
    "selling_product",
    "shop_of",
    "signed_in",
    "tell_mended",
]


def selling(request: HttpRequest, number: str) -> Enterprise:
    """The enterprise of this number, for those who work on its products."""
    enterprise = seen(request, number)
    if not policy.can_sell(signed_in(request), enterprise):
        raise PermissionDenied
    return enterprise


def handling(request: HttpRequest, number: str) -> Enterprise:
    """The enterprise of this number, for those who see its orders and their buyers."""
    enterprise = seen(request, number)
    if not policy.can_handle_orders(signed_in(request), enterprise):
        raise PermissionDenied
    return enterprise


def selling_product(request: HttpRequest, number: str, code: str) -> Product:
    """A product of this enterprise, for those who work on it."""
    enterprise = selling(request, number)
    product: Product | None = (
        Product.objects.filter(region=enterprise.region_id, enterprise=enterprise, code=code_in(code))
        .prefetch_related("certificates")
        .first()
    )
    if product is None:
        raise Http404
    product.enterprise = enterprise
    return product


def connection_of(request: HttpRequest, number: str, key: int) -> Connection:
    """A connection of this enterprise to a marketplace, for those who work on its products."""
    enterprise = selling(request, number)
    row: Connection | None = Connection.objects.filter(
        region=enterprise.region_id, enterprise=enterprise, pk=key
    ).first()
    if row is None:
        raise Http404
    row.enterprise = enterprise
    return row


def shop_of(enterprise: Enterprise) -> Shop | None:
    return Shop.objects.filter(region=enterprise.region_id, enterprise=enterprise).first()


def tell_mended(request: HttpRequest, product: Product, before: Mapping[str, int]) -> None:
    """Say what a change brought the listings: the scores before and after."""
    changes = quality.mended(product, before, quality.channels_of(product.enterprise))
    if text := brought(changes):
        messages.info(request, text)
