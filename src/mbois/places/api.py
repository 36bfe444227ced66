"""Areas for programs: `GET /api/places/areas?parent=35.73`."""

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema

from mbois.places.models import Area
from mbois.refused import Refused

router = Router()


class AreaOut(Schema):
    """An administrative area, named by the code of the Ministry of Home Affairs."""

    code: str
    name: str
    level: str
    parent: str | None
    region: str | None


@router.get("/areas", response=list[AreaOut], auth=None, summary="Areas below one, or the provinces")
def areas(request: HttpRequest, parent: str = "") -> list[dict[str, str | None]]:
    """The areas directly below `parent`; without it the topmost ones."""
    parent = parent.strip().replace("\x00", "")
    if parent and not Area.objects.filter(pk=parent).exists():
        raise Refused(_("There is no area with this code."), field="parent", code="not_found", status=404)
    below = Area.objects.filter(parent=parent or None).order_by("code")
    return [
        {"code": code, "name": name, "level": level, "parent": above, "region": region}
        for code, name, level, above, region in below.values_list(
            "code", "name", "level", "parent_id", "region_id"
        )
    ]
