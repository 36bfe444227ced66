"""Telling people: an inbox always, mail and other channels where they are set and wanted.

A room keeps the text of `notify(person, "enterprises/verified", …)` in its template
`notifications/enterprises/verified.txt`: the first line is the subject, the rest the body. It is
rendered when it is read, in the language of its reader.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.template import Context, Engine
from django.utils.translation import override
from procrastinate.types import JSONDict

from mbois import clock
from mbois.people import outbox, tasks
from mbois.people.models import Delivery, Notification, Person, Preference

EMAIL = "email"


@dataclass(frozen=True)
class Text:
    """A notification as its reader sees it."""

    subject: str
    body: str


def channels() -> list[str]:
    """The channels of this installation beside the inbox: mail, and those of MBOIS_NOTIFY_CHANNELS."""
    return [EMAIL, *settings.NOTIFY_CHANNELS]


def _reaches(person: Person, channel: str) -> bool:
    """Whether a person can be reached by a channel at all."""
    if channel == EMAIL:
        return bool(person.email)
    address = settings.NOTIFY_CHANNELS[channel]
    phone = person.phone or person.contact_phone
    return not ("{phone}" in address and not phone) and not ("{email}" in address and not person.email)


def _unconfirmed(people: list[Person]) -> set[int]:
    """Who of them has not confirmed their e-mail: a message is nothing for a mailbox that may be
    somebody else's."""
    mails = {person.pk: (person.email or "").lower() for person in people}
    addresses = EmailAddress.objects.filter(user__in=people, verified=False)
    return {pk for pk, email in addresses.values_list("user_id", "email") if email.lower() == mails[pk]}


def out_of_reach(person: Person) -> set[str]:
    """The channels that cannot reach a person, whatever they want: no address, or one not confirmed."""
    missing = {channel for channel in channels() if not _reaches(person, channel)}
    return missing | {EMAIL} if _unconfirmed([person]) else missing


def to_json(value: Any) -> Any:
    """A value as JSON keeps it; dates come back as dates."""
    if isinstance(value, datetime):
        return {"$instant": value.isoformat()}
    if isinstance(value, date):
        return {"$date": value.isoformat()}
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, (list, tuple)):
        return [to_json(part) for part in value]
    if isinstance(value, dict):
        return {str(key): to_json(part) for key, part in value.items()}
    return str(value)


def from_json(value: Any) -> Any:
    """What `to_json` made, with its dates."""
    if isinstance(value, dict):
        if "$date" in value:
            return date.fromisoformat(value["$date"])
        if "$instant" in value:
            return datetime.fromisoformat(value["$instant"])
        return {key: from_json(part) for key, part in value.items()}
    if isinstance(value, list):
        return [from_json(part) for part in value]
    return value


@transaction.atomic(savepoint=False)
def notify(people: Person | Iterable[Person], key: str, *, url: str = "", **context: Any) -> int:
    """Tell one person or many: writes their inbox and queues the other channels they want, in the
    same transaction. `context` holds plain values (text, whole rupiah, dates); returns how many were told.
    """
    chosen = [people] if isinstance(people, Person) else list(people)
    readers = [
        p for p in {person.pk: person for person in chosen}.values() if p.is_active and not p.is_service
    ]
    if not readers:
        return 0
    with connection.cursor() as cursor:
        written: list[Any] = [
            key,
            url,
            json.dumps(to_json(context)),
            clock.now(),
            [person.pk for person in readers],
        ]
        cursor.execute(_WRITE, written)
        told = {person_id: notification_id for notification_id, person_id in cursor.fetchall()}
    reached = [(person, channel) for person in readers for channel in channels() if _reaches(person, channel)]
    if not reached:
        return len(told)
    unwanted = set(
        Preference.objects.filter(person__in=readers, wanted=False).values_list("person", "channel")
    )
    unwanted |= {(pk, EMAIL) for pk in _unconfirmed(readers)}
    deliveries = Delivery.objects.bulk_create(
        Delivery(notification_id=told[person.pk], channel=channel)
        for person, channel in reached
        if (person.pk, channel) not in unwanted
    )
    if deliveries:
        jobs: list[JSONDict] = [{"delivery_id": delivery.pk} for delivery in deliveries]
        tasks.deliver.batch_defer(*jobs)
    return len(told)


_WRITE = """
INSERT INTO people_notification (person_id, key, url, context, made_at)
SELECT person_id, %s, %s, %s::jsonb, %s FROM unnest(%s) AS person_id
RETURNING id, person_id
"""


def text_of(notification: Notification, language: str | None = None) -> Text:
    """Subject and body of a notification; in the active language unless one is given."""
    if language:
        with override(language):
            return text_of(notification)
    known = from_json(notification.context) | {"url": notification.url, "reader": notification.person}
    return words_of(notification.key, known)


def words_of(key: str, context: dict[str, Any]) -> Text:
    """Subject and body of a kind of news in the active language: plain text, in which nothing is escaped."""
    template = Engine.get_default().get_template(f"notifications/{key}.txt")
    subject, _newline, body = template.render(Context(context, autoescape=False)).strip().partition("\n")
    return Text(subject=" ".join(subject.split()), body=body.strip())


def deliver(delivery_id: int) -> None:
    """Send one delivery, at most once. Raises when the channel failed and may be tried again."""
    with transaction.atomic():
        delivery = (
            Delivery.objects.select_for_update(of=("self",))
            .select_related("notification__person")
            .filter(pk=delivery_id)
            .first()
        )
        if delivery is None or delivery.sent_at:
            return
        if delivery.started_at:
            delivery.error = "started before and not finished: it may have arrived, so it is not sent again"
            delivery.save(update_fields=["error"])
            return
        delivery.started_at = clock.now()
        delivery.attempts += 1
        delivery.save(update_fields=["started_at", "attempts"])
    try:
        _send(delivery)
    except Exception as failure:
        delivery.started_at = None
        delivery.error = f"{type(failure).__name__}: {failure}"[:300]
        delivery.save(update_fields=["started_at", "error"])
        raise
    delivery.sent_at = clock.now()
    delivery.error = ""
    delivery.save(update_fields=["sent_at", "error"])


def _send(delivery: Delivery) -> None:
    person = delivery.notification.person
    text = text_of(delivery.notification, person.language)
    where = delivery.notification.url
    if where.startswith("/"):
        where = settings.SITE_URL.rstrip("/") + where
    body = f"{text.body}\n\n{where}".strip() if where else text.body
    if delivery.channel == EMAIL:
        EmailMessage(text.subject, body, to=[str(person.email)]).send()
    elif address := settings.NOTIFY_CHANNELS.get(delivery.channel):
        phone = str(person.phone or person.contact_phone or "")
        outbox.send_by_apprise(
            address, subject=text.subject, body=body, phone=phone, email=person.email or ""
        )


def unread(person: Person) -> int:
    """How many messages of the inbox were not read yet."""
    return Notification.objects.filter(person=person, read_at=None).count()


def mark_read(person: Person, *notification_ids: int) -> int:
    """Mark these messages of a person as read, or all of them."""
    waiting = Notification.objects.filter(person=person, read_at=None)
    if notification_ids:
        waiting = waiting.filter(pk__in=notification_ids)
    return waiting.update(read_at=clock.now())


def wanted(person: Person) -> dict[str, bool]:
    """Each channel of this installation, and whether the person wants it."""
    said = dict(Preference.objects.filter(person=person).values_list("channel", "wanted"))
    return {channel: said.get(channel, True) for channel in channels()}


@transaction.atomic
def prefer(person: Person, chosen: Iterable[str]) -> None:
    """Keep which channels a person wants: these and no others."""
    chosen = set(chosen)
    Preference.objects.bulk_create(
        (Preference(person=person, channel=channel, wanted=channel in chosen) for channel in channels()),
        update_conflicts=True,
        unique_fields=["person", "channel"],
        update_fields=["wanted"],
    )
