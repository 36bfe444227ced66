"""What the public finds: one row per product that may be shown, kept by the database.

Whether a product may be shown depends on itself, its shop, its enterprise and the consent of its
owner; triggers (see the second migration) write and remove these rows whenever one of them changes.
Public pages and feeds read products only through here.
"""

from django.contrib.postgres.indexes import GinIndex, GistIndex, OpClass
from django.db import models
from django.db.models import F, Func

from mbois.market.models.products import Category, Picture, Product
from mbois.market.models.shops import Shop
from mbois.places.guards import whole_point
from mbois.places.models import Area
from mbois.places.owned import Owned, RegionForeignKey


class Point(Func):
    """A point of PostgreSQL: x is the longitude, y the latitude."""

    function = "point"
    output_field = models.FloatField()


class CatalogueEntry(Owned):
    """A product as the public finds it."""

    product = RegionForeignKey(Product, on_delete=models.CASCADE, related_name="entries")
    shop = RegionForeignKey(Shop, on_delete=models.CASCADE, related_name="entries")
    name = models.CharField(max_length=120)
    category = models.CharField(max_length=12, choices=Category)
    subsector = models.CharField(max_length=12, blank=True)
    district = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    # Of the enterprise, or of its village where nobody took its position.
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    price_from = models.BigIntegerField()
    price_to = models.BigIntegerField()
    # Until when its certificates are valid: what needs none may be sold for ever (see FOR_EVER).
    sellable_until = models.DateField()
    halal_until = models.DateField(null=True)
    certified_until = models.DateField(null=True)
    cover = RegionForeignKey(Picture, null=True, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField()
    search = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "product"], name="catalogue_entry_once"),
            whole_point("catalogue_entry_point_is_whole"),
        ]
        indexes = [
            GinIndex(F("region"), OpClass(F("search"), name="gin_trgm_ops"), name="catalogue_search"),
            GistIndex(Point(F("longitude"), F("latitude")), name="catalogue_near"),
            models.Index(fields=["-published_at", "-product"], name="catalogue_newest"),
            models.Index(fields=["price_from", "product"], name="catalogue_by_price"),
            models.Index(fields=["region", "shop", "-published_at"], name="catalogue_by_shop"),
            models.Index(fields=["district", "-published_at"], name="catalogue_by_district"),
            models.Index(fields=["category", "-published_at"], name="catalogue_by_category"),
        ]

    def __str__(self) -> str:
        return self.name


class CatalogueWord(Owned):
    """A word that occurs in the catalogue, kept by a trigger: typing errors are looked up here."""

    word = models.CharField(max_length=40)

    class Meta:
        indexes = [
            models.Index(fields=["region", "word"], name="catalogue_word"),
            GinIndex(name="catalogue_word_trgm", fields=["word"], opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return self.word
