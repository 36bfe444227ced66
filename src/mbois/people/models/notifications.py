"""What the city tells people: an inbox always, other channels where they wish."""

from django.db import models
from django.db.models import Q

from mbois import clock
from mbois.people.models.people import Person


class Notification(models.Model):
    """One message in a person's inbox. Its text is rendered in the reader's language from the
    template `notifications/<key>`, with the values in `context`."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="notifications")
    key = models.CharField(max_length=60)
    context = models.JSONField(default=dict)
    url = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField(default=clock.now)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-pk"]
        indexes = [
            models.Index(fields=["person", "-made_at"], name="notification_inbox"),
            models.Index(fields=["person"], condition=Q(read_at=None), name="notification_unread"),
        ]

    def __str__(self) -> str:
        return f"{self.key} → {self.person}"


class Delivery(models.Model):
    """A notification on its way by a channel outside the inbox; sent at most once a channel.

    `started_at` is committed before anything leaves: a worker that dies in the middle leaves it set,
    and nobody sends again what may have arrived.
    """

    notification = models.ForeignKey(Notification, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=30)
    attempts = models.PositiveSmallIntegerField(default=0)
    started_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notification", "channel"], name="delivery_once_a_channel")
        ]

    def __str__(self) -> str:
        return f"{self.notification} by {self.channel}"


class Preference(models.Model):
    """Whether a person wants a channel."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="preferences")
    channel = models.CharField(max_length=30)
    wanted = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "channel"], name="preference_once_a_channel")
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.channel}"


class DemoMessage(models.Model):
    """A mail or short message that the demo city would have sent; shown on the demo's outbox page."""

    channel = models.CharField(max_length=30)
    recipient = models.CharField(max_length=254)
    subject = models.CharField(max_length=300, blank=True)
    body = models.TextField()
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.channel} → {self.recipient}"
