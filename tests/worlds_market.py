"""What the sweep finds in the market: a seller's drafts, an order with its buyer, and a public shop."""

from typing import TYPE_CHECKING

from mbois.enterprises.models import Enterprise
from mbois.financing.tests.factories import make_owned_enterprise
from mbois.market.actions import orders
from mbois.market.actions.orders import Buyer, Wanted
from mbois.market.models import Picture, ProductPhoto, Shop
from mbois.market.tests.factories import make_product, make_shop

if TYPE_CHECKING:
    from tests.world import Region


def add_market(home: "Region", other: Enterprise) -> None:
    """The nouns of the market's addresses. What carries a marker is not public."""
    shop = make_shop(other, slug=f"rahasia-{home.digits}", tagline=home.mark("Kalimat"))
    product = make_product(other, name=home.mark("Produk"))
    variant = product.variants.get()
    buyer = Buyer(home.mark("Pembeli"), "+6281333444555", f"Jalan {home.mark('Pembeli')}")
    order = orders.place_order(shop, [Wanted(variant.pk, 1)], buyer=buyer)
    picture = Picture.objects.create(region_id=home.code, key=home.digits * 16, width=1600, height=1600)
    photo = ProductPhoto.objects.create(region_id=home.code, product=product, picture=picture)
    Shop.objects.filter(pk=shop.pk).update(is_open=False)
    seen = make_owned_enterprise(home.code, name=f"Toko Terbuka {home.digits}")
    public = make_product(make_shop(seen, slug=f"terbuka-{home.digits}").enterprise)
    home.objects |= {
        "product": {"usaha/": product.code, "produk/": public.slug},
        "product_photo": photo.pk,
        "picture": f"{picture.key}-640.jpg",
        "shop": f"terbuka-{home.digits}",
        "order": order.code,
        "follow": "x" * 22,
    }
