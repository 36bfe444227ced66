"""What went wrong with a listing, in our words: what it is, and the one thing to do about it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from mbois.market.channels.base import Kind
from mbois.market.channels.findings import OWN, sentences


@dataclass(frozen=True)
class Explained:
    """`what` is wrong, `do` is what helps; `said` is the platform's own sentence, where it said one."""

    what: str
    do: str
    said: str = ""


def explain(code: str, *, field: str = "", said: str = "", platform: str = "") -> Explained:
    """Say what is wrong to a seller. `code` is a listing's error code, `said` its error."""
    if code.startswith(OWN):
        return _own(code, said)
    here = {"platform": platform}
    if code in (Kind.BUSY, Kind.UNKNOWN, Kind.TOO_MANY):
        return Explained(
            _("%(platform)s did not answer properly.") % here,
            _("Nothing to do: we look whether it was done, and try again by ourselves."),
            said,
        )
    if code in (Kind.EXPIRED, Kind.LOGIN):
        return Explained(
            _("We may no longer speak for your shop at %(platform)s.") % here,
            _("Connect the shop again."),
            said,
        )
    if code == Kind.CLOCK:
        return Explained(
            _("The clock of this installation is wrong, so %(platform)s does not believe us.") % here,
            _("Tell the people who run this site."),
            said,
        )
    if code == Kind.SETUP:
        return Explained(
            _("%(platform)s does not know this installation.") % here,
            _("Tell the people who run this site."),
            said,
        )
    if code == Kind.MISSING:
        return Explained(
            _("It is no longer at %(platform)s.") % here, _("Publish it again, or take it off here."), said
        )
    what, do = _of_field(field)
    return Explained(what or _("%(platform)s refuses it.") % here, do, said)


def _own(code: str, told: str) -> Explained:
    what, do = sentences(code, told)
    return Explained(what, do)


def _of_field(field: str) -> tuple[str, str]:
    texts = {
        "title": (_("The marketplace does not accept the name."), _("Change the name of the product.")),
        "description": (_("The marketplace does not accept the description."), _("Change the description.")),
        "photos": (
            _("The marketplace does not accept a photo."),
            _("Take a sharp, light photo on a plain ground, and add it instead."),
        ),
        "category": (
            _("The marketplace does not accept the category."),
            _("Choose another category on the page of the connection."),
        ),
        "weight": (_("The marketplace does not accept the weight or size."), _("Look at the weight.")),
        "variant": (
            _("The marketplace does not accept the variants."),
            _("Give each variant a short name of its own."),
        ),
        "sku": (
            _("The marketplace does not accept the SKU."),
            _("Look whether the same SKU is listed there already."),
        ),
        "price": (_("The marketplace does not accept the price."), _("Look at the price.")),
        "stock": (_("The marketplace does not accept the stock."), _("Count the stock again.")),
        "shipping": (
            _("The shop has no way of shipping set up at the marketplace."),
            _("Set up shipping in the marketplace's own app."),
        ),
    }
    return texts.get(field, ("", _("Read what the marketplace says, change it, and try again.")))
