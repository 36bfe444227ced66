"""Campaigns: made, sellers invited, products chosen, published, called off; their links."""

import secrets
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from mbois import clock
from mbois.enterprises.models import Enterprise
from mbois.market import policy
from mbois.market.codes import CAMPAIGN, SIGNS, new_code
from mbois.market.models import (
    Campaign,
    CampaignProduct,
    CampaignSeller,
    CampaignState,
    CreativeJob,
    Phase,
    Product,
    SellerState,
    Shop,
    TrackedLink,
)
from mbois.market.models.campaigns import LONGEST
from mbois.people.models import Person
from mbois.people.notifications import notify
from mbois.places.models import Region
from mbois.refused import Refused, require

MOST_PRODUCTS = 100  # of one seller
MOST_LINKS = 60
LINK_LENGTH = 7


def _check_days(begins_on: date, ends_on: date) -> None:
    if ends_on < begins_on:
        raise Refused(_("The last day lies before the first."), field="ends_on", code="days")
    if ends_on - begins_on >= timedelta(days=LONGEST):
        raise Refused(
            _("A campaign lasts at most %(most)s days.") % {"most": LONGEST}, field="ends_on", code="days"
        )


def _check_material(job: CreativeJob | None, enterprise: Enterprise | None, region_id: str) -> None:
    if job is None:
        return
    own = enterprise is None or job.enterprise_id == enterprise.pk
    if job.region_id != region_id or job.state != "accepted" or not own:
        raise Refused(_("Only accepted work can be used."), field="material", code="material")


@transaction.atomic
def create_campaign(
    region: Region | str,
    enterprise: Enterprise | None,
    *,
    title: str,
    begins_on: date,
    ends_on: date,
    by: Person,
    theme: str = "",
    offer: str = "",
    material: CreativeJob | None = None,
) -> Campaign:
    """Make a draft: of one seller, who takes part at once, or (`enterprise` is None) of many whom an
    office invites."""
    region_id = region.pk if isinstance(region, Region) else region
    if enterprise is not None:
        require(enterprise.region_id == region_id and policy.can_ask(by, enterprise))
    else:
        require(policy.can_organise(by, region_id))
    if not title.strip():
        raise Refused(_("Give the campaign a title."), field="title", code="required")
    _check_days(begins_on, ends_on)
    _check_material(material, enterprise, region_id)
    campaign = Campaign(
        region_id=region_id,
        enterprise=enterprise,
        title=" ".join(title.split())[:80],
        theme=theme.strip()[:600],
        offer=" ".join(offer.split())[:140],
        begins_on=begins_on,
        ends_on=ends_on,
        material=material,
        made_by=by,
    )
    for _attempt in range(5):
        campaign.code = new_code(CAMPAIGN, region_id)
        try:
            with transaction.atomic():
                campaign.save(force_insert=True)
                break
        except IntegrityError as error:
            if "campaign_code" not in str(error):
                raise
    if enterprise is not None:
        CampaignSeller.objects.create(
            region_id=region_id,
            campaign=campaign,
            enterprise=enterprise,
            state=SellerState.AGREED,
            invited_by=by,
            answered_by=by,
            answered_at=clock.now(),
        )
    return campaign


def locked_campaign(campaign: Campaign) -> Campaign:
    """The campaign as it stands now, held until the transaction ends."""
    return (
        Campaign.objects.select_for_update(of=("self",), no_key=True)
        .select_related("enterprise__owner__person")
        .get(region=campaign.region_id, pk=campaign.pk)
    )


def _must_be_open(campaign: Campaign) -> None:
    if campaign.phase in (Phase.ENDED, Phase.CANCELLED):
        raise Refused(_("This campaign is over."), code="over", status=409)


@transaction.atomic
def update_campaign(campaign: Campaign, *, by: Person, **fields: Any) -> Campaign:
    """Change its words, days or material. Once it runs, its first day stays; once it is over, all does."""
    campaign = locked_campaign(campaign)
    require(policy.can_run(by, campaign))
    _must_be_open(campaign)
    begins_on, ends_on = fields.get("begins_on", campaign.begins_on), fields.get("ends_on", campaign.ends_on)
    if campaign.phase == Phase.RUNNING:
        if begins_on != campaign.begins_on:
            raise Refused(_("It runs already: its first day stays."), field="begins_on", code="runs")
        if ends_on < clock.today():
            raise Refused(_("This day is over."), field="ends_on", code="past")
    _check_days(begins_on, ends_on)
    if "material" in fields:
        _check_material(fields["material"], campaign.enterprise, campaign.region_id)
    title = " ".join(str(fields.get("title", campaign.title)).split())[:80]
    if not title:
        raise Refused(_("Give the campaign a title."), field="title", code="required")
    campaign.title, campaign.begins_on, campaign.ends_on = title, begins_on, ends_on
    campaign.theme = str(fields.get("theme", campaign.theme)).strip()[:600]
    campaign.offer = " ".join(str(fields.get("offer", campaign.offer)).split())[:140]
    campaign.material = fields.get("material", campaign.material)
    campaign.save()
    return campaign


@transaction.atomic
def invite(campaign: Campaign, enterprises: Sequence[Enterprise], *, by: Person) -> int:
    """Ask sellers to take part; each is told and answers. Says how many were asked now."""
    campaign = locked_campaign(campaign)
    require(campaign.enterprise is None and policy.can_run(by, campaign))
    _must_be_open(campaign)
    known = set(
        CampaignSeller.objects.filter(region=campaign.region_id, campaign=campaign).values_list(
            "enterprise_id", flat=True
        )
    )
    asked = [
        one
        for one in enterprises
        if one.region_id == campaign.region_id and one.state == "verified" and one.pk not in known
    ]
    CampaignSeller.objects.bulk_create(
        CampaignSeller(region_id=campaign.region_id, campaign=campaign, enterprise=one, invited_by=by)
        for one in asked
    )
    for one in asked:
        notify(
            one.owner.person,
            "market/campaign_invited",
            url=f"/usaha/{one.number}/kampanye/{campaign.code}/",
            title=campaign.title,
            business=one.name,
            begins=campaign.begins_on,
        )
    return len(asked)


def _locked_part(campaign: Campaign, enterprise: Enterprise) -> CampaignSeller:
    found = (
        CampaignSeller.objects.select_for_update(of=("self",), no_key=True)
        .filter(region=campaign.region_id, campaign=campaign, enterprise=enterprise)
        .first()
    )
    if found is None:
        raise Refused(_("This business is not invited."), code="not_invited", status=404)
    return found


@transaction.atomic
def take_part(
    campaign: Campaign, enterprise: Enterprise, products: Sequence[Product], *, by: Person
) -> CampaignSeller:
    """The seller's yes, with the products that come along; again to choose others."""
    campaign = locked_campaign(campaign)
    require(policy.can_sell(by, enterprise))
    _must_be_open(campaign)
    part = _locked_part(campaign, enterprise)
    own = [one for one in products if one.enterprise_id == enterprise.pk and one.state != "withdrawn"]
    if not own:
        raise Refused(_("Choose at least one product."), field="products", code="required")
    if len(own) > MOST_PRODUCTS:
        raise Refused(
            _("At most %(most)s products.") % {"most": MOST_PRODUCTS}, field="products", code="too_many"
        )
    if part.state != SellerState.AGREED:
        part.state, part.answered_by, part.answered_at = SellerState.AGREED, by, clock.now()
        part.save(update_fields=["state", "answered_by", "answered_at"])
        _tell_organiser(campaign, enterprise, agreed=True)
    rows = CampaignProduct.objects.filter(
        region=campaign.region_id, campaign=campaign, product__enterprise=enterprise
    )
    rows.exclude(product__in=own).delete()
    there = set(rows.values_list("product_id", flat=True))
    CampaignProduct.objects.bulk_create(
        CampaignProduct(region_id=campaign.region_id, campaign=campaign, product=one)
        for one in own
        if one.pk not in there
    )
    return part


@transaction.atomic
def stay_out(campaign: Campaign, enterprise: Enterprise, *, by: Person) -> CampaignSeller:
    """The seller's no, or that they leave: nothing of theirs is shown in it any more."""
    campaign = locked_campaign(campaign)
    require(policy.can_sell(by, enterprise))
    if campaign.enterprise_id == enterprise.pk:
        raise Refused(_("This is your own campaign. Call it off instead."), code="own", status=409)
    part = _locked_part(campaign, enterprise)
    if part.state in (SellerState.DECLINED, SellerState.LEFT):
        return part
    part.state = SellerState.LEFT if part.state == SellerState.AGREED else SellerState.DECLINED
    part.answered_by, part.answered_at = by, clock.now()
    part.save(update_fields=["state", "answered_by", "answered_at"])
    CampaignProduct.objects.filter(
        region=campaign.region_id, campaign=campaign, product__enterprise=enterprise
    ).delete()
    _tell_organiser(campaign, enterprise, agreed=False)
    return part


def _tell_organiser(campaign: Campaign, enterprise: Enterprise, *, agreed: bool) -> None:
    notify(
        campaign.made_by,
        "market/campaign_answered",
        url=f"/kelola/kampanye/{campaign.code}/",
        title=campaign.title,
        business=enterprise.name,
        agreed=agreed,
    )


@transaction.atomic
def publish_campaign(campaign: Campaign, *, by: Person) -> Campaign:
    """Show it to everybody. Needs a product that takes part, and a last day that is not over."""
    campaign = locked_campaign(campaign)
    require(policy.can_run(by, campaign))
    if campaign.state == CampaignState.PUBLISHED:
        return campaign
    _must_be_open(campaign)
    if campaign.ends_on < clock.today():
        raise Refused(_("Its last day is over."), code="past")
    if not CampaignProduct.objects.filter(region=campaign.region_id, campaign=campaign).exists():
        raise Refused(_("Choose at least one product first."), code="no_product")
    campaign.state, campaign.published_at = CampaignState.PUBLISHED, clock.now()
    campaign.save(update_fields=["state", "published_at"])
    return campaign


@transaction.atomic
def cancel_campaign(campaign: Campaign, *, reason: str, by: Person) -> Campaign:
    """Call it off and tell who takes part. Its links still lead to the products and count no longer."""
    campaign = locked_campaign(campaign)
    require(policy.can_run(by, campaign))
    if campaign.state == CampaignState.CANCELLED:
        return campaign
    _must_be_open(campaign)
    if not reason.strip():
        raise Refused(_("Say why."), field="reason", code="required")
    campaign.state, campaign.reason = CampaignState.CANCELLED, reason.strip()[:300]
    campaign.save(update_fields=["state", "reason"])
    parts = CampaignSeller.objects.filter(
        region=campaign.region_id, campaign=campaign, state__in=[SellerState.AGREED, SellerState.INVITED]
    ).select_related("enterprise__owner__person")
    people = {one.enterprise.owner.person for one in parts} - {by}
    notify(
        people,
        "market/campaign_called_off",
        url=campaign.get_absolute_url() if campaign.published_at else "",
        title=campaign.title,
        reason=campaign.reason,
    )
    return campaign


# --- links ----------------------------------------------------------------------------------------


def new_link_code() -> str:
    """Seven signs nobody mistakes for one another; none that any region has."""
    while True:
        code = "".join(secrets.choice(SIGNS) for _n in range(LINK_LENGTH))
        if not TrackedLink.objects.filter(code=code).exists():
            return code


@transaction.atomic
def make_link(
    campaign: Campaign,
    *,
    label: str,
    by: Person,
    product: Product | None = None,
    enterprise: Enterprise | None = None,
) -> TrackedLink:
    """A short address that counts who comes: to a product or a shop of the campaign, or to its page."""
    campaign = locked_campaign(campaign)
    require(policy.can_run(by, campaign))
    _must_be_open(campaign)
    if not label.strip():
        raise Refused(_("Say where the link is used."), field="label", code="required")
    links = TrackedLink.objects.filter(region=campaign.region_id, campaign=campaign)
    if links.count() >= MOST_LINKS:
        raise Refused(_("At most %(most)s links.") % {"most": MOST_LINKS}, field="label", code="too_many")
    where = {"region": campaign.region_id, "campaign": campaign}
    if product is not None and not CampaignProduct.objects.filter(**where, product=product).exists():
        raise Refused(_("This product is not in the campaign."), field="target", code="target")
    if enterprise is not None:
        agreed = CampaignSeller.objects.filter(**where, enterprise=enterprise, state=SellerState.AGREED)
        shop = Shop.objects.filter(region=campaign.region_id, enterprise=enterprise)
        if not agreed.exists() or not shop.exists():
            raise Refused(_("This shop is not in the campaign."), field="target", code="target")
    for _attempt in range(5):
        try:
            with transaction.atomic():
                return TrackedLink.objects.create(
                    region_id=campaign.region_id,
                    campaign=campaign,
                    code=new_link_code(),
                    label=" ".join(label.split())[:60],
                    product=product,
                    enterprise=enterprise,
                    made_by=by,
                )
        except IntegrityError as error:
            if "tracked_link_code" not in str(error):
                raise
    raise Refused(_("The link could not be made. Please try again."), status=503)


@transaction.atomic
def stop_link(link: TrackedLink, *, by: Person) -> TrackedLink:
    """Count no longer. Printed codes still lead where they led."""
    row = TrackedLink.objects.select_for_update(of=("self",), no_key=True).get(
        region=link.region_id, pk=link.pk
    )
    require(policy.can_run(by, link.campaign))
    if row.stopped_at is None:
        row.stopped_at = clock.now()
        row.save(update_fields=["stopped_at"])
    return row


def link_that_counts(code: str, shop: Shop) -> TrackedLink | None:
    """The link a buyer came over, where it counts for this shop today: of a campaign that runs and in
    which the shop takes part."""
    if len(code) != LINK_LENGTH or not set(code) <= set(SIGNS):
        return None
    today = clock.today()
    return (
        TrackedLink.objects.filter(
            region=shop.region_id,
            code=code,
            stopped_at=None,
            campaign__state=CampaignState.PUBLISHED,
            campaign__begins_on__lte=today,
            campaign__ends_on__gte=today,
            campaign__sellers__enterprise=shop.enterprise_id,
            campaign__sellers__state=SellerState.AGREED,
        )
        .order_by("pk")
        .first()
    )
