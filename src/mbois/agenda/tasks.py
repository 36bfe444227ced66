"""What the worker does by itself."""

from datetime import timedelta

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from mbois import clock
from mbois.places.models import Region

# After 15 s, 225 s, about an hour: a mail server that is down for a while loses nothing.
AGAIN = RetryStrategy(max_attempts=5, exponential_wait=15)


@app.task(name="agenda.tell", queue="messages", retry=AGAIN)
def tell(region: str, secret: str) -> None:
    """Send what a participant has not been told yet."""
    from mbois.agenda import telling

    telling.send_letters(region, secret)


@app.periodic(cron="* * * * *")
@app.task(name="agenda.lapse_offers", queueing_lock="agenda.lapse_offers")
def lapse_offers(timestamp: int = 0) -> None:
    """End offers nobody took and pass their places on."""
    from mbois.agenda.actions import waiting

    for code in Region.objects.values_list("pk", flat=True):
        waiting.lapse_offers(code)


@app.periodic(cron="30 10 * * *")  # 17:30 in Malang
@app.task(name="agenda.remind", queueing_lock="agenda.remind")
def remind(timestamp: int = 0) -> None:
    """Remind participants of what begins tomorrow. A missed evening breaks nothing."""
    from mbois.agenda.actions import reminding

    for code in Region.objects.values_list("pk", flat=True):
        reminding.remind(code, clock.today() + timedelta(days=1))


@app.task(name="agenda.draw_share_picture", queue="pictures")
def draw_share_picture(region: str, activity_id: int) -> None:
    """Draw the picture that is shown where an activity is shared."""
    from mbois.agenda import sharing

    sharing.draw(region, activity_id)


@app.task(name="agenda.print_certificates", queue="pictures", retry=AGAIN)
def print_certificates(region: str, file_id: int) -> None:
    """Make the PDF with all certificates of an activity."""
    from mbois.agenda.actions import certificates

    certificates.print_file(region, file_id)


@app.periodic(cron="20 20 * * *")  # 03:20 in Malang
@app.task(name="agenda.forget", queue="night", queueing_lock="agenda.forget")
def forget(timestamp: int = 0) -> None:
    """Erase what participants gave, a year after the activity."""
    from mbois.agenda.actions import forgetting

    forgetting.forget_participants()
