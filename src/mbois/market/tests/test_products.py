"""Products: made, priced, shown with pictures, published when they may be."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from PIL import Image

from mbois import clock
from mbois.enterprises.tests.factories import make_enterprise
from mbois.market import pictures
from mbois.market.actions import photos, products
from mbois.market.actions.products import Change
from mbois.market.actions.told import Told
from mbois.market.models import CatalogueEntry, Picture, Product, StockMove, Variant
from mbois.market.tests.factories import make_licence, make_product, make_shop
from mbois.refused import Refused

pytestmark = pytest.mark.django_db


def photo(
    width: int = 1600, height: int = 1200, kind: str = "JPEG", colour: str = "teal", **more: Any
) -> ContentFile:
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, kind, **more)
    return ContentFile(out.getvalue(), name="foto.jpg")


@pytest.fixture(autouse=True)
def files(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def made(**fields: Any) -> Product:
    enterprise = fields.pop("enterprise", None) or make_shop().enterprise
    told = {"name": "Keripik Tempe", "category": "craft", "variants": [Told(price=15_000, stock=8)]} | fields
    return products.create_product(enterprise, by=enterprise.owner.person, **told)


def test_a_product_begins_as_a_draft_with_its_stock_and_a_sku() -> None:
    product = made()
    variant = product.variants.get()
    assert product.state == "draft"
    assert (variant.price, variant.on_hand, variant.sku) == (15_000, 8, f"{product.code[-6:]}-1")
    assert StockMove.objects.get().why == "opening"
    assert not CatalogueEntry.objects.exists()


def test_food_is_not_published_without_a_licence() -> None:
    product = made(category="snack")
    seller = product.enterprise.owner.person
    photos.add_photo(product, photo(), by=seller)
    assert product.is_food
    with pytest.raises(Refused, match="P-IRT") as refused:
        products.publish(product, by=seller)
    assert refused.value.code == "no_pirt"
    assert products.gates(product)[0].url.endswith("/pirt/")
    make_licence(product.enterprise, "pirt", expires_on=clock.today())
    assert products.publish(product, by=seller).state == "published"
    assert CatalogueEntry.objects.get().sellable_until == clock.today()


def test_the_database_itself_holds_the_gate() -> None:
    product = made(category="snack")
    make_licence(product.enterprise, "pirt", expires_on=clock.today().replace(year=2020))
    with pytest.raises(IntegrityError, match="product_food_has_its_licence"), transaction.atomic():
        Product.objects.filter(pk=product.pk).update(state="published", published_at=clock.now())
    make_licence(product.enterprise, "bpom")
    Product.objects.filter(pk=product.pk).update(state="published", published_at=clock.now())


def test_food_disappears_when_its_licence_ends() -> None:
    enterprise = make_shop().enterprise
    licence = make_licence(enterprise, "pirt", expires_on=clock.today())
    product = make_product(enterprise, category="snack", is_food=True)
    assert Product.objects.published().get() == product
    with clock.on(clock.today().replace(year=clock.today().year + 1)):
        assert not Product.objects.published().exists()
    licence.delete()
    assert not CatalogueEntry.objects.exists()


def test_halal_is_shown_while_the_certificate_that_covers_it_is_valid() -> None:
    enterprise = make_shop().enterprise
    halal = make_licence(enterprise, "halal", expires_on=clock.today())
    product = make_product(enterprise)
    assert CatalogueEntry.objects.get().halal_until is None
    products.set_certificates(product, [halal.pk], by=enterprise.owner.person)
    assert CatalogueEntry.objects.get().halal_until == clock.today()


def test_what_is_shown_follows_shop_consent_and_verification() -> None:
    product = make_product()
    shop = product.enterprise.shops.get()
    shop.consent.withdrawn_at = clock.now()
    shop.consent.save()
    assert not CatalogueEntry.objects.exists()
    shop.consent.withdrawn_at = None
    shop.consent.save()
    assert CatalogueEntry.objects.exists()
    product.enterprise.state = "submitted"
    product.enterprise.save()
    assert not CatalogueEntry.objects.exists()
    product.enterprise.state = "verified"
    product.enterprise.save()
    shop.is_open = False
    shop.save()
    assert not CatalogueEntry.objects.exists()


def test_a_price_and_a_new_name_stand_in_the_catalogue_at_once() -> None:
    product = make_product(name="Keripik")
    seller = product.enterprise.owner.person
    variant = product.variants.get()
    products.update_product(
        product, by=seller, name="Keripik Singkong", variants=[Told(key=variant.pk, price=9_000)]
    )
    entry = CatalogueEntry.objects.get()
    assert (entry.name, entry.price_from) == ("Keripik Singkong", 9_000)
    assert "keripik singkong" in entry.search
    variant.refresh_from_db()
    assert variant.on_hand == 10


def test_a_sku_is_one_per_seller() -> None:
    product = made(variants=[Told(price=1000, sku="A1")])
    with pytest.raises(Refused, match="A1 belongs to another"):
        made(enterprise=product.enterprise, variants=[Told(price=1000, sku="A1")])
    made(variants=[Told(price=1000, sku="A1")])  # another seller's


def test_a_sku_in_other_letters_is_the_same_sku() -> None:
    product = made(variants=[Told(price=1000, sku="ABC")])
    with pytest.raises(Refused, match="ABC belongs to another"):
        made(enterprise=product.enterprise, variants=[Told(price=1000, sku="abc")])
    made(variants=[Told(price=1000, sku="abc")])  # another seller's


def test_a_merged_record_brings_no_sku_that_differs_only_in_its_letters() -> None:
    one, two = make_enterprise(), make_enterprise()
    make_product(one, published=False, variant={"sku": "ABC"})
    moved = make_product(two, published=False, variant={"sku": "abc"})
    Product.objects.filter(pk=moved.pk).update(enterprise=one)
    assert moved.variants.get().sku.startswith("abc-")


def test_a_variant_that_was_sold_is_taken_off_and_not_forgotten() -> None:
    product = made(variants=[Told(name="Kecil", price=1000, stock=2), Told(name="Besar", price=2000)])
    small, large = product.variants.all()
    products.update_product(
        product, by=product.made_by, variants=[Told(key=large.pk, name="Besar", price=2000)]
    )
    small.refresh_from_db()
    assert not small.active
    products.update_product(product, by=product.made_by, variants=[Told(name="Sedang", price=1500)])
    assert not Variant.objects.filter(pk=large.pk).exists()


def test_pictures_keep_their_size_and_lose_where_they_were_taken() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # lying on its side
    exif[0x010E] = "rumah saya"
    master = pictures.check(photo(3000, 2000, exif=exif).read())
    with Image.open(io.BytesIO(master.content)) as kept:
        assert kept.size == (1600, 2400)
        assert not kept.getexif()
    assert b"rumah saya" not in master.content


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (photo(1200, 900).read(), "1200 × 900"),
        (photo(2000, 40).read(), "too narrow"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "drawing"),
        (b'<?xml version="1.0"?><svg/>', "drawing"),
        (b"GIF89a" + b"0" * 50, "Only JPEG"),
        (b"%PDF-1.4 ...", "Only JPEG"),
        (b"", "empty"),
        (photo().read()[:900], "damaged"),
        (b"\xff\xd8\xff" + b"0" * 200, "damaged"),
        (b"\x00\x00\x00\x18ftypheic" + b"0" * 50, "HEIC"),
    ],
)
def test_what_is_no_photo_is_refused_clearly(content: bytes, why: str) -> None:
    with pytest.raises(Refused, match=why):
        pictures.check(content)


def test_a_picture_of_sixteen_bits_keeps_its_shades() -> None:
    out = io.BytesIO()
    Image.new("I;16", (1600, 1600), 30_000).save(out, "PNG")
    with Image.open(io.BytesIO(pictures.check(out.getvalue()).content)) as kept:
        shade = kept.convert("L").getpixel((800, 800))
    assert abs(shade - 30_000 // 256) <= 2


def test_a_bomb_is_refused_before_it_is_opened() -> None:
    out = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")
    assert len(out.getvalue()) < 100_000
    with pytest.raises(Refused, match="too large"):
        pictures.check(out.getvalue())


def test_a_picture_is_kept_once_and_made_in_every_size() -> None:
    product = made()
    one = photos.add_photo(product, photo(), by=product.made_by)
    with pytest.raises(Refused, match="already"):
        photos.add_photo(product, photo(), by=product.made_by)
    other = made(enterprise=product.enterprise, name="Lain")
    assert photos.add_photo(other, photo(), by=product.made_by).picture == one.picture
    pictures.make_renditions(one.picture)
    for width in Picture.WIDTHS:
        sizes = []
        for kind in Picture.FORMATS:
            with (
                pictures.default_storage.open(one.picture.path(f"{width}.{kind}")) as file,
                Image.open(file) as made_picture,
            ):
                assert max(made_picture.size) == width
                sizes.append(made_picture.size)
        assert len(set(sizes)) == 1


def test_many_at_once_leaves_what_changed_meanwhile() -> None:
    product = made(variants=[Told(name="A", price=1000, stock=5), Told(name="B", price=2000, stock=5)])
    a, b = product.variants.all()
    Variant.objects.filter(pk=b.pk).update(price=2500)
    done, wrong = products.change_many(
        product.enterprise,
        [Change(a.pk, 1100, 7, 1000, 5), Change(b.pk, 3000, 5, 2000, 5)],
        by=product.made_by,
    )
    a.refresh_from_db()
    b.refresh_from_db()
    assert (a.price, a.on_hand, b.price) == (1100, 7, 2500)
    assert done == 1
    assert "meanwhile" in wrong[b.pk]


def test_products_move_with_a_merged_record_and_their_skus_stay_one() -> None:
    one, two = make_enterprise(), make_enterprise()
    kept = make_product(one, published=False, variant={"sku": "A1"})
    moved = make_product(two, published=False, variant={"sku": "A1"})
    Product.objects.filter(pk=moved.pk).update(enterprise=one)
    skus = set(Variant.objects.filter(seller=one.pk).values_list("sku", flat=True))
    assert len(skus) == 2
    assert kept.variants.get().sku == "A1"


def test_a_stranger_may_not() -> None:
    product = make_product()
    stranger = make_enterprise().owner.person
    for verb in (products.publish, products.withdraw):
        with pytest.raises(Refused) as refused:
            verb(product, by=stranger)
        assert refused.value.status == 403
    assert not Product.objects.visible_to(stranger).exists()
