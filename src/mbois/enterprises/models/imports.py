"""Files of enterprises taken in, every row and its fate; and lists given out."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from mbois import clock
from mbois.enterprises.models.duplicates import StewardQuerySet
from mbois.enterprises.models.enterprises import Enterprise
from mbois.people.models import Person, Role
from mbois.places.guards import tracked
from mbois.places.owned import Owned, OwnedQuerySet, RegionForeignKey


@tracked(exclude=["progressed_at"])
class ImportRun(Owned):
    """One file, read row by row: first a dry run, then applied; can be resumed and run again.

    The file itself is not kept: it holds identity numbers in the open.
    """

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("Columns to be confirmed")
        READING = "reading", _("Dry run under way")
        READY = "ready", _("Dry run done")
        APPLYING = "applying", _("Being applied")
        DONE = "done", _("Done")
        DISCARDED = "discarded", _("Discarded")

    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    # The headings of the file in order, and which of them is which field: {"name": 0, "village": 3}.
    columns = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    rows_total = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State, default=State.UPLOADED)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    progressed_at = models.DateTimeField(default=clock.now)
    applied_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    applied_at = models.DateTimeField(null=True, blank=True)

    objects = StewardQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="import_state",
                condition=Q(state__in=["uploaded", "reading", "ready", "applying", "done", "discarded"]),
            )
        ]
        indexes = [models.Index(fields=["region", "-made_at"], name="import_newest")]

    def __str__(self) -> str:
        return self.file_name


class ImportRow(Owned):
    """One line of a file, what it says and what becomes of it."""

    class Fate(models.TextChoices):
        UNREAD = "unread", _("Not read yet")
        NEW = "new", _("New")
        CHANGED = "changed", _("Changed")
        SAME = "same", _("Same")
        CONFLICT = "conflict", _("Conflict")
        ERROR = "error", _("Error")

    # Lines that can be taken, and of which something is said all the same.
    REMARKED: ClassVar[Q] = Q(fate__in=["new", "changed", "same"]) & ~Q(reasons={})

    run = RegionForeignKey(ImportRun, on_delete=models.CASCADE, related_name="rows", db_index=False)
    line = models.PositiveIntegerField()
    # The cells as they were in the file, sealed; emptied when the run is over.
    cells_sealed = models.TextField(blank=True)
    # What was understood, by field; NIK and NPWP only sealed.
    values = models.JSONField(default=dict)
    values_sealed = models.TextField(blank=True)
    # A fingerprint, what the line is known by (two lines that share one are the same enterprise), and
    # `owner:…` where its owner is registered.
    keys = models.JSONField(default=list)
    fate = models.CharField(max_length=10, choices=Fate, default=Fate.UNREAD)
    # {"phone": ["", "+62812…"]}; identity numbers masked.
    changes = models.JSONField(default=dict)
    # Why it has its fate, and what was read otherwise than it was written, in every language:
    # {"id": "…", "en": "…"}, a line of text for each thing.
    reasons = models.JSONField(default=dict)
    field = models.CharField(max_length=40, blank=True)
    enterprise = RegionForeignKey(
        Enterprise, null=True, blank=True, on_delete=models.PROTECT, related_name="import_rows"
    )
    applied_at = models.DateTimeField(null=True, blank=True)

    objects = StewardQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "run", "line"], name="import_row_once_a_line"),
            models.CheckConstraint(
                name="import_row_fate",
                condition=Q(fate__in=["unread", "new", "changed", "same", "conflict", "error"]),
            ),
            models.CheckConstraint(
                name="import_row_says_why",
                condition=~Q(fate__in=["conflict", "error"]) | ~Q(reasons={}),
            ),
        ]
        indexes = [models.Index(fields=["region", "run", "fate", "line"], name="import_row_by_fate")]

    def __str__(self) -> str:
        return f"line {self.line}"

    @property
    def reason(self) -> str:
        """What is said about this line, in the language of the reader."""
        return str(self.reasons.get(get_language(), "") or next(iter(self.reasons.values()), ""))


class ExportQuerySet(OwnedQuerySet):
    def visible_to(self, person: Person) -> "ExportQuerySet":
        return self.filter(
            Q(made_by=person.pk) | Q(region__in=person.regions_with(Role.AUDITOR, Role.REGION_ADMIN))
        )


class Export(Owned):
    """A list of enterprises somebody took out: who, when, which filters, how many rows of this region."""

    class Format(models.TextChoices):
        XLSX = "xlsx", "XLSX"
        CSV = "csv", "CSV"

    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    format = models.CharField(max_length=4, choices=Format)
    filters = models.JSONField(default=dict)
    rows = models.PositiveIntegerField()

    objects = ExportQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(name="export_format", condition=Q(format__in=["xlsx", "csv"]))]
        indexes = [models.Index(fields=["region", "-made_at"], name="export_newest")]
        triggers = [pgtrigger.Protect(name="export_is_kept", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.format} {self.made_at:%Y-%m-%d}"
