"""Waiting for a time that is taken. An offer is a booking in the state `offered`: it holds the space, so
that there can be only one."""

from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mbois import clock
from mbois.enterprises.models import Subsector
from mbois.hub.models.bookings import Booking, BookingQuerySet
from mbois.hub.models.spaces import Space, Use
from mbois.people.models import Person
from mbois.places.guards import tracked
from mbois.places.owned import Owned, RegionForeignKey


class WaitingState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    OFFERED = "offered", _("Offered")
    TAKEN = "taken", _("Taken up")
    PASSED = "passed", _("Not taken up")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    OVER = "over", _("Nothing came free")

    @property
    def tone(self) -> str:
        return {"waiting": "wait", "offered": "info", "taken": "ok"}.get(self.value, "plain")


@tracked()
class Waiting(Owned):
    """Somebody who wants a time that another has."""

    space = RegionForeignKey(Space, on_delete=models.PROTECT, related_name="waiting")
    booked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    during = DateTimeRangeField()
    title = models.CharField(max_length=120)
    group = models.CharField(max_length=120, blank=True)
    use = models.CharField(max_length=12, choices=Use)
    subsector = models.CharField(max_length=20, choices=Subsector, blank=True)
    people = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=WaitingState, default=WaitingState.WAITING)
    made_at = models.DateTimeField(default=clock.now)
    booking = RegionForeignKey(
        Booking, null=True, blank=True, on_delete=models.PROTECT, related_name="waited"
    )

    objects = BookingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="waiting_state", condition=Q(state__in=WaitingState.values)),
            models.CheckConstraint(
                name="waiting_has_an_offer",
                condition=Q(state__in=["offered", "taken"], booking__isnull=False)
                | ~Q(state__in=["offered", "taken"]),
            ),
            models.UniqueConstraint(
                fields=["region", "space", "booked_by", "during"],
                condition=Q(state__in=["waiting", "offered"]),
                name="waiting_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["region", "space", "made_at"], condition=Q(state="waiting"), name="waiting_in_line"
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} waits"

    @property
    def status(self) -> WaitingState:
        return WaitingState(self.state)
