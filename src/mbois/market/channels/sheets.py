"""What the sheets of file channels have in common: a line for each variant, and what is needed before."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urljoin

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from mbois import clock
from mbois.enterprises.models import Enterprise, Licence
from mbois.market.models import Category, Variant
from mbois.refused import Refused
from mbois.web import show

MOST = 1000
MOST_OF_MANY = 10_000


@dataclass(frozen=True)
class Need:
    """Something that must be there, and whether it is; `do` is what helps where it is not."""

    label: str
    met: bool
    do: str = ""
    url: str = ""


@dataclass(frozen=True)
class Line:
    """One variant as sheets see it."""

    variant: Variant
    enterprise: Enterprise

    @property
    def name(self) -> str:
        return self.variant.product.name

    @property
    def full_name(self) -> str:
        return f"{self.variant.product.name} {self.variant.name}".strip()

    @property
    def description(self) -> str:
        return self.variant.product.description

    @property
    def category(self) -> str:
        return str(Category(self.variant.product.category).label)

    @property
    def brand(self) -> str:
        return self.variant.product.brand or self.enterprise.name

    def picture(self, number: int) -> str:
        """The address of its picture of this number (from 0), or nothing."""
        photos = [photo.picture for photo in self.variant.product.photos.all()]
        if number >= len(photos):
            return ""
        return urljoin(settings.SITE_URL, photos[number].largest_url)

    def licence(self, *kinds: str) -> str:
        """The number of a valid licence of these kinds, or nothing."""
        today = clock.today()
        for licence in self.enterprise.licences.all():
            if licence.kind in kinds and (licence.expires_on is None or licence.expires_on >= today):
                return str(licence.number)
        return ""


def lines_of(enterprise: Enterprise) -> list[Line]:
    """What an enterprise sells, one line for each variant."""
    variants = (
        Variant.objects.filter(
            region=enterprise.region_id,
            product__enterprise=enterprise.pk,
            product__state="published",
            active=True,
        )
        .select_related("product")
        .prefetch_related("product__photos__picture")
        .order_by("product__name", "product", "position", "pk")[:MOST]
    )
    return [Line(variant, enterprise) for variant in variants]


def lines_of_many(enterprises: Sequence[Enterprise]) -> list[Line]:
    """What some enterprises sell, one after the other: as many queries as for one. Refuses more lines than
    one sheet holds."""
    by_key = {(one.region_id, one.pk): one for one in enterprises}
    rows = list(
        Variant.objects.filter(
            region__in={region for region, _key in by_key},
            product__enterprise__in=[key for _region, key in by_key],
            product__state="published",
            active=True,
        )
        .select_related("product")
        .prefetch_related("product__photos__picture")
        .order_by("product__enterprise", "product__name", "product", "position", "pk")[: MOST_OF_MANY + 1]
    )
    if len(rows) > MOST_OF_MANY:
        raise Refused(
            _("That is more than %(most)s lines. Choose fewer businesses.")
            % {"most": show.angka(MOST_OF_MANY)},
            field="sellers",
            code="too_many",
        )
    lines: dict[tuple[str, int], list[Line]] = {place: [] for place in by_key}
    for row in rows:
        place = (row.region_id, row.product.enterprise_id)
        lines[place].append(Line(row, by_key[place]))
    return [line for of_one in lines.values() for line in of_one]


def has_licence(enterprise: Enterprise, *kinds: str) -> bool:
    return (
        Licence.objects.filter(region=enterprise.region_id, enterprise=enterprise, kind__in=kinds)
        .filter(Q(expires_on=None) | Q(expires_on__gte=clock.today()))
        .exists()
    )


def common_needs(enterprise: Enterprise) -> list[Need]:
    """What every marketplace wants of products: some are published, each with photo and weight."""
    lines = lines_of(enterprise)
    photos = sum(1 for line in lines if not line.picture(0))
    weights = sum(1 for line in lines if not line.variant.weight_grams)
    food = [line for line in lines if line.variant.product.is_food]
    products = f"/usaha/{enterprise.number}/produk/"
    needs = [
        Need(_("At least one published product"), bool(lines), _("Publish a product"), products),
        Need(
            _("A photo for each product"),
            not photos,
            _("%(count)s have none") % {"count": photos},
            products,
        ),
        Need(
            _("The weight of each product, packed"),
            not weights,
            _("%(count)s have none") % {"count": weights},
            products,
        ),
    ]
    if food:
        needs.append(
            Need(
                _("A valid P-IRT or BPOM number for food"),
                has_licence(enterprise, "pirt", "bpom"),
                _("Record the licence"),
                enterprise.get_absolute_url(),
            )
        )
    return needs


def identity_needs(enterprise: Enterprise) -> list[Need]:
    """What a procurement platform wants of the business itself."""
    passport = enterprise.get_absolute_url()
    return [
        Need(_("NIB of the business"), bool(enterprise.nib), _("Record the NIB"), passport),
        Need(
            _("NPWP of the owner"),
            bool(enterprise.owner.npwp_sealed),
            _("Record the NPWP"),
            passport,
        ),
        Need(_("KBLI of the business"), enterprise.kbli_id is not None, _("Choose the KBLI"), passport),
    ]
