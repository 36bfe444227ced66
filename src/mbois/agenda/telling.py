"""What participants are told: written with what happened, sent by the worker by mail and inbox."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils.translation import override
from procrastinate.types import JSONDict

from mbois import clock
from mbois.agenda import papers
from mbois.agenda.models import Letter, Registration, Standing
from mbois.people.models import Notification
from mbois.people.notifications import from_json, notify, to_json, words_of

WITH_TICKETS = frozenset({"confirmed", "moved", "reminder"})


def page_of(registration: Registration) -> str:
    """The whole address of the participant's own page, for a letter."""
    return settings.SITE_URL.rstrip("/") + registration.get_absolute_url()


def facts_of(registration: Registration) -> dict[str, Any]:
    """What every letter knows."""
    activity = registration.activity
    return {
        "title": activity.title,
        "when": activity.begins_at,
        "place": activity.place,
        "name": registration.name,
        "places": registration.places,
    }


def write(registrations: Iterable[Registration], key: str, **context: Any) -> None:
    """Write a letter to each and have the worker send them, in the transaction of what happened."""
    from mbois.agenda.tasks import tell

    rows = list(registrations)
    if not rows:
        return
    Letter.objects.bulk_create(
        Letter(
            region_id=one.region_id,
            registration=one,
            key=key,
            context=to_json(facts_of(one) | context),
        )
        for one in rows
    )
    jobs: list[JSONDict] = [{"region": one.region_id, "secret": one.secret} for one in rows]
    tell.batch_defer(*jobs)


def send_letters(region_id: str, secret: str) -> int:
    """Send what a registration has not been told yet, each letter at most once."""
    registration = (
        Registration.objects.filter(region=region_id, secret=secret)
        .select_related("activity", "person")
        .first()
    )
    if registration is None or registration.forgotten_at:
        return 0
    sent = 0
    while True:
        with transaction.atomic():
            letter = (
                Letter.objects.select_for_update(skip_locked=True)
                .filter(region=region_id, registration=registration, started_at=None)
                .order_by("pk")
                .first()
            )
            if letter is None:
                return sent
            letter.started_at = clock.now()
            letter.save(update_fields=["started_at"])
            _into_the_inbox(registration, letter)
        if registration.email:
            try:
                _mail(registration, letter)
            except Exception:
                Letter.objects.filter(region=region_id, pk=letter.pk).update(started_at=None)
                raise
        Letter.objects.filter(region=region_id, pk=letter.pk).update(sent_at=clock.now())
        sent += 1


def _into_the_inbox(registration: Registration, letter: Letter) -> None:
    """Whoever has an account finds it there. Where the registration has an address, the mail with the
    tickets goes to it, and no other."""
    person, key, url = registration.person, f"agenda/{letter.key}", registration.get_absolute_url()
    if person is None or person.is_service or not person.is_active:
        return
    if registration.email:
        # the way to an earlier registration of this address is for its mailbox alone
        context = {name: said for name, said in letter.context.items() if name != "earlier"}
        Notification.objects.create(person=person, key=key, url=url, context=context)
    else:
        notify(person, key, url=url, **from_json(letter.context))


def _mail(registration: Registration, letter: Letter) -> None:
    with override(registration.language):
        url = page_of(registration)
        text = words_of(f"agenda/{letter.key}", from_json(letter.context) | {"url": url, "by_mail": True})
        mail = EmailMessage(text.subject, f"{text.body}\n\n{url}", to=[registration.email])
        if letter.key in WITH_TICKETS and registration.state == Standing.CONFIRMED:
            mail.attach(
                f"{registration.activity.code}.pdf", papers.tickets_pdf(registration), "application/pdf"
            )
        mail.send()
