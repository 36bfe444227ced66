"""Accepting what a creator delivered: it goes onto the product, and can be taken off again."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from mbois import clock
from mbois.market import policy
from mbois.market.actions.desk import locked_job, newest
from mbois.market.actions.products import locked_product, update_product
from mbois.market.models import (
    CreativeJob,
    Dressing,
    JobKind,
    JobState,
    JobVersion,
    Product,
    ProductPhoto,
    VersionPhoto,
    VersionText,
    seal_of,
)
from mbois.people.models import Person
from mbois.people.notifications import notify
from mbois.refused import Refused, require

MOST_PHOTOS = 9
# So long an acceptance can be undone, and pictures that it took off are kept.
UNDO = timedelta(days=30)


def seal_of_text(product: Product) -> str:
    """Whether the text of a product is still what a page showed."""
    return seal_of((product.name, product.description))


def photo_keys(product: Product) -> list[int]:
    """The pictures of a product, in their order."""
    rows = ProductPhoto.objects.filter(region=product.region_id, product=product).order_by("position", "pk")
    return list(rows.values_list("picture_id", flat=True))


def _changed() -> Refused:
    return Refused(
        _("The product changed meanwhile. Please look at it again: this page shows how it is now."),
        code="changed",
        status=409,
    )


@transaction.atomic
def accept(
    job: CreativeJob,
    *,
    by: Person,
    seen: Mapping[int, str],
    photos: Mapping[int, Sequence[int]] | None = None,
    may_be_shown: bool = False,
) -> CreativeJob:
    """Accept the version that waits. `seen` holds by product the seal of what the page showed of it now;
    where the product differs from that, nothing is done (`changed`). `photos` are by product the keys of
    the pictures it shows from now on, new ones and those it has, in their order.
    """
    job = locked_job(job)
    require(policy.can_answer(by, job))
    version = newest(job)
    if job.kind == JobKind.TEXT:
        _put_texts(job, version, seen, by)
    elif job.kind == JobKind.PHOTOS:
        _put_photos(job, version, seen, photos or {}, by)
    version.answer = JobVersion.Answer.ACCEPTED
    version.answered_by, version.answered_at = by, clock.now()
    version.save(update_fields=["answer", "answered_by", "answered_at"])
    job.state, job.may_be_shown = JobState.ACCEPTED, may_be_shown
    job.ended_at, job.ended_by = clock.now(), by
    job.save(update_fields=["state", "may_be_shown", "ended_at", "ended_by"])
    if job.creator is not None:
        notify(
            job.creator,
            "market/job_accepted",
            url=job.get_absolute_url(),
            code=job.code,
            kind=job.kind,
            business=job.enterprise.name,
            shown=may_be_shown,
        )
    return job


def _put_texts(job: CreativeJob, version: JobVersion, seen: Mapping[int, str], by: Person) -> None:
    rows = VersionText.objects.filter(region=job.region_id, version=version).select_related("product")
    for text in sorted(rows, key=lambda one: one.product_id):
        product = locked_product(text.product)
        if seen.get(product.pk) != seal_of_text(product):
            raise _changed()
        before: dict[str, object] = {"name": product.name, "description": product.description}
        update_product(product, by=by, name=text.name, description=text.description)
        _remember(job, product, before, {"name": text.name, "description": text.description}, by)


def _put_photos(
    job: CreativeJob,
    version: JobVersion,
    seen: Mapping[int, str],
    photos: Mapping[int, Sequence[int]],
    by: Person,
) -> None:
    delivered: dict[int, list[int]] = {}
    for key, picture in VersionPhoto.objects.filter(region=job.region_id, version=version).values_list(
        "product_id", "picture_id"
    ):
        delivered.setdefault(key, []).append(picture)
    for key in sorted(delivered):
        product = locked_product(Product(region_id=job.region_id, pk=key))
        now = photo_keys(product)
        if seen.get(key) != seal_of(now):
            raise _changed()
        new = [one for one in delivered[key] if one not in now]
        chosen = list(dict.fromkeys(photos.get(key, [*new, *now][:MOST_PHOTOS])))
        if not set(chosen) <= {*now, *delivered[key]}:
            raise Refused(_("Choose among the photos on this page."), code="photo")
        if not chosen:
            raise Refused(_("Keep at least one photo of each product."), code="required")
        if len(chosen) > MOST_PHOTOS:
            raise Refused(
                _("A product shows at most %(most)s photos.") % {"most": MOST_PHOTOS}, code="too_many"
            )
        show_photos(product, chosen, by=by)
        _remember(job, product, {"photos": now}, {"photos": chosen}, by)


def show_photos(product: Product, keys: Sequence[int], *, by: Person) -> None:
    """Show exactly these pictures of the region, in this order. Called with the product locked."""
    rows = ProductPhoto.objects.filter(region=product.region_id, product=product)
    there = {one.picture_id: one for one in rows}
    for place, key in enumerate(keys):
        row = there.get(key)
        if row is None:
            ProductPhoto.objects.create(
                region_id=product.region_id, product=product, picture_id=key, position=place, added_by=by
            )
        elif row.position != place:
            row.position = place
            row.save(update_fields=["position"])
    rows.exclude(picture__in=keys).delete()
    Product.objects.filter(region=product.region_id, pk=product.pk).update(changed_at=clock.now())


def _remember(
    job: CreativeJob, product: Product, before: dict[str, object], after: dict[str, object], by: Person
) -> None:
    Dressing.objects.create(
        region_id=job.region_id, job=job, product=product, before=before, after=after, by=by
    )


def can_be_undone(job: CreativeJob) -> bool:
    """Whether something of it is still on a product and the time to undo has not passed."""
    return (
        job.state == JobState.ACCEPTED
        and job.ended_at is not None
        and clock.now() - job.ended_at < UNDO
        and Dressing.objects.filter(region=job.region_id, job=job, undone_at=None).exists()
    )


@transaction.atomic
def undo(job: CreativeJob, *, by: Person) -> int:
    """Give the products back what they had before; the job stays accepted. Says how many products.
    Refuses where a product was changed since, and after thirty days."""
    job = locked_job(job)
    require(policy.can_answer(by, job))
    if not can_be_undone(job):
        raise Refused(_("This can no longer be undone."), code="over", status=409)
    left = Dressing.objects.filter(region=job.region_id, job=job, undone_at=None)
    rows = list(left.select_related("product").order_by("product"))
    for row in rows:
        product = locked_product(row.product)
        before = row.before
        if "photos" in before:
            if photo_keys(product) != row.after["photos"]:
                raise _since()
            if not before["photos"] and product.state == "published":
                raise Refused(
                    _("A published product keeps at least one photo."), code="last_photo", status=409
                )
            show_photos(product, before["photos"], by=by)
        else:
            if (product.name, product.description) != (row.after["name"], row.after["description"]):
                raise _since()
            update_product(product, by=by, name=before["name"], description=before["description"])
        row.undone_at, row.undone_by = clock.now(), by
        row.save(update_fields=["undone_at", "undone_by"])
    return len(rows)


def _since() -> Refused:
    return Refused(
        _("The product was changed since. Please change it on its own page."), code="changed", status=409
    )


@transaction.atomic
def allow_showing(job: CreativeJob, *, allowed: bool, by: Person) -> CreativeJob:
    """The owner's leave to show accepted work on the creator's page, given or taken back."""
    job = locked_job(job)
    require(policy.can_answer(by, job))
    if job.state != JobState.ACCEPTED:
        raise Refused(_("Only accepted work can be shown."), code="moved_on", status=409)
    job.may_be_shown = allowed
    job.save(update_fields=["may_be_shown"])
    return job


def pictures_to_keep() -> set[tuple[str, int]]:
    """Pictures (region, key) that an undo would bring back."""
    rows = Dressing.objects.filter(undone_at=None, made_at__gte=clock.now() - UNDO, before__has_key="photos")
    return {
        (region, key)
        for region, before in rows.values_list("region_id", "before")
        for key in before["photos"]
    }
