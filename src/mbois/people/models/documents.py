"""Private files of people: papers, photos, signatures."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mbois import clock
from mbois.people.models.people import Person, Role
from mbois.places.guards import tracked
from mbois.places.owned import Owned, OwnedQuerySet


class Purpose(models.TextChoices):
    """What a file is for; decides who else may open it (see READERS)."""

    PAPER = "paper", _("Paper of an application")
    VISIT = "visit", _("Photo of a visit")
    ENTERPRISE = "enterprise", _("Photo or licence of an enterprise")
    CONSENT = "consent", _("Recorded consent")
    CONTRACT = "contract", _("Contract")
    MENTORING = "mentoring", _("Photo or proof of a mentorship")
    CREATIVE = "creative", _("Design made for an enterprise")
    HUB = "hub", _("Photo of a space or of its equipment")
    AGENDA = "agenda", _("Picture or certificate of an activity")
    STARTUP = "startup", _("Paper or proof of a startup")


_LENDING = frozenset(
    {Role.FIELD_OFFICER, Role.ASSESSOR, Role.APPROVER, Role.TELLER, Role.AUDITOR, Role.REGION_ADMIN}
)
_CITY_OF_IDEAS = frozenset({Role.KEEPER, Role.ORGANISER, Role.CURATOR, Role.INCUBATOR, Role.REVIEWER})
# The roles of the region that may open a file of each purpose, beside its subject and its uploader.
READERS: dict[str, frozenset[str]] = {
    Purpose.PAPER: _LENDING,
    Purpose.VISIT: _LENDING,
    Purpose.ENTERPRISE: frozenset(Role.values) - _CITY_OF_IDEAS,
    Purpose.CONSENT: frozenset({Role.AGENCY_OFFICER, Role.FIELD_OFFICER, Role.AUDITOR, Role.REGION_ADMIN}),
    Purpose.CONTRACT: _LENDING,
    # the mentor sees those of their own mentorships (room mentoring)
    Purpose.MENTORING: frozenset({Role.COORDINATOR, Role.AGENCY_OFFICER, Role.AUDITOR, Role.REGION_ADMIN}),
    # the job's creator uploaded it; who helps the owner sees it with the job (room market)
    Purpose.CREATIVE: frozenset({Role.COORDINATOR, Role.AGENCY_OFFICER, Role.AUDITOR, Role.REGION_ADMIN}),
    # what of these is public, or open to who takes part, is shown by the rooms themselves
    Purpose.HUB: frozenset({Role.KEEPER, Role.AGENCY_OFFICER, Role.REGION_ADMIN}),
    Purpose.AGENDA: frozenset({Role.CURATOR, Role.AGENCY_OFFICER, Role.REGION_ADMIN}),
    # the room of startups alone knows of declared conflicts, so it alone shows them
    Purpose.STARTUP: frozenset(),
}


class DocumentQuerySet(OwnedQuerySet):
    def visible_to(self, person: Person) -> "DocumentQuerySet":
        """Files one uploaded, files about oneself, and those one's role may read in its region."""
        allowed = Q(uploaded_by=person.pk) | Q(subject=person.pk)
        for purpose, roles in READERS.items():
            if regions := person.regions_with(*roles):
                allowed |= Q(region__in=regions, purpose=purpose)
        return self.filter(allowed)


def _path(document: "Document", filename: str) -> str:
    """Unguessable and spread over folders; the name a person gave stays in the row."""
    key = document.uuid.hex
    return f"{document.region_id}/{key[:2]}/{key}{document.extension}"


def _thumbnail_path(document: "Document", filename: str) -> str:
    key = document.uuid.hex
    return f"{document.region_id}/{key[:2]}/{key}-small.jpg"


def _held_path(held: "HeldUpload", filename: str) -> str:
    return f"held/{held.pk.hex}"


@tracked(exclude=["file", "thumbnail"])
class Document(Owned):
    """A private file, checked by its content and served only to those who may open it."""

    class Kind(models.TextChoices):
        PDF = "application/pdf", "PDF"
        JPEG = "image/jpeg", "JPEG"
        PNG = "image/png", "PNG"

    uuid = models.UUIDField(default=uuid.uuid4, editable=False)
    file = models.FileField(upload_to=_path, max_length=200)
    thumbnail = models.FileField(upload_to=_thumbnail_path, max_length=200, blank=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=80, choices=Kind)
    purpose = models.CharField(max_length=12, choices=Purpose)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    subject = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="documents_about")
    uploaded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="documents_uploaded")
    uploaded_at = models.DateTimeField(default=clock.now)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        constraints = [
            models.UniqueConstraint(fields=["region", "uuid"], name="document_uuid"),
            models.CheckConstraint(name="document_size", condition=Q(size__gt=0, size__lte=20 * 1024 * 1024)),
            models.CheckConstraint(name="document_purpose", condition=Q(purpose__in=Purpose.values)),
        ]
        indexes = [models.Index(fields=["uuid"], name="document_by_uuid")]

    def __str__(self) -> str:
        return self.name

    @property
    def extension(self) -> str:
        """The ending that fits the content, whatever the upload was called."""
        return {
            self.Kind.PDF: ".pdf",
            self.Kind.JPEG: ".jpg",
            self.Kind.PNG: ".png",
        }[self.Kind(self.kind)]

    @property
    def is_image(self) -> bool:
        return self.kind in {self.Kind.JPEG, self.Kind.PNG}


class HeldUpload(models.Model):
    """A checked file of a form that is not complete yet: kept, so that nobody uploads twice because
    another field was wrong. Becomes a Document when the form is; otherwise removed after two days."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="held_uploads")
    file = models.FileField(upload_to=_held_path, max_length=200)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=80, choices=Document.Kind)
    size = models.BigIntegerField()
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["made_at"], name="held_upload_age")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_image(self) -> bool:
        return self.kind in {Document.Kind.JPEG, Document.Kind.PNG}
