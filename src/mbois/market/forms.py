"""What sellers and buyers fill in."""

import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mbois.enterprises.models import Licence
from mbois.market.actions.meanwhile import ChangedMeanwhile
from mbois.market.actions.told import Told
from mbois.market.models import Category, Payment, Product, Shop, StockMove, Variant
from mbois.market.models.products import MOST_PRICE, MOST_SIZE, MOST_STOCK, MOST_WEIGHT
from mbois.web.forms import Form, MoneyField, PhoneField, PhotosField, SignatureField

EXTRA_VARIANTS = 3


def categories() -> list[tuple[str, Any]]:
    return [("", _("Choose")), *Category.choices]


class ProductForm(Form):
    name = forms.CharField(
        label=_("Name of the product"),
        max_length=120,
        help_text=_("What it is, what it is of, how much: “Tempe chips original 100 g”."),
    )
    category = forms.ChoiceField(label=_("Category"), choices=categories)
    is_food = forms.BooleanField(
        label=_("One eats or drinks it"),
        required=False,
        help_text=_("Food needs a P-IRT before it can be published."),
    )
    not_food = forms.BooleanField(
        label=_("It is not for eating or drinking"),
        required=False,
        help_text=_(
            "For what only sounds like food, such as batik with a motif of chips. Who says so and when is "
            "kept, and the agency sees it."
        ),
    )
    description = forms.CharField(
        label=_("Description"),
        max_length=4000,
        required=False,
        widget=forms.Textarea({"rows": 6}),
        help_text=_("What is it made of? How big? How long does it keep? For whom is it?"),
    )
    brand = forms.CharField(label=_("Brand"), max_length=60, required=False)
    particulars = forms.CharField(
        label=_("Particulars"),
        required=False,
        max_length=1500,
        widget=forms.Textarea({"rows": 3, "placeholder": "Bahan: kedelai lokal\nUmur simpan: 4 bulan"}),
        help_text=_("One a line: name, colon, value."),
    )
    certificates = forms.MultipleChoiceField(
        label=_("Certificates that cover this product"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, licences: list[Licence], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["certificates"].choices = [(str(one.pk), str(one)) for one in licences]  # type: ignore[attr-defined]
        if not licences:
            del self.fields["certificates"]

    @staticmethod
    def values_of(product: Product) -> dict[str, Any]:
        """What a form of this product begins with."""
        return {
            "name": product.name,
            "category": product.category,
            "is_food": product.is_food,
            "not_food": product.not_food_at is not None,
            "description": product.description,
            "brand": product.brand,
            "particulars": "\n".join(f"{key}: {value}" for key, value in product.attributes.items()),
            "certificates": [str(one.licence_id) for one in product.certificates.all()],
        }

    def told(self) -> dict[str, Any]:
        """The fields of the product, as the actions take them."""
        pairs = (line.partition(":") for line in self.cleaned_data["particulars"].splitlines())
        told = {
            "attributes": {name.strip(): value.strip() for name, _colon, value in pairs if value.strip()},
            **{
                name: self.cleaned_data[name]
                for name in ("name", "category", "is_food", "not_food", "description", "brand")
            },
        }
        if "certificates" in self.fields:
            told["certificates"] = list(map(int, self.cleaned_data["certificates"]))
        return told

    def shown(self) -> dict[str, str] | None:
        """Seals of what the page showed, as it sent them back (`meanwhile.shown_of`); None where it sent
        none."""
        try:
            told = json.loads(self.data.get("shown", ""))
        except ValueError:
            return None
        return {str(key): str(seal) for key, seal in told.items()} if isinstance(told, dict) else None

    def clash(self, changed: ChangedMeanwhile) -> None:
        """Say beside each field what somebody else made of it meanwhile."""
        self.refuse(changed)
        for key, sentence in changed.clashes.items():
            name = "particulars" if key == "attributes" else key
            if name in self.fields:
                self.add_error(name, sentence)


class VariantForm(Form):
    key = forms.IntegerField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(label=_("Variant"), max_length=60, required=False)
    price = MoneyField(label=_("Price"), min_value=1, max_value=MOST_PRICE)
    stock = forms.IntegerField(label=_("Stock"), min_value=0, max_value=MOST_STOCK, required=False)
    sku = forms.CharField(label="SKU", max_length=40, required=False)
    weight_grams = forms.IntegerField(
        label=_("Weight (g)"), min_value=1, max_value=MOST_WEIGHT, required=False
    )
    length_cm = forms.IntegerField(label=_("Length (cm)"), min_value=1, max_value=MOST_SIZE, required=False)
    width_cm = forms.IntegerField(label=_("Width (cm)"), min_value=1, max_value=MOST_SIZE, required=False)
    height_cm = forms.IntegerField(label=_("Height (cm)"), min_value=1, max_value=MOST_SIZE, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("stock", "weight_grams", "length_cm", "width_cm", "height_cm"):
            self.fields[name].widget.attrs["inputmode"] = "numeric"

    @staticmethod
    def values_of(row: Variant) -> dict[str, Any]:
        names = ("name", "price", "sku", "weight_grams", "length_cm", "width_cm", "height_cm")
        return {"key": row.pk, "stock": row.on_hand, **{name: getattr(row, name) for name in names}}

    def told(self) -> Told:
        values = dict(self.cleaned_data)
        if self.initial.get("key") and values["stock"] == self.initial.get("stock"):
            values["stock"] = None  # untouched: what was sold meanwhile stays sold
        return Told(**values)


class _Variants(forms.BaseFormSet):
    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        given: dict[str, Any] = super().get_form_kwargs(index)
        # the first is the product itself; the others may stay empty
        given["empty_permitted"] = index != 0
        given["use_required_attribute"] = False
        if self.is_bound and index is not None:
            # known by its key, not by its place: others may have come since the page was shown
            key = self.data.get(f"{self.add_prefix(index)}-key", "")
            given["initial"] = next((one for one in self.initial or () if str(one["key"]) == key), {})
        return given

    def clash(self, changed: ChangedMeanwhile) -> None:
        """Say beside each field what somebody else made of it meanwhile."""
        for form in self.forms:
            for name in form.fields:
                if sentence := changed.clashes.get(f"{form.cleaned_data.get('key')}.{name}"):
                    form.add_error(name, sentence)

    def told(self) -> list[Told]:
        """The variants that were filled in."""
        return [form.told() for form in self.forms if form.has_changed() or form.initial.get("key")]


VariantForms = forms.formset_factory(VariantForm, formset=_Variants, extra=EXTRA_VARIANTS, max_num=30)


class PhotosForm(Form):
    photos = PhotosField(
        label=_("Photos"),
        help_text=_(
            "JPEG, PNG or WebP with at least 1,500 pixels on the longer side: the original of your phone."
        ),
        largest=20 * 1024 * 1024,
        most=9,
        accept="image/jpeg,image/png,image/webp",
    )


class StockForm(Form):
    why = forms.ChoiceField(
        label=_("What happened"),
        choices=[
            (StockMove.Why.MADE.value, StockMove.Why.MADE.label),
            (StockMove.Why.SPOILED.value, StockMove.Why.SPOILED.label),
            (StockMove.Why.COUNTED.value, StockMove.Why.COUNTED.label),
        ],
        widget=forms.RadioSelect,
        initial=StockMove.Why.MADE.value,
    )
    variant = forms.ChoiceField(label=_("Variant"))
    quantity = forms.IntegerField(
        label=_("How many"),
        min_value=0,
        max_value=MOST_STOCK,
        help_text=_("How many came or went; if you counted: how many there are now."),
        widget=forms.NumberInput({"inputmode": "numeric"}),
    )
    note = forms.CharField(label=_("Note"), max_length=60, required=False)

    def __init__(self, *args: Any, variants: list[Variant], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(row.pk), f"{row} ({row.on_hand})") for row in variants]
        field = self.fields["variant"]
        field.choices = choices  # type: ignore[attr-defined]
        if len(choices) == 1:
            field.widget = forms.HiddenInput()
            field.initial = choices[0][0]


class ShopForm(Form):
    tagline = forms.CharField(
        label=_("In one sentence"),
        max_length=140,
        required=False,
        help_text=_("What you make, and what is special about it."),
    )
    about = forms.CharField(
        label=_("About us"), max_length=2000, required=False, widget=forms.Textarea({"rows": 4})
    )
    whatsapp = PhoneField(
        label=_("WhatsApp number"), required=False, help_text=_("Orders and questions of buyers come here.")
    )
    slug = forms.CharField(
        label=_("Address of the shop"),
        max_length=60,
        required=False,
        help_text=_("Small letters, numbers and dashes. A changed address breaks links you have shared."),
    )
    qris = forms.CharField(
        label=_("Text of your QRIS"),
        required=False,
        max_length=600,
        strip=True,
        widget=forms.Textarea({"rows": 3, "autocomplete": "off", "spellcheck": "false"}),
        help_text=_(
            "Scan your own QRIS with a QR reader and paste its text, which begins with 000201. Leave it "
            "empty if you take no QRIS."
        ),
    )

    @staticmethod
    def values_of(shop: Shop) -> dict[str, Any]:
        return {name: getattr(shop, name) for name in ("tagline", "about", "whatsapp", "slug", "qris")}


class OpenForm(Form):
    agreed = forms.BooleanField(
        label=_("I agree that my business and its products are shown to everybody."),
        error_messages={"required": _("Without this the shop cannot be opened.")},
    )
    signature = SignatureField(label=_("Signature or thumb print of the owner"))

    def __init__(self, *args: Any, for_other: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if for_other:
            self.fields["agreed"].label = _("The owner agrees that the business and its products are shown.")
        else:
            del self.fields["signature"]


class OrderForm(Form):
    name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput({"autocomplete": "name"})
    )
    phone = PhoneField(label=_("Your WhatsApp number"))
    address = forms.CharField(
        label=_("Where it goes"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 2, "autocomplete": "street-address"}),
        help_text=_("Leave it empty if you fetch it."),
    )
    note = forms.CharField(label=_("Note for the seller"), max_length=300, required=False)
    payment = forms.ChoiceField(label=_("How do you want to pay?"), widget=forms.RadioSelect)
    client_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, shop: Shop, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ways: list[tuple[str, Any]] = []
        if shop.whatsapp:
            ways.append((Payment.CHAT.value, _("I agree it with the seller in WhatsApp")))
        if shop.takes_qris:
            ways.append((Payment.QRIS.value, _("QRIS, straight to the seller")))
        self.fields["payment"].choices = ways  # type: ignore[attr-defined]
        self.fields["payment"].initial = ways[0][0] if ways else ""


class SendForm(Form):
    courier = forms.CharField(label=_("Courier"), max_length=40, required=False)
    tracking = forms.CharField(label=_("Tracking number"), max_length=60, required=False)


class CancelForm(Form):
    reason = forms.CharField(label=_("Reason"), max_length=200)
    back_in_stock = forms.BooleanField(label=_("The goods are on the shelf again"), required=False)


class SheetForm(Form):
    file = forms.FileField(
        label=_("Spreadsheet (XLSX)"),
        widget=forms.FileInput({"accept": ".xlsx"}),
        help_text=_("Take out the list first, change it, and put it in again."),
    )
