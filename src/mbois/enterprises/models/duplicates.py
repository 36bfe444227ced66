"""Enterprises that may be one and the same, and what was done about it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mbois import clock
from mbois.enterprises.models.enterprises import Enterprise, Owner
from mbois.people.models import Person, Role
from mbois.places.guards import tracked
from mbois.places.models import Region
from mbois.places.owned import Owned, OwnedQuerySet, RegionForeignKey

STEWARDS = (Role.AGENCY_OFFICER, Role.REGION_ADMIN)


class StewardQuerySet(OwnedQuerySet):
    def visible_to(self, person: Person) -> "StewardQuerySet":
        return self.filter(region__in=person.regions_with(*STEWARDS))


@tracked()
class DuplicatePair(Owned):
    """Two enterprises of a region that look alike; `left` is the older."""

    class State(models.TextChoices):
        OPEN = "open", _("To be looked at")
        DIFFERENT = "different", _("Two different ones")
        MERGED = "merged", _("Merged")

    left = RegionForeignKey(Enterprise, on_delete=models.CASCADE, related_name="duplicate_left")
    right = RegionForeignKey(Enterprise, on_delete=models.CASCADE, related_name="duplicate_right")
    score = models.FloatField()
    reasons = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    found_at = models.DateTimeField(default=clock.now)
    decided_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = StewardQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "left", "right"], name="duplicate_pair_once"),
            models.CheckConstraint(name="duplicate_pair_in_order", condition=Q(left__lt=F("right"))),
            models.CheckConstraint(
                name="duplicate_pair_state", condition=Q(state__in=["open", "different", "merged"])
            ),
        ]
        indexes = [models.Index(fields=["region", "state", "-score"], name="duplicate_work_list")]

    def __str__(self) -> str:
        return f"{self.left_id} = {self.right_id}?"


@tracked()
class Merge(Owned):
    """One enterprise taken into another: what moved and what was chosen, so that it can be undone."""

    loser = RegionForeignKey(Enterprise, on_delete=models.PROTECT, related_name="merges_lost")
    winner = RegionForeignKey(Enterprise, on_delete=models.PROTECT, related_name="merges_won")
    moved = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    undone_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = StewardQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["region", "loser"], condition=Q(undone_at=None), name="merge_once"
            ),
            models.CheckConstraint(name="merge_of_two", condition=~Q(loser=F("winner"))),
        ]

    def __str__(self) -> str:
        return f"{self.loser_id} → {self.winner_id}"


class OwnerMatch(models.Model):
    """The same NIK in two regions. Seen only by somebody who is region admin of both."""

    left_region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    right_region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    left = models.ForeignKey(Owner, on_delete=models.CASCADE, related_name="+")
    right = models.ForeignKey(Owner, on_delete=models.CASCADE, related_name="+")
    found_at = models.DateTimeField(default=clock.now)
    note = models.TextField(blank=True)
    settled_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["left", "right"], name="owner_match_once"),
            models.CheckConstraint(name="owner_match_in_order", condition=Q(left__lt=F("right"))),
            models.CheckConstraint(
                name="owner_match_across_regions", condition=~Q(left_region=F("right_region"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.left_id} = {self.right_id}"
