"""The plan of a mentorship: steps, and what was handed in to prove them."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mbois import clock
from mbois.mentoring.models.diagnosis import mentoring_of
from mbois.mentoring.models.matching import Mentorship
from mbois.people.models import Document, Person, Role
from mbois.places.guards import tracked
from mbois.places.owned import Owned, OwnedQuerySet, RegionForeignKey


class StepQuerySet(OwnedQuerySet):
    def visible_to(self, person: Person) -> "StepQuerySet":
        return self.filter(
            mentoring_of(person, enterprise="mentorship__enterprise")
            | Q(
                mentorship__mentor__person=person.pk,
                mentorship__state__in=["active", "finished", "stopped"],
                region__in=person.regions_with(Role.MENTOR),
            )
        )


@tracked()
class PlanStep(Owned):
    """One step of a plan. Whether it is done is not stored: it follows from what proves it (see plan.py).

    `key` names a step of the library; a step of one's own has a title instead.
    """

    mentorship = RegionForeignKey(Mentorship, on_delete=models.PROTECT, related_name="steps")
    key = models.CharField(max_length=20, blank=True)
    title = models.CharField(_("step"), max_length=120, blank=True)
    due_on = models.DateField(_("by"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    added_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=clock.now)
    # Taken out of the plan; it stays to be read.
    dropped_at = models.DateTimeField(null=True, blank=True)

    objects = StepQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["region", "mentorship", "key"],
                condition=~Q(key="") & Q(dropped_at=None),
                name="plan_step_once",
            ),
            models.CheckConstraint(name="plan_step_has_a_name", condition=~Q(key="", title="")),
        ]
        indexes = [models.Index(fields=["region", "mentorship"], name="plan_step_by_mentorship")]

    def __str__(self) -> str:
        return self.title or self.key


@tracked()
class Evidence(Owned):
    """What an owner handed in for a step; the mentor says once whether it proves it."""

    step = RegionForeignKey(PlanStep, on_delete=models.PROTECT, related_name="evidence")
    document = RegionForeignKey(Document, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(_("note"), max_length=500, blank=True)
    sent_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(default=clock.now)
    accepted = models.BooleanField(null=True, blank=True)
    remark = models.CharField(_("remark"), max_length=500, blank=True)
    checked_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="evidence_shows_something", condition=Q(document__isnull=False) | ~Q(note="")
            ),
            models.CheckConstraint(
                name="evidence_checked_by_somebody",
                condition=Q(accepted=None, checked_by=None, checked_at=None)
                | Q(accepted__isnull=False, checked_by__isnull=False, checked_at__isnull=False),
            ),
            models.CheckConstraint(
                name="evidence_refused_says_why", condition=~Q(accepted=False) | ~Q(remark="")
            ),
        ]
        indexes = [
            models.Index(fields=["region", "step"], name="evidence_by_step"),
            models.Index(fields=["region", "sent_at"], condition=Q(accepted=None), name="evidence_waiting"),
        ]
        triggers = [
            pgtrigger.Protect(name="evidence_stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="evidence_is_not_rewritten",
                exclude=["accepted", "remark", "checked_by", "checked_at"],
            ),
            pgtrigger.Protect(
                name="evidence_is_checked_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__accepted__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"evidence for {self.step_id}"
