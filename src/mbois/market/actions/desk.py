"""Jobs of the creative desk: asked for, taken, delivered, answered, called off."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from mbois import clock
from mbois.enterprises.models import Enterprise
from mbois.market import pictures, policy
from mbois.market.codes import JOB, new_code
from mbois.market.models import (
    CREATORS_TURN,
    CreativeJob,
    JobKind,
    JobProduct,
    JobState,
    JobVersion,
    Picture,
    Product,
    VersionFile,
    VersionPhoto,
    VersionText,
)
from mbois.market.models.desk import MOST_PAY
from mbois.people import documents
from mbois.people.models import Document, Person
from mbois.people.models.documents import Purpose
from mbois.people.notifications import notify
from mbois.refused import Refused, require

MOST_PRODUCTS = 8
MOST_PHOTOS = 9  # of one product in one version
MOST_FILES = 6
# At least so many days for whoever takes it, and for a change.
DAYS_TO_MAKE, DAYS_TO_CHANGE = 7, 3
MOST_AT_ONCE = 5


@dataclass(frozen=True)
class Text:
    """Name and description that are proposed for a product."""

    name: str
    description: str


@dataclass(frozen=True)
class Delivery:
    """What a creator hands over; photos and texts by the key of their product."""

    note: str = ""
    photos: Mapping[int, Sequence[File]] = field(default_factory=dict)
    texts: Mapping[int, Text] = field(default_factory=dict)
    files: Sequence[File] = ()


@transaction.atomic
def ask(
    enterprise: Enterprise,
    products: Sequence[Product],
    *,
    kind: str,
    wish: str,
    wanted_by: date,
    pay: int | None,
    by: Person,
) -> CreativeJob:
    """Ask the creators of the region. `pay` in whole rupiah, None for voluntary work; nothing is paid
    through here."""
    require(policy.can_ask(by, enterprise))
    own = [one for one in products if one.enterprise_id == enterprise.pk]
    if not own or len(own) != len(products):
        raise Refused(_("Choose at least one product."), field="products", code="required")
    if len(own) > MOST_PRODUCTS:
        raise Refused(
            _("At most %(most)s products in one job.") % {"most": MOST_PRODUCTS},
            field="products",
            code="too_many",
        )
    if kind not in JobKind.values:
        raise Refused(_("Choose what you need."), field="kind", code="required")
    if not wish.strip():
        raise Refused(_("Say what it should be like."), field="wish", code="required")
    if wanted_by < clock.today():
        raise Refused(_("This day is over."), field="wanted_by", code="past")
    if pay is not None and not 0 < pay <= MOST_PAY:
        raise Refused(_("Give an amount above zero."), field="pay", code="pay")
    job = CreativeJob(
        region_id=enterprise.region_id,
        enterprise=enterprise,
        kind=kind,
        wish=wish.strip()[:1000],
        wanted_by=wanted_by,
        pay=pay,
        asked_by=by,
    )
    for _attempt in range(5):
        job.code = new_code(JOB, job.region_id)
        try:
            with transaction.atomic():
                job.save(force_insert=True)
                break
        except IntegrityError as error:
            if "creative_job_code" not in str(error):
                raise
    JobProduct.objects.bulk_create(JobProduct(region_id=job.region_id, job=job, product=one) for one in own)
    return job


def locked_job(job: CreativeJob) -> CreativeJob:
    """The job as it stands now, held until the transaction ends."""
    return (
        CreativeJob.objects.select_for_update(of=("self",), no_key=True)
        .select_related("enterprise__owner__person")
        .get(region=job.region_id, pk=job.pk)
    )


def must_be(job: CreativeJob, *states: str) -> None:
    if job.state not in states:
        raise Refused(
            _("The job has moved on: %(state)s.") % {"state": job.get_state_display()},
            code="moved_on",
            status=409,
        )


def _tell_owner(job: CreativeJob, key: str, **more: object) -> None:
    people = {job.enterprise.owner.person, job.asked_by}
    notify(people, f"market/{key}", url=job.get_absolute_url(), **_told(job), **more)


def _tell_creator(job: CreativeJob, key: str, **more: object) -> None:
    if job.creator is not None:
        notify(job.creator, f"market/{key}", url=job.get_absolute_url(), **_told(job), **more)


def _told(job: CreativeJob) -> dict[str, object]:
    return {"code": job.code, "kind": job.kind, "business": job.enterprise.name}


@transaction.atomic
def take(job: CreativeJob, *, by: Person) -> CreativeJob:
    """Take an open job: exactly one may. Refuses (`taken`) whoever comes second."""
    # One's own row first, so that two jobs taken at once are counted one after the other.
    Person.objects.select_for_update(no_key=True).get(pk=by.pk)
    job = locked_job(job)
    if job.state != JobState.OPEN:
        if job.creator_id == by.pk:
            return job
        raise Refused(_("Somebody else was faster, or it was called off."), code="taken", status=409)
    require(policy.can_take(by, job))
    busy = CreativeJob.objects.filter(region=job.region_id, creator=by, state__in=CREATORS_TURN).count()
    if busy >= MOST_AT_ONCE:
        raise Refused(
            _("You have %(most)s jobs in work. Deliver one or give one back first.") % {"most": MOST_AT_ONCE},
            code="too_many",
            status=409,
        )
    job.state, job.creator, job.taken_at = JobState.TAKEN, by, clock.now()
    job.deliver_by = max(job.wanted_by, clock.today() + timedelta(days=DAYS_TO_MAKE))
    job.save(update_fields=["state", "creator", "taken_at", "deliver_by"])
    _tell_owner(job, "job_taken", creator=by.name, until=job.deliver_by)
    return job


def _back_to_all(job: CreativeJob) -> None:
    job.state, job.creator, job.taken_at, job.deliver_by = JobState.OPEN, None, None, None
    job.returned += 1
    job.save(update_fields=["state", "creator", "taken_at", "deliver_by", "returned"])


@transaction.atomic
def give_back(job: CreativeJob, *, by: Person) -> CreativeJob:
    """The creator lets go; others may take it."""
    job = locked_job(job)
    require(job.creator_id == by.pk)
    must_be(job, *CREATORS_TURN)
    _back_to_all(job)
    _tell_owner(job, "job_given_back", creator=by.name)
    return job


def return_late(*, most: int = 200) -> int:
    """Give jobs whose day has passed back to the others, and tell both; says how many."""
    over = 0
    due = CreativeJob.objects.filter(state__in=CREATORS_TURN, deliver_by__lt=clock.today())
    for region_id, key in list(due.order_by("deliver_by").values_list("region_id", "pk")[:most]):
        with transaction.atomic():
            job = (
                CreativeJob.objects.select_for_update(of=("self",), skip_locked=True, no_key=True)
                .select_related("enterprise__owner__person", "creator", "asked_by")
                .filter(region=region_id, pk=key, state__in=CREATORS_TURN, deliver_by__lt=clock.today())
                .first()
            )
            if job is None:
                continue
            _tell_creator(job, "job_too_late")
            creator = job.creator.name if job.creator else ""
            _back_to_all(job)
            _tell_owner(job, "job_given_back", creator=creator)
            over += 1
    return over


def remind() -> int:
    """Tell creators whose day is tomorrow; says how many."""
    rows = CreativeJob.objects.filter(
        state__in=CREATORS_TURN, deliver_by=clock.today() + timedelta(days=1)
    ).select_related("enterprise", "creator")
    for job in rows:
        _tell_creator(job, "job_due", until=job.deliver_by)
    return len(rows)


@documents.together()
def deliver(job: CreativeJob, delivery: Delivery, *, by: Person) -> JobVersion:
    """Hand over a version: photos of at least one of the products, texts, or designs. Refuses what is no
    photo, too small or too much; nothing is kept then."""
    job = locked_job(job)
    require(policy.can_deliver(by, job))
    must_be(job, *CREATORS_TURN)
    products = {one.pk: one for one in Product.objects.filter(region=job.region_id, creative_items__job=job)}
    number = JobVersion.objects.filter(region=job.region_id, job=job).count() + 1
    version = JobVersion.objects.create(
        region_id=job.region_id, job=job, number=number, note=delivery.note.strip()[:1000], by=by
    )
    if job.kind == JobKind.PHOTOS:
        kept = _keep_photos(version, products, delivery)
    elif job.kind == JobKind.TEXT:
        kept = _keep_texts(version, products, delivery)
    else:
        kept = _keep_files(version, job, delivery, by)
    if not kept:
        raise Refused(_("There is nothing to deliver yet."), code="required")
    job.state = JobState.DELIVERED
    job.save(update_fields=["state"])
    _tell_owner(job, "job_delivered", creator=by.name, number=number)
    return version


def _keep_photos(version: JobVersion, products: Mapping[int, Product], delivery: Delivery) -> int:
    from mbois.market.tasks import make_renditions

    rows = []
    for key, uploads in delivery.photos.items():
        if key not in products:
            raise Refused(_("This product is not part of the job."), code="product")
        if len(uploads) > MOST_PHOTOS:
            raise Refused(
                _("A product shows at most %(most)s photos.") % {"most": MOST_PHOTOS},
                field=f"photos-{key}",
                code="too_many",
            )
        seen: set[int] = set()
        for upload in uploads:
            picture = _kept(version.region_id, upload, f"photos-{key}")
            if picture.pk in seen:
                continue
            seen.add(picture.pk)
            rows.append(
                VersionPhoto(
                    region_id=version.region_id,
                    version=version,
                    product=products[key],
                    picture=picture,
                    position=len(seen) - 1,
                )
            )
            if picture.made_at is None:
                make_renditions.defer(region_id=picture.region_id, picture_id=picture.pk)
    VersionPhoto.objects.bulk_create(rows)
    return len(rows)


def _kept(region_id: str, upload: File, name: str) -> Picture:
    """A picture that was delivered, re-encoded and kept. Refuses as the product's own photos do."""
    if upload.size is not None and upload.size > pictures.MOST_BYTES:
        raise Refused(_("The picture is larger than 20 MB."), field=name, code="file_too_large")
    upload.seek(0)
    try:
        master = pictures.check(upload.read(pictures.MOST_BYTES + 1))
    except Refused as refused:
        raise Refused(f"{upload.name}: {refused.message}", field=name, code=refused.code) from None
    return pictures.keep(region_id, master)[0]


def _keep_texts(version: JobVersion, products: Mapping[int, Product], delivery: Delivery) -> int:
    rows = []
    for key, text in delivery.texts.items():
        if key not in products:
            raise Refused(_("This product is not part of the job."), code="product")
        name, description = " ".join(text.name.split()), text.description.strip()
        if not name and not description:
            continue
        if not name or not description:
            raise Refused(
                _("Give both: a name and a description."),
                field=f"name-{key}" if not name else f"description-{key}",
                code="required",
            )
        if len(name) > 120 or len(description) > 4000:
            raise Refused(_("This text is too long."), field=f"description-{key}", code="too_long")
        rows.append(
            VersionText(
                region_id=version.region_id,
                version=version,
                product=products[key],
                name=name,
                description=description,
                name_then=products[key].name,
                description_then=products[key].description,
            )
        )
    VersionText.objects.bulk_create(rows)
    return len(rows)


def _keep_files(version: JobVersion, job: CreativeJob, delivery: Delivery, by: Person) -> int:
    if len(delivery.files) > MOST_FILES:
        raise Refused(_("At most %(most)s files.") % {"most": MOST_FILES}, field="files", code="too_many")
    kept: list[Document] = []
    for upload in delivery.files:
        try:
            kept.append(
                documents.store(
                    upload,
                    region_id=job.region_id,
                    purpose=Purpose.CREATIVE,
                    by=by,
                    subject=job.enterprise.owner.person,
                )
            )
        except Refused as refused:
            refused.field = "files"
            raise
    VersionFile.objects.bulk_create(
        VersionFile(region_id=job.region_id, version=version, document=one) for one in kept
    )
    return len(kept)


def newest(job: CreativeJob) -> JobVersion:
    """The version that waits for an answer. Refuses where none does."""
    must_be(job, JobState.DELIVERED)
    found = JobVersion.objects.filter(region=job.region_id, job=job, answer="").order_by("-number").first()
    if found is None:
        raise Refused(_("There is no version to answer."), code="moved_on", status=409)
    return found


@transaction.atomic
def ask_for_change(job: CreativeJob, *, words: str, by: Person) -> CreativeJob:
    """Say what should be different; the creator gets at least three days."""
    job = locked_job(job)
    require(policy.can_answer(by, job))
    version = newest(job)
    if not words.strip():
        raise Refused(_("Say what should be different."), field="words", code="required")
    version.answer, version.answer_note = JobVersion.Answer.CHANGE, words.strip()[:1000]
    version.answered_by, version.answered_at = by, clock.now()
    version.save(update_fields=["answer", "answer_note", "answered_by", "answered_at"])
    job.state = JobState.CHANGE
    job.deliver_by = max(job.deliver_by or clock.today(), clock.today() + timedelta(days=DAYS_TO_CHANGE))
    job.save(update_fields=["state", "deliver_by"])
    _tell_creator(job, "job_change", words=version.answer_note, until=job.deliver_by)
    return job


@transaction.atomic
def call_off(job: CreativeJob, *, reason: str, by: Person) -> CreativeJob:
    """The asking side no longer wants it, and says why."""
    job = locked_job(job)
    require(policy.can_answer(by, job))
    if job.state == JobState.CANCELLED:
        return job
    must_be(job, JobState.OPEN, JobState.TAKEN, JobState.DELIVERED, JobState.CHANGE)
    if not reason.strip():
        raise Refused(_("Say why."), field="reason", code="required")
    job.state, job.reason = JobState.CANCELLED, reason.strip()[:300]
    job.ended_at, job.ended_by = clock.now(), by
    job.save(update_fields=["state", "reason", "ended_at", "ended_by"])
    _tell_creator(job, "job_called_off", reason=job.reason)
    return job
