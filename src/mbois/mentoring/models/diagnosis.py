"""The questionnaire, and what an enterprise answered."""

import uuid

import pgtrigger
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from mbois import clock
from mbois.enterprises import helpers
from mbois.enterprises.models import Enterprise
from mbois.enterprises.models.enterprises import in_areas
from mbois.people.models import Person, Role
from mbois.places.owned import Owned, OwnedQuerySet, RegionForeignKey

# Roles that see the mentoring of their whole region; a village officer sees that of their villages.
MENTORING_READERS = (
    Role.COORDINATOR,
    Role.AGENCY_OFFICER,
    Role.REGION_ADMIN,
    Role.EXECUTIVE,
    Role.AUDITOR,
)


def mentoring_of(person: Person, *, enterprise: str = "enterprise") -> Q:
    """A condition: rows of enterprises whose mentoring this person may see (`enterprise` is the path)."""
    allowed = Q(region__in=person.regions_with(*MENTORING_READERS))
    allowed |= Q(**{f"{enterprise}__owner__person": person.pk})
    if villages := person.areas_with(Role.VILLAGE_OFFICER):
        allowed |= in_areas(f"{enterprise}__village", villages)
    for region, key in helpers.helped_by(person):
        allowed |= Q(**{"region": region, enterprise: key})
    return allowed


class Level(models.TextChoices):
    """How far an enterprise is on its way to the digital market."""

    OFFLINE = "offline", _("Offline")
    ONLINE = "online", _("Online")
    SELLING = "selling", _("Selling online")
    GROWING = "growing", _("Growing")

    @property
    def tone(self) -> str:
        return {"offline": "plain", "online": "info", "selling": "wait", "growing": "ok"}[self.value]

    @property
    def rank(self) -> int:
        """0 for offline up to 3 for growing."""
        return list(Level).index(self)


class Questionnaire(models.Model):
    """One version of a questionnaire: its parts, questions, weights, levels and advice, as data.

    A version never changes once it is loaded; a changed file is a new version.
    """

    key = models.CharField(max_length=20)
    version = models.PositiveSmallIntegerField()
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    loaded_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["key", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["key", "version"], name="questionnaire_version"),
        ]
        triggers = [
            pgtrigger.Protect(name="questionnaires_stay", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.version}"


class DiagnosisQuerySet(OwnedQuerySet):
    def visible_to(self, person: Person) -> "DiagnosisQuerySet":
        """Of one's own enterprises, of those one helps, and by role of one's region or villages."""
        return self.filter(mentoring_of(person))

    def sent(self) -> "DiagnosisQuerySet":
        return self.exclude(sent_at=None)

    def newest(self) -> "DiagnosisQuerySet":
        """Only the newest one that was sent of each enterprise."""
        later = Diagnosis.objects.filter(
            region=OuterRef("region"), enterprise=OuterRef("enterprise"), sent_at__gt=OuterRef("sent_at")
        )
        return self.sent().exclude(Exists(later))


class Diagnosis(Owned):
    """Answers of one enterprise to one version of the questionnaire.

    A draft until `sent_at`; from then on nothing of it changes (the database sees to it). `answers`
    holds the number of the chosen answer by question, `scores` 0 to 100 by part.
    """

    uuid = models.UUIDField(default=uuid.uuid4, editable=False)
    enterprise = RegionForeignKey(Enterprise, on_delete=models.PROTECT, related_name="diagnoses")
    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.PROTECT, related_name="+")
    answers = models.JSONField(default=dict)
    taken_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    scores = models.JSONField(default=dict)
    total = models.PositiveSmallIntegerField(default=0)
    level = models.CharField(max_length=8, choices=Level, blank=True)

    objects = DiagnosisQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "uuid"], name="diagnosis_uuid"),
            models.UniqueConstraint(
                fields=["region", "enterprise"], condition=Q(sent_at=None), name="diagnosis_one_draft"
            ),
            models.CheckConstraint(
                name="diagnosis_sent_has_a_level",
                condition=Q(sent_at=None, level="") | Q(sent_at__isnull=False, level__in=Level.values),
            ),
            models.CheckConstraint(name="diagnosis_total", condition=Q(total__lte=100)),
        ]
        indexes = [
            models.Index(fields=["region", "enterprise", "-sent_at"], name="diagnosis_newest"),
            models.Index(fields=["uuid"], name="diagnosis_by_uuid"),
        ]
        triggers = [
            # A merge of two enterprises may move it; nothing else may touch what was sent.
            pgtrigger.Trigger(
                name="sent_diagnoses_stay",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func="""
                    IF TG_OP = 'DELETE' THEN
                        IF OLD.sent_at IS NOT NULL THEN
                            RAISE EXCEPTION 'diagnosis_stays: % was sent', OLD.uuid
                                USING ERRCODE = 'check_violation', CONSTRAINT = 'diagnosis_stays';
                        END IF;
                        RETURN OLD;
                    END IF;
                    IF OLD.sent_at IS NOT NULL
                       AND to_jsonb(OLD) - 'enterprise_id' IS DISTINCT FROM to_jsonb(NEW) - 'enterprise_id' THEN
                        RAISE EXCEPTION 'diagnosis_stays: % was sent', OLD.uuid
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'diagnosis_stays';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"diagnosis of {self.enterprise_id}"

    @property
    def level_shown(self) -> Level:
        return Level(self.level)
