"""What sellers and offices fill in for a campaign."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mbois.market.models import Campaign, CreativeJob, Product
from mbois.web.forms import DayField, Form


class CampaignForm(Form):
    title = forms.CharField(label=_("Title"), max_length=80)
    begins_on = DayField(label=_("First day"))
    ends_on = DayField(label=_("Last day"))
    offer = forms.CharField(
        label=_("Discount or offer"),
        max_length=140,
        required=False,
        help_text=_(
            "As buyers read it: “Buy 3, get 1”. Prices do not change by themselves; change them on the products."
        ),
    )
    theme = forms.CharField(
        label=_("What it is about"),
        max_length=600,
        required=False,
        widget=forms.Textarea({"rows": 4}),
    )
    material = forms.ChoiceField(
        label=_("Made at the creative desk"),
        required=False,
        help_text=_("An accepted design that is a picture is shown on the page of the campaign."),
    )

    def __init__(self, *args: Any, jobs: list[CreativeJob], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: list[tuple[str, Any]] = [("", _("None"))]
        choices += [(one.code, f"{one.get_kind_display()} · {one.wish[:60]}") for one in jobs]
        self.fields["material"].choices = choices  # type: ignore[attr-defined]
        if not jobs:
            del self.fields["material"]
        self.jobs = {one.code: one for one in jobs}

    @staticmethod
    def values_of(campaign: Campaign) -> dict[str, Any]:
        names = ("title", "begins_on", "ends_on", "offer", "theme")
        return {
            **{name: getattr(campaign, name) for name in names},
            "material": campaign.material.code if campaign.material else "",
        }

    def told(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        if "material" in given:
            given["material"] = self.jobs.get(given["material"])
        return given


class PartForm(Form):
    products = forms.MultipleChoiceField(
        label=_("Which products come along?"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, products: list[Product], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["products"].choices = [(str(one.pk), one.name) for one in products]  # type: ignore[attr-defined]


class LinkForm(Form):
    label = forms.CharField(
        label=_("Where do you use it?"),
        max_length=60,
        widget=forms.TextInput({"placeholder": "Instagram, poster pasar, grup RT"}),
    )
    target = forms.ChoiceField(label=_("Where does it lead?"), required=False)

    def __init__(self, *args: Any, targets: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["target"].choices = [("", _("The page of the campaign")), *targets]  # type: ignore[attr-defined]
