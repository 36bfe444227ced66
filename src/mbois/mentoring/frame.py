"""What mentoring adds to the frame: destinations, home cards, the panel of the passport."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from mbois.enterprises import panels
from mbois.enterprises.models import Enterprise
from mbois.mentoring import policy
from mbois.mentoring.models import Diagnosis
from mbois.people.models import Person
from mbois.web import navigation


def _is_owner(request: HttpRequest) -> bool:
    """Whether the person has no role here: then their own business is what matters."""
    return isinstance(request.user, Person) and not request.user.roles


def navigate() -> None:
    """The destinations of this room."""
    for item in (
        navigation.Item("my_mentoring", gettext_lazy("Mentoring"), "sprout", order=22, visible=_is_owner),
    ):
        navigation.register(item)


def passport(enterprise: Enterprise, person: Person) -> dict[str, Any]:
    """What the passport of an enterprise shows of this room."""
    newest = (
        Diagnosis.objects.filter(region=enterprise.region_id, enterprise=enterprise)
        .sent()
        .order_by("-sent_at")
        .first()
    )
    return {"diagnosis": newest, "number": enterprise.number}


def register() -> None:
    """Called once, when the program starts."""
    navigate()
    panels.register(
        panels.Panel(
            "mentoring",
            gettext_lazy("Mentoring"),
            "mentoring/panel.html",
            passport,
            order=30,
            visible=lambda enterprise, person: policy.can_see(person, enterprise),
        )
    )
