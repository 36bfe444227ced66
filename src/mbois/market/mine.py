"""What the creative desk and campaigns hold of a person, for them to take home."""

from typing import Any

from mbois.market.models import CampaignSeller, CreativeJob, JobVersion, VersionText
from mbois.people.mine import plain
from mbois.people.models import Person


def held(person: Person) -> dict[str, Any]:
    """Jobs asked for one's own businesses, jobs one took and what one delivered, campaigns one is in."""
    asked = CreativeJob.objects.filter(enterprise__owner__person=person).select_related("enterprise")
    taken = CreativeJob.objects.filter(creator=person).select_related("enterprise")
    versions = JobVersion.objects.filter(by=person).select_related("job")
    texts = VersionText.objects.filter(version__by=person)
    parts = CampaignSeller.objects.filter(enterprise__owner__person=person).select_related(
        "enterprise", "campaign"
    )
    return {
        "creative_jobs": [plain(one) | {"enterprise": one.enterprise.number} for one in asked.order_by("pk")],
        "creative_jobs_taken": [
            plain(one) | {"enterprise": one.enterprise.name} for one in taken.order_by("pk")
        ],
        "creative_versions": [plain(one) | {"job": one.job.code} for one in versions.order_by("pk")],
        "creative_texts": [plain(one) for one in texts.order_by("pk")],
        "campaigns": [
            plain(one) | {"enterprise": one.enterprise.number, "campaign": one.campaign.title}
            for one in parts.order_by("pk")
        ],
    }
