"""The courses we ship, what a lesson's text means, and the certificate as a PDF."""

import io
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import segno
import typst
from babel.dates import format_date
from django.conf import settings
from django.db import transaction

from mbois.mentoring.models import Certificate, Course, Lesson, QuizQuestion
from mbois.places.models import Region
from mbois.places.numbers import next_number

DATA = Path(__file__).parent / "data" / "courses"
PAPERS = Path(__file__).parent / "papers"


@dataclass(frozen=True)
class Block:
    """A paragraph, or a list of items."""

    text: str = ""
    items: tuple[str, ...] = ()


def blocks(text: str) -> list[Block]:
    """The paragraphs and lists of a lesson: an empty line ends a paragraph, a dash begins an item."""
    found: list[Block] = []
    for part in text.replace("\r\n", "\n").strip().split("\n\n"):
        words: list[str] = []
        items: list[str] = []
        for line in part.splitlines():
            if line.lstrip().startswith(("- ", "* ")):
                items.append(line.lstrip()[2:].strip())
            elif line.strip():
                words.append(line.strip())
        if words:
            found.append(Block(text=" ".join(words)))
        if items:
            found.append(Block(items=tuple(items)))
    return found


@cache
def _shipped() -> list[Mapping[str, Any]]:
    return [tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(DATA.glob("*.toml"))]


@transaction.atomic
def load_shipped(region: Region) -> int:
    """Give a region our courses. One that a coordinator has changed stays as it is; others follow what we
    ship. Returns how many were written."""
    known = {one.slug: one for one in Course.objects.filter(region=region)}
    written = 0
    for raw in _shipped():
        course = known.get(raw["slug"])
        if course is None:
            course = Course(
                region=region, slug=raw["slug"], number=next_number("K", region.pk), is_published=True
            )
        elif course.edited or _same(course, raw):
            continue
        for name in ("title_id", "title_en", "summary_id", "summary_en", "minutes"):
            setattr(course, name, raw[name])
        course.save()
        course.lessons.filter(region=region).delete()
        course.questions.filter(region=region).delete()
        Lesson.objects.bulk_create(
            Lesson(
                region=region,
                course=course,
                position=place,
                title_id=one["title_id"],
                title_en=one["title_en"],
                body_id=one["body_id"].strip(),
                body_en=one["body_en"].strip(),
                picture=one.get("picture", ""),
                video_url=one.get("video_url", ""),
            )
            for place, one in enumerate(raw["lessons"], 1)
        )
        QuizQuestion.objects.bulk_create(
            QuizQuestion(
                region=region,
                course=course,
                position=place,
                text_id=one["id"],
                text_en=one["en"],
                answers=[{"id": pair[0], "en": pair[1]} for pair in one["answers"]],
                right=one["right"],
            )
            for place, one in enumerate(raw["questions"], 1)
        )
        written += 1
    return written


def _same(course: Course, raw: Mapping[str, Any]) -> bool:
    """Whether a course is already as we ship it."""
    lessons = [
        (one.title_id, one.body_id, one.body_en, one.picture)
        for one in course.lessons.filter(region=course.region_id).order_by("position")
    ]
    questions = [
        (one.text_id, one.right, len(one.answers))
        for one in course.questions.filter(region=course.region_id).order_by("position")
    ]
    return (
        (course.title_id, course.summary_id, course.minutes)
        == (raw["title_id"], raw["summary_id"], raw["minutes"])
        and lessons
        == [
            (one["title_id"], one["body_id"].strip(), one["body_en"].strip(), one.get("picture", ""))
            for one in raw["lessons"]
        ]
        and questions == [(one["id"], one["right"], len(one["answers"])) for one in raw["questions"]]
    )


def certificate_pdf(certificate: Certificate) -> bytes:
    """The certificate with a QR code that leads to the page where it can be checked."""
    url = f"{settings.SITE_URL.rstrip('/')}/sertifikat/{certificate.code}/"
    out = io.BytesIO()
    segno.make(url, error="m").save(out, kind="svg", border=1, xmldecl=False)
    values = {
        "name": certificate.name,
        "course": certificate.title_id,
        "region": certificate.region.name,
        "date": str(format_date(certificate.passed_on, "d MMMM y", locale="id")),
        "url": url,
        "qr": out.getvalue().decode(),
    }
    template = (PAPERS / "certificate.typ").read_bytes()
    return bytes(typst.compile(template, sys_inputs={"data": json.dumps(values)}, ignore_system_fonts=True))
