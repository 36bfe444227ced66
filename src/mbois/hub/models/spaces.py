"""Buildings, floors and spaces; when they are open and by which rules they are given out."""

import secrets

from django.contrib.postgres.fields import ArrayField, DateTimeRangeField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mbois import clock
from mbois.people.models import Document, Person, Role
from mbois.places.guards import tracked
from mbois.places.numbers import region_of
from mbois.places.owned import Owned, OwnedQuerySet, RegionForeignKey

MINUTES = 15  # bookings begin and end at these


def new_secret() -> str:
    return secrets.token_urlsafe(24)


class Use(models.TextChoices):
    """What kind of use a booking is; rules and fees go by it."""

    EMPOWERMENT = "empowerment", _("Empowerment: learning and making, free for who takes part")
    GOVERNMENT = "government", _("Work of a government agency")
    COMMERCIAL = "commercial", _("Commercial: one earns with it")

    @property
    def short(self) -> object:
        return {
            "empowerment": _("Empowerment"),
            "government": _("Government"),
            "commercial": _("Commercial"),
        }[self.value]


class Audience(models.TextChoices):
    """Who may book a space."""

    ANYONE = "anyone", _("Everybody with an account")
    BUSINESS = "business", _("Owners of a verified business, and staff")
    STAFF = "staff", _("Staff only")


class Facility(models.TextChoices):
    """What a space has in it."""

    PROJECTOR = "projector", _("Projector")
    SCREEN = "screen", _("Large screen")
    SOUND = "sound", _("Sound system")
    MICROPHONE = "microphone", _("Microphones")
    CAMERA = "camera", _("Cameras")
    LIGHT = "light", _("Studio lights")
    GREEN = "green", _("Green screen")
    COMPUTER = "computer", _("Computers")
    KITCHEN = "kitchen", _("Kitchen")
    SEWING = "sewing", _("Sewing machines")
    TOOLS = "tools", _("Workshop tools")
    WHITEBOARD = "whiteboard", _("Whiteboard")
    STAGE = "stage", _("A stage")
    MIRROR = "mirror", _("Mirrors")
    WIFI = "wifi", _("Wi-Fi")
    COOL = "cool", _("Air conditioning")
    WHEELCHAIR = "wheelchair", _("Wheelchair access")
    OUTSIDE = "outside", _("In the open air")


class BuildingQuerySet(OwnedQuerySet):
    def visible_to(self, person: Person) -> "BuildingQuerySet":
        return self.filter(Q(is_published=True) | Q(region__in=person.regions_with(Role.KEEPER)))

    def published(self) -> "BuildingQuerySet":
        return self.filter(is_published=True)


@tracked()
class Building(Owned):
    """A creative centre."""

    code = models.CharField(max_length=16, editable=False)
    name = models.CharField(_("name"), max_length=100)
    address = models.CharField(_("address"), max_length=200)
    about = models.TextField(_("about it"), max_length=2000, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    # Whether bookings are taken for Sundays and holidays like for other days, by the opening hours.
    open_on_holidays = models.BooleanField(_("open on holidays too"), default=False)
    # Minutes after the beginning until a booking nobody checked in to is given up.
    grace_minutes = models.PositiveSmallIntegerField(_("minutes until a place is given up"), default=20)
    # Hours before the beginning from which hours kept for empowerment are open to every use.
    release_hours = models.PositiveSmallIntegerField(
        _("hours before, when what is kept is open to all"), default=48
    )
    offer_minutes = models.PositiveSmallIntegerField(_("minutes to take up an offer"), default=120)
    is_published = models.BooleanField(_("shown to the public"), default=True)

    objects = BuildingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "code"], name="building_code"),
            models.CheckConstraint(
                name="building_minutes",
                condition=Q(grace_minutes__range=(5, 120), offer_minutes__range=(10, 1440)),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Floor(Owned):
    """A floor of a building."""

    building = RegionForeignKey(Building, on_delete=models.PROTECT, related_name="floors")
    level = models.SmallIntegerField(_("floor"))
    name = models.CharField(_("what is there"), max_length=100, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "building", "level"], name="floor_once"),
        ]

    def __str__(self) -> str:
        return str(_("Floor %(level)s") % {"level": self.level})


class SpaceQuerySet(OwnedQuerySet):
    def visible_to(self, person: Person) -> "SpaceQuerySet":
        """What the public sees, and for keepers all of their region."""
        return self.filter(
            Q(is_open=True, floor__building__is_published=True)
            | Q(region__in=person.regions_with(Role.KEEPER))
        )

    def published(self) -> "SpaceQuerySet":
        return self.filter(is_open=True, floor__building__is_published=True)

    def coded(self, code: str) -> "SpaceQuerySet":
        """The one with this code; the region can be read from it."""
        return self.filter(region=region_of(code) or "", code=code)

    def in_order(self) -> "SpaceQuerySet":
        return self.order_by("floor__level", "name", "pk")


@tracked(exclude=["door_secret"])
class Space(Owned):
    """A room, a table, a stage: what is booked as one."""

    floor = RegionForeignKey(Floor, verbose_name=_("floor"), on_delete=models.PROTECT, related_name="spaces")
    code = models.CharField(max_length=16, editable=False)
    name = models.CharField(_("name"), max_length=100)
    about = models.TextField(_("about it"), max_length=2000, blank=True)
    capacity = models.PositiveSmallIntegerField(_("people it takes"))
    facilities = ArrayField(models.CharField(max_length=12, choices=Facility), default=list, blank=True)
    audience = models.CharField(_("who may book"), max_length=8, choices=Audience, default=Audience.ANYONE)
    is_instant = models.BooleanField(_("confirmed at once, without approval"), default=True)
    fee_an_hour = models.PositiveIntegerField(_("fee an hour (rupiah)"), default=0)
    # Minutes between two bookings, to tidy up.
    buffer_minutes = models.PositiveSmallIntegerField(_("minutes between two bookings"), default=0)
    # Per cent of the opening hours of each week kept for empowerment.
    kept_percent = models.PositiveSmallIntegerField(_("per cent kept for empowerment"), default=58)
    is_open = models.BooleanField(_("open to bookings"), default=True)
    door_secret = models.CharField(max_length=40, default=new_secret, editable=False)

    objects = SpaceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "code"], name="space_code"),
            models.UniqueConstraint(fields=["region", "door_secret"], name="space_door"),
            models.CheckConstraint(name="space_capacity", condition=Q(capacity__gte=1)),
            models.CheckConstraint(name="space_kept", condition=Q(kept_percent__lte=100)),
            models.CheckConstraint(name="space_buffer", condition=Q(buffer_minutes__lte=240)),
            models.CheckConstraint(
                name="space_audience", condition=Q(audience__in=["anyone", "business", "staff"])
            ),
        ]
        indexes = [models.Index(fields=["door_secret"], name="space_by_door")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("space", kwargs={"space": self.code})

    @property
    def has(self) -> list[str]:
        """The names of its facilities."""
        return [str(Facility(one).label) for one in self.facilities if one in Facility.values]


class OpeningHours(Owned):
    """When a building is open on a day of the week (0 is Monday); rows of a space replace those of its
    building, all of them. No row for a day: closed."""

    building = RegionForeignKey(Building, on_delete=models.CASCADE, related_name="hours")
    space = RegionForeignKey(Space, null=True, blank=True, on_delete=models.CASCADE, related_name="own_hours")
    weekday = models.PositiveSmallIntegerField()
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["region", "building", "space", "weekday"],
                name="opening_hours_once_a_day",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="opening_hours_in_order", condition=Q(closes__gt=F("opens"), weekday__lte=6)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.opens}-{self.closes}"


class Closure(Owned):
    """A time when a space, or the whole building, cannot be used; declared by its keeper."""

    building = RegionForeignKey(Building, on_delete=models.CASCADE, related_name="closures")
    space = RegionForeignKey(Space, null=True, blank=True, on_delete=models.CASCADE, related_name="closures")
    during = DateTimeRangeField(_("when"))
    reason = models.CharField(_("why"), max_length=200)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="closure_lasts", condition=Q(during__isempty=False, during__lower_inf=False)
            ),
        ]
        indexes = [models.Index(fields=["region", "building"], name="closure_by_building")]

    def __str__(self) -> str:
        return self.reason


@tracked()
class UseRule(Owned):
    """What a building asks of one kind of use."""

    building = RegionForeignKey(Building, on_delete=models.CASCADE, related_name="rules")
    use = models.CharField(max_length=12, choices=Use)
    days_ahead = models.PositiveSmallIntegerField(_("days ahead one may book"), default=60)
    hours_a_week = models.PositiveSmallIntegerField(_("hours a week for one person"), default=20)
    most_hours = models.PositiveSmallIntegerField(_("hours at a time"), default=8)
    # Per cent of the space's fee.
    fee_percent = models.PositiveSmallIntegerField(_("per cent of the fee"), default=100)
    needs_approval = models.BooleanField(_("always waits for the keeper's approval"), default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "building", "use"], name="use_rule_once"),
            models.CheckConstraint(
                name="use_rule_use", condition=Q(use__in=["empowerment", "government", "commercial"])
            ),
            models.CheckConstraint(
                name="use_rule_sane",
                condition=Q(most_hours__range=(1, 24), hours_a_week__gte=1, fee_percent__lte=100),
            ),
        ]

    def __str__(self) -> str:
        return self.use


class SpacePhoto(Owned):
    """A picture of a space, shown to the public."""

    space = RegionForeignKey(Space, on_delete=models.CASCADE, related_name="photos")
    document = RegionForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    caption = models.CharField(_("what one sees"), max_length=120, blank=True)
    place = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "space", "document"], name="space_photo_once")
        ]

    def __str__(self) -> str:
        return self.caption
