"""The forms of mentoring."""

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mbois import clock
from mbois.mentoring.library import steps
from mbois.mentoring.models import CashEntry, FollowUp, Language, Session, Skill
from mbois.places.models import Area
from mbois.web.forms import (
    DayField,
    Form,
    MomentField,
    MomentInput,
    MoneyField,
    PaperField,
    PhotosField,
    PointField,
)

MOST_PHOTOS = 8


class ProfileForm(Form):
    """What a mentor brings."""

    about = forms.CharField(
        label=_("About me, as owners will read it"),
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    skills = forms.MultipleChoiceField(
        label=_("What I can help with"), choices=Skill.choices, widget=forms.CheckboxSelectMultiple
    )
    areas = forms.MultipleChoiceField(
        label=_("Districts where I come by"),
        required=False,
        help_text=_("None ticked: anywhere in the region."),
        widget=forms.CheckboxSelectMultiple,
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        choices=Language.choices,
        initial=[Language.INDONESIAN],
        widget=forms.CheckboxSelectMultiple,
    )
    hours_a_month = forms.IntegerField(label=_("Hours a month"), min_value=1, max_value=200, initial=8)
    most_cases = forms.IntegerField(
        label=_("Most businesses at the same time"), min_value=1, max_value=40, initial=4
    )
    is_open = forms.BooleanField(label=_("I take new businesses"), required=False, initial=True)

    def __init__(self, *args: Any, region: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        areas = Area.objects.filter(region=region, level=Area.Level.DISTRICT).order_by("name")
        self.fields["areas"].choices = [(area.pk, area.name) for area in areas]  # type: ignore[attr-defined]


class NoteForm(Form):
    """A yes or no with a few words."""

    note = forms.CharField(
        label=_("In a few words"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )


class EndForm(Form):
    finished = forms.ChoiceField(
        label=_("How does it end?"),
        choices=[("yes", _("Finished: the plan is done as far as we wanted")), ("no", _("Stopped before"))],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("What came of it, or why it stops"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class StepForm(Form):
    """A step of the library or one's own."""

    key = forms.ChoiceField(label=_("Step"), required=False)
    title = forms.CharField(label=_("Or a step in your own words"), required=False, max_length=120)
    due_on = DayField(label=_("By"), required=False, earliest=clock.today)
    note = forms.CharField(label=_("Note"), required=False, max_length=300)

    def __init__(self, *args: Any, taken: set[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        free = [(step.key, str(step.name)) for step in steps().values() if step.key not in taken]
        self.fields["key"].choices = [("", _("Choose…")), *free]  # type: ignore[attr-defined]


class EvidenceForm(Form):
    file = PaperField(label=_("Photo or file"), required=False)
    note = forms.CharField(
        label=_("What was done"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


class CheckForm(Form):
    accepted = forms.ChoiceField(
        label=_("Does it prove the step?"),
        choices=[("yes", _("Yes")), ("no", _("Not yet"))],
        widget=forms.RadioSelect,
    )
    remark = forms.CharField(
        label=_("What is good, or what is missing"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class SessionForm(Form):
    """A session to plan."""

    starts_at = MomentField(label=_("When"))
    minutes = forms.IntegerField(label=_("How many minutes"), min_value=10, max_value=480, initial=60)
    kind = forms.ChoiceField(
        label=_("How"), choices=Session.Kind.choices, widget=forms.RadioSelect, initial="visit"
    )
    place = forms.CharField(
        label=_("Place"), required=False, max_length=200, help_text=_("Left empty: at the business.")
    )
    video_url = forms.URLField(label=_("Link of the video call"), required=False, assume_scheme="https")
    topic = forms.CharField(label=_("What it is about"), max_length=200)


class MoveForm(Form):
    starts_at = MomentField(label=_("New day and hour"))
    minutes = forms.IntegerField(label=_("How many minutes"), min_value=10, max_value=480)


class CancelForm(Form):
    reason = forms.CharField(label=_("Why"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class FollowUpForm(Form):
    outcome = forms.ChoiceField(
        label=_("What came of it?"), choices=FollowUp.Outcome.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=500)


class ReportForm(Form):
    """A session as it was, perhaps written where there is no line."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    held_at = MomentField(label=_("When was it?"), widget=MomentInput({"data-now": ""}))
    attended = forms.ChoiceField(
        label=_("Was the owner there?"),
        choices=[("yes", _("Yes")), ("no", _("No, missed"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Answer with yes or no.")},
    )
    notes = forms.CharField(
        label=_("What we did"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )
    next_steps = forms.CharField(
        label=_("Until next time"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )
    photos = PhotosField(label=_("Photos"), required=False, most=MOST_PHOTOS)
    position = PointField(label=_("Position"), required=False)
    accuracy = forms.FloatField(required=False, min_value=0, widget=forms.HiddenInput)

    @property
    def typed_position(self) -> tuple[str, str]:
        """Latitude and longitude as they were typed."""
        return self.data.get("position_lat", ""), self.data.get("position_lon", "")


class EntryForm(Form):
    """An entry of the cash book."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label=_("What was it?"),
        choices=CashEntry.Kind.choices,
        widget=forms.RadioSelect,
        initial=CashEntry.Kind.SALE,
    )
    amount = MoneyField(label=_("How much?"), min_value=1, max_value=10_000_000_000)
    day = DayField(label=_("Day"), latest=clock.today)
    category = forms.ChoiceField(
        label=_("What for (costs)"), required=False, choices=[("", "–"), *CashEntry.Category.choices]
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=120)


class CourseForm(Form):
    """A course: its lessons and questions as they are typed, one block each (see `courses.py`)."""

    title_id = forms.CharField(label=_("Title"), max_length=120)
    title_en = forms.CharField(label=_("Title in English"), required=False, max_length=120)
    summary_id = forms.CharField(label=_("In one sentence"), max_length=300)
    summary_en = forms.CharField(label=_("In one sentence, in English"), required=False, max_length=300)
    minutes = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=240, initial=10)
    pass_mark = forms.IntegerField(label=_("Pass mark in per cent"), min_value=1, max_value=100, initial=70)
    is_published = forms.BooleanField(label=_("Open to everybody"), required=False)


class LessonForm(Form):
    title_id = forms.CharField(label=_("Title"), max_length=120)
    title_en = forms.CharField(label=_("Title in English"), required=False, max_length=120)
    body_id = forms.CharField(
        label=_("Text"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("An empty line begins a paragraph; lines with a dash become a list."),
    )
    body_en = forms.CharField(
        label=_("Text in English"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 8})
    )
    video_url = forms.URLField(label=_("Link of a video"), required=False, assume_scheme="https")


class QuestionForm(Form):
    text_id = forms.CharField(label=_("Question"), max_length=300)
    text_en = forms.CharField(label=_("Question in English"), required=False, max_length=300)
    answers_id = forms.CharField(
        label=_("Answers, one on each line; the right one begins with *"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=1000,
    )
    answers_en = forms.CharField(
        label=_("Answers in English, in the same order"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=1000,
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        lines = [line.strip() for line in said.get("answers_id", "").splitlines() if line.strip()]
        english = [
            line.strip().lstrip("* ") for line in said.get("answers_en", "").splitlines() if line.strip()
        ]
        right = [place for place, line in enumerate(lines) if line.startswith("*")]
        if lines and not 2 <= len(lines) <= 5:
            self.add_error("answers_id", ValidationError(_("Two to five answers.")))
        elif lines and len(right) != 1:
            self.add_error("answers_id", ValidationError(_("Mark exactly one right answer with *.")))
        if english and len(english) != len(lines):
            self.add_error("answers_en", ValidationError(_("As many lines as there are answers.")))
        said["answers"] = [
            {"id": line.lstrip("* "), "en": english[place] if place < len(english) else ""}
            for place, line in enumerate(lines)
        ]
        said["right"] = right[0] if right else 0
        return said


def first_client_id() -> uuid.UUID:
    """The id of a form that is sent without JavaScript; a phone that keeps records makes its own."""
    return uuid.uuid4()
