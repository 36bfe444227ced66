"""Answers of an application: what is wrong with one, and how each reader sees them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.utils.translation import gettext as _

from mbois.startups.blind import HIDDEN, mask
from mbois.startups.models import Application, ApplicationFile, Invitation, Member, Question
from mbois.web import show

LONGEST = 20_000
MOST_NUMBER = 10**15


def words(text: str) -> int:
    """How many words a text has."""
    return len(text.split())


def without_empty(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Without what says nothing."""
    return {key: value for key, value in answers.items() if value not in (None, "")}


def _is_link(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:  # brackets that are no address
        return False
    return parts.scheme in ("http", "https") and "." in parts.netloc


def problem(question: Question, value: Any, has_file: bool) -> str | None:
    """What is wrong with an answer, in a sentence; None where it can be sent."""
    if question.kind == Question.Kind.FILE:
        return _("Please add the file.") if question.required and not has_file else None
    if value in (None, ""):
        return _("Please fill this in.") if question.required else None
    if question.kind == Question.Kind.NUMBER:
        if not isinstance(value, int) or not 0 <= value <= MOST_NUMBER:
            return _("Enter a whole number, for example 12.")
        return None
    text = str(value)
    if question.kind == Question.Kind.CHOICE:
        return None if text in dict(question.options_shown) else _("Choose one of the answers.")
    if question.kind == Question.Kind.LINK:
        return None if _is_link(text) else _("Enter a link that begins with https://")
    limit = question.most_words or (60 if question.kind == Question.Kind.TEXT else None)
    if limit and (count := words(text)) > limit:
        return _("At most %(most)s words; these are %(count)s.") % {
            "most": show.angka(limit),
            "count": show.angka(count),
        }
    return None


@dataclass(frozen=True)
class Answer:
    """One answer as a reader sees it. `file` is there for files, `link` for links that may be followed;
    `hidden` where a blind call keeps it back."""

    question: Question
    text: str = ""
    link: str = ""
    file: ApplicationFile | None = None
    file_name: str = ""
    hidden: bool = False

    @property
    def empty(self) -> bool:
        return not (self.text or self.link or self.file or self.hidden)


@dataclass(frozen=True)
class Names:
    """What a blind call hides: the people of a team and what it is called."""

    people: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()

    def hide(self, text: str) -> str:
        return mask(text, people=self.people, teams=self.teams)


def names_of(applications: Sequence[Application]) -> dict[int, Names]:
    """The names to hide in each of these applications (with startup and enterprise): what a startup was
    called before as well, for its answers may still say so. Three queries."""
    startups = {one.startup_id for one in applications}
    regions = {one.region_id for one in applications}
    people: dict[int, list[str]] = {}
    rows = Member.objects.filter(region__in=regions, startup__in=startups)
    for startup, name in rows.values_list("startup_id", "person__name"):
        people.setdefault(startup, []).append(name)
    invited = Invitation.objects.filter(region__in=regions, startup__in=startups, withdrawn_at=None)
    teams: dict[int, list[str]] = {}
    for startup, name in invited.values_list("startup_id", "name"):
        teams.setdefault(startup, []).append(name)
    log = apps.get_model("startups", "StartupEvent").objects
    before = log.filter(region__in=regions, pgh_obj__in=startups).order_by().distinct()
    for startup, name in before.values_list("pgh_obj_id", "name"):
        teams.setdefault(startup, []).append(name)
    found = {}
    for one in applications:
        called = [one.startup.name, *teams.get(one.startup_id, [])]
        if one.startup.enterprise is not None:
            called.append(one.startup.enterprise.name)
        found[one.pk] = Names(tuple(people.get(one.startup_id, [])), tuple(called))
    return found


def _text_of(question: Question, value: Any) -> str:
    if value in (None, ""):
        return ""
    if question.kind == Question.Kind.CHOICE:
        return dict(question.options_shown).get(str(value), "")
    if question.kind == Question.Kind.NUMBER and isinstance(value, int):
        return show.angka(value)
    return str(value)


def shown(
    application: Application,
    questions: Iterable[Question],
    files: Iterable[ApplicationFile],
    *,
    hiding: Names | None = None,
) -> list[Answer]:
    """The answers in order. `hiding` gives them as a reviewer of a blind call reads them: without names,
    without answers that show who they are, files only by number."""
    by_question = {one.question_id: one for one in files}
    found = []
    count = 0
    for question in questions:
        value = application.answers.get(question.key)
        file = by_question.get(question.pk)
        if hiding is not None and question.identifying:
            found.append(Answer(question, hidden=value not in (None, "") or file is not None))
            continue
        if question.kind == Question.Kind.FILE:
            if file is None:
                found.append(Answer(question))
                continue
            count += 1
            name = file.document.name
            if hiding is not None:
                name = _("File %(number)s") % {"number": count} + file.document.extension
            found.append(Answer(question, file=file, file_name=name))
            continue
        text = _text_of(question, value)
        if question.kind == Question.Kind.LINK:
            if hiding is not None:
                found.append(Answer(question, text=HIDDEN if text else ""))
            else:
                found.append(Answer(question, link=text if text.startswith(("http://", "https://")) else ""))
            continue
        found.append(Answer(question, text=hiding.hide(text) if hiding and text else text))
    return found
