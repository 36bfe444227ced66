"""Credit schemes as data: every figure of a programme is a setting of its scheme."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mbois import clock
from mbois.financing.schedule import Terms
from mbois.ledger.models import Account
from mbois.people.models import Person, Role
from mbois.places.guards import tracked
from mbois.places.owned import Owned, OwnedQuerySet, RegionForeignKey

# Who works with applications and loans all over a region.
LENDING_ROLES = (
    Role.FIELD_OFFICER,
    Role.ASSESSOR,
    Role.APPROVER,
    Role.TELLER,
    Role.AGENCY_OFFICER,
    Role.AUDITOR,
    Role.REGION_ADMIN,
    Role.EXECUTIVE,
)


class PaperKind(models.TextChoices):
    """The papers an application may need."""

    KTP = "ktp", _("Identity card (KTP)")
    KTP_SPOUSE = "ktp_spouse", _("Identity card of the spouse")
    KK = "kk", _("Family card (KK)")
    MARRIAGE = "marriage", _("Marriage certificate")
    SKTM = "sktm", _("Statement of limited means (SKTM)")
    DEBT_PROOF = "debt_proof", _("Proof of the loan shark's debt (instalment card)")
    BUSINESS = "business", _("Evidence of the business (photo)")


# Asked only of those who are married.
SPOUSE_PAPERS = frozenset({PaperKind.KTP_SPOUSE, PaperKind.MARRIAGE})


def all_papers() -> list[str]:
    return [str(value) for value in PaperKind.values]


class SchemeQuerySet(OwnedQuerySet):
    def visible_to(self, person: Person) -> "SchemeQuerySet":
        """A scheme is no secret: whoever is signed in may read the terms of the open ones."""
        return self.filter(Q(is_open=True) | Q(region__in=person.regions_with(*LENDING_ROLES)))

    def published(self) -> "SchemeQuerySet":
        return self.filter(is_open=True)


@tracked()
class Scheme(Owned):
    """The terms of one credit programme of one region. Amounts in rupiah."""

    code = models.CharField(max_length=20)
    name = models.CharField(max_length=120)
    minimum = models.BigIntegerField()
    maximum = models.BigIntegerField()
    unit = models.BigIntegerField(default=1_000)
    months_min = models.PositiveSmallIntegerField(default=1)
    months_max = models.PositiveSmallIntegerField()
    # Settles a loan shark's debt first; without such a debt there is no loan.
    settles_rentenir = models.BooleanField(default=True)
    papers = models.JSONField(default=all_papers)
    neighbours_asked = models.PositiveSmallIntegerField(default=2)
    # What the alms agency pays for stamp duty, paper and visits, in percent of the principal.
    cost_percent = models.PositiveSmallIntegerField(default=6)
    # An instalment may take this share of what a household has left each month, in percent.
    capacity_percent = models.PositiveSmallIntegerField(default=100)
    # K/PMR: working days from submission to disbursement.
    working_days_limit = models.PositiveSmallIntegerField(default=12)
    # Days after disbursement until RT/RW or PKK confirm what the money did.
    confirmation_days = models.PositiveSmallIntegerField(default=30)
    # Days before the pay-by day on which a borrower is reminded.
    reminder_days = models.PositiveSmallIntegerField(default=3)
    fund = RegionForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    collections = RegionForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    is_open = models.BooleanField(default=True)
    opened_at = models.DateTimeField(default=clock.now)

    objects = SchemeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "code"], name="scheme_code_once_a_region"),
            models.CheckConstraint(
                name="scheme_limits_make_sense",
                condition=Q(unit__gt=0, minimum__gt=0, maximum__gte=F("minimum"), months_min__gte=1)
                & Q(months_max__gte=F("months_min")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def terms(self) -> Terms:
        """What may be lent and for how long."""
        return Terms(self.minimum, self.maximum, self.unit, self.months_min, self.months_max)
