"""The forms of activities."""

import re
import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mbois.agenda.models import Activity, Entry, GroupRule, Kind, Question
from mbois.enterprises.models import Subsector
from mbois.places.models import Area, Region
from mbois.web.forms import Form, MomentField, PhoneField, PhotoField, PhotosField, PointField, SentOnceField
from mbois.web.stale import SeenField


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class ActivityForm(Form):
    """What is said of an activity, from its title to its places."""

    title = forms.CharField(label=_("Title"), max_length=120)
    summary = forms.CharField(
        label=_("In one sentence"), max_length=240, help_text=_("What stands in the calendar.")
    )
    host = forms.CharField(label=_("Community or organiser"), max_length=120)
    contact = forms.CharField(
        label=_("Whom to ask"),
        max_length=160,
        required=False,
        help_text=_("A phone number or address that everybody may see."),
    )
    about = forms.CharField(label=_("What happens there"), max_length=6000, required=False, widget=_area(6))
    kind = forms.ChoiceField(
        label=_("What it is"), choices=Kind.choices, widget=forms.RadioSelect, initial=Kind.ACTIVITY
    )
    subsector = forms.ChoiceField(
        label=_("Creative subsector"),
        choices=[("", _("None or several")), *Subsector.choices],
        required=False,
    )
    begins_at = MomentField(label=_("Begins"))
    ends_at = MomentField(label=_("Ends"))
    region = forms.ChoiceField(label=_("Region"))
    place = forms.CharField(
        label=_("Where it takes place"), max_length=160, help_text=_("As people know it.")
    )
    address = forms.CharField(label=_("Address"), max_length=240, required=False)
    stage = forms.ChoiceField(label=_("Stage or room"), required=False)
    district = forms.ChoiceField(label=_("District"), required=False)
    position = PointField(label=_("On the map"), required=False)
    entry = forms.ChoiceField(
        label=_("How one gets in"), choices=Entry.choices, widget=forms.RadioSelect, initial=Entry.REGISTER
    )
    quota = forms.IntegerField(
        label=_("Places"),
        required=False,
        min_value=1,
        max_value=100_000,
        help_text=_("Empty: as many as come."),
    )
    waits = forms.BooleanField(label=_("Keep a waiting list when it is full"), required=False, initial=True)
    group_rule = forms.ChoiceField(
        label=_("A group on the waiting list that does not fit yet"),
        choices=GroupRule.choices,
        widget=forms.RadioSelect,
        initial=GroupRule.WAIT,
        help_text=_("Groups are never split. This rule is shown to everybody."),
    )
    most_places = forms.IntegerField(
        label=_("Places for one registration, at most"), min_value=1, max_value=50, initial=5
    )
    several = forms.BooleanField(
        label=_("One address may register several times"),
        required=False,
        help_text=_("Up to that number of places in all. Otherwise the way to the first is sent again."),
    )
    offer_hours = forms.IntegerField(
        label=_("Hours to accept a place that became free"),
        min_value=1,
        max_value=168,
        initial=24,
        help_text=_("An offer never outlasts the start."),
    )
    opens_at = MomentField(label=_("Registration opens"), required=False)
    closes_at = MomentField(
        label=_("Registration closes"), required=False, help_text=_("Empty: when it begins.")
    )
    certificate_from = forms.IntegerField(
        label=_("Certificate from this share of the sessions, in per cent"),
        required=False,
        min_value=1,
        max_value=100,
        help_text=_("Empty: no certificate."),
    )
    takes_parts = forms.BooleanField(label=_("Other communities may propose parts"), required=False)
    seen = SeenField()
    SEATS = ("quota", "waits", "group_rule")

    def __init__(
        self, *args: Any, activity: Activity | None = None, parent: Activity | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        parent = parent or (activity.parent if activity else None)
        if activity is not None or parent is not None:
            del self.fields["region"], self.fields["kind"]
        else:
            self._choose("region", Region.objects.order_by("-code").values_list("pk", "name"))
        if parent is None:
            del self.fields["stage"]
            self._choose("entry", [one for one in Entry.choices if one[0] != Entry.WHOLE])
            areas = Area.objects.filter(level=Area.Level.DISTRICT).order_by("name")
            if activity is not None:
                areas = areas.filter(region=activity.region_id)
            self._choose("district", [("", _("Not said")), *areas.values_list("pk", "name")])
        else:
            for name in ("district", "position", "takes_parts"):
                del self.fields[name]
            names = parent.stages.filter(region=parent.region_id).values_list("name", flat=True)
            self._choose("stage", [("", _("None")), *((one, one) for one in names)])
        if activity is not None and activity.kind != Kind.FESTIVAL:
            self.fields.pop("takes_parts", None)

    def _choose(self, name: str, choices: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(choices)

    @property
    def values(self) -> dict[str, Any]:
        """What the action takes."""
        said = dict(self.cleaned_data)
        point = said.pop("position", None)
        if "position" in self.fields:
            said["latitude"], said["longitude"] = (point.latitude, point.longitude) if point else (None, None)
        if "district" in self.fields:
            said["district_id"] = said.pop("district") or None
        for name in ("region", "kind", "seen", *self.SEATS):
            said.pop(name, None)
        return said


def first_values(activity: Activity) -> dict[str, Any]:
    """An activity as its form shows it."""
    names = (
        "title", "summary", "host", "contact", "about", "subsector", "begins_at", "ends_at", "place", "address",
        "stage", "entry", "most_places", "several", "offer_hours", "opens_at", "closes_at", "certificate_from",
        "takes_parts",
    )  # fmt: skip
    found = {name: getattr(activity, name) for name in names}
    found["district"] = activity.district_id or ""
    if activity.latitude is not None:
        found["position"] = (activity.latitude, activity.longitude)
    seats = activity.seats.get(region=activity.region_id)
    found["seen"] = activity.changed_at
    return found | {"quota": seats.quota, "waits": seats.waits, "group_rule": seats.group_rule}


class RepeatForm(Form):
    every_weeks = forms.IntegerField(label=_("Every how many weeks"), min_value=1, max_value=12, initial=1)
    times = forms.IntegerField(label=_("How many times in all"), min_value=2, max_value=52, initial=8)


class ReviewForm(Form):
    note = forms.CharField(
        label=_("To the community"),
        required=False,
        max_length=600,
        widget=_area(3),
        help_text=_("Reasons are needed to send it back or to reject it."),
    )
    whole_series = forms.BooleanField(label=_("For the whole series"), required=False)


class ReasonForm(Form):
    reason = forms.CharField(label=_("Why"), max_length=300, widget=_area(2))


class PictureForm(Form):
    picture = PhotoField(label=_("Picture at the head of the page"), camera=False)


class QuestionForm(Form):
    text = forms.CharField(label=_("Question to participants"), max_length=160)
    kind = forms.ChoiceField(label=_("Answer"), choices=Question.Kind.choices, initial=Question.Kind.TEXT)
    options = forms.CharField(
        label=_("Answers to choose from, one a line"), required=False, widget=_area(3), max_length=1000
    )
    required = forms.BooleanField(label=_("Must be answered"), required=False)


class StageForm(Form):
    name = forms.CharField(label=_("Name of the stage"), max_length=80)
    note = forms.CharField(label=_("Where it is"), max_length=200, required=False)


class DoorForm(Form):
    name = forms.CharField(label=_("Name of the door"), max_length=60)


class RegistrationForm(Form):
    """Who comes, with how many, and the answers to the organiser's questions."""

    name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput({"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        help_text=_("The ticket is sent there."),
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    phone = PhoneField(
        label=_("Phone"), required=False, help_text=_("Only for the organiser, for news on the day.")
    )
    places = forms.IntegerField(label=_("How many come, you included"), min_value=1, initial=1)
    names = forms.CharField(
        label=_("Names of those who come with you, one a line"),
        required=False,
        max_length=2000,
        widget=_area(2),
    )
    client_key = SentOnceField()

    def __init__(
        self, *args: Any, activity: Activity, questions: list[Question], signed_in: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("client_key", uuid.uuid4())
        if activity.most_places == 1:
            del self.fields["places"], self.fields["names"]
        else:
            self.fields["places"].widget.attrs |= {"max": activity.most_places, "inputmode": "numeric"}
        if signed_in:
            self.fields["email"].required = False
        self.asked = questions
        for one in questions:
            self.fields[f"question-{one.pk}"] = _field_of(one)
        self.order_fields(["name", "email", "phone", "places", "names"])

    def clean_name(self) -> str:
        return " ".join(str(self.cleaned_data["name"]).split())

    @property
    def guests(self) -> list[str]:
        """Those who come along: one a line, or with commas between. What follows a comma and has a full
        stop in it is a degree and belongs to its name: `Budi, S.Kom.`"""
        found = re.split(r"\n|,(?!\s*[^\W\d_]+\.)", self.cleaned_data.get("names") or "")
        return [name for one in found if (name := " ".join(one.split()))]

    @property
    def answers(self) -> dict[int, str]:
        """What was answered, by the key of the question."""
        found = {}
        for one in self.asked:
            value = self.cleaned_data.get(f"question-{one.pk}", "")
            if isinstance(value, bool):
                value = str(_("Yes")) if value else ""
            found[one.pk] = str(value)
        return found


def _field_of(question: Question) -> forms.Field:
    common: dict[str, Any] = {"label": question.text, "required": question.required}
    if question.kind == Question.Kind.TICK:
        return forms.BooleanField(**common)
    if question.kind == Question.Kind.CHOICE:
        choices = [(one, one) for one in question.options]
        if not question.required:
            choices = [("", _("No answer")), *choices]
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **common)
    return forms.CharField(max_length=300, **common)


class FeedbackForm(Form):
    stars = forms.TypedChoiceField(
        label=_("How was it?"),
        coerce=int,
        choices=[
            (5, _("5 – excellent")),
            (4, _("4 – good")),
            (3, _("3 – all right")),
            (2, _("2 – not so good")),
            (1, _("1 – bad")),
        ],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(label=_("In your words"), required=False, max_length=1000, widget=_area(3))


class PhotosForm(Form):
    photos = PhotosField(label=_("Photos"), most=12)
    caption = forms.CharField(label=_("Caption"), required=False, max_length=160)
    consent = forms.BooleanField(label=_("Who can be recognised in them agreed to be shown."))


class OutcomeForm(Form):
    visitors = forms.IntegerField(
        label=_("Visitors without a ticket that the door did not count"), min_value=0, initial=0
    )
    women = forms.IntegerField(label=_("Of all who came, women"), min_value=0, required=False)
    businesses = forms.IntegerField(label=_("Small businesses that took part"), min_value=0, initial=0)
    story = forms.CharField(label=_("What came of it"), required=False, max_length=3000, widget=_area(4))


class MarkForm(Form):
    """An attendance corrected by hand."""

    present = forms.ChoiceField(
        label=_("Was there?"), choices=[("yes", _("Yes")), ("no", _("No"))], widget=forms.RadioSelect
    )
    part = forms.ChoiceField(label=_("Session"))
    reason = forms.CharField(label=_("Why"), max_length=200)

    def __init__(self, *args: Any, sessions: list[Activity], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["part"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(one.code, one.title) for one in sessions]


class NameForm(Form):
    name = forms.CharField(label=_("Name"), max_length=120)
