"""The market: what enterprises sell, where it can be found, and who ordered it."""

from mbois.market.models.catalogue import CatalogueEntry, CatalogueWord
from mbois.market.models.channels import ChannelEvent, Connection, ConnectionState, Listing, ListingState
from mbois.market.models.comparing import Drift, UnmatchedItem
from mbois.market.models.orders import TRANSITIONS, Order, OrderLine, OrderState, Payment
from mbois.market.models.products import (
    Category,
    Certificate,
    Picture,
    Product,
    ProductPhoto,
    ProductState,
    StockMove,
    Variant,
)
from mbois.market.models.quality import Quality
from mbois.market.models.sales import SalesFile
from mbois.market.models.shops import Shop

__all__ = [
    "TRANSITIONS",
    "CatalogueEntry",
    "CatalogueWord",
    "Category",
    "Certificate",
    "ChannelEvent",
    "Connection",
    "ConnectionState",
    "Drift",
    "Listing",
    "ListingState",
    "Order",
    "OrderLine",
    "OrderState",
    "Payment",
    "Picture",
    "Product",
    "ProductPhoto",
    "ProductState",
    "Quality",
    "SalesFile",
    "Shop",
    "StockMove",
    "UnmatchedItem",
    "Variant",
]
