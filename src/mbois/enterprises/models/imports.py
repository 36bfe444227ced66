"""Files of enterprises taken in: every row and its fate."""

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from mbois import clock
from mbois.enterprises.models.duplicates import StewardQuerySet
from mbois.enterprises.models.enterprises import Enterprise
from mbois.people.models import Person
from mbois.places.owned import Owned, RegionForeignKey


@pghistory.track()
class ImportRun(Owned):
    """One file, read row by row: first a dry run, then applied; can be resumed and run again."""

    class State(models.TextChoices):
        READING = "reading", _("Being read")
        READY = "ready", _("Dry run done")
        APPLYING = "applying", _("Being applied")
        DONE = "done", _("Done")
        FAILED = "failed", _("The file cannot be read")

    # The file itself is not kept: it holds identity numbers in the open.
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    mapping = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.READING)
    problem = models.CharField(max_length=300, blank=True)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    applied_at = models.DateTimeField(null=True, blank=True)

    objects = StewardQuerySet.as_manager()

    def __str__(self) -> str:
        return f"import {self.pk}"


class ImportRow(Owned):
    """One line of a file, what it says and what becomes of it."""

    class Fate(models.TextChoices):
        NEW = "new", _("New")
        CHANGED = "changed", _("Changed")
        SAME = "same", _("Same")
        CONFLICT = "conflict", _("Conflict")
        ERROR = "error", _("Error")

    run = RegionForeignKey(ImportRun, on_delete=models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField()
    values = models.JSONField(default=dict)
    # NIK and NPWP of the line, sealed.
    values_sealed = models.TextField(blank=True)
    fate = models.CharField(max_length=10, choices=Fate)
    changes = models.JSONField(default=dict)
    reason = models.CharField(max_length=500, blank=True)
    field = models.CharField(max_length=40, blank=True)
    enterprise = RegionForeignKey(Enterprise, null=True, blank=True, on_delete=models.SET_NULL, related_name="import_rows")
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["region", "run", "line"], name="import_row_once_a_line")]
        indexes = [models.Index(fields=["region", "run", "fate"], name="import_row_by_fate")]

    def __str__(self) -> str:
        return f"line {self.line}"
