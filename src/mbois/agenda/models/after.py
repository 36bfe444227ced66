"""After an activity: what people thought of it, pictures, and whom it reached."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mbois import clock
from mbois.agenda.models.activities import Activity
from mbois.agenda.models.registrations import Registration
from mbois.people.models import Document, Person
from mbois.places.guards import tracked
from mbois.places.owned import Owned, RegionForeignKey


class Feedback(Owned):
    """What somebody who was registered thought of it, once; shown without a name."""

    registration = RegionForeignKey(Registration, on_delete=models.PROTECT, related_name="feedback")
    activity = RegionForeignKey(Activity, on_delete=models.PROTECT, related_name="feedback")
    stars = models.PositiveSmallIntegerField(_("stars"))
    words = models.TextField(_("in your words"), max_length=1000, blank=True)
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "registration"], name="feedback_once"),
            models.CheckConstraint(name="feedback_stars", condition=Q(stars__gte=1, stars__lte=5)),
        ]
        indexes = [models.Index(fields=["region", "activity"], name="feedback_by_activity")]

    def __str__(self) -> str:
        return f"{self.stars} stars"


class ActivityPhoto(Owned):
    """A picture of how it was, for everybody, put up by the organiser."""

    activity = RegionForeignKey(Activity, on_delete=models.PROTECT, related_name="photos")
    document = RegionForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    caption = models.CharField(_("caption"), max_length=160, blank=True)
    added_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "activity", "document"], name="activity_photo_once")
        ]

    def __str__(self) -> str:
        return f"photo of {self.activity_id}"


@tracked()
class Outcome(Owned):
    """Whom an activity reached beyond what the door counted, as its organiser reports it."""

    activity = RegionForeignKey(Activity, on_delete=models.PROTECT, related_name="outcomes")
    # People who came without a ticket and were not counted at the door.
    visitors = models.PositiveIntegerField(_("visitors without a ticket"), default=0)
    women = models.PositiveIntegerField(_("of all who came, women"), null=True, blank=True)
    businesses = models.PositiveIntegerField(_("small businesses that took part"), default=0)
    story = models.TextField(_("what came of it"), max_length=3000, blank=True)
    reported_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reported_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["region", "activity"], name="outcome_once")]
        triggers = [pgtrigger.Protect(name="outcomes_stay", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"outcome of {self.activity_id}"
