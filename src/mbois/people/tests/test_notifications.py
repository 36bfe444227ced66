"""Telling people: the inbox always, other channels at most once."""

from datetime import date

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from procrastinate.contrib.django.models import ProcrastinateJob

from mbois.people import notifications
from mbois.people.models import Delivery, Notification
from mbois.people.tests.factories import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _texts(settings):
    """A text of a room that has none of its own: `test/paid`."""
    texts = {
        "notifications/test/paid.txt": (
            "{% load i18n %}{% get_current_language as now %}"
            "{% if now == 'id' %}Lunas{% else %}Paid{% endif %} {{ loan }}\n\n{{ on|date:'Y' }} {{ amount }}"
        )
    }
    loader = "django.template.loaders.locmem.Loader"
    configured = settings.TEMPLATES[0]
    options = {**configured["OPTIONS"], "loaders": [(loader, texts)]}
    settings.TEMPLATES = [{**configured, "APP_DIRS": False, "OPTIONS": options}]
    yield


def tell(*people, **more):
    return notifications.notify(
        people, "test/paid", url="/pinjaman/L-1/", loan="L-1", on=date(2026, 3, 1), amount=417000, **more
    )


def jobs():
    return ProcrastinateJob.objects.filter(task_name="people.deliver")


def test_what_somebody_wrote_comes_as_it_was_written():
    dewi = make_person(language="id")
    wrote = "Jum'at & Sabtu <pagi>"
    notifications.notify([dewi], "test/paid", url="/", loan=wrote, on=date(2026, 3, 1), amount=1)
    (told,) = Notification.objects.filter(person=dewi)
    assert notifications.text_of(told, "id").subject == f"Lunas {wrote}"


def test_the_inbox_speaks_the_readers_language():
    dewi = make_person(language="id")
    assert tell(dewi) == 1
    (told,) = Notification.objects.filter(person=dewi)
    assert notifications.text_of(told, "id") == notifications.Text("Lunas L-1", "2026 417000")
    assert notifications.text_of(told, "en").subject == "Paid L-1"
    assert notifications.unread(dewi) == 1
    assert notifications.mark_read(dewi) == 1 and notifications.unread(dewi) == 0


def test_a_mail_goes_out_once_in_the_readers_language():
    dewi = make_person(email="dewi@example.com", language="id")
    tell(dewi)
    (delivery,) = Delivery.objects.all()
    assert [job.args for job in jobs()] == [{"delivery_id": delivery.pk}]
    notifications.deliver(delivery.pk)
    notifications.deliver(delivery.pk)
    (sent,) = mail.outbox
    assert sent.subject == "Lunas L-1" and sent.to == ["dewi@example.com"]
    assert sent.body.endswith("/pinjaman/L-1/")


def test_one_call_tells_everybody_once():
    people = [make_person(email=f"{name}@example.com") for name in ("a", "b")]
    assert tell(*people, *people, make_person(is_service=True), make_person(is_active=False)) == 2
    assert jobs().count() == 2


def test_many_are_told_with_few_queries(django_assert_max_num_queries):
    people = [make_person(email=f"p{number}@example.com") for number in range(20)]
    with django_assert_max_num_queries(8):
        tell(*people)


def test_a_channel_one_does_not_want_is_left_out(settings):
    settings.NOTIFY_CHANNELS = {"whatsapp": "whatsapp://token@1/{phone}"}
    dewi = make_person(email="dewi@example.com", phone="+628123456789")
    notifications.prefer(dewi, ["whatsapp"])
    tell(dewi)
    assert [delivery.channel for delivery in Delivery.objects.all()] == ["whatsapp"]
    assert notifications.wanted(dewi) == {"email": False, "whatsapp": True}


def test_no_mail_goes_to_an_address_that_was_not_confirmed():
    dewi = make_person(email="dewi@example.com")
    address = EmailAddress.objects.create(user=dewi, email="dewi@example.com", verified=False, primary=True)
    tell(dewi)
    assert not Delivery.objects.exists()
    address.verified = True
    address.save()
    tell(dewi)
    assert Delivery.objects.count() == 1


def test_who_cannot_be_reached_has_the_inbox(settings):
    settings.NOTIFY_CHANNELS = {"whatsapp": "whatsapp://token@1/{phone}"}
    tell(make_person(phone=None))
    assert Notification.objects.count() == 1 and not Delivery.objects.exists()


def test_a_failure_is_written_down_and_tried_again(settings):
    settings.NOTIFY_CHANNELS = {"broken": "nonsense"}
    dewi = make_person()
    tell(dewi)
    (delivery,) = Delivery.objects.all()
    with pytest.raises(Exception, match="did not take"):
        notifications.deliver(delivery.pk)
    delivery.refresh_from_db()
    assert (delivery.attempts, delivery.sent_at, delivery.started_at) == (1, None, None)
    assert "did not take" in delivery.error


def test_what_may_have_arrived_is_not_sent_again():
    dewi = make_person(email="dewi@example.com")
    tell(dewi)
    (delivery,) = Delivery.objects.all()
    Delivery.objects.update(started_at=delivery.notification.made_at)  # a worker died in the middle
    notifications.deliver(delivery.pk)
    delivery.refresh_from_db()
    assert mail.outbox == [] and "may have arrived" in delivery.error
