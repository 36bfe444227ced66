"""What people are told: every message has its words, in both languages."""

import re
from datetime import date
from pathlib import Path

import pytest
from django.utils import translation

from mbois.financing import actions, tasks
from mbois.financing.models import Reminder
from mbois.people.models import Notification, Person
from mbois.people.notifications import text_of

ROOM = Path(tasks.__file__).parent
VALUES = {
    "number": "L-3573-2026-00042",
    "enterprise": "Keripik Tempe Bu Sri",
    "reason": "The KK cannot be read.",
    "amount": 334_000,
    "left": 1_000_000,
    "months": 12,
    "reference": "R-7GK2MWQ4XB",
    "due_date": {"$date": date(2026, 12, 14).isoformat()},
    "pay_by": {"$date": date(2026, 12, 14).isoformat()},
}


def keys() -> list[str]:
    """The keys that the actions and tasks of this room send."""
    code = [*Path(actions.__file__).parent.glob("*.py"), Path(tasks.__file__)]
    found = {key for path in code for key in re.findall(r'"(financing/[a-z_]+)"', path.read_text())}
    return sorted(found | {f"financing/reminder_{kind}" for kind in Reminder.Kind.values})


@pytest.mark.parametrize("key", keys())
def test_a_message_reads_well_in_both_languages(key: str) -> None:
    told = Notification(person=Person(name="Sri"), key=key, context=VALUES, url="/")
    english, indonesian = text_of(told, "en"), text_of(told, "id")
    for text in (english, indonesian):
        assert text.subject and text.body
        assert "{{" not in text.body and "None" not in text.body
    assert english != indonesian


def test_every_written_message_is_sent_by_something() -> None:
    written = {
        f"financing/{path.stem}" for path in (ROOM / "templates/notifications/financing").glob("*.txt")
    }
    assert written == set(keys())


def test_money_and_days_are_written_the_indonesian_way() -> None:
    told = Notification(person=Person(name="Sri"), key="financing/reminder_before", context=VALUES)
    with translation.override("id"):
        assert "Rp 334.000 jatuh tempo 14 Desember 2026" in text_of(told).subject
