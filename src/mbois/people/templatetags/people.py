"""Filters and tags about people."""

from typing import Any

from django import template

from mbois.people import demo
from mbois.people.models import Person, Role

register = template.Library()


@register.filter
def role_name(role: str) -> str:
    """`{{ "teller"|role_name }}`: a role in the reader's language."""
    return str(Role(role).label) if role in Role.values else role


_SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"))
_BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
)


@register.filter
def device(agent: str) -> str:
    """`{{ session.user_agent|device }}`: "Chrome · Android" out of a browser's long name."""
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    system = system or ("macOS" if "Mac OS X" in agent else "Linux" if "Linux" in agent else "")
    browser = next((name for mark, name in _BROWSERS if mark in agent), "")
    browser = browser or ("Chrome" if "Chrome/" in agent else "Safari" if "Safari/" in agent else "")
    return " · ".join(part for part in (browser, system) if part) or agent[:40]


@register.inclusion_tag("people/on_behalf.html")
def on_behalf(subject: Person | None, by: Person | None, when: Any = None) -> dict[str, Any]:
    """`{% on_behalf enterprise.owner.person enterprise.registered_by enterprise.registered_at %}`: says
    who did it for whom, where it was not the person themselves; otherwise nothing."""
    return {"subject": subject, "by": by, "when": when, "shown": bool(subject and by and subject != by)}


@register.simple_tag
def demo_personas() -> dict[str, list[demo.Persona]]:
    """Whom one can be in the demo city, by heading; nobody anywhere else."""
    groups: dict[str, list[demo.Persona]] = {}
    for one in demo.personas():
        groups.setdefault(one.group, []).append(one)
    return groups
