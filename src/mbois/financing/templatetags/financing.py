"""How applications and loans read in templates: `{% load financing %}`."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString

from mbois.financing import shown
from mbois.financing.forms.fieldwork import POINTS
from mbois.financing.models import Application, Visit
from mbois.financing.queries import LoanState, Payment, WorkingDayClock
from mbois.people.models import Document

register = template.Library()


@register.filter
def checklist(visit: Visit) -> list[tuple[object, bool]]:
    """What the officer looked at, in words, and whether it was so."""
    return [(words, visit.checklist[key]) for key, words in POINTS.items() if key in visit.checklist]


@register.filter
def stage(application: Application) -> SafeString:
    """The stage of an application as a coloured word."""
    return shown.state_badge(application)


@register.filter
def clock_words(clock: WorkingDayClock | None) -> str:
    return shown.clock_words(clock)


@register.filter
def clock_tone(clock: WorkingDayClock | None) -> str:
    return shown.clock_tone(clock) if clock else ""


@register.filter
def loan_badge(state: LoanState) -> SafeString:
    """Paid off, late or on time."""
    return shown.loan_badge(state)


@register.filter
def payment_badge(payment: Payment) -> SafeString:
    """Whether a payment came in time."""
    return shown.payment_badge(payment)


@register.inclusion_tag("financing/parts/file.html")
def paper(document: Document, label: object = "") -> dict[str, Any]:
    """A private file with its small picture, as a link; only its name where `mark_readable` found that
    the reader may not open it."""
    url = small = ""
    if getattr(document, "readable", True):
        url = reverse("document", kwargs={"document": document.uuid})
        small = reverse("document_small", kwargs={"document": document.uuid}) if document.thumbnail else ""
    return {"document": document, "label": label, "url": url, "small": small}
