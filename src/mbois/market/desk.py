"""Reads of the creative desk: what a creator has done, who waits, what a job's page shows."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from mbois import clock
from mbois.enterprises.models import Enterprise
from mbois.market.actions.dressing import seal_of_text
from mbois.market.models import (
    UNDER_WAY,
    CreativeJob,
    Dressing,
    JobProduct,
    JobState,
    JobVersion,
    Picture,
    Product,
    ProductPhoto,
    VersionFile,
    VersionPhoto,
    VersionText,
    seal_of,
)
from mbois.people.models import Person


@dataclass(frozen=True)
class Record:
    """What a creator has done. `dressed` are products that show accepted work now."""

    done: int
    dressed: int
    versions: int
    voluntary: int

    @property
    def versions_each(self) -> float | None:
        """How many versions a job needed on average."""
        return self.versions / self.done if self.done else None


def record_of(person: Person) -> Record:
    """Three queries."""
    jobs = CreativeJob.objects.filter(creator=person, state=JobState.ACCEPTED)
    counts = jobs.aggregate(done=Count("pk"), voluntary=Count("pk", filter=Q(pay=None)))
    dressed = Dressing.objects.filter(
        job__creator=person, job__state=JobState.ACCEPTED, undone_at=None
    ).aggregate(n=Count("product", distinct=True))["n"]
    versions = JobVersion.objects.filter(job__creator=person, job__state=JobState.ACCEPTED, by=person).count()
    return Record(counts["done"], dressed, versions, counts["voluntary"])


@dataclass
class Work:
    """A piece of accepted work its owner lets be shown."""

    job: CreativeJob
    photos: list[VersionPhoto] = field(default_factory=list)
    texts: list[VersionText] = field(default_factory=list)


def portfolio_of(person: Person, *, most: int = 24) -> list[Work]:
    """Accepted work that owners let be shown, newest first."""
    jobs = list(
        CreativeJob.objects.filter(creator=person, state=JobState.ACCEPTED, may_be_shown=True)
        .select_related("enterprise")
        .order_by("-ended_at")[:most]
    )
    found = {(job.region_id, job.pk): Work(job) for job in jobs}
    accepted = {"version__answer": "accepted", "version__job__in": jobs}
    for photo in VersionPhoto.objects.filter(**accepted).select_related("version", "picture", "product"):
        found[photo.region_id, photo.version.job_id].photos.append(photo)
    for text in VersionText.objects.filter(**accepted).select_related("version", "product"):
        found[text.region_id, text.version.job_id].texts.append(text)
    return list(found.values())


@dataclass(frozen=True)
class Counted:
    """The jobs of an enterprise."""

    waiting: int
    under_way: int
    to_answer: int
    done: int
    dressed: int


def counted(enterprise: Enterprise) -> Counted:
    """Two queries."""
    rows = CreativeJob.objects.filter(region=enterprise.region_id, enterprise=enterprise)
    found = rows.aggregate(
        waiting=Count("pk", filter=Q(state=JobState.OPEN)),
        under_way=Count("pk", filter=Q(state__in=UNDER_WAY)),
        to_answer=Count("pk", filter=Q(state=JobState.DELIVERED)),
        done=Count("pk", filter=Q(state=JobState.ACCEPTED)),
    )
    dressed = Dressing.objects.filter(
        region=enterprise.region_id, job__enterprise=enterprise, undone_at=None
    ).aggregate(n=Count("product", distinct=True))["n"]
    return Counted(**found, dressed=dressed)


# --- who waits ------------------------------------------------------------------------------------


def waiting_for_creator(regions: list[str]) -> QuerySet[CreativeJob]:
    """Open jobs, those wanted soonest first."""
    rows = CreativeJob.objects.filter(region__in=regions, state=JobState.OPEN)
    return rows.order_by("wanted_by", "pk")


def waiting_for_owner(regions: list[str]) -> QuerySet[CreativeJob]:
    """Delivered and not answered, the longest first."""
    newest = JobVersion.objects.filter(region=OuterRef("region"), job=OuterRef("pk")).order_by("-number")
    rows = CreativeJob.objects.filter(region__in=regions, state=JobState.DELIVERED)
    return rows.annotate(since=newest.values("delivered_at")[:1]).order_by("since", "pk")


def late(regions: list[str]) -> QuerySet[CreativeJob]:
    """In work past their day, or given back before."""
    rows = CreativeJob.objects.filter(region__in=regions)
    return rows.filter(
        Q(state__in=["taken", "change"], deliver_by__lt=clock.today()) | Q(state="open", returned__gt=0)
    ).order_by("wanted_by", "pk")


# --- a job's page ---------------------------------------------------------------------------------


@dataclass
class Item:
    """A product of a job: what is there now, and what the shown version brings."""

    product: Product
    now: list[Picture] = field(default_factory=list)
    photos: list[VersionPhoto] = field(default_factory=list)
    text: VersionText | None = None
    seal: str = ""

    @property
    def changed(self) -> bool:
        """Whether the product is another than when the text was written."""
        text = self.text
        return text is not None and (text.name_then, text.description_then) != (
            self.product.name,
            self.product.description,
        )

    @property
    def places(self) -> list[dict[str, Any]]:
        """The photos one may choose among, new ones first, each with its place."""
        new = [one.picture for one in self.photos if one.picture_id not in {row.pk for row in self.now}]
        every = [(one, True) for one in new] + [(one, False) for one in self.now]
        return [
            {"picture": one, "new": fresh, "place": number if number <= 9 else 0}
            for number, (one, fresh) in enumerate(every, start=1)
        ]


def items_of(job: CreativeJob, version: JobVersion | None) -> list[Item]:
    """The products of a job with what they show now and what a version brings; four queries at most."""
    rows = JobProduct.objects.filter(region=job.region_id, job=job).select_related("product")
    found = {one.product_id: Item(one.product) for one in rows}
    shown = ProductPhoto.objects.filter(region=job.region_id, product__in=found).select_related("picture")
    for photo in shown.order_by("position", "pk"):
        found[photo.product_id].now.append(photo.picture)
    if version is not None:
        for row in VersionPhoto.objects.filter(region=job.region_id, version=version).select_related(
            "picture"
        ):
            if row.product_id in found:
                found[row.product_id].photos.append(row)
        for text in VersionText.objects.filter(region=job.region_id, version=version):
            if text.product_id in found:
                found[text.product_id].text = text
    for item in found.values():
        item.seal = (
            seal_of([one.pk for one in item.now]) if job.kind == "photos" else seal_of_text(item.product)
        )
    return list(found.values())


def files_of(version: JobVersion | None) -> list[VersionFile]:
    if version is None:
        return []
    rows = VersionFile.objects.filter(region=version.region_id, version=version)
    return list(rows.select_related("document"))


def may_see_picture(person: Person, picture: Picture) -> bool:
    """A picture that was delivered or belongs to a product of a job: for those who see the job, and on a
    creator's page with the owner's leave."""
    region = picture.region_id
    delivered = VersionPhoto.objects.filter(region=region, picture=picture)
    jobs = CreativeJob.objects.filter(region=region).filter(
        Q(Exists(delivered.filter(version__job=OuterRef("pk"))))
        | Q(
            Exists(
                JobProduct.objects.filter(region=region, job=OuterRef("pk"), product__photos__picture=picture)
            )
        )
    )
    if jobs.filter(pk__in=CreativeJob.objects.visible_to(person).filter(region=region)).exists():
        return True
    return delivered.filter(version__answer="accepted", version__job__may_be_shown=True).exists()
