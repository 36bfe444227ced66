"""What the office says of a call: its facts, phases, questions and criteria."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mbois.startups.forms.fields import area
from mbois.startups.models import (
    Criterion,
    Phase,
    Question,
)
from mbois.web.forms import Form, MomentField


class CallForm(Form):
    title_id = forms.CharField(label=_("Title"), max_length=120)
    title_en = forms.CharField(label=_("Title in English"), max_length=120, required=False)
    summary_id = forms.CharField(label=_("In one sentence"), max_length=300)
    summary_en = forms.CharField(label=_("In one sentence, in English"), max_length=300, required=False)
    about_id = forms.CharField(label=_("What is offered, to whom"), max_length=6000, widget=area(8))
    about_en = forms.CharField(
        label=_("What is offered, in English"), max_length=6000, required=False, widget=area(4)
    )
    places = forms.IntegerField(label=_("Places"), min_value=1, max_value=500, initial=20)
    reviews_wanted = forms.IntegerField(
        label=_("Reviews per application"), min_value=1, max_value=9, initial=3
    )
    blind = forms.BooleanField(
        label=_("Blind: reviewers see neither names nor the team. Cannot change once it is published."),
        required=False,
        initial=True,
    )


class PhasesForm(Form):
    """From when to when each phase lasts. Hours are those of Malang (WIB)."""

    def __init__(self, *args: Any, phases: Mapping[str, Phase], **kwargs: Any) -> None:
        initial: dict[str, Any] = {}
        for kind, phase in phases.items():
            initial |= {f"{kind}_from": phase.begins, f"{kind}_to": phase.ends}
        kwargs.setdefault("initial", initial)
        super().__init__(*args, **kwargs)
        for kind in Phase.Kind:
            needed = kind == Phase.Kind.CALL
            self.fields[f"{kind}_from"] = MomentField(label=_("From"), required=needed)
            self.fields[f"{kind}_to"] = MomentField(label=_("Until"), required=needed)

    def groups(self) -> list[tuple[str, Any, Any]]:
        return [(str(kind.label), self[f"{kind}_from"], self[f"{kind}_to"]) for kind in Phase.Kind]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        for kind in Phase.Kind:
            begins, ends = told.get(f"{kind}_from"), told.get(f"{kind}_to")
            if (begins is None) != (ends is None) and not self.errors:
                missing = f"{kind}_from" if begins is None else f"{kind}_to"
                self.add_error(missing, str(_("Say both when it begins and when it ends.")))
        return told

    def phases(self) -> dict[str, tuple[datetime, datetime] | None]:
        found: dict[str, tuple[datetime, datetime] | None] = {}
        for kind in Phase.Kind:
            begins, ends = self.cleaned_data.get(f"{kind}_from"), self.cleaned_data.get(f"{kind}_to")
            found[str(kind)] = (begins, ends) if begins and ends else None
        return found


class QuestionForm(Form):
    label_id = forms.CharField(label=_("Question"), max_length=200)
    label_en = forms.CharField(label=_("Question in English"), max_length=200, required=False)
    help_id = forms.CharField(label=_("Help"), max_length=300, required=False)
    help_en = forms.CharField(label=_("Help in English"), max_length=300, required=False)
    kind = forms.ChoiceField(
        label=_("Kind of answer"), choices=Question.Kind.choices, widget=forms.RadioSelect
    )
    required = forms.BooleanField(label=_("Must be answered"), required=False, initial=True)
    most_words = forms.IntegerField(
        label=_("Most words"), min_value=5, max_value=1500, required=False, help_text=_("For texts.")
    )
    options = forms.CharField(
        label=_("Answers to choose from"),
        required=False,
        max_length=3000,
        widget=area(4),
        help_text=_("One a line; after a | the same in English."),
    )
    identifying = forms.BooleanField(
        label=_("The answer shows who they are: reviewers of a blind call never see it"),
        required=False,
        help_text=_("Mark files that carry names: what stands inside a file cannot be hidden."),
    )

    def __init__(self, *args: Any, question: Question | None = None, **kwargs: Any) -> None:
        if question is not None:
            lines = [one["id"] + (f" | {one['en']}" if one.get("en") else "") for one in question.options]
            kwargs.setdefault(
                "initial",
                {
                    name: getattr(question, name)
                    for name in ("label_id", "label_en", "help_id", "help_en", "kind", "required",
                                 "most_words", "identifying")
                }
                | {"options": "\n".join(lines)},
            )  # fmt: skip
        super().__init__(*args, **kwargs)

    def values(self) -> dict[str, Any]:
        told = dict(self.cleaned_data)
        options = []
        for line in told["options"].splitlines():
            indonesian, _bar, english = line.partition("|")
            if indonesian.strip():
                options.append({"id": indonesian.strip()[:200], "en": english.strip()[:200]})
        told["options"] = options if told["kind"] == Question.Kind.CHOICE else []
        if told["kind"] not in (Question.Kind.TEXT, Question.Kind.LONG):
            told["most_words"] = None
        return told


CRITERIA_ROWS = 8


class CriteriaForm(Form):
    """All criteria at once, a row each; rows without a name are left out."""

    def __init__(self, *args: Any, criteria: Sequence[Criterion], **kwargs: Any) -> None:
        initial: dict[str, Any] = {}
        for place, one in enumerate(criteria):
            for name in ("name_id", "name_en", "help_id", "help_en", "weight"):
                initial[f"{name}-{place}"] = getattr(one, name)
        kwargs.setdefault("initial", initial)
        super().__init__(*args, **kwargs)
        self.count = max(CRITERIA_ROWS, len(criteria) + 2)
        for place in range(self.count):
            self.fields[f"name_id-{place}"] = forms.CharField(
                label=_("Criterion"), max_length=80, required=False
            )
            self.fields[f"weight-{place}"] = forms.IntegerField(
                label=_("Weight in per cent"),
                min_value=1,
                max_value=100,
                required=False,
                widget=forms.NumberInput(attrs={"inputmode": "numeric", "data-weight": ""}),
            )
            self.fields[f"help_id-{place}"] = forms.CharField(
                label=_("What 1 and 5 mean"), max_length=300, required=False
            )
            self.fields[f"name_en-{place}"] = forms.CharField(
                label=_("Criterion in English"), max_length=80, required=False
            )
            self.fields[f"help_en-{place}"] = forms.CharField(
                label=_("What 1 and 5 mean, in English"), max_length=300, required=False
            )

    def rows(self) -> list[tuple[int, Any, Any, Any, Any, Any]]:
        names = ("name_id", "weight", "help_id", "name_en", "help_en")
        return [
            (place + 1, *(self[f"{name}-{place}"] for name in names))  # type: ignore[misc]
            for place in range(self.count)
        ]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        for place in range(self.count):
            if told.get(f"name_id-{place}") and not told.get(f"weight-{place}"):
                if f"weight-{place}" not in self.errors:
                    self.add_error(f"weight-{place}", str(_("Give a weight.")))
            elif told.get(f"weight-{place}") and not told.get(f"name_id-{place}"):
                self.add_error(f"name_id-{place}", str(_("Name the criterion.")))
        return told

    def criteria_rows(self) -> list[dict[str, Any]]:
        told = self.cleaned_data
        return [
            {name: told[f"{name}-{place}"] for name in ("name_id", "name_en", "help_id", "help_en", "weight")}
            for place in range(self.count)
            if told.get(f"name_id-{place}")
        ]
