"""What may be wrong with a listing before anybody is asked, and the sentences for it: one source for the
score, for what is refused before it is sent, and for what a marketplace's page shows."""

from django.utils.translation import gettext as _

OWN = "own:"
TITLE_SHORT, TITLE_LONG = "own:title_short", "own:title_long"
TITLE_THIN, TITLE_CUT, TITLE_LOUD = "own:title_thin", "own:title_cut", "own:title_loud"
DESCRIPTION_SHORT, DESCRIPTION_LONG = "own:description_short", "own:description_long"
DESCRIPTION_THIN, CONTACT = "own:description_thin", "own:contact"
NO_PHOTO, PHOTOS_FEW = "own:no_photo", "own:photos_few"
PHOTO_SMALL, PHOTO_COARSE = "own:photo_small", "own:photo_coarse"
PHOTO_BLURRED, PHOTO_BORDER = "own:photo_blurred", "own:photo_border"
PHOTO_GROUND, PHOTO_ALIKE = "own:photo_ground", "own:photo_alike"
ATTRIBUTES_MISSING, NO_BRAND = "own:attributes", "own:no_brand"
NO_WEIGHT, SOME_WEIGHT, NO_SIZE = "own:no_weight", "own:some_weight", "own:no_size"
PRICE_LOW, PRICE_HIGH = "own:price_low", "own:price_high"
VARIANT_LONG, VARIANT_NAMELESS = "own:variant_long", "own:variant_nameless"
SKU_LONG, SKU_ODD = "own:sku_long", "own:sku_odd"
NO_PIRT = "own:no_pirt"
NO_CATEGORY, NOT_OFFERED, NEW_VARIANT = "own:no_category", "own:not_offered", "own:new_variant"


def sentences(code: str, told: str) -> tuple[str, str]:
    """(what is wrong, what to do) in plain words. `told` is the number or words meant: pixels of photos
    come as `places|pixels`, particulars by their names with commas."""
    for group in (_of_text, _of_photos, _of_particulars, _of_rest):
        if (found := group(told).get(code)) is not None:
            return found
    return _("It cannot be listed."), ""


def particular(name: str) -> str:
    """What buyers ask for, in their words."""
    texts = {
        "ingredients": _("ingredients"),
        "keeps": _("how long it keeps"),
        "net": _("net weight or contents"),
        "material": _("material"),
        "size": _("size"),
    }
    return texts.get(name, name)


def _of_text(told: str) -> dict[str, tuple[str, str]]:
    values = {"number": told}
    return {
        TITLE_SHORT: (
            _("The name is too short for this marketplace: it wants at least %(number)s characters.")
            % values,
            _("Say in the name what it is, what of, and how much: “Keripik tempe Sanan renyah 250 g”."),
        ),
        TITLE_LONG: (
            _("The name is too long: this marketplace takes %(number)s characters.") % values,
            _("Shorten the name."),
        ),
        TITLE_THIN: (
            _("The name says little: buyers search with %(number)s words or more.") % values,
            _("Say in the name what it is, what of, and how much: “Keripik tempe Sanan renyah 250 g”."),
        ),
        TITLE_CUT: (
            _("Lists show only the first %(number)s characters of the name.") % values,
            _("Put what matters first."),
        ),
        TITLE_LOUD: (
            _("The name shouts: capitals, exclamation marks or words like “promo”."),
            _("Write it as you would say it; discounts belong into the price."),
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
        DESCRIPTION_THIN: (
            _("The description is short: good ones have %(number)s characters or more.") % values,
            _("Write what is in it, how it tastes or feels, how it is kept and sent."),
        ),
        CONTACT: (
            _("There is a phone number or an address in the description, which marketplaces forbid."),
            _("Take it out: buyers there write to you in the marketplace."),
        ),
    }


def _of_photos(told: str) -> dict[str, tuple[str, str]]:
    places, _bar, pixels = told.partition("|")
    values = {"number": told, "places": places, "pixels": pixels}
    return {
        NO_PHOTO: (_("There is no photo."), _("Add at least one photo.")),
        PHOTOS_FEW: (
            _("There are few photos: good listings show %(number)s.") % values,
            _("Add some: the whole thing, close up, in use, the packing."),
        ),
        PHOTO_SMALL: (
            _("Photo %(places)s is too small: it must have %(pixels)s pixels on its shorter side.") % values,
            _("Take it again with more around it, or cut less off."),
        ),
        PHOTO_COARSE: (
            _("Photo %(places)s is narrow: %(pixels)s pixels on the shorter side look good.") % values,
            _("Take it again, nearly square."),
        ),
        PHOTO_BLURRED: (
            _("Photo %(places)s is not sharp.") % values,
            _("Wipe the lens, rest the phone on something, and tap on the product before you press."),
        ),
        PHOTO_BORDER: (
            _("Photo %(places)s has a frame or bars around it.") % values,
            _("Use the photo itself, without a frame and without a screenshot's bars."),
        ),
        PHOTO_GROUND: (
            _("The first photo is not on a plain ground."),
            _("Put the product on white paper or cloth, and show that photo first."),
        ),
        PHOTO_ALIKE: (
            _("Photos %(places)s are nearly the same.") % values,
            _("Keep the better one, and show another side instead."),
        ),
    }


def _of_particulars(told: str) -> dict[str, tuple[str, str]]:
    missing = ", ".join(particular(name) for name in told.split(",") if name)
    return {
        ATTRIBUTES_MISSING: (
            _("Particulars are missing: %(missing)s.") % {"missing": missing},
            _("Write each on a line of its own among the particulars."),
        ),
        NO_BRAND: (
            _("There is no brand."),
            _("Write the name under which buyers know you; yours is fine."),
        ),
        NO_PIRT: (
            _("Food needs a valid P-IRT (or BPOM) before it may be sold."),
            _("Get the P-IRT; here is how."),
        ),
    }


def _of_rest(told: str) -> dict[str, tuple[str, str]]:
    values = {"number": told}
    return {
        NO_WEIGHT: (_("The weight is missing."), _("Weigh it packed, and write the grams.")),
        SOME_WEIGHT: (
            _("Some variants have no weight; the heaviest counts for all."),
            _("Weigh them packed, and write the grams."),
        ),
        NO_SIZE: (
            _("The size of the parcel is missing, so 10 × 10 × 10 cm is told."),
            _("Measure it packed: length, width, height."),
        ),
        PRICE_LOW: (
            _("The price is below what this marketplace takes (Rp %(number)s).") % values,
            _("Sell several together as one."),
        ),
        PRICE_HIGH: (
            _("The price is above what this marketplace takes (Rp %(number)s).") % values,
            _("Look at the price."),
        ),
        VARIANT_LONG: (
            _("The name of a variant is too long: this marketplace takes %(number)s characters.") % values,
            _("Give each variant a short name of its own."),
        ),
        VARIANT_NAMELESS: (
            _("A variant has no name, so buyers see its SKU."),
            _("Give each variant a short name of its own."),
        ),
        SKU_LONG: (
            _("A SKU is too long: this marketplace takes %(number)s characters.") % values,
            _("Shorten the SKU."),
        ),
        SKU_ODD: (
            _("A SKU has spaces or unusual signs, over which lists of marketplaces stumble."),
            _("Use letters, digits and dashes."),
        ),
        NO_CATEGORY: (
            _("This marketplace has no category for it that we know of."),
            _("Choose the category on the page of the connection."),
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


def part_name(code: str) -> str:
    """The part of a listing that a code is about, as a heading calls it."""
    texts = {
        "title": _("Name"),
        "description": _("Description"),
        "photo": _("Photos"),
        "particulars": _("Particulars"),
        "parcel": _("Weight and size"),
        "price": _("Price"),
        "variant": _("Variants"),
        "licence": _("P-IRT"),
    }
    return texts[_PARTS.get(code) or code.removeprefix(OWN).removeprefix("no_").partition("_")[0].rstrip("s")]


_PARTS = {
    CONTACT: "description",
    ATTRIBUTES_MISSING: "particulars",
    NO_BRAND: "particulars",
    NO_WEIGHT: "parcel",
    SOME_WEIGHT: "parcel",
    NO_SIZE: "parcel",
    SKU_LONG: "variant",
    SKU_ODD: "variant",
    NO_PIRT: "licence",
}
