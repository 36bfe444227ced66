"""What owners and creators fill in at the creative desk."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mbois import clock
from mbois.market.actions.desk import MOST_FILES, MOST_PHOTOS, Delivery, Text
from mbois.market.models import CreativeJob, JobKind, Product
from mbois.market.models.desk import MOST_PAY
from mbois.web.forms import DayField, FilesField, Form, MoneyField, PhotosField


class JobForm(Form):
    kind = forms.ChoiceField(label=_("What do you need?"), choices=JobKind, widget=forms.RadioSelect)
    products = forms.MultipleChoiceField(label=_("For which products?"), widget=forms.CheckboxSelectMultiple)
    wish = forms.CharField(
        label=_("What should it be like?"),
        max_length=1000,
        widget=forms.Textarea({"rows": 4}),
        help_text=_(
            "What is special about it, who buys it, what must be seen or said, where you can be met."
        ),
    )
    wanted_by = DayField(label=_("By when?"), earliest=clock.today)
    paid = forms.ChoiceField(
        label=_("Is it paid?"),
        choices=[("no", _("No, I ask for voluntary help")), ("yes", _("Yes, I pay for it"))],
        widget=forms.RadioSelect,
        initial="no",
    )
    pay = MoneyField(
        label=_("How much in all?"),
        required=False,
        min_value=1,
        max_value=MOST_PAY,
        help_text=_("You pay the creator yourself. Nothing is paid through here."),
    )

    def __init__(self, *args: Any, products: list[Product], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["products"].choices = [(str(one.pk), one.name) for one in products]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or self.cleaned_data
        if told.get("paid") == "no":
            told["pay"] = None
        elif told.get("paid") == "yes" and not told.get("pay") and "pay" not in self.errors:
            self.add_error("pay", _("Say how much."))
        return told


class DeliverForm(Form):
    """Fields for each product of the job, by its kind."""

    def __init__(self, *args: Any, job: CreativeJob, products: list[Product], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.job, self.products = job, products
        for one in products:
            if job.kind == JobKind.PHOTOS:
                self.fields[f"photos-{one.pk}"] = PhotosField(
                    label=one.name,
                    required=len(products) == 1,
                    largest=20 * 1024 * 1024,
                    most=MOST_PHOTOS,
                    accept="image/jpeg,image/png,image/webp",
                    help_text=_(
                        "At least 1,500 pixels on the longer side, in the order they should be shown."
                    ),
                )
            elif job.kind == JobKind.TEXT:
                self.fields[f"name-{one.pk}"] = forms.CharField(
                    label=_("Title"), max_length=120, required=False, initial=one.name
                )
                self.fields[f"description-{one.pk}"] = forms.CharField(
                    label=_("Description"),
                    max_length=4000,
                    required=False,
                    initial=one.description,
                    widget=forms.Textarea({"rows": 8}),
                )
        if job.kind == JobKind.DESIGN:
            self.fields["files"] = FilesField(
                label=_("Files"),
                required=True,
                most=MOST_FILES,
                accept="application/pdf,image/jpeg,image/png",
                help_text=_("PDF, JPEG or PNG, at most 10 MB each."),
            )
        self.fields["note"] = forms.CharField(
            label=_("Note for the owner"),
            max_length=1000,
            required=False,
            widget=forms.Textarea({"rows": 3}),
        )

    def told(self) -> Delivery:
        """What is delivered. A text that was left as it is is no proposal."""
        given = self.cleaned_data
        texts = {}
        for one in self.products:
            name, description = given.get(f"name-{one.pk}"), given.get(f"description-{one.pk}")
            if name is not None and (name, description) != (one.name, one.description):
                texts[one.pk] = Text(name, description or "")
        return Delivery(
            note=given["note"],
            photos={
                one.pk: given[f"photos-{one.pk}"] for one in self.products if given.get(f"photos-{one.pk}")
            },
            texts=texts,
            files=given.get("files") or (),
        )


class WordsForm(Form):
    words = forms.CharField(
        label=_("What should be different?"), max_length=1000, widget=forms.Textarea({"rows": 3})
    )


class CallOffForm(Form):
    reason = forms.CharField(label=_("Reason"), max_length=300)
