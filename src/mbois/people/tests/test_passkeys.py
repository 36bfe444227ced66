"""What a made-up answer of a device gets from the forms for passkeys: a sentence, never an error of ours."""

import time

import pytest
from django.core.cache import cache
from django.urls import reverse

from mbois.people.tests.factories import make_person

pytestmark = pytest.mark.django_db
SAID = "The device has not confirmed it."
NONE_AT_ALL = {
    "a number of 5,000 digits": "1" * 5000,
    "such a number inside": '{"id": ' + "1" * 5000 + "}",
    "lists without end": "[" * 200_000,
    "no text where one belongs": '{"id": 5}',
    "no answer inside": '{"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": 5}',
    "bytes of nothing": '{"id": "AAAA", "rawId": "AAAA", "type": "public-key", '
    '"response": {"clientDataJSON": "NQ", "attestationObject": "AAAA"}}',
}


@pytest.fixture(autouse=True)
def _tries_begin_anew():
    cache.clear()


@pytest.mark.parametrize("answer", NONE_AT_ALL.values(), ids=NONE_AT_ALL.keys())
def test_a_passkey_that_is_none_is_not_added(client, answer):
    client.force_login(make_person("Dewi"))
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session.save()
    client.get(reverse("mfa_add_webauthn"))
    page = client.post(reverse("mfa_add_webauthn"), {"name": "Ponsel Dewi", "credential": answer})
    assert page.status_code == 422
    assert SAID in page.content.decode() and "Ponsel Dewi" in page.content.decode()


@pytest.mark.parametrize("answer", list(NONE_AT_ALL.values())[:4], ids=list(NONE_AT_ALL)[:4])
def test_a_passkey_that_is_none_opens_nothing(client, answer):
    client.get(reverse("mfa_login_webauthn"), headers={"X-Requested-With": "XMLHttpRequest"})
    page = client.post(reverse("mfa_login_webauthn"), {"credential": answer}, follow=True)
    assert page.redirect_chain == [(reverse("account_login"), 302)]
    assert SAID in page.content.decode()
    assert "_auth_user_id" not in client.session
