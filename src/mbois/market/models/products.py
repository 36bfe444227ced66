"""What an enterprise sells: products, their variants, stock, pictures and certificates."""

from datetime import date

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from mbois import clock
from mbois.enterprises.models import Enterprise, Licence
from mbois.market.models.scope import worked_on_by
from mbois.people.models import Person
from mbois.places.guards import tracked
from mbois.places.owned import Owned, OwnedQuerySet, RegionForeignKey

MOST_PRICE = 1_000_000_000  # rupiah
MOST_STOCK = 1_000_000
MOST_WEIGHT = 100_000  # grams
MOST_SIZE = 500  # cm
# Where nothing ends: what needs no certificate may be sold for ever.
FOR_EVER = date(9999, 12, 31)


class Category(models.TextChoices):
    """What kind of thing it is, in a buyer's words. Independent of KBLI; each channel maps these to
    its own categories."""

    SNACK = "snack", _("Snacks and chips")
    CAKE = "cake", _("Cakes and bread")
    MEAL = "meal", _("Meals and side dishes")
    FROZEN = "frozen", _("Frozen food")
    SPICE = "spice", _("Spices, sauces and sambal")
    DRINK = "drink", _("Drinks, coffee and tea")
    HERBAL = "herbal", _("Herbal drinks (jamu)")
    PRODUCE = "produce", _("Fruit, vegetables and honey")
    BATIK = "batik", _("Batik and woven cloth")
    WOMEN = "women", _("Women's clothes")
    MEN = "men", _("Men's clothes")
    CHILDREN = "children", _("Children's clothes")
    MUSLIM = "muslim", _("Muslim clothes")
    BAG = "bag", _("Bags and wallets")
    SHOE = "shoe", _("Shoes and sandals")
    JEWELLERY = "jewellery", _("Jewellery and accessories")
    CRAFT = "craft", _("Handicraft and souvenirs")
    CERAMIC = "ceramic", _("Ceramics and pottery")
    WOOD = "wood", _("Wood and bamboo")
    FURNITURE = "furniture", _("Furniture and interior")
    KITCHEN = "kitchen", _("Kitchen and household")
    BEAUTY = "beauty", _("Soap and body care")
    PLANT = "plant", _("Plants and garden")
    TOY = "toy", _("Toys and hobbies")
    ART = "art", _("Art and prints")
    BOOK = "book", _("Books and stationery")
    MUSIC = "music", _("Musical instruments")
    PET = "pet", _("For pets")
    SERVICE = "service", _("Services and digital work")
    OTHER = "other", _("Other things")


# What one eats or drinks: needs P-IRT or BPOM to be sold.
FOOD = frozenset(
    {
        Category.SNACK,
        Category.CAKE,
        Category.MEAL,
        Category.FROZEN,
        Category.SPICE,
        Category.DRINK,
        Category.HERBAL,
    }
)
# Licences that let food be sold: of the home, or of the agency for food and drugs.
FOOD_LICENCES = (Licence.Kind.PIRT, Licence.Kind.BPOM)


class ProductState(models.TextChoices):
    """Whether a product is offered to the public."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")

    @property
    def tone(self) -> str:
        return {"draft": "wait", "published": "ok"}.get(self.value, "plain")


class ProductQuerySet(OwnedQuerySet):
    def visible_to(self, person: Person) -> "ProductQuerySet":
        """Those of one's own enterprises, of those one helps, and of the region for its agency."""
        return self.filter(worked_on_by(person))

    def published(self) -> "ProductQuerySet":
        """What the public sees now: listed in the catalogue, its certificates still valid."""
        return self.filter(entries__isnull=False, entries__sellable_until__gte=clock.today())

    def coded(self, code: str) -> "ProductQuerySet":
        """The one with this code (see codes.code_in); the region is named, as it can be read from it."""
        digits = code.split("-")[1] if code.count("-") == 2 else ""
        return self.filter(region=f"{digits[:2]}.{digits[2:]}", code=code)


def slug_of(name: str, code: str) -> str:
    """The end of a product's public address: `keripik-tempe-p-3573-k7m2x9`."""
    words = slugify(name)[:60].strip("-")
    return f"{words}-{code}".strip("-").lower()


@tracked()
class Product(Owned):
    """Something an enterprise sells, in one or several variants."""

    enterprise = RegionForeignKey(
        Enterprise, verbose_name=_("business"), on_delete=models.PROTECT, related_name="products"
    )
    code = models.CharField(_("code"), max_length=16, editable=False)
    name = models.CharField(_("name"), max_length=120)
    description = models.TextField(_("description"), max_length=4000, blank=True)
    category = models.CharField(_("category"), max_length=12, choices=Category)
    brand = models.CharField(_("brand"), max_length=60, blank=True)
    # What else one should know, as name and value: {"Bahan": "katun"}.
    attributes = models.JSONField(_("particulars"), default=dict, blank=True)
    is_food = models.BooleanField(_("one eats or drinks it"), default=False)
    # Who said that it is no food though it sounds like some, and when (see `mbois.market.food`).
    not_food_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    not_food_at = models.DateTimeField(_("said to be no food at"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=ProductState, default=ProductState.DRAFT)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("made at"), default=clock.now)
    changed_at = models.DateTimeField(_("changed at"), default=clock.now)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)

    objects = ProductQuerySet.as_manager()

    class Meta:
        verbose_name = _("product")
        constraints = [
            models.UniqueConstraint(fields=["region", "code"], name="product_code"),
            models.CheckConstraint(name="product_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(name="product_category", condition=Q(category__in=Category.values)),
            models.CheckConstraint(
                name="product_is_food_by_category",
                condition=Q(is_food=True) | ~Q(category__in=sorted(FOOD)),
            ),
            models.CheckConstraint(
                name="product_no_food_is_said_by_somebody",
                condition=Q(not_food_by__isnull=True, not_food_at__isnull=True)
                | Q(not_food_by__isnull=False, not_food_at__isnull=False, is_food=False),
            ),
            models.CheckConstraint(
                name="product_published_has_its_moment",
                condition=Q(state="draft") | Q(state="withdrawn") | Q(published_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["region", "enterprise", "-changed_at"], name="product_by_enterprise"),
            models.Index(fields=["code"], name="product_by_code"),
        ]
        triggers = [
            pgtrigger.FSM(
                name="product_transitions",
                field="state",
                transitions=[
                    ("draft", "published"),
                    ("draft", "withdrawn"),
                    ("published", "withdrawn"),
                    ("withdrawn", "published"),
                ],
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def state_shown(self) -> ProductState:
        return ProductState(self.state)

    @property
    def slug(self) -> str:
        """The end of its public address: `keripik-tempe-p-3573-k7m2x9`."""
        return slug_of(self.name, self.code)

    def get_absolute_url(self) -> str:
        """Where the public finds it."""
        return reverse("product", kwargs={"product": self.slug})


@tracked(exclude=["on_hand", "reserved"])
class Variant(Owned):
    """One thing one can order: a size, a taste, or the product itself where there is only one.

    `on_hand` is the sum of its stock moves and `reserved` the sum of what open orders hold; the
    database keeps both, and nobody else writes them.
    """

    product = RegionForeignKey(Product, on_delete=models.CASCADE, related_name="variants")
    # The key of the product's enterprise, kept by the database, so that a SKU is one per enterprise.
    seller = models.BigIntegerField(editable=False)
    name = models.CharField(_("variant"), max_length=60, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    sku = models.CharField("SKU", max_length=40)
    price = models.BigIntegerField(_("price"))
    weight_grams = models.PositiveIntegerField(_("weight in grams"), null=True, blank=True)
    length_cm = models.PositiveSmallIntegerField(_("length in cm"), null=True, blank=True)
    width_cm = models.PositiveSmallIntegerField(_("width in cm"), null=True, blank=True)
    height_cm = models.PositiveSmallIntegerField(_("height in cm"), null=True, blank=True)
    on_hand = models.IntegerField(_("on hand"), default=0, editable=False)
    reserved = models.IntegerField(_("reserved"), default=0, editable=False)
    active = models.BooleanField(_("offered"), default=True)

    class Meta:
        verbose_name = _("variant")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["region", "seller", "sku"], name="variant_sku_once_a_seller"),
            # Nor is ABC another than abc. That one above is also how a SKU is looked up.
            models.UniqueConstraint(
                "region", "seller", Upper("sku"), name="variant_sku_once_a_seller_in_any_letters"
            ),
            models.CheckConstraint(name="variant_has_a_sku", condition=~Q(sku="")),
            models.CheckConstraint(name="variant_price", condition=Q(price__gt=0, price__lte=MOST_PRICE)),
            models.CheckConstraint(
                name="variant_weight",
                condition=Q(weight_grams=None) | Q(weight_grams__gte=1, weight_grams__lte=MOST_WEIGHT),
            ),
            models.CheckConstraint(
                name="variant_size",
                condition=(Q(length_cm=None) | Q(length_cm__gte=1, length_cm__lte=MOST_SIZE))
                & (Q(width_cm=None) | Q(width_cm__gte=1, width_cm__lte=MOST_SIZE))
                & (Q(height_cm=None) | Q(height_cm__gte=1, height_cm__lte=MOST_SIZE)),
            ),
            models.CheckConstraint(
                name="variant_stock_is_there",
                condition=Q(reserved__gte=0, on_hand__gte=F("reserved"), on_hand__lte=MOST_STOCK),
            ),
        ]
        indexes = [models.Index(fields=["region", "product"], name="variant_by_product")]

    def __str__(self) -> str:
        return self.name or self.sku

    @property
    def available(self) -> int:
        """How many can still be ordered."""
        return max(self.on_hand - self.reserved, 0)

    @property
    def size_cm(self) -> tuple[int, int, int] | None:
        """Length, width and height, where all are known."""
        if self.length_cm and self.width_cm and self.height_cm:
            return self.length_cm, self.width_cm, self.height_cm
        return None


class StockMove(Owned):
    """What came or went, and why. Appended, never changed; a mistake is set right by another."""

    class Why(models.TextChoices):
        OPENING = "opening", _("First count")
        MADE = "made", _("Made or bought")
        COUNTED = "counted", _("Counted again")
        SPOILED = "spoiled", _("Spoiled or lost")
        SOLD = "sold", _("Sold")
        RETURNED = "returned", _("Came back")

    variant = RegionForeignKey(Variant, on_delete=models.PROTECT, related_name="moves")
    why = models.CharField(_("why"), max_length=8, choices=Why)
    quantity = models.IntegerField(_("quantity"))
    # What it came from: the code of an order, the name of a file, a note.
    source = models.CharField(_("from"), max_length=60, blank=True)
    by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    moved_at = models.DateTimeField(_("when"), default=clock.now)

    class Meta:
        verbose_name = _("stock move")
        constraints = [
            models.CheckConstraint(
                name="stock_move_why",
                condition=Q(
                    why__in=[
                        "opening",
                        "made",
                        "counted",
                        "spoiled",
                        "sold",
                        "returned",
                    ]
                ),
            ),
            models.CheckConstraint(
                name="stock_move_sign",
                condition=Q(why__in=["opening", "made", "returned"], quantity__gt=0)
                | Q(why__in=["spoiled", "sold"], quantity__lt=0)
                | (Q(why="counted") & ~Q(quantity=0)),
            ),
        ]
        indexes = [models.Index(fields=["region", "variant", "-moved_at"], name="stock_move_by_variant")]
        triggers = [pgtrigger.Protect(name="stock_moves_stay", operation=pgtrigger.Delete | pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.quantity:+d} {self.why}"


def _master_path(picture: "Picture", filename: str) -> str:
    return picture.path("master.jpg")


class Picture(Owned):
    """A picture by its content: the same one is kept once, however many products show it.

    The master keeps at least 1,500 pixels on its longer side. What pages show is made from it in the
    background (`made_at`): each of `WIDTHS` as AVIF, WebP and JPEG; until then pages show `first.jpg`,
    which is made at once.
    """

    WIDTHS = (320, 640, 1280)
    FORMATS = ("avif", "webp", "jpg")

    # SHA-256 of the master's content.
    key = models.CharField(max_length=64)
    master = models.FileField(upload_to=_master_path, max_length=200, blank=True)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    # Difference hash of 64 bits as 16 hexadecimal digits: alike pictures have few different bits.
    looks = models.CharField(max_length=16, blank=True)
    # What else is measured (`mbois.market.measuring`); empty until it is. Sharpness: the variance of a
    # Laplacian. Border: percent of the shorter side that a frame or bars take. Plain: percent of the edge
    # that has one colour.
    sharpness = models.PositiveIntegerField(null=True, blank=True)
    border = models.PositiveSmallIntegerField(null=True, blank=True)
    plain = models.PositiveSmallIntegerField(null=True, blank=True)
    kept_at = models.DateTimeField(default=clock.now)
    made_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "key"], name="picture_once"),
            models.CheckConstraint(
                name="picture_is_large_enough", condition=Q(width__gte=1500) | Q(height__gte=1500)
            ),
        ]

    def __str__(self) -> str:
        return self.key[:12]

    def path(self, name: str) -> str:
        """Where one of its files is kept."""
        return f"{self.region_id}/gambar/{self.key[:2]}/{self.key}/{name}"

    def url(self, width: int, kind: str) -> str:
        """The address of one of its renditions; a width of 0 names the one that is made at once."""
        name = f"{self.key}-{width}.{kind}" if width else f"{self.key}-first.jpg"
        return reverse("picture", kwargs={"picture": name})

    @property
    def largest_url(self) -> str:
        """The address of its largest JPEG that is ready."""
        return self.url(1280 if self.made_at else 0, "jpg")


class ProductPhoto(Owned):
    """A picture of a product, in its order."""

    product = RegionForeignKey(Product, on_delete=models.CASCADE, related_name="photos")
    picture = RegionForeignKey(Picture, on_delete=models.PROTECT, related_name="photos")
    position = models.PositiveSmallIntegerField(default=0)
    added_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("photo")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["region", "product", "picture"], name="product_photo_once")
        ]
        indexes = [
            models.Index(fields=["region", "product", "position"], name="product_photo_in_order"),
            models.Index(fields=["region", "picture"], name="product_photo_by_picture"),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} #{self.position}"


@tracked()
class Certificate(Owned):
    """A licence of the enterprise that covers this product; shown with it while it is valid."""

    product = RegionForeignKey(Product, on_delete=models.CASCADE, related_name="certificates")
    licence = RegionForeignKey(Licence, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("certificate")
        constraints = [
            models.UniqueConstraint(fields=["region", "product", "licence"], name="certificate_once")
        ]
        indexes = [models.Index(fields=["region", "licence"], name="certificate_by_licence")]

    def __str__(self) -> str:
        return f"{self.product_id}: {self.licence_id}"
