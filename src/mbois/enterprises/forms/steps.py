"""The steps of a registration; licences and photos, in it or later."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from django import forms
from django.forms.utils import ErrorDict
from django.utils.translation import gettext_lazy as _

from mbois import clock
from mbois.enterprises import identities, queries
from mbois.enterprises.models import Licence, Subsector
from mbois.people.validators import nik_warnings
from mbois.places.models import Area
from mbois.refused import Refused
from mbois.web.forms import (
    DayField,
    Form,
    MoneyField,
    PaperField,
    PhoneField,
    PhotosField,
    PointField,
    SearchChoiceField,
    SignatureField,
)


class StepForm(Form):
    """One step of a registration. `quiet` shows what was typed without saying what is wrong yet."""

    quiet = False

    @property
    def errors(self) -> ErrorDict:
        return ErrorDict() if self.quiet else super().errors

    def rule(self, field: str, check: Callable[[str], object]) -> None:
        """Put a cleaned value through one of the registry's rules; its refusal stands beside the field."""
        if field in self.cleaned_data and field not in self.errors:
            try:
                self.cleaned_data[field] = check(str(self.cleaned_data[field] or ""))
            except Refused as refused:
                self.add_error(field, refused.message)

    def area(self, field: str) -> Area | None:
        """The area that was chosen."""
        code = self.cleaned_data.get(field)
        return Area.objects.select_related("parent", "region").filter(pk=code).first() if code else None

    def told(self) -> dict[str, Any]:
        """What this step says, by the names of `Registration`."""
        return dict(self.cleaned_data)


NEIGHBOURHOOD: dict[str, Any] = {
    "required": False,
    "max_length": 3,
    "widget": forms.TextInput({"inputmode": "numeric"}),
    "error_messages": {"invalid": _("RT and RW are numbers of at most three digits.")},
}


class PlaceForm(StepForm):
    village = SearchChoiceField(
        source="villages",
        label=_("Village (kelurahan/desa) of the business"),
        help_text=_("Type its name and choose it from the list."),
    )
    address = forms.CharField(
        label=_("Street and number"),
        max_length=200,
        required=False,
        widget=forms.TextInput({"autocomplete": "street-address"}),
    )
    rt = forms.RegexField("^[0-9]{1,3}$", label="RT", **NEIGHBOURHOOD)
    rw = forms.RegexField("^[0-9]{1,3}$", label="RW", **NEIGHBOURHOOD)
    point = PointField(
        label=_("Point on the map"),
        required=False,
        help_text=_("Tap the place, or let the phone find it. Officers and buyers find you more easily."),
    )

    def __init__(self, *args: Any, areas: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if areas:
            village = cast(SearchChoiceField, self.fields["village"])
            village.offer(areas)
            village.help_text = _("Type its name and choose it. The villages you serve are offered.")

    def told(self) -> dict[str, Any]:
        point = self.cleaned_data.get("point")
        return {
            "village": self.area("village"),
            "address": self.cleaned_data["address"],
            "rt": self.cleaned_data["rt"],
            "rw": self.cleaned_data["rw"],
            "latitude": point.latitude if point else None,
            "longitude": point.longitude if point else None,
        }


class BusinessForm(StepForm):
    name = forms.CharField(
        label=_("Name of the business"),
        max_length=120,
        help_text=_("As customers know it, for example “Keripik Tempe Bu Siti”."),
        widget=forms.TextInput({"autocomplete": "organization"}),
    )
    description = forms.CharField(
        label=_("What it makes or sells"),
        max_length=1000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    kbli = SearchChoiceField(
        source="kbli",
        required=False,
        label=_("Kind of business (KBLI)"),
        help_text=_("Type what you make or do: bakso, sewing, motorcycle wash … The official code follows."),
    )
    subsector = forms.ChoiceField(
        label=_("Creative subsector"),
        choices=[("", _("None of these")), *Subsector.choices],
        required=False,
    )
    nib = forms.CharField(
        label="NIB",
        max_length=20,
        required=False,
        help_text=_("13 digits from OSS. Leave it empty if you have none yet; we help you get one."),
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )
    phone = PhoneField(label=_("Phone of the business"), required=False)
    started_on = DayField(
        label=_("Running since"),
        required=False,
        latest=clock.today,
        help_text=_("Roughly is fine; choose the first day of that month."),
    )

    def clean(self) -> None:
        self.rule("name", identities.clean_name)
        self.rule("nib", identities.clean_nib)

    def told(self) -> dict[str, Any]:
        told = dict(self.cleaned_data)
        told["kbli"] = queries.kbli_named(told["kbli"]) if told.get("kbli") else None
        told["phone"] = str(told.get("phone") or "")
        return told


class OwnerForm(StepForm):
    """`warnings` are what is unusual about the NIK; the person confirms having compared it."""

    owner_name = forms.CharField(
        label=_("Name of the owner, as on the KTP"),
        max_length=120,
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    nik = forms.CharField(
        label="NIK",
        max_length=24,
        help_text=_("The 16 digits on the KTP. They are stored encrypted and shown masked."),
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )
    nik_checked = forms.BooleanField(
        label=_("I have compared the number with the card; it is right."), required=False
    )
    owner_phone = PhoneField(label=_("Phone or WhatsApp of the owner"), required=False)
    npwp = forms.CharField(
        label="NPWP",
        max_length=30,
        required=False,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )
    owner_village = SearchChoiceField(
        source="villages",
        required=False,
        label=_("Village where the owner lives"),
        help_text=_("Leave it empty if it is the village of the business."),
    )
    owner_address = forms.CharField(
        label=_("Home address of the owner"),
        max_length=200,
        required=False,
        widget=forms.TextInput({"autocomplete": "street-address"}),
    )

    def __init__(self, *args: Any, for_other: bool = False, place: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.place = place
        self.warnings: list[str] = []
        if for_other:
            self.fields["nik"].required = False
            self.fields["nik"].help_text = _(
                "The 16 digits on the KTP; leave it empty where there is no card at hand."
            )

    def clean(self) -> None:
        self.rule("owner_name", identities.clean_owner_name)
        self.rule("nik", identities.clean_nik)
        self.rule("npwp", identities.clean_npwp)
        nik = self.cleaned_data.get("nik")
        if nik and "nik" not in self.errors:
            self.warnings = nik_warnings(nik, area_code=self.cleaned_data.get("owner_village") or self.place)
            if self.warnings and not self.cleaned_data.get("nik_checked"):
                self.add_error("nik_checked", " ".join(self.warnings))

    @property
    def asks_to_compare(self) -> bool:
        """Whether the tick is shown: something is unusual, or it was ticked."""
        return bool(self.warnings or (self.is_bound and self.data.get("nik_checked")))

    def told(self) -> dict[str, Any]:
        told = {name: value for name, value in self.cleaned_data.items() if name != "nik_checked"}
        told["owner_village"] = self.area("owner_village")
        told["owner_phone"] = str(told.get("owner_phone") or "")
        return told


class SizeForm(StepForm):
    capital = MoneyField(
        label=_("Capital"),
        required=False,
        help_text=_("Machines, tools, stock and cash; without land and buildings."),
    )
    annual_sales = MoneyField(
        label=_("Sales in a year"),
        required=False,
        help_text=_("All that comes in before costs, in 12 months."),
    )
    workers = forms.IntegerField(
        label=_("People who work in it"),
        min_value=0,
        max_value=100_000,
        required=False,
        help_text=_("The owner and family who help are counted."),
        widget=forms.NumberInput({"inputmode": "numeric"}),
    )


def is_pirt_number(text: str) -> bool:
    """Whether this is a P-IRT number: 15 digits, the last two the year it ends, or that year after them;
    "P-IRT No." before it, blanks, dots and hyphens do not matter."""
    signs = re.sub(r"[\s.:\-–]", "", text)
    return bool(re.fullmatch(r"(?:(?:SP)?PIRT)?(?:NO|NOMOR)?(?:[0-9]{15}|[0-9]{17})", signs, re.IGNORECASE))


class LicenceForm(StepForm):
    kind = forms.ChoiceField(label=_("Kind of licence"), choices=[("", "—"), *Licence.Kind.choices])
    number = forms.CharField(label=_("Number"), max_length=60)
    issuer = forms.CharField(label=_("Issued by"), max_length=120, required=False)
    issued_on = DayField(label=_("Issued on"), required=False, latest=clock.today)
    expires_on = DayField(
        label=_("Valid until"), required=False, help_text=_("Leave it empty if it does not expire.")
    )
    scan = PaperField(label=_("Scan or photo of it"), required=False)

    def clean(self) -> None:
        number = str(self.cleaned_data.get("number", ""))
        match self.cleaned_data.get("kind") if number else None:
            case Licence.Kind.PIRT if not is_pirt_number(number):
                self.add_error(
                    "number",
                    _(
                        "A P-IRT number has 15 digits, such as 2063573010123-28. Copy it from the certificate."
                    ),
                )
            case Licence.Kind.HALAL if sum(sign.isalnum() for sign in number) < 8:
                self.add_error(
                    "number",
                    _("A halal number has at least 8 letters or digits. Copy it from the certificate."),
                )
        issued, expires = self.cleaned_data.get("issued_on"), self.cleaned_data.get("expires_on")
        if issued and expires and expires < issued:
            self.add_error("expires_on", _("It cannot expire before it was issued."))


class PhotosForm(StepForm):
    photos = PhotosField(
        label=_("Photos of the business and its products"),
        required=False,
        most=6,
        help_text=_("JPEG or PNG, up to 6 at once. A good photo of the front helps the officer."),
    )


class SendForm(Form):
    """The last step: the yes of the owner, ticked by themselves or signed before an officer."""

    agreed = forms.BooleanField(label=_("I have read this and agree."))
    signature = SignatureField(label=_("Signature or thumb of the owner"))

    def __init__(self, *args: Any, for_other: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if for_other:
            self.fields["agreed"].label = _("I have read this aloud to the owner, and they agreed.")
        else:
            del self.fields["signature"]


def plain(data: Mapping[str, Any]) -> dict[str, list[str]]:
    """What was posted, as a draft keeps it: without tokens and buttons."""
    lists: Any = getattr(data, "lists", None)
    pairs = lists() if lists else ((name, [value]) for name, value in data.items())
    left = {"csrfmiddlewaretoken", "go", "next", "known_owner", "held"}
    return {name: [str(value)[:4000] for value in values][:20] for name, values in pairs if name not in left}
