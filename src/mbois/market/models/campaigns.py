"""Campaigns: a period, a theme, products, and links that count who came."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from mbois import clock
from mbois.enterprises.models import Enterprise
from mbois.market.models.desk import CreativeJob
from mbois.market.models.products import Product
from mbois.market.models.scope import worked_on_by
from mbois.people.models import Person, Role
from mbois.places.guards import tracked
from mbois.places.owned import Owned, OwnedQuerySet, RegionForeignKey

LONGEST = 120  # days
ORGANISERS = (Role.AGENCY_OFFICER, Role.COORDINATOR)


class CampaignState(models.TextChoices):
    """Whether it is public. Whether it runs follows from its days."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    CANCELLED = "cancelled", _("Called off")

    @property
    def tone(self) -> str:
        return {"draft": "wait", "published": "ok"}.get(self.value, "plain")


class Phase(models.TextChoices):
    """Where a campaign is today."""

    DRAFT = "draft", _("Draft")
    COMING = "coming", _("Coming")
    RUNNING = "running", _("Running")
    ENDED = "ended", _("Ended")
    CANCELLED = "cancelled", _("Called off")

    @property
    def tone(self) -> str:
        return {"draft": "wait", "coming": "info", "running": "ok"}.get(self.value, "plain")


class CampaignQuerySet(OwnedQuerySet):
    def visible_to(self, person: Person) -> "CampaignQuerySet":
        """Those of the businesses one works on, those to which they are invited, and for who organises
        in a region all that several sellers share there."""
        mine = CampaignSeller.objects.filter(worked_on_by(person)).values("campaign")
        return self.filter(
            worked_on_by(person)
            | Q(pk__in=mine)
            | Q(region__in=person.regions_with(*ORGANISERS), enterprise=None)
        )

    def published(self) -> "CampaignQuerySet":
        return self.filter(state=CampaignState.PUBLISHED)

    def coded(self, code: str) -> "CampaignQuerySet":
        digits = code.split("-")[1] if code.count("-") == 2 else ""
        return self.filter(region=f"{digits[:2]}.{digits[2:]}", code=code.upper())


@tracked()
class Campaign(Owned):
    """A campaign of one seller (`enterprise`), or of many whom an office invites (none)."""

    enterprise = RegionForeignKey(
        Enterprise, null=True, blank=True, on_delete=models.PROTECT, related_name="campaigns"
    )
    code = models.CharField(_("code"), max_length=16, editable=False)
    title = models.CharField(_("title"), max_length=80)
    theme = models.TextField(_("what it is about"), max_length=600, blank=True)
    offer = models.CharField(_("discount or offer"), max_length=140, blank=True)
    begins_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    state = models.CharField(_("state"), max_length=9, choices=CampaignState, default=CampaignState.DRAFT)
    # Made at the creative desk for it.
    material = RegionForeignKey(
        CreativeJob, null=True, blank=True, on_delete=models.PROTECT, related_name="campaigns"
    )
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    published_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("campaign")
        constraints = [
            models.UniqueConstraint(fields=["region", "code"], name="campaign_code"),
            models.CheckConstraint(name="campaign_state", condition=Q(state__in=CampaignState.values)),
            models.CheckConstraint(name="campaign_has_a_title", condition=~Q(title="")),
            models.CheckConstraint(
                name="campaign_days",
                condition=Q(ends_on__gte=F("begins_on")) & Q(ends_on__lt=F("begins_on") + LONGEST),
            ),
            models.CheckConstraint(
                name="campaign_published_has_its_moment",
                condition=~Q(state="published") | Q(published_at__isnull=False),
            ),
            models.CheckConstraint(
                name="campaign_called_off_says_why", condition=~Q(state="cancelled") | ~Q(reason="")
            ),
        ]
        indexes = [
            models.Index(fields=["region", "-begins_on"], name="campaign_newest"),
            models.Index(fields=["region", "enterprise"], name="campaign_by_enterprise"),
        ]
        triggers = [
            pgtrigger.FSM(
                name="campaign_transitions",
                field="state",
                transitions=[("draft", "published"), ("draft", "cancelled"), ("published", "cancelled")],
            ),
            pgtrigger.Protect(name="campaigns_stay", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def slug(self) -> str:
        words = slugify(self.title)[:60].strip("-")
        return f"{words}-{self.code}".strip("-").lower()

    def get_absolute_url(self) -> str:
        """The public page."""
        return reverse("campaign", kwargs={"promotion": self.slug})

    @property
    def phase(self) -> Phase:
        """Where it is today."""
        if self.state != CampaignState.PUBLISHED:
            return Phase(self.state)
        today = clock.today()
        if today < self.begins_on:
            return Phase.COMING
        return Phase.RUNNING if today <= self.ends_on else Phase.ENDED

    @property
    def days(self) -> int:
        return (self.ends_on - self.begins_on).days + 1


class SellerState(models.TextChoices):
    """Whether a seller takes part."""

    INVITED = "invited", _("Invited")
    AGREED = "agreed", _("Takes part")
    DECLINED = "declined", _("Declined")
    LEFT = "left", _("Left")

    @property
    def tone(self) -> str:
        return {"invited": "wait", "agreed": "ok"}.get(self.value, "plain")


class CampaignSellerQuerySet(OwnedQuerySet):
    def visible_to(self, person: Person) -> "CampaignSellerQuerySet":
        """Those of the businesses one works on, and for who organises those of the region."""
        return self.filter(worked_on_by(person) | Q(region__in=person.regions_with(*ORGANISERS)))


@tracked()
class CampaignSeller(Owned):
    """A seller in a campaign: invited, and with a yes of their own before anything of theirs is shown."""

    campaign = RegionForeignKey(Campaign, on_delete=models.PROTECT, related_name="sellers")
    enterprise = RegionForeignKey(Enterprise, on_delete=models.PROTECT, related_name="campaign_parts")
    state = models.CharField(max_length=8, choices=SellerState, default=SellerState.INVITED)
    invited_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(default=clock.now)
    answered_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = CampaignSellerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "campaign", "enterprise"], name="campaign_seller_once"),
            models.CheckConstraint(
                name="campaign_seller_answered",
                condition=Q(state="invited", answered_by=None, answered_at=None)
                | Q(
                    state__in=["agreed", "declined", "left"],
                    answered_by__isnull=False,
                    answered_at__isnull=False,
                ),
            ),
        ]
        indexes = [models.Index(fields=["region", "enterprise"], name="campaign_seller_by_enterprise")]
        triggers = [
            pgtrigger.FSM(
                name="campaign_seller_transitions",
                field="state",
                transitions=[
                    ("invited", "agreed"),
                    ("invited", "declined"),
                    ("declined", "agreed"),
                    ("agreed", "left"),
                    ("left", "agreed"),
                ],
            )
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id}: {self.enterprise_id}"

    @property
    def state_shown(self) -> SellerState:
        return SellerState(self.state)


class CampaignProduct(Owned):
    """A product in a campaign. The database takes it only from a seller who takes part."""

    campaign = RegionForeignKey(Campaign, on_delete=models.PROTECT, related_name="items")
    product = RegionForeignKey(Product, on_delete=models.PROTECT, related_name="campaign_items")
    added_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "campaign", "product"], name="campaign_product_once")
        ]
        indexes = [models.Index(fields=["region", "product"], name="campaign_product_by_product")]
        triggers = [
            pgtrigger.Trigger(
                name="campaign_product_of_who_agreed",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    PERFORM 1 FROM market_campaignseller s
                      JOIN market_product p ON p.region_id = NEW.region_id AND p.id = NEW.product_id
                     WHERE s.region_id = NEW.region_id AND s.campaign_id = NEW.campaign_id
                       AND s.enterprise_id = p.enterprise_id AND s.state = 'agreed' FOR SHARE OF s;
                    IF NOT FOUND THEN
                        RAISE EXCEPTION 'campaign_product_of_who_agreed: product %', NEW.product_id
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'campaign_product_of_who_agreed';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id}: {self.product_id}"


class TrackedLink(Owned):
    """A short address of a campaign that counts visits: to its page, a product, or a shop."""

    campaign = RegionForeignKey(Campaign, on_delete=models.PROTECT, related_name="links")
    code = models.CharField(max_length=8)
    label = models.CharField(_("where it is used"), max_length=60)
    # Neither: the page of the campaign.
    product = RegionForeignKey(
        Product, null=True, blank=True, on_delete=models.PROTECT, related_name="tracked_links"
    )
    enterprise = RegionForeignKey(
        Enterprise, null=True, blank=True, on_delete=models.PROTECT, related_name="tracked_links"
    )
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    stopped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["region", "code"], name="tracked_link_code"),
            models.CheckConstraint(
                name="tracked_link_one_target", condition=Q(product=None) | Q(enterprise=None)
            ),
        ]
        indexes = [
            models.Index(fields=["code"], name="tracked_link_by_code"),
            models.Index(fields=["region", "campaign"], name="tracked_link_by_campaign"),
        ]
        triggers = [
            pgtrigger.Protect(name="tracked_links_stay", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="tracked_link_is_fixed", fields=["code", "campaign", "product"]),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def path(self) -> str:
        return reverse("tracked", kwargs={"link": self.code})


class LinkDay(Owned):
    """How many came over a link on a day; nothing about whom."""

    link = RegionForeignKey(TrackedLink, on_delete=models.PROTECT, related_name="days")
    day = models.DateField()
    visits = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["region", "link", "day"], name="link_day_once")]

    def __str__(self) -> str:
        return f"{self.link_id} {self.day}"


class DaySalt(Owned):
    """What visitors of one day are mixed with, so that one counts once; thrown away after the day, and
    then nothing says any more who came."""

    day = models.DateField()
    salt = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["region", "day"], name="day_salt_once")]

    def __str__(self) -> str:
        return str(self.day)


class VisitMark(Owned):
    """That somebody came over a link today, as a salted hash; thrown away after the day."""

    link = RegionForeignKey(TrackedLink, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    mark = models.CharField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "link", "day", "mark"], name="visit_mark_once")
        ]
        indexes = [models.Index(fields=["day"], name="visit_mark_day")]

    def __str__(self) -> str:
        return f"{self.link_id} {self.day}"
