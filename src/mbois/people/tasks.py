"""Work done in the background for people: messages that leave the house, and tidying up."""

from datetime import timedelta

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from mbois import clock

# After 15 s, 225 s, about an hour: a mail server that is down for a while loses nothing.
AGAIN = RetryStrategy(max_attempts=5, exponential_wait=15)


def queue_sms(phone: str, body: str) -> None:
    """Send a short message soon. In the demo it is on the outbox page at once."""
    from django.conf import settings

    from mbois.people import outbox

    if settings.DEMO:
        outbox.send_sms(phone, body)
    else:
        send_sms.defer(phone=phone, body=body)


@app.task(name="people.send_sms", queue="messages", retry=RetryStrategy(max_attempts=3, wait=5))
def send_sms(phone: str, body: str) -> None:
    """Send a short message; a code is of no use after some minutes, so it is tried for seconds only."""
    from mbois.people import outbox

    outbox.send_sms(phone, body)


@app.task(name="people.deliver", queue="messages", retry=AGAIN)
def deliver(delivery_id: int) -> None:
    """Send one notification by one channel, at most once."""
    from mbois.people import notifications

    notifications.deliver(delivery_id)


@app.periodic(cron="40 19 * * *")  # 02:40 in Malang
@app.task(name="people.tidy", queue="night", queueing_lock="people.tidy")
def tidy(timestamp: int = 0) -> None:
    """Remove uploads nobody finished a form with, old demo messages and sessions that are over."""
    from django.contrib.sessions.models import Session

    from mbois.people import documents
    from mbois.people.models import DemoMessage

    documents.remove_held(before=clock.now() - timedelta(days=2))
    DemoMessage.objects.filter(made_at__lt=clock.now() - timedelta(days=7)).delete()
    Session.objects.filter(expire_date__lt=clock.now()).delete()
