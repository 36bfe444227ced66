"""What this room holds of a person, for them to take home."""

from typing import Any

from django.db.models import Q

from mbois.agenda.models import Activity, Certificate, Registration, plain_answers
from mbois.people.mine import plain
from mbois.people.models import Person


def held(person: Person) -> dict[str, Any]:
    """Registrations made with the account, with answers, tickets and certificates; proposals."""
    registrations = (
        Registration.objects.filter(Q(person=person))
        .select_related("activity")
        .prefetch_related("tickets", "feedback")
        .order_by("pk")
    )
    certificates = Certificate.objects.filter(ticket__registration__person=person).order_by("pk")
    proposals = Activity.objects.filter(proposed_by=person).order_by("pk")
    return {
        "registrations": [
            plain(one, but=("answers",))
            | {
                "activity": one.activity.title,
                "answers": dict(plain_answers(one.answers)),
                "tickets": [plain(ticket) for ticket in one.tickets.all()],
                "feedback": [plain(said) for said in one.feedback.all()],
            }
            for one in registrations
        ],
        "certificates": [plain(one, but=("code",)) | {"code": str(one.code)} for one in certificates],
        "proposals": [plain(one) for one in proposals],
    }
