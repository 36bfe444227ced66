"""Campaigns: days, sellers who agree, links that count, what came of them."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from mbois import clock
from mbois.enterprises import proofs
from mbois.market import campaigns as reads
from mbois.market.actions import campaigns as actions
from mbois.market.actions import orders, visits
from mbois.market.actions.orders import Buyer, Wanted
from mbois.market.models import (
    Campaign,
    CampaignProduct,
    CampaignSeller,
    DaySalt,
    LinkDay,
    Order,
    Product,
    Shop,
    TrackedLink,
    VisitMark,
)
from mbois.market.tests.factories import make_product
from mbois.people.models import Notification
from mbois.people.tests.factories import make_person
from mbois.refused import Refused

pytestmark = pytest.mark.django_db

PHONE = "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Chrome/120 Mobile Safari/537.36"


def shop_of(product: Product) -> Shop:
    return Shop.objects.get(enterprise=product.enterprise)


def make_campaign(product: Product | None = None, *, publish: bool = True, **fields: Any) -> Campaign:
    product = product or make_product()
    told: dict[str, Any] = {
        "title": "Pekan Tempe",
        "offer": "Beli 3 gratis 1",
        "begins_on": clock.today(),
        "ends_on": clock.today() + timedelta(days=6),
    }
    by = product.made_by
    campaign = actions.create_campaign(product.region_id, product.enterprise, by=by, **(told | fields))
    actions.take_part(campaign, product.enterprise, [product], by=by)
    return actions.publish_campaign(campaign, by=by) if publish else campaign


def make_link(campaign: Campaign, product: Product | None = None) -> TrackedLink:
    return actions.make_link(campaign, label="Instagram", by=campaign.made_by, product=product)


def visits_of(link: TrackedLink) -> int:
    return sum(LinkDay.objects.filter(link=link).values_list("visits", flat=True))


def test_a_link_counts_a_visitor_once_a_day_and_leaves_no_cookie(client: Client) -> None:
    link = make_link(make_campaign())
    for _time in range(3):
        answer = client.get(link.path, headers={"user-agent": PHONE})
        assert answer.status_code == 302 and answer["Location"].endswith(f"?k={link.code}")
        assert not answer.cookies
    client.get(link.path, headers={"user-agent": PHONE}, REMOTE_ADDR="10.0.0.9")
    assert visits_of(link) == 2
    with clock.on(clock.today() + timedelta(days=1)):
        client.get(link.path, headers={"user-agent": PHONE})
        assert visits_of(link) == 3
        assert set(DaySalt.objects.values_list("day", flat=True)) == {clock.today()}
        assert set(VisitMark.objects.values_list("day", flat=True)) == {clock.today()}
        visits.forget_visitors()
    with clock.on(clock.today() + timedelta(days=2)):
        visits.forget_visitors()
        assert not DaySalt.objects.exists() and not VisitMark.objects.exists()
    assert visits_of(link) == 3


@pytest.mark.parametrize(
    "agent",
    [
        "",
        "WhatsApp/2.23",
        "facebookexternalhit/1.1",
        "Googlebot/2.1",
        "curl/8",
        "TelegramBot",
        "python-requests/2",
    ],
)
def test_programs_are_not_counted(client: Client, agent: str) -> None:
    link = make_link(make_campaign())
    assert client.get(link.path, headers={"user-agent": agent}).status_code == 302
    client.head(link.path, headers={"user-agent": PHONE})
    client.get(link.path, headers={"user-agent": PHONE, "sec-purpose": "prefetch;prerender"})
    assert visits_of(link) == 0


def test_nothing_that_is_kept_says_who_came(client: Client) -> None:
    link = make_link(make_campaign())
    client.get(link.path, headers={"user-agent": PHONE}, REMOTE_ADDR="10.20.30.40")
    kept = repr(list(VisitMark.objects.values())) + repr(list(LinkDay.objects.values()))
    assert "10.20.30.40" not in kept and "Android" not in kept


def test_an_order_after_a_visit_carries_the_link(client: Client) -> None:
    product = make_product(price=20_000)
    campaign = make_campaign(product)
    link = make_link(campaign, product)
    where = client.get(link.path, headers={"user-agent": PHONE})["Location"]
    page = client.get(where).content.decode()
    assert f'name="k" value="{link.code}"' in page
    form = f"/toko/{shop_of(product).slug}/pesan/?v={product.variants.get().pk}&n=2&k={link.code}"
    page = client.get(form).content.decode()
    assert f'name="k" value="{link.code}"' in page
    client_id = re.search(r'name="client_id" value="([^"]+)"', page)[1]  # type: ignore[index]
    told = {
        f"n-{product.variants.get().pk}": 2,
        f"p-{product.variants.get().pk}": 20_000,
        "name": "Rina",
        "phone": "081333444555",
        "payment": "chat",
        "client_id": client_id,
        "k": link.code,
    }
    assert client.post(form, told).status_code == 302
    order = Order.objects.get()
    assert order.link == link
    results = reads.results_of(campaign)
    assert (results.visits, results.over.orders, results.over.pieces, results.over.rupiah) == (
        1,
        1,
        2,
        40_000,
    )
    assert results.products[0].during.pieces == 2
    orders.cancel_order(order, by=None)
    assert reads.results_of(campaign).over.orders == 0


@pytest.mark.parametrize("code", ["", "XXXXXXX", "2222222222", "<script>", "\x00"])
def test_a_made_up_link_does_no_harm(code: str) -> None:
    product = make_product()
    make_link(make_campaign(product))
    order = orders.place_order(
        shop_of(product), [Wanted(product.variants.get().pk, 1)], buyer=Buyer("Rina"), link=code
    )
    assert order.link is None


def test_a_link_counts_only_for_who_takes_part_and_while_it_runs() -> None:
    product, other = make_product(), make_product()
    campaign = make_campaign(product)
    link = make_link(campaign)
    assert actions.link_that_counts(link.code, shop_of(product)) == link
    assert actions.link_that_counts(link.code, shop_of(other)) is None
    with clock.on(campaign.ends_on + timedelta(days=1)):
        assert actions.link_that_counts(link.code, shop_of(product)) is None
    actions.stop_link(link, by=campaign.made_by)
    assert actions.link_that_counts(link.code, shop_of(product)) is None


def test_printed_codes_lead_on_after_the_end(client: Client) -> None:
    product = make_product()
    campaign = make_campaign(product)
    link = make_link(campaign, product)
    with clock.on(campaign.ends_on + timedelta(days=1)):
        answer = client.get(link.path, headers={"user-agent": PHONE})
        assert answer["Location"] == product.get_absolute_url()
        page = client.get(campaign.get_absolute_url()).content.decode()
        assert "ended on" in page and product.name not in page
    assert visits_of(link) == 0


def test_before_and_during_are_as_many_days() -> None:
    product = make_product(price=10_000, on_hand=100)
    campaign = make_campaign(
        product, begins_on=clock.today() - timedelta(days=2), ends_on=clock.today() + timedelta(days=9)
    )
    variant = product.variants.get().pk
    for days, count in ((0, 1), (2, 2), (3, 4), (5, 8), (6, 16)):
        order = orders.place_order(shop_of(product), [Wanted(variant, count)], buyer=Buyer("Rina"))
        Order.objects.filter(pk=order.pk).update(placed_at=clock.now() - timedelta(days=days))
    results = reads.results_of(campaign)
    assert results.days == 3
    assert (results.before.pieces, results.during.pieces) == (12, 3)


def test_an_office_invites_and_each_seller_agrees_for_themselves(client: Client) -> None:
    officer = make_person(role="agency_officer")
    first, second = make_product(), make_product()
    campaign = actions.create_campaign(
        first.region_id,
        None,
        title="Pasar Rakyat",
        begins_on=clock.today(),
        ends_on=clock.today() + timedelta(days=3),
        by=officer,
    )
    assert actions.invite(campaign, [first.enterprise, second.enterprise], by=officer) == 2
    assert actions.invite(campaign, [first.enterprise], by=officer) == 0
    assert Notification.objects.filter(key="market/campaign_invited").count() == 2
    with pytest.raises(DatabaseError, match="campaign_product_of_who_agreed"), transaction.atomic():
        CampaignProduct.objects.create(region_id=first.region_id, campaign=campaign, product=first)
    with pytest.raises(Refused, match="product first"):
        actions.publish_campaign(campaign, by=officer)
    actions.take_part(campaign, first.enterprise, [first], by=first.made_by)
    actions.stay_out(campaign, second.enterprise, by=second.made_by)
    actions.publish_campaign(campaign, by=officer)
    page = client.get(campaign.get_absolute_url()).content.decode()
    assert first.name in page and second.name not in page
    actions.stay_out(campaign, first.enterprise, by=first.made_by)
    assert first.name not in client.get(campaign.get_absolute_url()).content.decode()
    assert {one.state for one in CampaignSeller.objects.all()} == {"left", "declined"}


def test_a_seller_sees_their_own_results_only(client: Client) -> None:
    officer = make_person(role="coordinator")
    mine, other = make_product(), make_product()
    campaign = actions.create_campaign(
        mine.region_id, None, title="Bersama", begins_on=clock.today(), ends_on=clock.today(), by=officer
    )
    actions.invite(campaign, [mine.enterprise, other.enterprise], by=officer)
    for one in (mine, other):
        actions.take_part(campaign, one.enterprise, [one], by=one.made_by)
    actions.publish_campaign(campaign, by=officer)
    client.force_login(mine.made_by)
    page = client.get(f"/usaha/{mine.enterprise.number}/kampanye/{campaign.code}/").content.decode()
    assert mine.name in page and other.name not in page
    assert client.get(f"/kelola/kampanye/{campaign.code}/").status_code == 404
    assert client.get(f"/kelola/kampanye/{campaign.code}/hasil.csv").status_code == 404


def test_the_public_page_takes_four_queries(client: Client, django_assert_max_num_queries: Any) -> None:
    first = make_product()
    more = [make_product(first.enterprise) for _one in range(12)]
    campaign = make_campaign(first)
    actions.take_part(campaign, first.enterprise, [first, *more], by=first.made_by)
    client.get(campaign.get_absolute_url())
    with django_assert_max_num_queries(4):
        page = client.get(campaign.get_absolute_url()).content.decode()
    assert page.count('class="offer"') == 13
    assert 'property="og:image"' in page
    with django_assert_max_num_queries(2):
        page = client.get("/kampanye/").content.decode()
    assert campaign.title in page


@pytest.mark.parametrize(
    ("language", "words"), [("en", "what runs now, what comes next"), ("id", "yang sedang berjalan")]
)
def test_the_list_says_what_it_is(client: Client, language: str, words: str) -> None:
    page = client.get("/kampanye/", headers={"accept-language": language}).content.decode()
    [told] = re.findall(r'<meta name="description" content="([^"]+)">', page)
    assert words in told


def test_a_draft_is_nobodys_business(client: Client) -> None:
    campaign = make_campaign(publish=False)
    assert client.get(campaign.get_absolute_url()).status_code == 404
    link = make_link(campaign)
    assert client.get(link.path, headers={"user-agent": PHONE})["Location"] == "/katalog/"
    assert visits_of(link) == 0


def test_days_make_sense() -> None:
    product = make_product()
    today = clock.today()
    for begins, ends in ((today, today - timedelta(days=1)), (today, today + timedelta(days=120))):
        with pytest.raises(Refused):
            make_campaign(product, begins_on=begins, ends_on=ends)
    campaign = make_campaign(product)
    with pytest.raises(Refused, match="first day stays"):
        actions.update_campaign(campaign, by=product.made_by, begins_on=today + timedelta(days=1))
    with pytest.raises(DatabaseError), transaction.atomic():
        Campaign.objects.filter(pk=campaign.pk).update(state="draft")


def test_it_is_made_and_run_on_pages(client: Client) -> None:
    product = make_product()
    client.force_login(product.made_by)
    base = f"/usaha/{product.enterprise.number}/kampanye/"
    today = clock.today().isoformat()
    answer = client.post(f"{base}baru/", {"title": "Pekan", "begins_on": today, "ends_on": today})
    campaign = Campaign.objects.get()
    client.post(answer["Location"], {"verb": "agree", "products": [product.pk]})
    run = f"/kelola/kampanye/{campaign.code}/"
    client.post(f"{run}langkah/", {"verb": "publish"})
    client.post(f"{run}langkah/", {"verb": "link", "label": "Poster", "target": f"produk-{product.pk}"})
    link = TrackedLink.objects.get()
    page = client.get(run).content.decode()
    assert link.path in page
    svg, png = (client.get(f"{run}tautan/{link.code}/qr.{kind}") for kind in ("svg", "png"))
    assert svg.content.startswith(b"<?xml") and png.content.startswith(b"\x89PNG")
    lines = client.get(f"{run}hasil.csv").content.decode().splitlines()
    assert lines[1].startswith("tautan,Poster,0,0,0,0")
    assert client.get(base).status_code == 200
    stop = {"verb": "stop", "link": link.code, "confirmed": "yes"}
    client.post(f"{run}langkah/", stop)
    link.refresh_from_db()
    assert link.stopped_at is not None
    assert proofs.has("campaign", product.enterprise)


def test_a_cell_of_the_file_is_never_a_formula(client: Client) -> None:
    product = make_product(name='=HYPERLINK("x")')
    campaign = make_campaign(product)
    client.force_login(product.made_by)
    text = client.get(f"/kelola/kampanye/{campaign.code}/hasil.csv").content.decode()
    assert ",=HYPERLINK" not in text and ',"=HYPERLINK' not in text


def test_called_off_says_so_and_tells_who_took_part(client: Client) -> None:
    campaign = make_campaign()
    officer = make_person(role="agency_officer")
    actions.cancel_campaign(campaign, reason="Stok habis", by=officer)
    assert Notification.objects.filter(key="market/campaign_called_off").count() == 1
    assert "called off" in client.get(campaign.get_absolute_url()).content.decode()
