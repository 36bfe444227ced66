"""Changing what is registered, and saying what becomes of it."""

import json
from typing import Any, ClassVar, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from mbois.enterprises import identities, queries
from mbois.enterprises.forms.steps import BusinessForm, OwnerForm, PhotosForm, PlaceForm, SizeForm
from mbois.enterprises.models import Enterprise, Review
from mbois.web.forms import (
    Form,
)

# Fields whose value is a code that says nothing to people.
_CODED = ("kbli", "subsector", "village", "owner_village", "point")


class ChangeForm(PlaceForm, BusinessForm, SizeForm):
    """Everything about a business and its owner, to be changed at once.

    `shown` carries what the page showed. Only what was changed from it is written, so that a page left
    open does not undo what somebody else has changed since; where both changed one thing, it is asked.
    """

    shown = forms.CharField(required=False, widget=forms.HiddenInput)
    owner_name = OwnerForm.base_fields["owner_name"]
    nik = forms.CharField(
        label="NIK",
        max_length=24,
        required=False,
        help_text=_("Leave it empty to keep the number that is stored."),
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )
    npwp = forms.CharField(
        label="NPWP",
        max_length=30,
        required=False,
        help_text=_("Leave it empty to keep the number that is stored."),
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )
    owner_phone = OwnerForm.base_fields["owner_phone"]
    owner_village = OwnerForm.base_fields["owner_village"]
    owner_address = OwnerForm.base_fields["owner_address"]

    GROUPS: ClassVar[list[tuple[object, list[str]]]] = [
        (_("The business"), ["name", "description", "kbli", "subsector", "nib", "phone", "started_on"]),
        (_("Place"), ["village", "address", "rt", "rw", "point"]),
        (_("Owner"), ["owner_name", "nik", "npwp", "owner_phone", "owner_village", "owner_address"]),
        (_("Size"), ["capital", "annual_sales", "workers"]),
    ]

    def __init__(self, data: Any = None, *, enterprise: Enterprise) -> None:
        self.now = json.loads(json.dumps(self.values_of(enterprise), default=str))
        initial = self.now | {"shown": json.dumps(self.now)}
        if data is not None:
            initial |= self._shown(data.get("shown", ""))
        super().__init__(data, initial=initial)

    def _shown(self, text: str) -> dict[str, Any]:
        try:
            shown = json.loads(text)
        except ValueError:
            return {}
        return {name: shown[name] for name in self.now if name in shown} if isinstance(shown, dict) else {}

    def clean(self) -> None:
        BusinessForm.clean(self)
        seen = {name: self.initial[name] for name in self.now}
        for name in self.changed_data:
            if name in self.now and self.now[name] != self.initial[name]:
                if not self.fields[name].has_changed(self.now[name], self[name].data):
                    continue
                said = _("Meanwhile somebody changed this too. Send again to keep yours.")
                if name not in _CODED:
                    said = _("Meanwhile somebody changed this to “%(now)s”. Send again to keep yours.")
                self.add_error(name, said % {"now": self.now[name]})
                seen[name] = self.now[name]
        # what was asked about is shown now; the rest still differs from what the page showed
        typed = cast(QueryDict, self.data).copy()
        typed["shown"] = json.dumps(seen)
        self.data = typed
        self.rule("owner_name", identities.clean_owner_name)
        self.rule("nik", identities.clean_nik)
        self.rule("npwp", identities.clean_npwp)

    @property
    def groups(self) -> list[tuple[object, list[Any]]]:
        return [(title, [self[name] for name in names]) for title, names in self.GROUPS]

    @staticmethod
    def values_of(enterprise: Enterprise) -> dict[str, Any]:
        """What the form shows first. Identity numbers stay where they are."""
        owner = enterprise.owner
        point = (enterprise.latitude, enterprise.longitude)
        kbli = enterprise.kbli
        return {
            "name": enterprise.name,
            "description": enterprise.description,
            "kbli": f"{kbli.edition}:{kbli.code}" if kbli else "",
            "subsector": enterprise.subsector,
            "nib": enterprise.nib,
            "phone": enterprise.phone,
            "started_on": enterprise.started_on,
            "village": enterprise.village_id,
            "address": enterprise.address,
            "rt": enterprise.rt,
            "rw": enterprise.rw,
            "point": point if enterprise.latitude is not None else None,
            "capital": enterprise.capital,
            "annual_sales": enterprise.annual_sales,
            "workers": enterprise.workers,
            "owner_name": owner.name,
            "owner_phone": owner.phone,
            "owner_village": owner.village_id or "",
            "owner_address": owner.address,
        }

    def changes(self) -> dict[str, Any]:
        """What to hand to `update_enterprise`: what was changed from what the page showed."""
        told = {**PlaceForm.told(self), **{name: self.cleaned_data[name] for name in ("capital", "workers")}}
        told["annual_sales"] = self.cleaned_data["annual_sales"]
        for name in ("name", "description", "subsector", "nib", "started_on", "owner_name", "owner_address"):
            told[name] = self.cleaned_data[name]
        for name in ("phone", "owner_phone"):
            told[name] = str(self.cleaned_data[name] or "")
        kbli = self.cleaned_data["kbli"]
        told["kbli"] = queries.kbli_named(kbli) if kbli else None
        told["owner_village"] = self.area("owner_village")
        for name in ("nik", "npwp"):
            if self.cleaned_data[name]:
                told[name] = self.cleaned_data[name]
        changed = set(self.changed_data)
        if "point" in changed:
            changed |= {"latitude", "longitude"}
        return {name: value for name, value in told.items() if name in changed}


class ReviewForm(Form):
    """What an officer looked at and what becomes of the registration."""

    REASONS: ClassVar[list[object]] = [
        _("The address is not complete: please add street, RT and RW."),
        _("The NIK does not match the KTP."),
        _("Please add a photo of the business."),
        _("This business is registered already."),
        _("The business is not in this village."),
    ]
    checks = forms.MultipleChoiceField(
        label=_("What I looked at"),
        choices=Review.Check.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    outcome = forms.ChoiceField(
        label=_("What becomes of it"),
        choices=[
            (Review.Outcome.VERIFIED, _("Verify: it is in the registry")),
            (Review.Outcome.RETURNED, _("Return: the owner completes it")),
            (Review.Outcome.REJECTED, _("Reject: it does not belong here")),
        ],
        widget=forms.RadioSelect,
    )
    reasons = forms.CharField(
        label=_("Reasons"),
        required=False,
        max_length=2000,
        help_text=_("The owner reads this. Needed when you return or reject."),
        widget=forms.Textarea({"rows": 4}),
    )

    def clean(self) -> None:
        outcome = self.cleaned_data.get("outcome")
        if (
            outcome
            and outcome != Review.Outcome.VERIFIED
            and not (self.cleaned_data.get("reasons") or "").strip()
        ):
            self.add_error("reasons", _("Say what is missing or wrong, so that the owner knows what to do."))


class UnmaskForm(Form):
    reason = forms.CharField(label=_("Why do you need the whole number?"), min_length=5, max_length=300)


class CaptionForm(PhotosForm):
    caption = forms.CharField(label=_("What they show"), max_length=120, required=False)
