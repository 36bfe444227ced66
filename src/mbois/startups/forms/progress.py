"""What a startup writes down on its way: weeks, evidence, figures."""

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mbois import clock
from mbois.startups.actions.progress import weeks_open
from mbois.startups.forms.fields import area
from mbois.startups.models import (
    quarter_of,
)
from mbois.startups.show import quarter_name
from mbois.web import show
from mbois.web.forms import Form, MoneyField, PaperField, SentOnceField


def first_client_id() -> str:
    """An id for a form that is sent without JavaScript."""
    return str(uuid.uuid4())


class WeekForm(Form):
    """The weekly update: two minutes."""

    client_id = SentOnceField()
    week = forms.ChoiceField(label=_("Which week?"), widget=forms.RadioSelect)
    done = forms.CharField(label=_("What went well?"), max_length=400, widget=area(2))
    ahead = forms.CharField(label=_("What comes next week?"), max_length=400, widget=area(2))
    stuck = forms.CharField(
        label=_("Where are you stuck?"),
        max_length=400,
        required=False,
        widget=area(2),
        help_text=_("Your mentor reads it and helps."),
    )
    talked_to = forms.IntegerField(
        label=_("Customers you talked to"),
        min_value=0,
        max_value=10**6,
        initial=0,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    users = forms.IntegerField(
        label=_("Users or customers so far"),
        min_value=0,
        max_value=10**9,
        initial=0,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    revenue = MoneyField(label=_("Income of this week"), max_value=10**12, required=False, initial=0)

    def __init__(self, *args: Any, weeks: Sequence[date] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wanted = list(weeks) if weeks is not None else weeks_open(clock.today())
        self.fields["week"].choices = [  # type: ignore[attr-defined]
            (
                day.isoformat(),
                _("%(from)s to %(to)s")
                % {
                    "from": show.tanggal_pendek(day),
                    "to": show.tanggal_pendek(date.fromordinal(day.toordinal() + 6)),
                },
            )
            for day in wanted
        ]

    def values(self) -> dict[str, Any]:
        told = dict(self.cleaned_data)
        told["week"] = date.fromisoformat(told["week"])
        told["revenue"] = told["revenue"] or 0
        return told


class EvidenceForm(Form):
    note = forms.CharField(label=_("What did you do?"), required=False, max_length=1000, widget=area(3))
    link = forms.URLField(label=_("Link"), required=False, max_length=300, assume_scheme="https")
    file = PaperField(label=_("Photo or file"), required=False)


class CheckForm(Form):
    accepted = forms.ChoiceField(
        label=_("Is the milestone reached?"),
        choices=[("yes", _("Yes")), ("no", _("Not yet"))],
        widget=forms.RadioSelect,
    )
    remark = forms.CharField(
        label=_("What is good, or what is missing"), required=False, max_length=500, widget=area(2)
    )


class QuarterForm(Form):
    """How a startup stood at the end of a quarter."""

    quarter = forms.ChoiceField(label=_("Quarter"))
    alive = forms.ChoiceField(
        label=_("Do you still work on it?"),
        choices=[("yes", _("Yes")), ("no", _("No, it has ended"))],
        widget=forms.RadioSelect,
        initial="yes",
    )
    team = forms.IntegerField(label=_("People in the team"), min_value=0, max_value=100_000, required=False)
    users = forms.IntegerField(label=_("Users or customers"), min_value=0, max_value=10**9, required=False)
    revenue = MoneyField(label=_("Income of the quarter"), required=False)
    funding = MoneyField(
        label=_("Money raised in the quarter"),
        required=False,
        help_text=_("Grants, prizes, investors, loans."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now = quarter_of(clock.today())
        self.fields["quarter"].choices = [  # type: ignore[attr-defined]
            (one.isoformat(), quarter_name(one)) for one in quarters_back(now, 12)
        ]

    def values(self) -> dict[str, Any]:
        told = self.cleaned_data
        return {
            "quarter": date.fromisoformat(told["quarter"]),
            "alive": told["alive"] == "yes",
            "team": told["team"] or 0,
            "users": told["users"] or 0,
            "revenue": told["revenue"] or 0,
            "funding": told["funding"] or 0,
        }


def quarters_back(last: date, count: int) -> list[date]:
    """The first days of so many quarters up to `last`, the newest first."""
    found = []
    for _place in range(count):
        found.append(last)
        last = date(last.year - 1, 10, 1) if last.month == 1 else date(last.year, last.month - 3, 1)
    return found


# --- reviewers ------------------------------------------------------------------------------------
