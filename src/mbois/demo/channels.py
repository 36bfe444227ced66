"""Shops of the demo city at simulated marketplaces: connected, most of what they sell listed, some of it
not, a few orders waiting to be fetched, one difference and one stranger to be found.

What a marketplace would keep is written into the simulators' own files, in one go each.
"""

import random
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import Count, Q

from mbois import clock
from mbois.demo.personas import PLANS
from mbois.enterprises.models import Enterprise
from mbois.market.channels.simulation.running import SIMULATORS
from mbois.market.channels.simulation.store import Store, path_of
from mbois.market.models import Connection, Drift, Listing, ListingState, UnmatchedItem, Variant

SHOPS = 6  # beside those of the owners one can be
BUYERS = ("Anisa", "Bagas", "Citra", "Dimas", "Eka", "Fajar")


def forget(data_dir: Path) -> None:
    """A new city: the simulators know nothing of the last one."""
    for name in SIMULATORS:
        for path in data_dir.glob(f"simulators/{name}.sqlite*"):
            path.unlink()


def connect(rng: random.Random) -> int:
    """Connect shops and list what they sell; says how many connections there are."""
    data_dir = Path(settings.DATA_DIR)
    forget(data_dir)
    sellers = _sellers()
    if not sellers:
        return 0
    stores = {name: Store(path_of(data_dir, name)) for name in SIMULATORS}
    made = 0
    for place, enterprise in enumerate(sellers):
        names = list(SIMULATORS) if place < 2 else [list(SIMULATORS)[place % 3]]
        for name in names:
            store = stores[name]
            with store.writing():
                _connect(rng, store, name, enterprise, shop=str(20_000_000 + made))
            made += 1
    for store in stores.values():
        store.close()
    return made


def _sellers() -> list[Enterprise]:
    """The owners one can be, then those who sell most."""
    sold = Count("products", filter=Q(products__state="published"))
    rows = (
        Enterprise.objects.filter(state="verified")
        .annotate(sold=sold)
        .filter(sold__gt=0)
        .select_related("owner__person")
    )
    own = list(rows.filter(name__in=[plan.business for plan in PLANS]).order_by("pk"))
    own.sort(key=lambda row: row.owner.person.name != PLANS[0].name)
    others = rows.exclude(pk__in=[row.pk for row in own]).order_by("-sold", "pk")[:SHOPS]
    return [*own, *others]


def _connect(rng: random.Random, store: Store, name: str, enterprise: Enterprise, *, shop: str) -> None:
    simulator = SIMULATORS[name]
    store.run("INSERT INTO shop VALUES (?, ?)", shop, enterprise.name)
    tokens = store.issue(shop, lasts=simulator.token_lasts, refresh_lasts=simulator.refresh_lasts)
    now = clock.now()
    row = Connection(
        region_id=enterprise.region_id,
        enterprise=enterprise,
        channel=name,
        shop_id=shop,
        shop_name=enterprise.name,
        access_until=now + timedelta(seconds=simulator.token_lasts),
        refresh_until=now + timedelta(seconds=simulator.refresh_lasts),
        settings={"extra": simulator.extra_of(shop)},
        made_by=enterprise.owner.person,
        made_at=now,
    )
    row.access_token, row.refresh_token = tokens.access, tokens.refresh
    row.save()
    variants = list(
        Variant.objects.filter(
            region=enterprise.region_id,
            product__enterprise=enterprise.pk,
            product__state="published",
            active=True,
        )
        .select_related("product")
        .order_by("product", "position", "pk")
    )
    products: dict[int, list[Variant]] = {}
    for variant in variants:
        products.setdefault(variant.product_id, []).append(variant)
    listings: list[Listing] = []
    for number, of_product in enumerate(products.values()):
        if number % 4 != 3:  # every fourth is left for whoever wants to watch it being published
            listings += _list(store, row, of_product)
    Listing.objects.bulk_create(listings)
    _sell(rng, store, row, listings)
    if listings and name == "shopee":
        _stray(store, row, listings[-1])


def _list(store: Store, row: Connection, variants: list[Variant]) -> list[Listing]:
    product = variants[0].product
    several = len(variants) > 1
    item = store.add_item(
        row.shop_id,
        sku=product.code if several else variants[0].sku,
        title=product.name,
        body={},
        models=[
            {
                "sku": variant.sku,
                "name": (variant.name or variant.sku) if several else "",
                "price": variant.price,
                "stock": variant.available,
            }
            for variant in variants
        ],
    )
    keys = {model["sku"]: str(model["id"]) for model in store.models(item)}
    alone = "0" if row.channel == "shopee" and not several else ""
    return [
        Listing(
            region_id=row.region_id,
            connection=row,
            variant=variant,
            external_id=str(item),
            external_variant=alone or keys[variant.sku],
            state=ListingState.LIVE,
            wanted_price=variant.price,
            wanted_stock=variant.available,
            pushed_price=variant.price,
            pushed_stock=variant.available,
            pushed_version=1,
            request_key=product.code,
            live_since=row.made_at,
            # nothing is known of what was said there: a change here sends all of it
            content="demo:demo",
            revised_at=product.changed_at,
        )
        for variant in variants
    ]


def _sell(rng: random.Random, store: Store, row: Connection, listings: list[Listing]) -> None:
    """One or two orders that the first round of the worker finds."""
    there = [one for one in listings if one.variant.available > 2]
    for one in rng.sample(there, min(2, len(there))):
        model = store.row("SELECT id FROM model WHERE item = ? AND sku = ?", one.external_id, one.variant.sku)
        if model is not None:
            buyer = {"name": rng.choice(BUYERS), "address": "Jl. Simulasi 1, Malang"}
            number = f"26{rng.randrange(10**12):012d}"
            store.sell(row.shop_id, [(model["id"], rng.randint(1, 2))], buyer, number=number)


def _stray(store: Store, row: Connection, one: Listing) -> None:
    """A price that somebody changed in the marketplace's own app, and something only listed there."""
    model = store.row("SELECT id FROM model WHERE item = ? AND sku = ?", one.external_id, one.variant.sku)
    assert model is not None
    theirs = one.variant.price + 5_000
    store.set_price(model["id"], theirs)
    Drift.objects.create(
        region_id=row.region_id,
        connection=row,
        listing=one,
        kind=Drift.Kind.PRICE,
        ours=one.variant.price,
        theirs=theirs,
    )
    hampers = {"sku": "HAMPERS-01", "name": "", "price": 150_000, "stock": 4}
    item = store.add_item(row.shop_id, sku="HAMPERS-01", title="Hampers Lebaran", body={}, models=[hampers])
    key = str(store.models(item)[0]["id"]) if row.channel != "shopee" else "0"
    UnmatchedItem.objects.create(
        region_id=row.region_id,
        connection=row,
        external_id=str(item),
        external_variant=key,
        sku="HAMPERS-01",
        title="Hampers Lebaran",
        price=150_000,
        stock=4,
    )
