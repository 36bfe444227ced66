"""Bookings: one row for each time a space is held, whatever it came from."""

import secrets
from datetime import datetime, timedelta

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.contrib.postgres.fields.ranges import RangeStartsWith
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mbois import clock
from mbois.enterprises.models import Subsector
from mbois.hub.models.spaces import Space, Use, new_secret
from mbois.people.models import Person, Role
from mbois.places.guards import tracked
from mbois.places.numbers import region_of
from mbois.places.owned import Owned, OwnedQuerySet, RegionForeignKey

SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
# Who sees every booking of a region, beside whose it is.
OVERSEERS = (Role.KEEPER, Role.AGENCY_OFFICER, Role.REGION_ADMIN)


def new_code(region: str) -> str:
    """`BK-3573-7KQ2MX4D`: read out at the desk, guessed by nobody."""
    return f"BK-{region.replace('.', '')}-{''.join(secrets.choice(SIGNS) for _sign in range(8))}"


class BookingState(models.TextChoices):
    REQUESTED = "requested", _("Waits for approval")
    OFFERED = "offered", _("Offered")
    CONFIRMED = "confirmed", _("Firmly booked")
    HERE = "here", _("Checked in")
    NO_SHOW = "no_show", _("Nobody came")
    CANCELLED = "cancelled", _("Cancelled")
    DECLINED = "declined", _("Declined")

    @property
    def tone(self) -> str:
        tones = {"requested": "wait", "offered": "wait", "confirmed": "info", "here": "ok", "no_show": "bad"}
        return tones.get(self.value, "plain")


S = BookingState
# The states that hold the space.
HOLDING = (S.REQUESTED, S.OFFERED, S.CONFIRMED, S.HERE)
# Where each state may go; the database refuses anything else.
NEXT: dict[str, tuple[str, ...]] = {
    S.REQUESTED: (S.CONFIRMED, S.DECLINED, S.CANCELLED),
    S.OFFERED: (S.CONFIRMED, S.REQUESTED, S.CANCELLED),
    S.CONFIRMED: (S.REQUESTED, S.HERE, S.NO_SHOW, S.CANCELLED),
    S.HERE: (S.CONFIRMED,),
    S.NO_SHOW: (S.HERE, S.CONFIRMED),
    S.CANCELLED: (S.REQUESTED, S.CONFIRMED),
    S.DECLINED: (S.REQUESTED,),
}


def _theirs(person: Person) -> Q:
    return Q(booked_by=person.pk) | Q(region__in=person.regions_with(*OVERSEERS))


class SeriesQuerySet(OwnedQuerySet):
    def visible_to(self, person: Person) -> "SeriesQuerySet":
        return self.filter(_theirs(person))


class Series(Owned):
    """Where bookings that repeat come from: the same local hour every so many weeks."""

    code = models.CharField(max_length=24, editable=False)
    space = RegionForeignKey(Space, on_delete=models.PROTECT, related_name="series")
    booked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=120)
    every_weeks = models.PositiveSmallIntegerField()
    first_on = models.DateField()
    last_on = models.DateField()
    begins = models.TimeField()
    ends = models.TimeField()
    made_at = models.DateTimeField(default=clock.now)

    objects = SeriesQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "code"], name="series_code"),
            models.CheckConstraint(
                name="series_in_order",
                condition=Q(last_on__gte=F("first_on"), every_weeks__range=(1, 8), ends__gt=F("begins")),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class BookingQuerySet(OwnedQuerySet):
    def visible_to(self, person: Person) -> "BookingQuerySet":
        """One's own; those of the region for who keeps or oversees the centre."""
        return self.filter(_theirs(person))

    def coded(self, code: str) -> "BookingQuerySet":
        """The one with this code; the region can be read from it."""
        return self.filter(region=region_of(code) or "", code=code)

    def holding(self) -> "BookingQuerySet":
        """Those that hold their space."""
        return self.filter(state__in=HOLDING)

    def between(self, begins: datetime, ends: datetime) -> "BookingQuerySet":
        """Those that have to do with `[begins, ends)`; none lasts longer than a day."""
        return self.filter(
            during__startswith__gte=begins - timedelta(days=1),
            during__startswith__lt=ends,
            during__endswith__gt=begins,
        )


@tracked(exclude=["occupied"])
class Booking(Owned):
    """A space held by somebody `[from, to)`. `occupied` is that and the space's buffer after it: kept by
    the database, where two that hold the same space can never overlap."""

    code = models.CharField(max_length=24, editable=False)
    space = RegionForeignKey(Space, on_delete=models.PROTECT, related_name="bookings")
    series = RegionForeignKey(
        Series, null=True, blank=True, on_delete=models.PROTECT, related_name="bookings"
    )
    booked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    during = DateTimeRangeField(_("when"))
    occupied = DateTimeRangeField(editable=False)
    title = models.CharField(_("what for"), max_length=120)
    group = models.CharField(_("community or business"), max_length=120, blank=True)
    use = models.CharField(_("kind of use"), max_length=12, choices=Use, default=Use.EMPOWERMENT)
    subsector = models.CharField(_("creative subsector"), max_length=20, choices=Subsector, blank=True)
    people = models.PositiveSmallIntegerField(_("people expected"))
    beneficiaries = models.PositiveIntegerField(_("people who came"), null=True, blank=True)
    fee = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, choices=BookingState, default=BookingState.CONFIRMED)
    made_at = models.DateTimeField(default=clock.now)
    decided_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    checked_in_at = models.DateTimeField(null=True, blank=True)
    checked_in_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    offer_until = models.DateTimeField(null=True, blank=True)
    flag = models.CharField(max_length=200, blank=True)
    changes = models.PositiveSmallIntegerField(default=0)
    reminded_at = models.DateTimeField(null=True, blank=True)

    objects = BookingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "code"], name="booking_code"),
            ExclusionConstraint(
                name="one_booking_at_a_time",
                expressions=[
                    ("region", RangeOperators.EQUAL),
                    ("space", RangeOperators.EQUAL),
                    ("occupied", RangeOperators.OVERLAPS),
                ],
                condition=Q(state__in=["requested", "offered", "confirmed", "here"]),
            ),
            models.CheckConstraint(
                name="booking_lasts",
                condition=Q(
                    during__isempty=False,
                    during__lower_inf=False,
                    during__upper_inf=False,
                    during__lower_inc=True,
                    during__upper_inc=False,
                ),
            ),
            models.CheckConstraint(name="booking_state", condition=Q(state__in=BookingState.values)),
            models.CheckConstraint(name="booking_use", condition=Q(use__in=Use.values)),
            models.CheckConstraint(name="booking_people", condition=Q(people__gte=1)),
            models.CheckConstraint(
                name="booking_checked_in",
                condition=Q(state="here", checked_in_at__isnull=False)
                | (~Q(state="here") & Q(checked_in_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="booking_offer_ends",
                condition=Q(state="offered", offer_until__isnull=False)
                | (~Q(state="offered") & Q(offer_until__isnull=True)),
            ),
        ]
        indexes = [
            models.Index("region", RangeStartsWith("during"), name="booking_by_time"),
            models.Index(fields=["region", "booked_by"], name="booking_by_person"),
            models.Index(
                fields=["region", "space"], condition=Q(state="requested"), name="booking_to_decide"
            ),
            models.Index(fields=["region"], condition=~Q(flag=""), name="booking_flagged"),
            models.Index(
                fields=["region", "offer_until"], condition=Q(state="offered"), name="booking_offered"
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="booking_occupies",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF TG_OP = 'UPDATE' THEN
                        IF NEW.during = OLD.during AND NEW.space_id = OLD.space_id
                           AND NEW.region_id = OLD.region_id THEN
                            NEW.occupied := OLD.occupied;
                            RETURN NEW;
                        END IF;
                    END IF;
                    IF upper(NEW.during) - lower(NEW.during) > interval '1 day' THEN
                        RAISE EXCEPTION 'booking_within_a_day: longer than a day'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'booking_within_a_day';
                    END IF;
                    SELECT tstzrange(lower(NEW.during), upper(NEW.during) + s.buffer_minutes * interval '1 minute')
                      INTO NEW.occupied FROM hub_space s
                     WHERE s.region_id = NEW.region_id AND s.id = NEW.space_id;
                    RETURN NEW;
                """,
            ),
            pgtrigger.FSM(
                name="booking_goes_its_way",
                field="state",
                transitions=[(here, there) for here, nexts in NEXT.items() for there in nexts],
            ),
            pgtrigger.Trigger(
                name="booking_gives_its_pieces_back",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(
                    old__state__in=["requested", "offered", "confirmed", "here"],
                    new__state__in=["no_show", "cancelled", "declined"],
                ),
                func="""
                    UPDATE hub_equipmentuse SET state = 'released', changed_at = now()
                     WHERE region_id = NEW.region_id AND booking_id = NEW.id AND state = 'held';
                    RETURN NULL;
                """,
            ),
            pgtrigger.Trigger(
                name="booking_takes_its_pieces_along",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("during"),
                condition=pgtrigger.Condition("OLD.during IS DISTINCT FROM NEW.during"),
                func="""
                    UPDATE hub_equipmentuse SET during = NEW.during
                     WHERE region_id = NEW.region_id AND booking_id = NEW.id AND state IN ('held', 'out');
                    RETURN NULL;
                """,
            ),
            pgtrigger.Protect(name="bookings_stay", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("booking", kwargs={"booking": self.code})

    @property
    def begins(self) -> datetime:
        return self.during.lower

    @property
    def ends(self) -> datetime:
        return self.during.upper

    @property
    def status(self) -> BookingState:
        return BookingState(self.state)

    @property
    def kind(self) -> Use:
        return Use(self.use)

    @property
    def holds(self) -> bool:
        return self.state in HOLDING

    @property
    def minutes(self) -> int:
        return int((self.ends - self.begins).total_seconds() // 60)


class CalendarAddress(models.Model):
    """The secret address under which a person's own bookings can be subscribed to."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="+")
    secret = models.CharField(max_length=40, unique=True, default=new_secret)

    def __str__(self) -> str:
        return f"calendar of {self.person_id}"
