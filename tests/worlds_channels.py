"""What the sweep finds at marketplaces: a neighbour's shop there, what is listed, and a sales report."""

from typing import TYPE_CHECKING

from mbois import clock
from mbois.enterprises.models import Enterprise
from mbois.market.models import Drift, Listing, SalesFile, UnmatchedItem
from mbois.market.tests.factories import make_connection, make_product

if TYPE_CHECKING:
    from tests.world import Region


def add_channels(home: "Region", other: Enterprise) -> None:
    """A thing for every noun of the addresses of marketplaces."""
    connection = make_connection(
        other, "shopee", shop_id=home.mark("Toko"), shop_name=home.mark("Toko"), checked_at=clock.now()
    )
    variant = make_product(other, name=home.mark("Barang")).variants.get()
    listing = Listing.objects.create(
        region_id=home.code,
        connection=connection,
        variant=variant,
        state="live",
        external_id="1",
        live_since=clock.now(),
    )
    Drift.objects.create(
        region_id=home.code, connection=connection, listing=listing, kind="stock", ours=1, theirs=2
    )
    UnmatchedItem.objects.create(
        region_id=home.code,
        connection=connection,
        external_id="2",
        title=home.mark("Asing"),
        price=1,
        stock=1,
    )
    report = SalesFile.objects.create(
        region_id=home.code,
        enterprise=other,
        channel="shopee",
        file_name=home.mark("Laporan"),
        sha256="0" * 64,
        made_by=other.owner.person,
    )
    home.objects |= {"connection": connection.pk, "listing": listing.pk, "sales_file": report.pk}
