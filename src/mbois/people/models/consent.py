"""What people agreed to: the text as it was read to them, when, and how they said yes."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mbois import clock
from mbois.people.models.documents import Document
from mbois.people.models.people import Person, Role
from mbois.places.guards import tracked
from mbois.places.owned import Owned, OwnedQuerySet, RegionForeignKey


class ConsentText(models.Model):
    """One version of a text people agree to. A changed text is a new version."""

    key = models.CharField(max_length=40)
    version = models.PositiveSmallIntegerField()
    title_id = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    body_id = models.TextField()
    body_en = models.TextField()
    valid_from = models.DateField(default=clock.today)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "version"], name="consent_text_version")]
        triggers = [
            pgtrigger.Trigger(
                name="consent_text_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("key", "version", "title_id", "title_en", "body_id", "body_en"),
                func="""
                    IF EXISTS (SELECT 1 FROM people_consent WHERE text_id = OLD.id)
                        OR EXISTS (SELECT 1 FROM people_accountconsent WHERE text_id = OLD.id) THEN
                        RAISE EXCEPTION 'consent_text_stays: people agreed to % version %', OLD.key, OLD.version
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'consent_text_stays';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.key} v{self.version}"

    def title(self, language: str) -> str:
        return self.title_en if language.startswith("en") else self.title_id

    def body(self, language: str) -> str:
        """The text in Markdown-like plain paragraphs, in one of the two languages."""
        return self.body_en if language.startswith("en") else self.body_id


class ConsentQuerySet(OwnedQuerySet):
    def visible_to(self, person: Person) -> "ConsentQuerySet":
        return self.filter(
            Q(person=person.pk)
            | Q(recorded_by=person.pk)
            | Q(
                region__in=person.regions_with(
                    Role.AGENCY_OFFICER, Role.FIELD_OFFICER, Role.AUDITOR, Role.REGION_ADMIN
                )
            )
        )


@tracked()
class Consent(Owned):
    """One person's yes to one version of a text, in one region."""

    class Method(models.TextChoices):
        SELF = "self", _("Ticked it themselves")
        SIGNATURE = "signature", _("Signed on the screen")
        THUMB = "thumb", _("Photo of the signature or thumb print")

    text = models.ForeignKey(ConsentText, on_delete=models.PROTECT, related_name="consents")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="consents")
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="consents_recorded")
    method = models.CharField(max_length=10, choices=Method)
    evidence = RegionForeignKey(Document, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=2, default="id")
    given_at = models.DateTimeField(default=clock.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        constraints = [
            models.CheckConstraint(
                name="consent_method", condition=Q(method__in=["self", "signature", "thumb"])
            ),
            models.CheckConstraint(
                name="consent_is_ones_own_or_has_evidence",
                condition=Q(method="self", recorded_by=models.F("person")) | Q(evidence__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.text}"


@tracked()
class AccountConsent(models.Model):
    """A yes to the terms of an account. It belongs to the person and to no region: an account is one,
    wherever its owner has business."""

    text = models.ForeignKey(ConsentText, on_delete=models.PROTECT, related_name="account_consents")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="account_consents")
    language = models.CharField(max_length=2, default="id")
    given_at = models.DateTimeField(default=clock.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.person}: {self.text}"


class UnmaskingQuerySet(OwnedQuerySet):
    def visible_to(self, person: Person) -> "UnmaskingQuerySet":
        """Those about oneself, one's own, and all of a region for those who watch over it."""
        return self.filter(
            Q(subject=person.pk)
            | Q(by=person.pk)
            | Q(region__in=person.regions_with(Role.AUDITOR, Role.REGION_ADMIN))
        )


class Unmasking(Owned):
    """Somebody looked at a whole identity number: who, whose, when and why. Never changed, never removed."""

    subject = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="unmasked_numbers"
    )
    kind = models.CharField(max_length=10)
    record = models.CharField(max_length=120)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="unmaskings")
    reason = models.CharField(max_length=300)
    at = models.DateTimeField(default=clock.now)

    objects = UnmaskingQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        triggers = [pgtrigger.Protect(name="unmasking_stays", operation=pgtrigger.Update | pgtrigger.Delete)]
        constraints = [models.CheckConstraint(name="unmasking_has_a_reason", condition=~Q(reason=""))]

    def __str__(self) -> str:
        return f"{self.by}: {self.kind} {self.record}"
