"""Mail and short messages on their way out: really sent, or shown on the demo's outbox page."""

from collections.abc import Sequence

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage

from mbois.people.models import DemoMessage


class NotSent(Exception):
    """A channel did not take the message."""


class DemoMail(BaseEmailBackend):
    """Keeps mails for the demo's outbox page instead of sending them."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        made = [
            DemoMessage(channel="email", recipient=to, subject=mail.subject[:300], body=str(mail.body))
            for mail in email_messages
            for to in mail.recipients()
        ]
        DemoMessage.objects.bulk_create(made)
        return len(email_messages)


def send_by_apprise(address: str, *, subject: str, body: str, phone: str = "", email: str = "") -> None:
    """Send through an apprise address in which {phone} and {email} stand for the person's.

    Raises NotSent when the channel refuses; can take seconds, so call it in a worker.
    """
    import apprise

    where = address.replace("{phone}", phone.lstrip("+")).replace("{email}", email)
    channel = apprise.Apprise()
    if not channel.add(where) or not channel.notify(title=subject, body=body):
        raise NotSent("the channel did not take the message")


def send_sms(phone: str, body: str) -> None:
    """Send a short message by SMS_CHANNEL; in the demo it goes to the outbox page instead.

    Raises NotSent when no channel is set or it refuses. The space that keeps a line together is a plain one
    here: it is in no alphabet of short messages, and would halve how much one holds.
    """
    body = body.replace("\u00a0", " ")
    if settings.DEMO:
        DemoMessage.objects.create(channel="sms", recipient=phone, body=body)
        return
    if not settings.SMS_CHANNEL:
        raise NotSent("no channel for short messages is set")
    send_by_apprise(settings.SMS_CHANNEL, subject="", body=body, phone=phone)
