"""Who did it and from where; the second factor of staff; the demo's open door, which is shut elsewhere."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from mbois.people import timeline
from mbois.people.actions import record_consent
from mbois.people.consents import load_texts
from mbois.people.models import ConsentText, DemoMessage, Person
from mbois.people.outbox import send_sms
from mbois.people.tests.factories import make_person, make_region

pytestmark = pytest.mark.django_db


# The audit trail


def test_a_change_knows_person_page_and_address(client):
    dewi = make_person("Dewi")
    client.force_login(dewi)
    client.post(
        reverse("profile"),
        {"name": "Dewi Lestari", "language": "id"},
        REMOTE_ADDR="10.1.2.3",
        headers={"User-Agent": "Phone", "X-Forwarded-For": "6.6.6.6"},
    )
    changed = timeline.events_for(dewi, addresses=True)[0]
    assert (changed.who, changed.address) == ("Dewi Lestari", "10.1.2.3")
    assert changed.changes[0].new == "Dewi Lestari"


def test_a_proxy_is_believed_only_where_there_is_one(client, settings):
    settings.BEHIND_PROXY = True
    dewi = make_person("Dewi")
    client.force_login(dewi)
    client.post(
        reverse("profile"),
        {"name": "Dewi L", "language": "id"},
        REMOTE_ADDR="10.0.0.1",
        headers={"X-Forwarded-For": "6.6.6.6, 103.1.2.3"},
    )
    assert timeline.events_for(dewi, addresses=True)[0].address == "103.1.2.3"


# What people agreed to


def test_a_text_people_agreed_to_stays_as_they_read_it():
    load_texts()
    dewi = make_person("Dewi")
    record_consent(dewi, "registry", region_id=make_region().pk, by=dewi, method="self")
    ConsentText.objects.filter(key="ojir").update(body_en="Nobody has agreed to this yet.")
    with pytest.raises(IntegrityError, match="consent_text_stays"), transaction.atomic():
        ConsentText.objects.filter(key="registry").update(body_en="Something else.")


# The second factor


@pytest.fixture
def _strict(settings):
    settings.STAFF_NEED_SECOND_FACTOR = True


@pytest.mark.usefixtures("_strict")
def test_staff_set_up_a_second_factor_first(client):
    client.force_login(make_person(role="teller"))
    answer = client.get(reverse("home"))
    assert answer.status_code == 302 and answer.url == reverse("mfa_index")
    page = client.get(answer.url)
    assert page.status_code == 200 and "a second step is needed" in page.content.decode()
    assert client.post(reverse("choose_language"), {"language": "en", "next": "/"}).status_code == 302
    assert client.post(reverse("account_logout")).url == reverse("landing")


@pytest.mark.usefixtures("_strict")
def test_every_other_page_is_closed_to_them(client):
    client.force_login(make_person(role="region_admin"))
    for name in ("members", "inbox", "profile", "consents"):
        assert client.get(reverse(name)).url == reverse("mfa_index")
    assert client.post(reverse("read_all")).url == reverse("mfa_index")
    assert client.get("/does-not-exist/").status_code == 404


@pytest.mark.usefixtures("_strict")
def test_with_a_second_factor_everything_opens(client):
    from allauth.mfa.totp.internal.auth import TOTP

    teller = make_person(role="teller")
    TOTP.activate(teller, "JBSWY3DPEHPK3PXP")
    client.force_login(teller)
    assert client.get(reverse("profile")).status_code == 200


@pytest.mark.usefixtures("_strict")
def test_an_owner_needs_none(client):
    client.force_login(make_person())
    assert client.get(reverse("profile")).status_code == 200


# The demo


def test_outside_the_demo_nobody_enters_with_a_click(client):
    invented = make_person("Rini", role="teller", is_invented=True)
    answer = client.post(reverse("demo_sign_in", args=[invented.pk]))
    assert answer.status_code == 404 and "_auth_user_id" not in client.session
    page = client.get(reverse("account_login")).content.decode()
    assert "demo" not in page.lower() and "Rini" not in page
    assert client.get(reverse("demo_outbox")).status_code == 404


def test_in_the_demo_one_click_is_enough(client, settings):
    settings.DEMO = True
    rini = make_person("Rini", role="teller", is_invented=True)
    page = client.get(reverse("account_login")).content.decode()
    assert "Rini" in page and "Teller" in page
    answer = client.post(reverse("demo_sign_in", args=[rini.pk]))
    assert answer.url == reverse("home") and client.session["_auth_user_id"] == str(rini.pk)
    assert client.get(reverse("demo_outbox")).status_code == 200


def test_even_in_the_demo_only_invented_people_are_entered(client, settings):
    settings.DEMO = True
    for real in (
        make_person("Real Admin", role="region_admin"),
        make_person(is_invented=True, is_active=False),
        make_person(is_invented=True, is_service=True),
    ):
        assert client.post(reverse("demo_sign_in", args=[real.pk])).status_code == 404
    assert client.get(reverse("demo_sign_in", args=[real.pk])).status_code == 405
    assert client.post(reverse("demo_sign_in", args=[0])).status_code == 404
    assert "Real Admin" not in client.get(reverse("account_login")).content.decode()
    assert "_auth_user_id" not in client.session


def test_who_signs_up_is_not_invented():
    assert Person._meta.get_field("is_invented").default is False


def test_a_short_message_holds_no_sign_that_halves_it(settings):
    settings.DEMO = True
    send_sms("+6281234567890", "Rp\u00a0334.000 jatuh tempo")
    assert DemoMessage.objects.get().body == "Rp 334.000 jatuh tempo"
