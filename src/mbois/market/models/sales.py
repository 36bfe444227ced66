"""Sales reports of marketplaces that sellers bring as files."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mbois import clock
from mbois.enterprises.models import Enterprise
from mbois.market.models.scope import of_own_enterprises
from mbois.people.models import Person
from mbois.places.owned import Owned, OwnedQuerySet, RegionForeignKey


class SalesFileQuerySet(OwnedQuerySet):
    def visible_to(self, person: Person) -> "SalesFileQuerySet":
        """Orders are in them: those of one's own enterprises and of those one helps."""
        return self.filter(of_own_enterprises(person))


class SalesFile(Owned):
    """One sales report: read, looked at, taken in. The mapping of its columns is proposed for the next
    one with the same headings."""

    class State(models.TextChoices):
        READ = "read", _("To be looked at")
        DONE = "done", _("Taken in")

    enterprise = RegionForeignKey(Enterprise, on_delete=models.PROTECT, related_name="sales_files")
    channel = models.CharField(_("marketplace"), max_length=20)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    columns = models.JSONField(default=list)
    # Which column is which field: {"number": 0, "sku": 4}.
    mapping = models.JSONField(default=dict)
    # The lines of the file without what names a buyer; emptied when it is taken in.
    rows = models.JSONField(default=list)
    # What became of it: {"new": 12, "known": 3, …}.
    outcome = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=4, choices=State, default=State.READ)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    applied_at = models.DateTimeField(null=True, blank=True)

    objects = SalesFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("sales report")
        constraints = [
            models.CheckConstraint(name="sales_file_state", condition=Q(state__in=["read", "done"]))
        ]
        indexes = [models.Index(fields=["region", "enterprise", "-made_at"], name="sales_file_newest")]

    def __str__(self) -> str:
        return self.file_name
