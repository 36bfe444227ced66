"""Cohorts: who is in them, what they learn and when."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mbois.people.models import Person
from mbois.startups.forms.fields import area
from mbois.startups.models import (
    Call,
    Stage,
    Startup,
)
from mbois.web.forms import DayField, Form, MomentField, PaperField


class CohortForm(Form):
    name = forms.CharField(label=_("Name"), max_length=80)
    begins_on = DayField(label=_("Begins"))
    ends_on = DayField(label=_("Ends"))
    call = forms.ChoiceField(label=_("Startups accepted in"), required=False)

    def __init__(self, *args: Any, calls: Sequence[Call] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if calls is None:
            del self.fields["call"]
        else:
            known = [("", _("None; I add them")), *((str(one.pk), one.title) for one in calls)]
            self.fields["call"].choices = known  # type: ignore[attr-defined]


class AddStartupForm(Form):
    startup = forms.ChoiceField(label=_("Startup"))

    def __init__(self, *args: Any, startups: Sequence[Startup], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["startup"].choices = [(str(one.pk), f"{one.name} ({one.number})") for one in startups]  # type: ignore[attr-defined]


class MentorForm(Form):
    mentor = forms.ChoiceField(label=_("Mentor"))

    def __init__(self, *args: Any, people: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mentor"].choices = [(str(one.pk), one.name) for one in people]  # type: ignore[attr-defined]


class WhyForm(Form):
    why = forms.CharField(label=_("Why does it leave?"), max_length=300, widget=area(2))


class LessonForm(Form):
    stage = forms.ChoiceField(label=_("Part"), choices=Stage.choices, widget=forms.RadioSelect)
    title_id = forms.CharField(label=_("Title"), max_length=120)
    title_en = forms.CharField(label=_("Title in English"), max_length=120, required=False)
    about_id = forms.CharField(label=_("What it is about"), max_length=1000, required=False, widget=area(2))
    about_en = forms.CharField(
        label=_("The same in English"), max_length=1000, required=False, widget=area(2)
    )
    starts_at = MomentField(label=_("When"), required=False)
    minutes = forms.IntegerField(label=_("Minutes"), min_value=10, max_value=960, initial=120)
    place = forms.CharField(label=_("Where"), max_length=200, required=False)


class MaterialForm(Form):
    title = forms.CharField(label=_("Title"), max_length=120)
    link = forms.URLField(label=_("Link"), required=False, max_length=300, assume_scheme="https")
    file = PaperField(label=_("Or a file"), required=False)


class MilestoneForm(Form):
    stage = forms.ChoiceField(label=_("Part"), choices=Stage.choices, widget=forms.RadioSelect)
    title_id = forms.CharField(label=_("Milestone"), max_length=120)
    title_en = forms.CharField(label=_("Milestone in English"), max_length=120, required=False)
    proves_id = forms.CharField(label=_("What proves it"), max_length=300)
    proves_en = forms.CharField(label=_("The same in English"), max_length=300, required=False)
    due_on = DayField(label=_("To be reached by"))


class DemoDayForm(Form):
    title = forms.CharField(label=_("Title"), max_length=120)
    about = forms.CharField(label=_("What visitors will see"), max_length=2000, widget=area(4))
    begins = MomentField(label=_("Begins"))
    ends = MomentField(label=_("Ends"))
    place = forms.CharField(label=_("Where"), max_length=200)
    capacity = forms.IntegerField(label=_("Places for visitors"), min_value=1, max_value=20_000, initial=150)
