"""Photos of a product."""

from collections.abc import Sequence

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from mbois import clock
from mbois.market import pictures, policy, quality
from mbois.market.actions.products import locked_product
from mbois.market.models import Product, ProductPhoto
from mbois.people.models import Person
from mbois.refused import Refused, require

MOST_PHOTOS = 9


@transaction.atomic
def add_photo(product: Product, upload: File, *, by: Person) -> ProductPhoto:
    """Keep a picture and put it at the end. What pages show of it is made in the background. Refuses
    what is no photo, too small, or shown by this product already."""
    from mbois.market.tasks import make_renditions

    product = locked_product(product)
    require(policy.can_sell(by, product.enterprise))
    photos = ProductPhoto.objects.filter(region=product.region_id, product=product)
    count = photos.count()
    if count >= MOST_PHOTOS:
        raise Refused(
            _("A product shows at most %(most)s photos.") % {"most": MOST_PHOTOS},
            field="photos",
            code="too_many",
        )
    if upload.size is not None and upload.size > pictures.MOST_BYTES:
        raise Refused(_("The picture is larger than 20 MB."), field="photos", code="file_too_large")
    upload.seek(0)
    master = pictures.check(upload.read(pictures.MOST_BYTES + 1))
    picture, new = pictures.keep(product.region_id, master)
    if not new and photos.filter(picture=picture).exists():
        raise Refused(_("This product shows this photo already."), field="photos", code="twice")
    last = photos.order_by("-position").values_list("position", flat=True).first()
    photo = ProductPhoto.objects.create(
        region_id=product.region_id,
        product=product,
        picture=picture,
        position=0 if last is None else last + 1,
        added_by=by,
    )
    if picture.made_at is None:
        make_renditions.defer(region_id=picture.region_id, picture_id=picture.pk)
    _touch(product)
    return photo


@transaction.atomic
def remove_photo(photo: ProductPhoto, *, by: Person) -> None:
    """Take a photo off. A published product keeps its last one."""
    product = locked_product(photo.product)
    require(policy.can_sell(by, product.enterprise))
    rows = ProductPhoto.objects.filter(region=product.region_id, product=product)
    if product.state == "published" and rows.count() == 1:
        raise Refused(_("A published product keeps at least one photo."), code="last_photo", status=409)
    rows.filter(pk=photo.pk).delete()
    _touch(product)


@transaction.atomic
def order_photos(product: Product, keys: Sequence[int], *, by: Person) -> None:
    """Put the photos in this order; those not named come after."""
    product = locked_product(product)
    require(policy.can_sell(by, product.enterprise))
    rows = list(ProductPhoto.objects.filter(region=product.region_id, product=product))
    place = {key: number for number, key in enumerate(keys)}
    rows.sort(key=lambda row: (place.get(row.pk, len(keys)), row.position, row.pk))
    for number, row in enumerate(rows):
        row.position = number
    ProductPhoto.objects.bulk_update(rows, ["position"])
    _touch(product)


def _touch(product: Product) -> None:
    Product.objects.filter(region=product.region_id, pk=product.pk).update(changed_at=clock.now())
    quality.refresh(product.region_id, [product.pk])
