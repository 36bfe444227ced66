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
