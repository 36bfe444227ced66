"""Every list of the market asks as often for many rows as for few."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.counting import questions

from mbois import clock
from mbois.enterprises.models import Enterprise
from mbois.enterprises.tests.factories import make_enterprise
from mbois.market.actions import campaigns, desk
from mbois.market.actions.orders import Buyer, Wanted, place_order
from mbois.market.models import (
    Connection,
    CreativeJob,
    Drift,
    Listing,
    Order,
    OrderLine,
    Product,
    SalesFile,
    Shop,
    UnmatchedItem,
)
from mbois.market.tests.factories import add_photo, make_connection, make_product, make_shop
from mbois.people.models import Person, Role
from mbois.people.tests.factories import make_person

pytestmark = pytest.mark.django_db
MANY = 8


class Rows:
    """What the lists show, one more of each."""

    def __init__(self) -> None:
        self.owner: Person = make_person()
        self.enterprise: Enterprise = make_enterprise(owner=self.owner, nik="")
        self.shop: Shop = make_shop(self.enterprise)
        self.connection: Connection = make_connection(self.enterprise)
        self.officer = make_person(role=Role.AGENCY_OFFICER)
        self.creator = make_person(role=Role.CREATOR)
        self.count = 0

    def more(self) -> None:
        self.count += 1
        product = make_product(self.enterprise, on_hand=20)
        add_photo(product)
        self.listed(product)
        self.ordered(product)
        self.asked_for(product)
        self.campaigned(product)
        SalesFile.objects.create(
            region_id=self.shop.region_id,
            enterprise=self.enterprise,
            channel="shopee",
            file_name=f"{self.count}.csv",
            made_by=self.owner,
        )
        make_connection(self.enterprise, "lazada")
        make_product(make_shop().enterprise)  # another seller
        make_product(make_enterprise(owner=self.owner, nik=""))

    def listed(self, product: Product) -> None:
        here: dict[str, Any] = {"region_id": self.shop.region_id, "connection": self.connection}
        row = Listing.objects.create(
            **here,
            variant=product.variants.get(),
            state="live",
            external_id=f"{self.count}",
            live_since=clock.now(),
        )
        Drift.objects.create(**here, listing=row, kind="stock", ours=3, theirs=9)
        UnmatchedItem.objects.create(
            **here, external_id=f"x{self.count}", title="Asing", price=1_000, stock=1
        )

    def ordered(self, product: Product) -> None:
        variant = product.variants.get()
        place_order(self.shop, [Wanted(variant.pk, 1)], buyer=Buyer("Bu Ani"), payment="chat")
        sold = Order.objects.create(
            region_id=self.shop.region_id,
            enterprise=self.enterprise,
            code=f"O-3573-SALE{self.count:02d}",
            channel="shopee",
            connection=self.connection,
            external=f"{self.count}",
            buyer_name="shopee",
            payment="channel",
            goods=1_000,
        )
        OrderLine.objects.create(
            region_id=self.shop.region_id, order=sold, title="Asing", quantity=1, price=1_000
        )

    def asked_for(self, product: Product) -> None:
        job = self._job(product)
        if self.count % 2:
            desk.take(CreativeJob.objects.get(pk=job.pk), by=self.creator)
            CreativeJob.objects.filter(pk=job.pk).update(state="delivered")
            CreativeJob.objects.filter(pk=job.pk).update(
                state="accepted", ended_at=clock.now(), may_be_shown=True
            )
        self._job(product)

    def _job(self, product: Product) -> CreativeJob:
        return desk.ask(
            self.enterprise,
            [product],
            kind="text",
            wish="Dengan gaya sendiri",
            wanted_by=clock.today(),
            pay=None,
            by=self.owner,
        )

    def campaigned(self, product: Product) -> None:
        days = {"begins_on": clock.today(), "ends_on": clock.today()}
        title = f"Pekan {self.count}"
        own = campaigns.create_campaign(
            self.shop.region_id, self.enterprise, title=title, by=self.owner, **days
        )
        campaigns.take_part(own, self.enterprise, [product], by=self.owner)
        campaigns.publish_campaign(own, by=self.owner)
        campaigns.make_link(own, label="Instagram", by=self.owner, product=product)
        shared = campaigns.create_campaign(
            self.shop.region_id, None, title=f"Bersama {self.count}", by=self.officer, **days
        )
        campaigns.invite(shared, [self.enterprise], by=self.officer)


OWNERS = [
    "products",
    "products_bulk",
    "orders",
    "channels",
    "connection",
    "connection_publish",
    "connection_match",
    "sales_files",
    "creative_jobs",
    "campaigns",
]


def test_lists_of_the_market_cost_the_same_for_many() -> None:
    rows = Rows()
    rows.more()
    rows.more()
    owner, officer, creator, anybody = Client(), Client(), Client(), Client()
    owner.force_login(rows.owner)
    officer.force_login(rows.officer)
    creator.force_login(rows.creator)
    of = {"enterprise": rows.enterprise.number}
    at = of | {"connection": rows.connection.pk}
    pages = [
        *((owner, reverse(name, kwargs=at if name.startswith("connection") else of)) for name in OWNERS),
        (owner, reverse("my_products")),
        (owner, reverse("my_channels")),
        (officer, reverse("channel_sellers")),
        (officer, reverse("channel_sheet_many", kwargs={"sheet": "padi-umkm"})),
        (officer, reverse("campaigns_run")),
        (creator, reverse("creative_desk")),
        (officer, reverse("creative_desk")),
        (owner, reverse("creator", kwargs={"creator": rows.creator.pk})),
        (anybody, reverse("catalogue")),
        (anybody, reverse("campaigns_public")),
        *(
            (anybody, reverse(name, kwargs={"shop": rows.shop.slug}))
            for name in ("shop", "order_new", "feed_google", "feed_meta")
        ),
    ]
    few = {(client, url): questions(client, url) for client, url in pages}
    for _one in range(MANY):
        rows.more()
    grown = {
        url: (before, now)
        for (client, url), before in few.items()
        if (now := questions(client, url)) > before
    }
    assert not grown
