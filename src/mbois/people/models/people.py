"""People, the organisations they work for and what they may do there."""

import uuid
from functools import cached_property
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from mbois import clock
from mbois.people.names import MORE_THAN_DIGITS
from mbois.places.guards import tracked
from mbois.places.models import Area, Region


class Role(models.TextChoices):
    """What a member of an organisation does. An owner needs no membership: it follows from the
    enterprise that is theirs."""

    VILLAGE_OFFICER = "village_officer", _("Village officer")
    AGENCY_OFFICER = "agency_officer", _("Agency officer")
    FIELD_OFFICER = "field_officer", _("Bank field officer")
    ASSESSOR = "assessor", _("Baznas assessor")
    APPROVER = "approver", _("Approver")
    TELLER = "teller", _("Teller")
    AUDITOR = "auditor", _("Auditor")
    REGION_ADMIN = "region_admin", _("Region admin")
    EXECUTIVE = "executive", _("Executive")
    MENTOR = "mentor", _("Mentor")
    COORDINATOR = "coordinator", _("Mentoring coordinator")
    CREATOR = "creator", _("Creator")
    KEEPER = "keeper", _("Keeper of the creative centre")
    ORGANISER = "organiser", _("Organiser of activities")
    CURATOR = "curator", _("Curator of activities")
    INCUBATOR = "incubator", _("Startup programme manager")
    REVIEWER = "reviewer", _("Startup reviewer")


class PersonManager(BaseUserManager["Person"]):
    def create_user(self, *, name: str, password: str | None = None, **fields: Any) -> "Person":
        """A person with an account. Without a password one signs in by code or passkey only."""
        if email := fields.get("email"):
            fields["email"] = self.normalize_email(email).lower()
        person = self.model(name=name, **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(Q(email__iexact=username) | Q(phone=username))


@tracked(exclude=["password", "last_login"])
class Person(AbstractBaseUser):
    """Somebody the city deals with. Most borrowers have no account of their own: an officer
    registers them, and they claim it later."""

    name = models.CharField(_("name"), max_length=120)
    # Phone and e-mail are what one signs in with: one person each.
    phone = PhoneNumberField(_("phone"), null=True, blank=True, unique=True)
    phone_verified = models.BooleanField(_("phone confirmed"), default=False)
    email = models.EmailField(_("e-mail"), null=True, blank=True)
    # Where somebody without an account can be reached, perhaps at a neighbour's: not unique.
    contact_phone = PhoneNumberField(_("phone to be reached at"), null=True, blank=True)
    language = models.CharField(
        _("language"), max_length=2, default="id", choices=[("id", "Indonesia"), ("en", "English")]
    )
    is_active = models.BooleanField(_("account open"), default=True)
    registered_by = models.ForeignKey(
        "self",
        verbose_name=_("registered by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="registered_people",
    )
    # When an assisted person took over: their own account, or (claimed_by) one they had already.
    claimed_at = models.DateTimeField(_("taken over"), null=True, blank=True, editable=False)
    claimed_by = models.ForeignKey(
        "self",
        verbose_name=_("taken over by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="claimed_people",
    )
    joined_at = models.DateTimeField(_("joined"), default=clock.now, editable=False)
    is_service = models.BooleanField(_("a program"), default=False)  # a program with a token
    is_invented = models.BooleanField(
        _("invented"), default=False
    )  # of a demo city: may be entered with one click there

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = PersonManager()

    class Meta:
        verbose_name = _("person")
        constraints = [
            models.CheckConstraint(name="person_has_a_name", condition=Q(name__regex=MORE_THAN_DIGITS)),
            models.UniqueConstraint(Lower("email"), name="person_email_once"),
            models.CheckConstraint(name="person_email_or_nothing", condition=~Q(email="")),
            models.CheckConstraint(name="person_language", condition=Q(language__in=["id", "en"])),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def has_account(self) -> bool:
        """Whether they can sign in themselves."""
        return bool(self.phone or self.email)

    @property
    def awaits_owner(self) -> bool:
        """Whether an officer made this account and nobody has signed in to it: it was not taken over yet, or
        with a phone or e-mail that turned out not to be theirs."""
        untouched = not self.has_account or (self.claimed_at is not None and self.last_login is None)
        return untouched and self.claimed_by_id is None and not self.is_service

    @cached_property
    def memberships_now(self) -> list["Membership"]:
        """The memberships in force today, read once."""
        if self.pk is None:
            return []
        return list(Membership.objects.in_force().filter(person=self))

    @cached_property
    def roles(self) -> frozenset[str]:
        """Every role this person has anywhere."""
        return frozenset(membership.role for membership in self.memberships_now)

    @property
    def is_staff(self) -> bool:
        """Whether they work here; staff need a second factor."""
        return bool(self.roles)

    def has_role(self, region: "Region | str", *roles: str) -> bool:
        """Whether they have one of these roles in this region."""
        code = region if isinstance(region, str) else region.pk
        return any(m.region_id == code and m.role in roles for m in self.memberships_now)

    def regions_with(self, *roles: str) -> list[str]:
        """The codes of the regions where they have one of these roles."""
        return sorted({m.region_id for m in self.memberships_now if m.role in roles})

    def areas_with(self, role: str, region: "Region | str | None" = None) -> list[str]:
        """The codes of the villages or districts a role is limited to ("35.73.05", "35.73.05.1002")."""
        code = region if region is None or isinstance(region, str) else region.pk
        return sorted(
            {
                m.area_id or m.region_id
                for m in self.memberships_now
                if m.role == role and (code is None or m.region_id == code)
            }
        )

    def serves(self, area_code: str, role: str) -> bool:
        """Whether one of their memberships of this role covers the area."""
        return any((area_code + ".").startswith(code + ".") for code in self.areas_with(role))


def display_name(person: Person) -> str:
    """How the account pages call a person."""
    return person.name


@tracked()
class Organisation(models.Model):
    """Who people work for: an agency, a village office, the bank, Baznas."""

    class Kind(models.TextChoices):
        AGENCY = "agency", _("Agency")
        VILLAGE = "village", _("Village office")
        BANK = "bank", _("Bank")
        BAZNAS = "baznas", _("Baznas")
        CAMPUS = "campus", _("Campus")
        COMMUNITY = "community", _("Community")
        COMPANY = "company", _("Company")
        OTHER = "other", _("Other")

    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="organisations")

    class Meta:
        verbose_name = _("organisation")
        constraints = [
            models.UniqueConstraint(fields=["region", "name"], name="organisation_name_once_a_region"),
            models.CheckConstraint(
                name="organisation_kind",
                condition=Q(
                    kind__in=[
                        "agency",
                        "village",
                        "bank",
                        "baznas",
                        "campus",
                        "community",
                        "company",
                        "other",
                    ]
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    def in_force(self) -> "MembershipQuerySet":
        """Those that hold today."""
        today = clock.today()
        return self.filter(Q(until=None) | Q(until__gt=today), since__lte=today)


@tracked()
class Membership(models.Model):
    """A person has a role in an organisation for a region; a village officer for certain areas."""

    person = models.ForeignKey(
        Person, verbose_name=_("person"), on_delete=models.PROTECT, related_name="memberships"
    )
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("organisation"), on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField(_("role"), max_length=20, choices=Role)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="memberships")
    area = models.ForeignKey(
        Area, verbose_name=_("area"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    since = models.DateField(_("since"), default=clock.today)
    # the first day on which it no longer holds
    until = models.DateField(_("until"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("role")
        constraints = [
            models.CheckConstraint(name="membership_role", condition=Q(role__in=Role.values)),
            models.CheckConstraint(
                name="membership_ends_after_it_begins",
                condition=Q(until=None) | Q(until__gte=models.F("since")),
            ),
            models.UniqueConstraint(
                fields=["person", "organisation", "role", "region", "area"],
                condition=Q(until=None),
                name="membership_once",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} – {self.get_role_display()}"


class ApiToken(models.Model):
    """A bearer token of a person; only its SHA-256 is kept, and its last letters to recognise it."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80, blank=True)
    hint = models.CharField(max_length=4, blank=True)
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"token of {self.person}"

    @property
    def is_good(self) -> bool:
        """Whether it opens anything now."""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > clock.now())


class Claim(models.Model):
    """A code on paper with which an assisted person takes over their account, once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="claims")
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(used_at=None), name="claim_one_open_a_person"
            )
        ]

    def __str__(self) -> str:
        return f"claim of {self.person}"
