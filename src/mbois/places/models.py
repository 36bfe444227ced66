"""Regions, districts and villages; days on which nobody works."""

import pghistory
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from mbois.places.guards import tracked, whole_point
from mbois.places.owned import Owned


class Region(models.Model):
    """A government that owns its own data: a city or a regency, named by its area code."""

    code = models.CharField(primary_key=True, max_length=5)
    name = models.CharField(max_length=80)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def digits(self) -> str:
        """The code without dots, as in the numbers of enterprises and loans."""
        return self.code.replace(".", "")


class Area(models.Model):
    """An administrative area of Indonesia, named by the code of the Ministry of Home Affairs."""

    class Level(models.TextChoices):
        PROVINCE = "province", _("Province")
        REGENCY = "regency", _("City or regency")
        DISTRICT = "district", _("District")
        VILLAGE = "village", _("Village")

    code = models.CharField(primary_key=True, max_length=13)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    level = models.CharField(max_length=8, choices=Level)
    name = models.CharField(max_length=120)
    region = models.ForeignKey(Region, null=True, on_delete=models.PROTECT, related_name="areas")
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="area_level",
                condition=models.Q(level__in=["province", "regency", "district", "village"]),
            ),
            models.CheckConstraint(
                name="area_outside_a_region_is_a_province",
                condition=models.Q(level="province") | models.Q(region__isnull=False),
            ),
            whole_point("area_point_is_whole"),
        ]
        indexes = [GinIndex(name="area_name_trgm", fields=["name"], opclasses=["gin_trgm_ops"])]

    def __str__(self) -> str:
        return self.name

    @property
    def full_name(self) -> str:
        """Village, district and region, as an address ends: "Kauman, Klojen, Kota Malang"."""
        names = [self.name]
        area = self.parent
        while area is not None and area.level != self.Level.PROVINCE:
            names.append(area.name)
            area = area.parent
        return ", ".join(names)


@tracked(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Holiday(models.Model):
    """A day off declared by a government, beyond those the calendar of national holidays knows. One that
    is taken back is gone; its history stays."""

    date = models.DateField()
    name = models.CharField(max_length=120)
    region = models.ForeignKey(
        Region, null=True, blank=True, on_delete=models.PROTECT, related_name="holidays"
    )
    declared_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["date"]
        constraints = [
            models.UniqueConstraint(
                fields=["date", "region"], name="holiday_once_a_region", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.name}"


class Counter(Owned):
    """The last number given in one series of one region ("U", "L-2026")."""

    series = models.CharField(max_length=20)
    last = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "series"], name="counter_once_a_series"),
            models.CheckConstraint(condition=models.Q(last__gte=0), name="counter_counts_up"),
        ]

    def __str__(self) -> str:
        return f"{self.series} {self.last}"
