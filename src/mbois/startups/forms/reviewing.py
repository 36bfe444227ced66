"""Reviewing, and what is decided after it."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mbois.people.models import Person
from mbois.startups.forms.fields import area
from mbois.startups.models import (
    OUTCOMES,
    Criterion,
    Review,
)
from mbois.web.forms import Form


class ConflictForm(Form):
    reason = forms.CharField(
        label=_("Why are you too close?"),
        max_length=300,
        widget=area(2),
        help_text=_("A relative, a colleague, a student of yours, money in it, a competitor."),
    )


class SeenField(forms.IntegerField):
    """Which version of a review its writer saw; nonsense counts as none."""

    def __init__(self) -> None:
        super().__init__(widget=forms.HiddenInput, required=False, min_value=0, max_value=10**6)

    def clean(self, value: Any) -> int:
        try:
            return int(super().clean(value) or 0)
        except forms.ValidationError:
            return 0


class ReviewForm(Form):
    """Points from one to five for each criterion, and what one advises."""

    version = SeenField()
    note = forms.CharField(
        label=_("For the team, in a few sentences"),
        required=False,
        max_length=2000,
        widget=area(4),
        help_text=_("They read it with the answer, without your name."),
    )
    inside = forms.CharField(
        label=_("Only for the committee"), required=False, max_length=2000, widget=area(2)
    )
    advice = forms.ChoiceField(
        label=_("What do you advise?"),
        required=False,
        choices=Review.Advice.choices,
        widget=forms.RadioSelect,
    )

    needed_later = ("note", "advice")

    def __init__(
        self, *args: Any, criteria: Sequence[Criterion], review: Review | None, **kwargs: Any
    ) -> None:
        self.criteria = list(criteria)
        initial: dict[str, Any] = {"version": review.version if review else 0}
        if review:
            initial |= {"note": review.note, "inside": review.inside, "advice": review.advice}
            initial |= {f"p-{key}": str(value) for key, value in review.points.items()}
            initial |= {f"r-{key}": value for key, value in review.remarks.items()}
        kwargs.setdefault("initial", initial)
        super().__init__(*args, **kwargs)
        for one in self.criteria:
            self.fields[f"p-{one.key}"] = forms.ChoiceField(
                label=one.name,
                required=False,
                choices=[(str(number), str(number)) for number in range(1, 6)],
                widget=forms.RadioSelect,
            )
            self.fields[f"r-{one.key}"] = forms.CharField(
                label=_("Remark"), required=False, max_length=500, widget=area(1)
            )

    def rows(self) -> list[tuple[Criterion, Any, Any]]:
        """Each criterion with its points and its remark."""
        return [(one, self[f"p-{one.key}"], self[f"r-{one.key}"]) for one in self.criteria]

    def values(self) -> dict[str, Any]:
        told = self.cleaned_data
        points = {one.key: int(told[f"p-{one.key}"]) for one in self.criteria if told.get(f"p-{one.key}")}
        remarks = {one.key: told.get(f"r-{one.key}", "") for one in self.criteria}
        return {
            "points": points,
            "remarks": remarks,
            "note": told["note"],
            "inside": told["inside"],
            "advice": told["advice"],
            "version": told["version"],
        }


# --- the programme manager ------------------------------------------------------------------------


class ReviewersForm(Form):
    reviewers = forms.MultipleChoiceField(label=_("Reviewers"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, people: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reviewers"].choices = [(str(one.pk), one.name) for one in people]  # type: ignore[attr-defined]
        self.fields["reviewers"].initial = [str(one.pk) for one in people]


class DecisionForm(Form):
    outcome = forms.ChoiceField(
        label=_("What is decided?"), choices=[(str(one), one.label) for one in OUTCOMES]
    )
    letter = forms.CharField(
        label=_("Words for all of them"),
        required=False,
        max_length=2000,
        widget=area(4),
        help_text=_("Stands in every letter, before the reason."),
    )
