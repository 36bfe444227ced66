"""What went wrong with a listing, in our words: what it is, and the one thing to do about it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from mbois.market.channels.base import Kind

# Codes of what we find ourselves, before a platform does; `error` then holds the number meant.
TITLE_SHORT, TITLE_LONG = "own:title_short", "own:title_long"
DESCRIPTION_SHORT, DESCRIPTION_LONG = "own:description_short", "own:description_long"
NO_PHOTO, NO_WEIGHT, NO_CATEGORY = "own:no_photo", "own:no_weight", "own:no_category"
PRICE_LOW, PRICE_HIGH = "own:price_low", "own:price_high"
NOT_OFFERED, NEW_VARIANT = "own:not_offered", "own:new_variant"
OWN = "own:"


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


def _own(code: str, number: str) -> Explained:
    values = {"number": number}
    texts = {
        TITLE_SHORT: (
            _("The name is too short for this marketplace: it wants at least %(number)s characters.")
            % values,
            _("Say in the name what it is, what of, and how much: “Keripik tempe Sanan renyah 250 g”."),
        ),
        TITLE_LONG: (
            _("The name is too long: this marketplace takes %(number)s characters.") % values,
            _("Shorten the name."),
        ),
        DESCRIPTION_SHORT: (
            _("The description is too short: this marketplace wants at least %(number)s characters.")
            % values,
            _("Write what is in it, how it tastes or feels, how it is kept and sent."),
        ),
        DESCRIPTION_LONG: (
            _("The description is too long: this marketplace takes %(number)s characters.") % values,
            _("Shorten the description."),
        ),
        NO_PHOTO: (_("There is no photo."), _("Add at least one photo.")),
        NO_WEIGHT: (_("The weight is missing."), _("Weigh it packed, and write the grams.")),
        NO_CATEGORY: (
            _("This marketplace has no category for it that we know of."),
            _("Choose the category on the page of the connection."),
        ),
        PRICE_LOW: (
            _("The price is below what this marketplace takes (Rp %(number)s).") % values,
            _("Sell several together as one."),
        ),
        PRICE_HIGH: (
            _("The price is above what this marketplace takes (Rp %(number)s).") % values,
            _("Look at the price."),
        ),
        NOT_OFFERED: (
            _("It is not published here, or food without a valid P-IRT."),
            _("Publish the product first."),
        ),
        NEW_VARIANT: (
            _("The product is there already, without this variant."),
            _("Add the variant at the marketplace with this SKU; the nightly comparison then finds it."),
        ),
    }
    what, do = texts.get(code, (_("It cannot be listed."), ""))
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
