"""The forms of the creative centre."""

from collections.abc import Iterable
from datetime import date, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mbois import clock
from mbois.enterprises.models import Subsector
from mbois.hub.actions.booking import Repeat, Wish
from mbois.hub.models import Audience, Building, Equipment, Facility, Space, Use, UseRule
from mbois.hub.times import Span, span_on
from mbois.web.forms import DayField, Form, MoneyField, PhotosField

DAYS = [_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday")]


class HourField(forms.TimeField):
    """An hour of the day, at a quarter of an hour."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("input_formats", ["%H:%M", "%H.%M", "%H:%M:%S"])
        kwargs.setdefault("error_messages", {"invalid": _("Enter an hour, for example 09.00.")})
        widget = forms.TimeInput(attrs={"type": "time", "step": "900"}, format="%H:%M")
        kwargs.setdefault("widget", widget)
        super().__init__(**kwargs)


class WhenForm(Form):
    """A day and two hours."""

    day = DayField(label=_("Day"), earliest=clock.today)
    begins = HourField(label=_("From"))
    ends = HourField(label=_("Until"))

    @property
    def span(self) -> Span:
        said = self.cleaned_data
        return span_on(said["day"], said["begins"], said["ends"])


class FindForm(WhenForm):
    """When, for how many, with what."""

    people = forms.IntegerField(label=_("People"), min_value=1, max_value=5000, initial=4)
    facilities = forms.MultipleChoiceField(
        label=_("It must have"),
        choices=Facility.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class BookForm(WhenForm):
    """What somebody wants a space for, once or every so many weeks."""

    title = forms.CharField(
        label=_("What for"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    people = forms.IntegerField(label=_("How many people"), min_value=1, max_value=5000, initial=4)
    use = forms.ChoiceField(
        label=_("What kind of use"), choices=Use.choices, initial=Use.EMPOWERMENT, widget=forms.RadioSelect
    )
    group = forms.CharField(label=_("Community or business"), max_length=120, required=False)
    subsector = forms.ChoiceField(label=_("Creative subsector"), required=False)
    repeat = forms.ChoiceField(
        label=_("Again"),
        required=False,
        choices=[
            ("", _("Only once")),
            ("1", _("Every week")),
            ("2", _("Every two weeks")),
            ("4", _("Every four weeks")),
        ],
    )
    until = DayField(label=_("Until the day"), required=False)

    field_order = (
        "day", "begins", "ends", "title", "people", "group", "use", "subsector", "repeat", "until",
    )  # fmt: skip

    def __init__(self, *args: Any, space: Space, equipment: Iterable[Equipment] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["subsector"].choices = [("", gettext("None in particular")), *Subsector.choices]  # type: ignore[attr-defined]
        self.fields["people"].help_text = gettext("%(space)s takes %(people)s.") % {
            "space": space,
            "people": space.capacity,
        }
        self.equipment = list(equipment)
        for kind in self.equipment:
            count = kind.in_service  # type: ignore[attr-defined]
            self.fields[f"equipment-{kind.pk}"] = forms.IntegerField(
                label=kind.name,
                min_value=0,
                max_value=count,
                required=False,
                help_text=gettext("There are %(count)s.") % {"count": count},
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            )

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        begins, ends = said.get("begins"), said.get("ends")
        if begins and ends and time.min < ends <= begins:
            self.add_error("ends", gettext("The end comes before the beginning."))
        if said.get("repeat"):
            if not said.get("until"):
                if "until" not in self.errors:
                    self.add_error("until", gettext("Say until which day it repeats."))
            elif said.get("day") and said["until"] < said["day"]:
                self.add_error("until", gettext("The last day comes before the first."))
        return said

    @property
    def equipment_fields(self) -> list[Any]:
        return [self[f"equipment-{kind.pk}"] for kind in self.equipment]

    @property
    def takes_along(self) -> bool:
        """Whether something was chosen, or is wrong with it: then it is shown open."""
        return any(field.value() or field.errors for field in self.equipment_fields)

    @property
    def wish(self) -> Wish:
        said = self.cleaned_data
        return Wish(
            title=said["title"],
            people=said["people"],
            use=said["use"],
            subsector=said["subsector"],
            group=said["group"],
            equipment={
                kind.pk: said[f"equipment-{kind.pk}"]
                for kind in self.equipment
                if said.get(f"equipment-{kind.pk}")
            },
        )

    @property
    def repetition(self) -> Repeat | None:
        said = self.cleaned_data
        if not said.get("repeat"):
            return None
        return Repeat(said["day"], said["until"], said["begins"], said["ends"], int(said["repeat"]))


class MoveForm(WhenForm):
    """Another time, perhaps another space."""

    space = forms.ChoiceField(label=_("Space"))

    field_order = ("space", "day", "begins", "ends")

    def __init__(self, *args: Any, spaces: Iterable[Space], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["space"].choices = [(one.code, f"{one.name} ({one.floor})") for one in spaces]  # type: ignore[attr-defined]


class ReasonForm(Form):
    reason = forms.CharField(
        label=_("The reason"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class DecideForm(Form):
    """Approve or decline, with a word to who asked; a keeper may put the kind of use right."""

    answer = forms.ChoiceField(
        label=_("Your answer"),
        choices=[("yes", _("Approve")), ("no", _("Decline"))],
        widget=forms.RadioSelect,
    )
    use = forms.ChoiceField(label=_("Kind of use"), choices=Use.choices)
    note = forms.CharField(
        label=_("A word to who asked"),
        help_text=_("Needed when you decline."),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class FinishForm(Form):
    beneficiaries = forms.IntegerField(label=_("How many people came?"), min_value=0, max_value=20000)


class CloseForm(Form):
    """A time when the building or one space is closed."""

    space = forms.ChoiceField(label=_("What is closed"), required=False)
    day = DayField(label=_("From the day"), earliest=clock.today)
    last = DayField(label=_("Up to and with the day"), required=False)
    begins = HourField(label=_("From"), required=False, help_text=_("Empty: the whole day."))
    ends = HourField(label=_("Until"), required=False)
    reason = forms.CharField(label=_("Why, as everybody reads it"), max_length=200)

    def __init__(self, *args: Any, spaces: Iterable[Space], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["space"].choices = [  # type: ignore[attr-defined]
            ("", gettext("The whole building")),
            *((one.code, one.name) for one in spaces),
        ]

    @property
    def span(self) -> Span:
        said = self.cleaned_data
        first: date = said["day"]
        last: date = said["last"] or first
        begins = said["begins"] or time.min
        start = span_on(first, begins, time.min).begins
        return Span(start, span_on(last, time.min, said["ends"] or time.min).ends)


class EquipmentForm(Form):
    name = forms.CharField(label=_("Name"), max_length=100)
    about = forms.CharField(label=_("What it is"), max_length=300, required=False)
    count = forms.IntegerField(label=_("How many are in service"), min_value=0, max_value=500)


class WeekForm(Form):
    """Opening hours, day by day; a day without hours is closed."""

    def __init__(self, *args: Any, week: dict[int, tuple[time, time]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, name in enumerate(DAYS):
            have = (week or {}).get(number)
            for kind, label in (("opens", _("opens")), ("closes", _("closes"))):
                self.fields[f"{kind}_{number}"] = HourField(
                    label=f"{name}, {label}",
                    required=False,
                    initial=have[0 if kind == "opens" else 1] if have else None,
                )

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        for number in range(7):
            opens, closes = said.get(f"opens_{number}"), said.get(f"closes_{number}")
            if bool(opens) != bool(closes):
                missing = "closes" if opens else "opens"
                self.add_error(f"{missing}_{number}", gettext("Both hours are needed, or none."))
            elif opens and closes and closes <= opens:
                self.add_error(f"closes_{number}", gettext("It closes before it opens."))
        return said

    @property
    def week(self) -> dict[int, tuple[time, time] | None]:
        said = self.cleaned_data
        return {
            number: (said[f"opens_{number}"], said[f"closes_{number}"]) if said[f"opens_{number}"] else None
            for number in range(7)
        }

    @property
    def days(self) -> list[tuple[Any, Any, Any]]:
        return [(DAYS[number], self[f"opens_{number}"], self[f"closes_{number}"]) for number in range(7)]


class BuildingForm(WeekForm):
    name = forms.CharField(label=_("Name"), max_length=100)
    address = forms.CharField(label=_("Address"), max_length=200)
    phone = forms.CharField(label=_("Phone"), max_length=20, required=False)
    about = forms.CharField(
        label=_("What it is"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    open_on_holidays = forms.BooleanField(label=_("Open on national holidays too"), required=False)
    grace_minutes = forms.IntegerField(
        label=_("Minutes after the beginning until a place nobody checked in to is given up"),
        min_value=5,
        max_value=120,
        initial=20,
    )
    release_hours = forms.IntegerField(
        label=_("Hours before the beginning when hours kept for empowerment open to everybody"),
        min_value=0,
        max_value=720,
        initial=48,
    )
    offer_minutes = forms.IntegerField(
        label=_("Minutes to take up an offer of the waiting list"), min_value=10, max_value=1440, initial=120
    )

    FACTS = (
        "name", "address", "phone", "about", "open_on_holidays", "grace_minutes", "release_hours", "offer_minutes",
    )  # fmt: skip

    @property
    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.FACTS}

    @property
    def fact_fields(self) -> list[Any]:
        return [self[name] for name in self.FACTS]


class SpaceForm(WeekForm):
    """A space; its own opening hours only where they differ."""

    name = forms.CharField(label=_("Name"), max_length=100)
    level = forms.IntegerField(label=_("Floor"), min_value=-5, max_value=100)
    floor_name = forms.CharField(label=_("What is on this floor"), max_length=100, required=False)
    about = forms.CharField(
        label=_("What it is"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    capacity = forms.IntegerField(label=_("People it takes"), min_value=1, max_value=5000)
    facilities = forms.MultipleChoiceField(
        label=_("What it has"),
        choices=Facility.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    audience = forms.ChoiceField(label=_("Who may book"), choices=Audience.choices, widget=forms.RadioSelect)
    is_instant = forms.BooleanField(label=_("Confirmed at once, without approval"), required=False)
    fee_an_hour = MoneyField(label=_("Fee an hour"), required=False, min_value=0, max_value=100_000_000)
    buffer_minutes = forms.IntegerField(
        label=_("Minutes between two bookings"), min_value=0, max_value=240, initial=0
    )
    kept_percent = forms.IntegerField(
        label=_("Per cent of each week kept for empowerment"), min_value=0, max_value=100, initial=58
    )
    is_open = forms.BooleanField(label=_("Open to bookings"), required=False, initial=True)

    FACTS = (
        "name", "level", "floor_name", "about", "capacity", "facilities", "audience", "is_instant", "fee_an_hour",
        "buffer_minutes", "kept_percent", "is_open",
    )  # fmt: skip

    @property
    def facts(self) -> dict[str, Any]:
        said = {name: self.cleaned_data[name] for name in self.FACTS}
        return said | {"fee_an_hour": said["fee_an_hour"] or 0}

    @property
    def fact_fields(self) -> list[Any]:
        return [self[name] for name in self.FACTS]


class RulesForm(Form):
    """What each kind of use may."""

    NUMBERS = (
        ("days_ahead", _("days ahead"), 0, 730),
        ("hours_a_week", _("hours a week for one person"), 1, 168),
        ("most_hours", _("hours at a time"), 1, 24),
        ("fee_percent", _("per cent of the fee"), 0, 100),
    )

    def __init__(self, *args: Any, rules: dict[str, UseRule], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rules = rules
        for use, rule in rules.items():
            for name, label, least, most in self.NUMBERS:
                self.fields[f"{use}-{name}"] = forms.IntegerField(
                    label=label, min_value=least, max_value=most, initial=getattr(rule, name)
                )
            self.fields[f"{use}-needs_approval"] = forms.BooleanField(
                label=_("always waits for approval"), required=False, initial=rule.needs_approval
            )

    @property
    def groups(self) -> list[tuple[object, list[Any]]]:
        names = [*(name for name, *_rest in self.NUMBERS), "needs_approval"]
        return [(Use(use).label, [self[f"{use}-{name}"] for name in names]) for use in self.rules]

    def changed_rules(self) -> list[UseRule]:
        for use, rule in self.rules.items():
            for name, *_rest in self.NUMBERS:
                setattr(rule, name, self.cleaned_data[f"{use}-{name}"])
            rule.needs_approval = self.cleaned_data[f"{use}-needs_approval"]
        return list(self.rules.values())


class PicturesForm(Form):
    photos = PhotosField(label=_("Photos"))


class PeriodForm(Form):
    """The days a report is about."""

    since = DayField(label=_("From"), required=False)
    until = DayField(label=_("Until"), required=False)

    def days(self) -> tuple[date, date]:
        today = clock.today()
        first, last = today - timedelta(days=29), today
        if self.is_valid():
            first = self.cleaned_data["since"] or first
            last = self.cleaned_data["until"] or last
        return (first, last) if first <= last else (last, first)


def week_of(building: Building, space: Space | None = None) -> dict[int, tuple[time, time]]:
    """The opening hours that are set, by day of the week."""
    from mbois.hub.models import OpeningHours

    rows = OpeningHours.objects.filter(region=building.region_id, building=building, space=space)
    return {row.weekday: (row.opens, row.closes) for row in rows}
