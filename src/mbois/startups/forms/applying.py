"""Beginning an application and answering its questions."""

import hashlib
import json
import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mbois.startups.answers import LONGEST, MOST_NUMBER
from mbois.startups.forms.fields import area
from mbois.startups.models import (
    Application,
    ApplicationFile,
    Question,
    Startup,
)
from mbois.web.forms import Form, PaperField
from mbois.web.given import whole_number


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
            max_value=MOST_NUMBER,
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


def _number_or_text(text: str) -> int | str:
    """The number that people write with or without its thousands (`1.500`, `1 500`); what is none (`2.5`)
    stays as it was typed and is said when it is sent."""
    parted = re.fullmatch(r"[0-9]{1,3}(?:[. ][0-9]{3})+", text)
    number = whole_number(re.sub("[. ]", "", text) if parted else text, most=MOST_NUMBER)
    return text[:40] if number is None else number


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
                found[question.key] = _number_or_text(text)
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
