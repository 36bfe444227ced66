"""In which region somebody works who has a role in several: chosen once, remembered until another is."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest

from mbois.places.models import Region

REMEMBERED = "wilayah"


@dataclass(frozen=True)
class RegionChoice:
    """The regions to choose from, as (code, name), and the one that is chosen."""

    regions: list[tuple[str, str]]
    chosen: str

    @property
    def several(self) -> bool:
        return len(self.regions) > 1


def remember_region(request: HttpRequest, code: str) -> None:
    """Begin in this region from now on."""
    if request.session.get(REMEMBERED) != code:
        request.session[REMEMBERED] = code


def remembered_region(request: HttpRequest, codes: Sequence[str]) -> str | None:
    """The region of these that was chosen last, if one was."""
    last = request.session.get(REMEMBERED)
    return last if last in codes else None


def choose_region(request: HttpRequest, codes: Sequence[str]) -> RegionChoice:
    """Of these regions (at least one): what the address asks for, else what was chosen last, else the
    first. Shown with `people/parts/regions.html`."""
    wanted = request.GET.get("wilayah", "")
    if wanted in codes:
        remember_region(request, wanted)
        chosen = wanted
    else:
        chosen = remembered_region(request, codes) or codes[0]
    if len(codes) == 1:
        return RegionChoice([(chosen, "")], chosen)
    named = Region.objects.filter(pk__in=list(codes)).order_by("-pk").values_list("pk", "name")
    return RegionChoice(list(named), chosen)
