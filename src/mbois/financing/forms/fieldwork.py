"""What is filled at somebody's door: the home visit, and money taken on the way."""

import uuid
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from mbois import clock
from mbois.enterprises.forms.steps import NEIGHBOURHOOD
from mbois.financing.actions.visits import CHECKLIST
from mbois.financing.models import Visit
from mbois.web.forms import DayField, Form, MomentField, MomentInput, MoneyField, PhotosField, PointField
from mbois.written import seen

# What the officer looks at, in words; the keys are the rule's (actions/visits.py).
POINTS: dict[str, Any] = {
    "lives_here": _("The applicant lives at this address"),
    "business_seen": _("The business is running: I saw it at work"),
    "papers_match": _("The papers shown are the originals and match"),
    "debt_card_seen": _("I saw the loan shark's instalment card"),
    "agrees_to_settle": _("The household agrees that the loan settles the loan shark first"),
}
MOST_PHOTOS = 12
MOST_NEIGHBOURS = 10


class NeighboursInput(forms.Widget):
    """Rows of a name and what they say; empty rows are left out."""

    template_name = "financing/widgets/neighbours.html"
    use_fieldset = True
    least = 2

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[dict[str, str]]:
        read = data.getlist if hasattr(data, "getlist") else lambda key: data.get(key, [])
        names, words = read("neighbour_name"), read("neighbour_word")
        rows = [
            {"name": seen(str(who)).strip(), "word": seen(str(word)).strip()}
            for who, word in zip(names, words, strict=False)
        ]
        return [row for row in rows if row["name"] or row["word"]]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return "neighbour_name" not in data

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        rows = [dict(row) for row in value or ()]
        # without JavaScript there are two rows to spare
        rows += [{"name": "", "word": ""}] * (max(self.least, len(rows)) + 2 - len(rows))
        context.update(
            rows=[
                {"number": place, "needed": place <= self.least, **row} for place, row in enumerate(rows, 1)
            ],
            least=self.least,
        )
        return context

    def id_for_label(self, id_: str) -> str:
        return "neighbour-name-1"


class NeighboursField(forms.Field):
    """What the neighbours say: a list of {"name", "word"}."""

    widget = NeighboursInput
    default_error_messages = {
        "half": _("Each neighbour needs a name and their word."),
        "most": _("At most %(most)s neighbours."),
        "long": _("A name takes at most 120 letters, a neighbour's word 1,000."),
    }

    def clean(self, value: Any) -> list[dict[str, str]]:
        rows = list(value or ())
        if len(rows) > MOST_NEIGHBOURS:
            raise ValidationError(self.error_messages["most"], code="most", params={"most": MOST_NEIGHBOURS})
        for row in rows:
            if not row["name"] or not row["word"]:
                raise ValidationError(self.error_messages["half"], code="half")
            if len(row["name"]) > 120 or len(row["word"]) > 1000:
                raise ValidationError(self.error_messages["long"], code="long")
        return rows


class VisitForm(Form):
    """The home visit. Amounts are rupiah a month."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    visited_at = MomentField(label=_("When were you there?"), widget=MomentInput({"data-now": ""}))
    neighbours = NeighboursField(label=_("What the neighbours say"), required=False)
    photos = PhotosField(
        label=_("Photos"),
        required=False,
        most=MOST_PHOTOS,
        help_text=_("The house, the business at work, the goods, the instalment card."),
    )
    position = PointField(label=_("Position"), required=False)
    accuracy = forms.FloatField(required=False, min_value=0, widget=forms.HiddenInput)
    sales = MoneyField(label=_("Sales a month"))
    costs = MoneyField(label=_("Costs of the business a month"))
    household = MoneyField(label=_("Household a month"))
    other_debts = MoneyField(
        label=_("Other debts a month"), help_text=_("Without the loan shark's, which the loan settles.")
    )
    address = forms.CharField(
        label=_("Street and number"),
        max_length=200,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    rt = forms.RegexField("^[0-9]{1,3}$", label="RT", **NEIGHBOURHOOD)
    rw = forms.RegexField("^[0-9]{1,3}$", label="RW", **NEIGHBOURHOOD)
    advice = forms.ChoiceField(
        label=_("What do you advise?"), choices=Visit.Advice.choices, widget=forms.RadioSelect
    )
    notes = forms.CharField(
        label=_("Notes"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, neighbours_asked: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["neighbours"].widget.least = neighbours_asked
        for key in CHECKLIST:
            self.fields[f"check_{key}"] = forms.ChoiceField(
                label=POINTS[key],
                choices=[("yes", _("Yes")), ("no", _("No"))],
                widget=forms.RadioSelect,
                error_messages={"required": _("Answer with yes or no.")},
            )

    def checks(self) -> list[forms.BoundField]:
        """The points of the checklist, in order."""
        return [self[f"check_{key}"] for key in CHECKLIST]

    def amounts(self) -> list[forms.BoundField]:
        return [self[name] for name in ("sales", "costs", "household", "other_debts")]

    @property
    def typed_position(self) -> tuple[str, str]:
        """Latitude and longitude as they were typed."""
        return self.data.get("position_lat", ""), self.data.get("position_lon", "")

    @property
    def checklist(self) -> dict[str, bool]:
        return {key: self.cleaned_data[f"check_{key}"] == "yes" for key in CHECKLIST}


class CollectForm(Form):
    """Money taken at the door, perhaps to be booked later."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    amount = MoneyField(label=_("Amount taken"), min_value=1)
    effective_date = DayField(label=_("Day on which you took it"), latest=clock.today)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["effective_date"].widget.attrs["data-now"] = ""


def first_client_id() -> uuid.UUID:
    """The id of a form that is sent without JavaScript; a phone that keeps records makes its own."""
    return uuid.uuid4()


def uploads_of(files: Mapping[str, Any], name: str = "photos") -> list[UploadedFile]:
    """Every file sent under a name."""
    return list(files.getlist(name)) if hasattr(files, "getlist") else []
