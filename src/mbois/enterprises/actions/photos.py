"""Pictures of an enterprise."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mbois.enterprises import policy
from mbois.enterprises.actions.registration import locked
from mbois.enterprises.models import Enterprise, Photo
from mbois.people.models import Document, Person
from mbois.refused import Refused

MOST_PHOTOS = 12


@transaction.atomic
def add_photo(
    enterprise: Enterprise, *, by: Person, document: Document, caption: str = "", told_at_start: bool = False
) -> Photo:
    """Show a stored picture with the enterprise. `told_at_start`: whoever registers it adds it."""
    if not (policy.can_edit(by, enterprise) or (told_at_start and enterprise.registered_by_id == by.pk)):
        raise Refused(_("You may not change this business."), code="forbidden", status=403)
    if not document.is_image:
        raise Refused(_("A photo is a JPEG or PNG picture."), field="photo", code="kind")
    photos = Photo.objects.filter(region=enterprise.region_id, enterprise=locked(enterprise))
    if photos.count() >= MOST_PHOTOS:
        raise Refused(
            _("There are %(most)d photos already. Remove one first.") % {"most": MOST_PHOTOS},
            field="photo",
            code="too_many",
        )
    return Photo.objects.create(
        region_id=enterprise.region_id,
        enterprise=enterprise,
        document=document,
        caption=caption.strip()[:120],
    )


@transaction.atomic
def remove_photo(photo: Photo, *, by: Person) -> None:
    """Take a photo off; the stored file stays with its uploader."""
    if not policy.can_edit(by, photo.enterprise):
        raise Refused(_("You may not change this business."), code="forbidden", status=403)
    photo.delete()
