"""What the sweep finds at the creative desk and among campaigns: a neighbour's job, taken by somebody who is
nobody among the viewers, a draft of a campaign, and a public one with its link."""

from datetime import timedelta
from typing import TYPE_CHECKING

from mbois import clock
from mbois.enterprises.models import Enterprise
from mbois.market.actions import campaigns, desk
from mbois.market.actions.desk import Delivery
from mbois.market.models import CreativeJob, Product, Shop
from mbois.people.tests.factories import make_person, picture

if TYPE_CHECKING:
    from tests.world import Region


def add_creative(home: "Region", other: Enterprise) -> None:
    """The nouns of the desk's and the campaigns' addresses."""
    owner, today = other.owner.person, clock.today()
    product = Product.objects.filter(region=home.code, enterprise=other).order_by("pk")[0]
    wish = {"wish": home.mark("Keinginan"), "wanted_by": today + timedelta(days=9), "pay": None, "by": owner}
    job: CreativeJob = desk.ask(other, [product], kind="design", **wish)  # type: ignore[arg-type]
    creator = make_person(home.mark("Kreator"), role="creator", region=home.code)
    desk.take(job, by=creator)
    upload = picture(name=f"{home.mark('Desain')}.jpg")
    version = desk.deliver(job, Delivery(note=home.mark("Pesan"), files=[upload]), by=creator)
    draft = campaigns.create_campaign(
        home.code, other, title=home.mark("Kampanye"), begins_on=today, ends_on=today, by=owner
    )
    campaigns.take_part(draft, other, [product], by=owner)
    shop = Shop.objects.get(region=home.code, slug=f"terbuka-{home.digits}")
    seller = shop.enterprise
    shown = campaigns.create_campaign(
        home.code, seller, title="Pekan Terbuka", begins_on=today, ends_on=today, by=seller.owner.person
    )
    products = list(Product.objects.filter(region=home.code, enterprise=seller))
    campaigns.take_part(shown, seller, products, by=seller.owner.person)
    shown = campaigns.publish_campaign(shown, by=seller.owner.person)
    link = campaigns.make_link(shown, label="Poster", by=seller.owner.person)
    home.objects |= {
        "job": job.code,
        "job_document": version.files.get().document.uuid,
        "creator": creator.pk,
        "campaign": draft.code,
        "promotion": shown.slug,
        "link": link.code,
    }
