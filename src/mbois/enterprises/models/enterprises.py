"""The enterprise and its owner."""

import pgtrigger
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from mbois import clock
from mbois.enterprises import helpers
from mbois.enterprises.models.classification import Kbli, Subsector
from mbois.enterprises.models.sizes import Size, size_expression
from mbois.enterprises.names import ComparedNameField
from mbois.people import identity
from mbois.people.models import Person, Role
from mbois.people.names import MORE_THAN_DIGITS
from mbois.places.guards import tracked, whole_point
from mbois.places.models import Area
from mbois.places.numbers import region_of
from mbois.places.owned import Owned, OwnedQuerySet, RegionForeignKey

# Roles that see every enterprise of their region; a village officer sees those of their villages.
REGION_READERS = (
    Role.AGENCY_OFFICER,
    Role.FIELD_OFFICER,
    Role.ASSESSOR,
    Role.APPROVER,
    Role.TELLER,
    Role.AUDITOR,
    Role.REGION_ADMIN,
    Role.EXECUTIVE,
    Role.COORDINATOR,
)


def in_areas(prefix: str, areas: list[str]) -> Q:
    """A condition: the village at `prefix` lies in one of these areas."""
    allowed = Q(pk__in=[])
    for code in areas:
        allowed |= Q(**{f"{prefix}_id": code}) | Q(**{f"{prefix}__code__startswith": code + "."})
    return allowed


class OwnerQuerySet(OwnedQuerySet):
    def visible_to(self, person: Person) -> "OwnerQuerySet":
        """Oneself, and by role: the owners of one's region, or those who live or trade in one's villages."""
        allowed = Q(person=person.pk) | Q(region__in=person.regions_with(*REGION_READERS))
        if villages := person.areas_with(Role.VILLAGE_OFFICER):
            allowed |= in_areas("village", villages)
            here = Enterprise.objects.filter(region=OuterRef("region"), owner=OuterRef("pk"))
            allowed |= Q(Exists(here.filter(in_areas("village", villages))))
        return self.filter(allowed)


@tracked(exclude=["nik_sealed", "nik_claim_sealed", "npwp_sealed", "compared_name"])
class Owner(Owned):
    """The person who owns enterprises, as one region knows them.

    Each region keeps its own record, so that nobody learns from one region's answer what another
    holds. `person` is their account, theirs from the start or claimed later.
    """

    person = models.ForeignKey(
        Person, verbose_name=_("account"), on_delete=models.PROTECT, related_name="owners"
    )
    name = models.CharField(_("name"), max_length=120)
    phone = PhoneNumberField(_("phone"), blank=True, default="")
    nik_sealed = models.TextField(blank=True, default="")
    nik_hash = models.CharField(max_length=64, blank=True, default="")
    # What somebody who registered themselves gave as their NIK, while another record here holds it: they
    # are told nothing of that, the officer who checks their business is. See `settled`.
    nik_claim_sealed = models.TextField(blank=True, default="")
    nik_claim_hash = models.CharField(max_length=64, blank=True, default="")
    npwp_sealed = models.TextField(blank=True, default="")
    npwp_hash = models.CharField(max_length=64, blank=True, default="")
    born_on = models.DateField(_("born on"), null=True, blank=True)
    woman = models.BooleanField(_("woman"), null=True, blank=True)
    village = models.ForeignKey(
        Area,
        verbose_name=_("village"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,  # see Meta.indexes: one that serves districts too
    )
    address = models.CharField(_("address"), max_length=200, blank=True)
    registered_by = models.ForeignKey(
        Person, verbose_name=_("registered by"), on_delete=models.PROTECT, related_name="+"
    )
    registered_at = models.DateTimeField(_("registered at"), default=clock.now)
    # The name as it is compared (see names.py).
    compared_name = ComparedNameField(of="name")

    objects = OwnerQuerySet.as_manager()

    class Meta:
        verbose_name = _("owner")
        constraints = [
            models.UniqueConstraint(
                fields=["region", "nik_hash"], condition=~Q(nik_hash=""), name="owner_nik_once_a_region"
            ),
            models.CheckConstraint(name="owner_has_a_name", condition=Q(name__regex=MORE_THAN_DIGITS)),
            models.CheckConstraint(
                name="owner_nik_sealed_and_hashed",
                condition=Q(nik_sealed="", nik_hash="") | (~Q(nik_sealed="") & ~Q(nik_hash="")),
            ),
            models.CheckConstraint(
                name="owner_holds_or_claims_a_nik",
                condition=Q(nik_claim_sealed="", nik_claim_hash="")
                | (Q(nik_hash="") & ~Q(nik_claim_sealed="") & ~Q(nik_claim_hash="")),
            ),
        ]
        indexes = [
            models.Index(fields=["nik_hash"], condition=~Q(nik_hash=""), name="owner_by_nik"),
            models.Index(
                fields=["nik_claim_hash"], condition=~Q(nik_claim_hash=""), name="owner_by_nik_claim"
            ),
            models.Index(fields=["region", "phone"], condition=~Q(phone=""), name="owner_by_phone"),
            models.Index(fields=["region", "compared_name"], name="owner_by_name"),
            models.Index(fields=["village"], name="owner_by_village", opclasses=["varchar_pattern_ops"]),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="owner_name_is_searched",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("name"),
                condition=pgtrigger.Q(old__name__df=pgtrigger.F("new__name")),
                func="""
                    UPDATE enterprises_enterprise SET search = ''
                        WHERE region_id = NEW.region_id AND owner_id = NEW.id;
                    RETURN NULL;
                """,
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def nik_masked(self) -> str:
        """`3573••••••••0001`, or nothing where none is known."""
        return identity.masked(identity.unseal(self.nik_told)) if self.nik_told else ""

    @property
    def nik_told(self) -> str:
        """The sealed NIK they hold, or else the one they claim."""
        return self.nik_sealed or self.nik_claim_sealed

    @property
    def nik_told_hash(self) -> str:
        """By which the same number is found elsewhere."""
        return self.nik_hash or self.nik_claim_hash

    @property
    def settled(self) -> bool:
        """Whether nobody else here holds the NIK they gave."""
        return not self.nik_claim_hash


class State(models.TextChoices):
    """How far an enterprise's registration is. `TRANSITIONS` says what may follow what."""

    SUBMITTED = "submitted", _("Waiting for verification")
    VERIFIED = "verified", _("Verified")
    RETURNED = "returned", _("Returned for completion")
    REJECTED = "rejected", _("Rejected")
    MERGED = "merged", _("Merged into another")

    @property
    def tone(self) -> str:
        """The colour of its badge."""
        return {"submitted": "wait", "verified": "ok", "returned": "wait", "rejected": "bad"}.get(
            self.value, "plain"
        )


TRANSITIONS: dict[str, frozenset[str]] = {
    State.SUBMITTED: frozenset({State.VERIFIED, State.RETURNED, State.REJECTED, State.MERGED}),
    State.RETURNED: frozenset({State.SUBMITTED, State.REJECTED, State.MERGED}),
    State.VERIFIED: frozenset({State.SUBMITTED, State.RETURNED, State.MERGED}),
    State.REJECTED: frozenset({State.SUBMITTED, State.MERGED}),
    State.MERGED: frozenset({State.SUBMITTED, State.VERIFIED, State.RETURNED, State.REJECTED}),  # undone
}


class EnterpriseQuerySet(OwnedQuerySet):
    def visible_to(self, person: Person) -> "EnterpriseQuerySet":
        """One's own, those one helps, and those of one's region or villages by role.

        Whoever registered an enterprise for somebody sees it by their role, and no longer when the
        role has ended. One's own owner records are read first, so that what remains names regions
        and villages only and an index can answer it.
        """
        allowed = Q(region__in=person.regions_with(*REGION_READERS))
        allowed |= in_areas("village", person.areas_with(Role.VILLAGE_OFFICER))
        for region, owner in Owner.objects.filter(person=person.pk).values_list("region_id", "pk"):
            allowed |= Q(region=region, owner=owner)
        for region, key in helpers.helped_by(person):
            allowed |= Q(region=region, pk=key)
        return self.filter(allowed)

    def living(self) -> "EnterpriseQuerySet":
        """Without those merged into another."""
        return self.exclude(state=State.MERGED)

    def published(self) -> "EnterpriseQuerySet":
        """What the public may count on: verified ones."""
        return self.filter(state=State.VERIFIED)

    def numbered(self, number: str) -> "EnterpriseQuerySet":
        """The one with this number; the region is named, as it can be read from it."""
        region = region_of(number)
        return self.filter(region=region, number=number) if region else self.none()


class SearchWord(Owned):
    """A word that occurs in what enterprises of a region are found by; kept by a trigger.

    Typing errors are looked up here, among thousands of words, and not in every row. There may be
    doubles: nobody waits for anybody else's new word.
    """

    word = models.CharField(max_length=40)

    class Meta:
        indexes = [
            models.Index(fields=["region", "word"], name="search_word"),
            GinIndex(name="search_word_trgm", fields=["word"], opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return self.word


@tracked(exclude=["search", "compared_name"])
class Enterprise(Owned):
    """A business of the city, from a frying pan to a workshop."""

    number = models.CharField(_("number"), max_length=20)
    name = models.CharField(_("name of the business"), max_length=120)
    owner = RegionForeignKey(
        Owner, verbose_name=_("owner"), on_delete=models.PROTECT, related_name="enterprises"
    )
    description = models.TextField(_("what it makes or sells"), blank=True, max_length=1000)
    village = models.ForeignKey(
        Area, verbose_name=_("village"), on_delete=models.PROTECT, related_name="+", db_index=False
    )
    address = models.CharField(_("address"), max_length=200, blank=True)
    rt = models.CharField("RT", max_length=3, blank=True)
    rw = models.CharField("RW", max_length=3, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    phone = PhoneNumberField(_("phone"), blank=True, default="")
    nib = models.CharField("NIB", max_length=13, blank=True)
    kbli = models.ForeignKey(
        Kbli,
        verbose_name=_("kind of business"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="enterprises",
    )
    subsector = models.CharField(_("creative subsector"), max_length=12, choices=Subsector, blank=True)
    started_on = models.DateField(_("running since"), null=True, blank=True)
    workers = models.PositiveIntegerField(_("people who work in it"), null=True, blank=True)
    capital = models.BigIntegerField(_("capital"), null=True, blank=True)
    annual_sales = models.BigIntegerField(_("sales in a year"), null=True, blank=True)
    size = models.GeneratedField(
        verbose_name=_("size"),
        expression=size_expression(),
        output_field=models.CharField(max_length=8),
        db_persist=True,
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.SUBMITTED)
    merged_into = RegionForeignKey(
        "self",
        verbose_name=_("merged into"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="merged_from",
    )
    registered_by = models.ForeignKey(
        Person, verbose_name=_("registered by"), on_delete=models.PROTECT, related_name="+"
    )
    registered_at = models.DateTimeField(_("registered at"), default=clock.now)
    # Since when it waits, or waited last, for an officer.
    submitted_at = models.DateTimeField(_("sent at"), default=clock.now)
    verified_at = models.DateTimeField(_("verified at"), null=True, blank=True)
    # The name as it is compared (see names.py), and everything one may type to find it.
    compared_name = ComparedNameField(of="name")
    search = models.TextField(blank=True, editable=False)

    objects = EnterpriseQuerySet.as_manager()

    class Meta:
        verbose_name = _("business")
        constraints = [
            models.UniqueConstraint(fields=["region", "number"], name="enterprise_number"),
            models.UniqueConstraint(
                fields=["region", "nib"],
                condition=~Q(nib="") & ~Q(state="merged"),
                name="enterprise_nib_once",
            ),
            models.CheckConstraint(name="enterprise_state", condition=Q(state__in=State.values)),
            models.CheckConstraint(name="enterprise_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="enterprise_merged_points_to_the_other",
                condition=Q(state="merged", merged_into__isnull=False)
                | (~Q(state="merged") & Q(merged_into=None)),
            ),
            models.CheckConstraint(
                name="enterprise_not_merged_into_itself",
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")),
            ),
            models.CheckConstraint(
                name="enterprise_money_not_negative",
                condition=(Q(capital=None) | Q(capital__gte=0))
                & (Q(annual_sales=None) | Q(annual_sales__gte=0)),
            ),
            models.CheckConstraint(
                name="enterprise_nib_is_thirteen_digits", condition=Q(nib="") | Q(nib__regex=r"^[0-9]{13}$")
            ),
            whole_point("enterprise_point_is_whole"),
            models.CheckConstraint(
                name="enterprise_point_is_in_indonesia",
                condition=Q(latitude=None) | Q(latitude__range=(-11.5, 6.5), longitude__range=(94.5, 141.5)),
            ),
        ]
        indexes = [
            GinIndex(F("region"), OpClass(F("search"), name="gin_trgm_ops"), name="enterprise_search"),
            GinIndex(
                F("region"), OpClass(F("compared_name"), name="gin_trgm_ops"), name="enterprise_compared"
            ),
            models.Index(fields=["region", "state", "village"], name="enterprise_by_state"),
            models.Index(fields=["village"], name="enterprise_by_village", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["region", "compared_name"], name="enterprise_by_name"),
            models.Index(fields=["region", "phone"], condition=~Q(phone=""), name="enterprise_by_phone"),
            models.Index(fields=["region", "-registered_at", "-id"], name="enterprise_newest"),
            models.Index(
                fields=["region", "submitted_at"], condition=Q(state="submitted"), name="enterprise_waiting"
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="enterprise_transitions",
                field="state",
                transitions=[
                    (before, after) for before, afters in TRANSITIONS.items() for after in sorted(afters)
                ],
            ),
            pgtrigger.Trigger(
                name="enterprise_village_of_its_region",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("village_id", "region_id"),
                func="""
                    IF NOT EXISTS (SELECT 1 FROM places_area
                            WHERE code = NEW.village_id AND level = 'village' AND region_id = NEW.region_id) THEN
                        RAISE EXCEPTION 'village_of_its_region: % is no village of %', NEW.village_id, NEW.region_id
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'village_of_its_region';
                    END IF;
                    RETURN NEW;
                """,
            ),
            # A trigger, so that bulk writes and imports are found as well.
            pgtrigger.Trigger(
                name="enterprise_search_text",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert
                | pgtrigger.UpdateOf(
                    "name", "owner_id", "village_id", "description", "kbli_id", "number", "search"
                ),
                func="""
                    NEW.search := lower(concat_ws(' ',
                        NEW.number,
                        NEW.name,
                        (SELECT name FROM enterprises_owner
                            WHERE region_id = NEW.region_id AND id = NEW.owner_id),
                        (SELECT concat_ws(' ', village.name, district.name) FROM places_area village
                            LEFT JOIN places_area district ON district.code = village.parent_id
                            WHERE village.code = NEW.village_id),
                        NEW.description,
                        (SELECT title FROM enterprises_kbli WHERE id = NEW.kbli_id)));
                    RETURN NEW;
                """,
            ),
            *(
                pgtrigger.Trigger(
                    name=f"enterprise_words_{when}",
                    level=pgtrigger.Statement,
                    when=pgtrigger.After,
                    operation=operation,
                    referencing=pgtrigger.Referencing(new="new_values"),
                    func="""
                        INSERT INTO enterprises_searchword (region_id, word)
                            SELECT DISTINCT n.region_id, w.word FROM new_values n,
                                LATERAL regexp_split_to_table(n.search, '[^[:alnum:]]+') w(word)
                            WHERE length(w.word) BETWEEN 3 AND 40 AND w.word !~ '^[0-9]+$'
                                AND NOT EXISTS (SELECT FROM enterprises_searchword s
                                    WHERE s.region_id = n.region_id AND s.word = w.word);
                        RETURN NULL;
                    """,
                )
                for when, operation in (("new", pgtrigger.Insert), ("changed", pgtrigger.Update))
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("enterprise", kwargs={"enterprise": self.number})

    @property
    def has_address(self) -> bool:
        """Whether a visitor can find it: the street is known, or RT and RW where streets have no name."""
        return bool(self.address or (self.rt and self.rw))

    @property
    def street_line(self) -> str:
        """Street, RT and RW, as far as they are known."""
        near = " ".join(f"{name} {value}" for name, value in (("RT", self.rt), ("RW", self.rw)) if value)
        return ", ".join(part for part in (self.address, near) if part)

    @property
    def short_address(self) -> str:
        """Street, RT and RW, village, as far as they are known."""
        return ", ".join(part for part in (self.street_line, self.village.name) if part)

    @property
    def address_line(self) -> str:
        """Street, RT and RW, village and district, as far as they are known."""
        district = self.village.parent
        return f"{self.short_address}, {district.name}" if district else self.short_address

    @property
    def review_url(self) -> str:
        return reverse("enterprise_review", kwargs={"enterprise": self.number})

    @property
    def state_shown(self) -> State:
        """The state with its label and colour."""
        return State(self.state)

    @property
    def size_shown(self) -> str:
        """The size in words; what the database computed."""
        return str(Size(self.size).label)
