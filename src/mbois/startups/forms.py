"""The forms of startups."""

import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mbois import clock
from mbois.enterprises.models import Enterprise, Subsector
from mbois.people.models import Person
from mbois.startups.actions.progress import weeks_open
from mbois.startups.answers import LONGEST
from mbois.startups.models import (
    OUTCOMES,
    Application,
    ApplicationFile,
    Call,
    Criterion,
    Phase,
    Question,
    Review,
    Stage,
    Startup,
    Subject,
    quarter_of,
)
from mbois.startups.show import quarter_name
from mbois.web import show
from mbois.web.forms import DayField, Form, MoneyField, PaperField, PhotoField


class MomentInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


def moment_field(**kwargs: Any) -> forms.DateTimeField:
    """A day and an hour in Malang."""
    return forms.DateTimeField(
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        widget=MomentInput,
        error_messages={"invalid": _("Enter a day and an hour.")},
        **kwargs,
    )


def area(rows: int = 3, **attrs: Any) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, **attrs})


# --- founders -------------------------------------------------------------------------------------


class BeginForm(Form):
    """With which startup one applies: one of one's own, or a new one."""

    startup = forms.ChoiceField(label=_("With which startup?"), widget=forms.RadioSelect, required=False)
    name = forms.CharField(
        label=_("What is it called?"),
        max_length=80,
        required=False,
        help_text=_("A working title is enough; it can change later."),
    )

    def __init__(self, *args: Any, startups: Sequence[Startup], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if startups:
            choices = [(str(one.pk), one.name) for one in startups]
            self.fields["startup"].choices = [*choices, ("", _("A new one"))]  # type: ignore[attr-defined]
            self.fields["startup"].initial = choices[0][0]
        else:
            del self.fields["startup"]


def _answer_field(question: Question) -> forms.Field:
    common: dict[str, Any] = {"label": question.label, "help_text": question.help, "required": False}
    kind = question.kind
    counted = {"data-most-words": question.most_words} if question.most_words else {}
    if kind == Question.Kind.LONG:
        return forms.CharField(max_length=LONGEST, widget=area(6, **counted), **common)
    if kind == Question.Kind.CHOICE:
        few = len(question.options) <= 6
        choices = question.options_shown if few else [("", _("Choose…")), *question.options_shown]
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect if few else forms.Select, **common)
    if kind == Question.Kind.NUMBER:
        return forms.IntegerField(
            min_value=0,
            max_value=10**15,
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            **common,
        )
    if kind == Question.Kind.LINK:
        return forms.CharField(
            max_length=500,
            widget=forms.TextInput(
                attrs={"inputmode": "url", "placeholder": "https://", "autocomplete": "off"}
            ),
            **common,
        )
    if kind == Question.Kind.FILE:
        return PaperField(**common)
    return forms.CharField(max_length=2000, widget=forms.TextInput(attrs=counted), **common)


def _digest(value: object) -> str:
    return hashlib.sha256(str(value).encode()).hexdigest()[:12]


class AnswersForm(Form):
    """The questions of a call. Nothing is required here: what a draft lacks is said when it is sent."""

    def __init__(
        self,
        *args: Any,
        questions: Sequence[Question],
        application: Application,
        files: Sequence[ApplicationFile] = (),
        **kwargs: Any,
    ) -> None:
        self.questions = list(questions)
        self.held = {one.question_id: one for one in files}
        kwargs.setdefault("initial", {f"q-{key}": value for key, value in application.answers.items()})
        super().__init__(*args, **kwargs)
        for question in self.questions:
            self.fields[f"q-{question.key}"] = _answer_field(question)

    needed_later = ()

    def shown(self) -> str:
        """What the page begins with, a short digest for each question: what is still the same when it comes
        back was not touched, and must not undo what another of the team wrote meanwhile."""
        if self.is_bound:
            return str(self.data.get("shown", ""))
        return json.dumps({one.key: _digest(self.initial.get(f"q-{one.key}", "")) for one in self.questions})

    def answers(self, *, only_given: bool = False) -> dict[str, Any]:
        """What was typed, by the question's key; a number as a number where it is one. What is as the page
        began is left out."""
        try:
            shown = json.loads(self.data.get("shown", "") or "{}")
        except ValueError:
            shown = {}
        typed = self._typed(only_given=only_given)
        if not isinstance(shown, dict):
            return typed
        return {key: value for key, value in typed.items() if shown.get(key) != _digest(value)}

    def _typed(self, *, only_given: bool) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for question in self.questions:
            name = f"q-{question.key}"
            if question.kind == Question.Kind.FILE or (only_given and name not in self.data):
                continue
            value = self.data.get(name, "")
            text = value.replace("\x00", "").replace("\r\n", "\n").strip()[:LONGEST]
            if question.kind == Question.Kind.NUMBER:
                digits = text.replace(".", "").replace(" ", "")
                found[question.key] = (
                    int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 17 else text[:40]
                )
            elif question.kind == Question.Kind.LINK and text and "://" not in text:
                found[question.key] = f"https://{text}"
            else:
                found[question.key] = text
        return found

    def uploads(self) -> list[tuple[Question, Any]]:
        return [
            (question, self.files[f"q-{question.key}"])
            for question in self.questions
            if question.kind == Question.Kind.FILE and f"q-{question.key}" in self.files
        ]

    def rows(self) -> list[tuple[Question, Any, ApplicationFile | None]]:
        """Each question with its field and the file that is there."""
        return [(one, self[f"q-{one.key}"], self.held.get(one.pk)) for one in self.questions]


class StartupForm(Form):
    """What a startup says of itself."""

    name = forms.CharField(label=_("Name of the startup"), max_length=80)
    pitch = forms.CharField(
        label=_("In one sentence"),
        max_length=200,
        required=False,
        help_text=_("For whom, and what becomes easier. A child of twelve should understand it."),
    )
    about = forms.CharField(label=_("A little more"), max_length=2000, required=False, widget=area(5))
    subsector = forms.ChoiceField(
        label=_("Subsector"), required=False, choices=[("", _("None of them")), *Subsector.choices]
    )
    link = forms.URLField(label=_("Website or app"), required=False, max_length=300, assume_scheme="https")
    picture = PhotoField(label=_("Picture or screen of the product"), required=False, camera=False)
    enterprise = forms.ChoiceField(
        label=_("My registered business"),
        required=False,
        help_text=_(
            "If the startup is a business of yours in the registry, link it: nothing is typed twice."
        ),
    )
    public = forms.BooleanField(
        label=_("Show our startup to everybody: name, sentence, picture and link, never our names or phones"),
        required=False,
    )

    def __init__(
        self, *args: Any, startup: Startup, enterprises: Sequence[Enterprise], **kwargs: Any
    ) -> None:
        kwargs.setdefault(
            "initial",
            {
                "name": startup.name,
                "pitch": startup.pitch,
                "about": startup.about,
                "subsector": startup.subsector,
                "link": startup.link,
                "enterprise": str(startup.enterprise_id or ""),
                "public": startup.public_since is not None,
            },
        )
        super().__init__(*args, **kwargs)
        if enterprises:
            self.fields["enterprise"].choices = [  # type: ignore[attr-defined]
                ("", _("None")),
                *((str(one.pk), one.name) for one in enterprises),
            ]
        else:
            del self.fields["enterprise"]


class InviteForm(Form):
    name = forms.CharField(label=_("Whom do you invite?"), max_length=80)
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        help_text=_("Without one, you get a link to send by WhatsApp."),
    )


class DutyForm(Form):
    duty = forms.CharField(
        label=_("What do you do in the team?"),
        max_length=60,
        required=False,
    )


class ContactForm(Form):
    """What a visitor writes to a startup."""

    subject = forms.ChoiceField(
        label=_("What is it about?"), choices=Subject.choices, widget=forms.RadioSelect
    )
    name = forms.CharField(label=_("Your name"), max_length=120)
    organisation = forms.CharField(label=_("Organisation"), max_length=120, required=False)
    reach = forms.CharField(label=_("Phone or e-mail where you can be reached"), max_length=120)
    message = forms.CharField(label=_("Your message"), max_length=1000, widget=area(4))


def first_client_id() -> str:
    """An id for a form that is sent without JavaScript."""
    return str(uuid.uuid4())


class WeekForm(Form):
    """The weekly update: two minutes."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)
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


class ConflictForm(Form):
    reason = forms.CharField(
        label=_("Why are you too close?"),
        max_length=300,
        widget=area(2),
        help_text=_("A relative, a colleague, a student of yours, money in it, a competitor."),
    )


class ReviewForm(Form):
    """Points from one to five for each criterion, and what one advises."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10**6)
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
            self.fields[f"{kind}_from"] = moment_field(label=_("From"), required=needed)
            self.fields[f"{kind}_to"] = moment_field(label=_("Until"), required=needed)

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
    starts_at = moment_field(label=_("When"), required=False)
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
    begins = moment_field(label=_("Begins"))
    ends = moment_field(label=_("Ends"))
    place = forms.CharField(label=_("Where"), max_length=200)
    capacity = forms.IntegerField(label=_("Places for visitors"), min_value=1, max_value=20_000, initial=150)
