"""After an activity: feedback, photos, whom it reached."""

from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from mbois import clock
from mbois.agenda import policy
from mbois.agenda.models import Activity, ActivityPhoto, Feedback, Outcome, Registration
from mbois.people import documents
from mbois.people.models import Person, Purpose
from mbois.refused import Refused, require

MOST_PHOTOS = 40


@transaction.atomic
def say(registration: Registration, *, stars: int, words: str = "") -> Feedback:
    """What a participant thought of it, once, when it has begun; by whoever holds the link."""
    activity = registration.activity
    if registration.confirmed_at is None:
        raise Refused(_("Only who had a place says how it was."), code="moved_on", status=409)
    if not activity.has_begun:
        raise Refused(_("Tell us afterwards."), code="not_over", status=409)
    if not 1 <= stars <= 5:
        raise Refused(_("Give one to five stars."), field="stars")
    Registration.objects.select_for_update().get(region=registration.region_id, pk=registration.pk)
    if Feedback.objects.filter(region=registration.region_id, registration=registration).exists():
        raise Refused(_("You have told us already. Thank you!"), code="sent", status=409)
    return Feedback.objects.create(
        region_id=registration.region_id,
        registration=registration,
        activity=activity,
        stars=stars,
        words=words.strip(),
    )


@transaction.atomic
def add_photos(activity: Activity, uploads: list[File], *, by: Person, caption: str = "") -> int:
    """Put up pictures of how it was: for everybody, so only with the consent of who is on them."""
    require(policy.works_on(by, activity))
    there = ActivityPhoto.objects.filter(region=activity.region_id, activity=activity).count()
    if there + len(uploads) > MOST_PHOTOS:
        raise Refused(_("At most %(most)s photos.") % {"most": MOST_PHOTOS}, field="photos")
    with documents.together():
        for upload in uploads:
            document = documents.store(
                upload, region_id=activity.region_id, purpose=Purpose.AGENDA, by=by, pictures=True
            )
            ActivityPhoto.objects.create(
                region_id=activity.region_id,
                activity=activity,
                document=document,
                caption=caption.strip(),
                added_by=by,
            )
    return len(uploads)


@transaction.atomic
def remove_photo(photo: ActivityPhoto, *, by: Person) -> None:
    """Take a picture down; its file goes."""
    require(policy.works_on(by, photo.activity))
    document = photo.document
    photo.delete()
    documents.discard([document])


@transaction.atomic
def report(activity: Activity, *, by: Person, **values: Any) -> Outcome:
    """Write down whom it reached beyond what the door counted; can be corrected."""
    require(policy.works_on(by, activity))
    if not activity.has_begun:
        raise Refused(_("Tell us afterwards."), code="not_over", status=409)
    outcome, _made = Outcome.objects.update_or_create(
        region_id=activity.region_id,
        activity=activity,
        defaults=values | {"reported_by": by, "reported_at": clock.now()},
        create_defaults=values | {"reported_by": by},
    )
    return outcome
