"""Signing up and in: by phone or e-mail, by password or code."""

import re

import pytest
from django.conf import settings as installed
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from mbois.people.models import AccountConsent, DemoMessage, Person
from mbois.people.tests.factories import make_person

pytestmark = pytest.mark.django_db
PASSWORD = "ayam geprek pedas 7"
CODE = r"\b[A-Z0-9]{3,4}-?[A-Z0-9]{3,4}\b"


@pytest.fixture(autouse=True)
def _demo_messages(settings):
    """Codes land in the demo's outbox, where a test can read them."""
    settings.DEMO = True
    cache.clear()


def code_sent():
    return re.search(CODE, DemoMessage.objects.first().body)[0]


def sign_up(client, **change):
    given = {
        "name": "Dewi Lestari",
        "phone": "0812 3456 7890",
        "email": "",
        "password1": PASSWORD,
        "agree": "on",
    }
    return client.post(reverse("account_signup"), given | change)


def test_one_signs_up_with_a_phone_and_a_code(client):
    answer = sign_up(client)
    assert answer.status_code == 302 and answer.url == reverse("account_verify_phone")
    answer = client.post(answer.url, {"code": code_sent()})
    assert answer.url == reverse("home")
    dewi = Person.objects.get()
    assert (dewi.name, str(dewi.phone), dewi.phone_verified) == ("Dewi Lestari", "+6281234567890", True)
    assert AccountConsent.objects.get(person=dewi).text.key == "account"


def test_who_signs_in_before_the_phone_is_confirmed_is_told_to_wait_for_the_code(client):
    sign_up(client)
    other = Client()
    given = {"login": "0812 3456 7890", "password": PASSWORD}
    answer = other.post(reverse("account_login"), given)
    assert answer.status_code == 429 and "half a minute" in answer.content.decode()
    cache.clear()  # half a minute later
    assert other.post(reverse("account_login"), given).url == reverse("account_verify_phone")


def test_a_mistake_elsewhere_asks_for_the_password_again(client):
    answer = sign_up(client, phone="12")
    errors = answer.context["form"].errors
    assert set(errors) == {"phone", "password1"}
    assert "type the password again" in errors["password1"][0]
    assert answer.context["form"]["name"].value() == "Dewi Lestari"


def test_one_signs_up_with_an_e_mail(client):
    answer = sign_up(client, phone="", email="Dewi@Example.com")
    assert answer.url == reverse("account_email_verification_sent")
    assert Person.objects.get().email == "dewi@example.com"
    code = re.search(CODE, mail.outbox[0].body)[0]
    assert "_auth_user_id" not in client.session
    assert client.post(answer.url, {"code": code}).url == reverse("home")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"phone": ""}, "phone number or an e-mail"),
        ({"name": "0812 3456"}, "name has letters"),
        ({"phone": "123"}, "phone"),
        ({"name": ""}, "required"),
        ({"agree": ""}, "Without your consent"),
        ({"password1": "12345678"}, "common"),
        ({"password1": "kurang"}, "8 characters"),
        ({"email": "nonsense"}, "Enter an e-mail address such as"),
    ],
)
def test_it_says_what_is_missing_and_keeps_what_was_typed(client, change, said):
    answer = sign_up(client, **change)
    page = answer.content.decode()
    assert answer.status_code == 422 and said in page
    assert change.get("name", "Dewi Lestari") in page
    assert not Person.objects.exists()


def test_signing_up_twice_does_not_say_who_has_an_account(client):
    make_person(phone="+6281234567890")
    answer = sign_up(client)
    assert answer.url == reverse("account_verify_phone")
    assert Person.objects.count() == 1 and "already" in DemoMessage.objects.first().body


@pytest.mark.parametrize(
    "login", ["081234567890", "+62 812-3456-7890", "dewi@example.com", "DEWI@example.com"]
)
def test_one_signs_in_with_phone_or_e_mail(client, login):
    dewi = make_person(
        phone="+6281234567890", phone_verified=True, email="dewi@example.com", password=PASSWORD
    )
    answer = client.post(reverse("account_login"), {"login": login, "password": PASSWORD})
    assert answer.status_code == 302 and answer.url == reverse("home")
    assert client.session["_auth_user_id"] == str(dewi.pk)


def test_a_wrong_password_is_refused_and_slows_down(client):
    make_person(phone="+6281234567890", password=PASSWORD)
    for _try in range(5):
        answer = client.post(reverse("account_login"), {"login": "081234567890", "password": "wrong one"})
        assert "is not right" in answer.content.decode()
    for _try in range(8):
        answer = client.post(reverse("account_login"), {"login": "081234567890", "password": PASSWORD})
    assert answer.status_code == 429 or "Too many" in answer.content.decode()


@pytest.mark.parametrize("given", [{"phone": "0812 3456 7890"}, {"email": "dewi@example.com"}])
def test_one_signs_in_with_a_code(client, given):
    make_person(phone="+6281234567890", phone_verified=True, email="dewi@example.com")
    answer = client.post(reverse("account_request_login_code"), given)
    assert answer.url.startswith(reverse("account_confirm_login_code"))
    text = DemoMessage.objects.first().body if "phone" in given else mail.outbox[0].body
    code = re.search(CODE, text)[0]
    assert client.post(answer.url, {"code": code}).url == reverse("home")


def test_an_invited_person_types_one_code(client):
    citra = Person.objects.create_user(name="Citra", email="citra@example.com")
    answer = client.post(reverse("account_request_login_code"), {"email": "citra@example.com"})
    code = re.search(CODE, mail.outbox[0].body)[0]
    assert client.post(answer.url, {"code": code}).url == reverse("home")
    assert client.session["_auth_user_id"] == str(citra.pk)
    assert citra.emailaddress_set.get().verified
    assert len(mail.outbox) == 1


def test_a_code_needs_somewhere_to_go(client):
    answer = client.post(reverse("account_request_login_code"), {})
    assert answer.status_code == 422 and "phone number or an e-mail" in answer.content.decode()


def test_a_forgotten_password_is_replaced_by_a_code(client):
    dewi = make_person(email="dewi@example.com", password=PASSWORD)
    answer = client.post(reverse("account_reset_password"), {"email": "dewi@example.com"})
    code = re.search(CODE, mail.outbox[0].body)[0]
    answer = client.post(answer.url, {"code": code})
    answer = client.post(answer.url, {"password1": "nasi goreng 99", "password2": "nasi goreng 99"})
    assert answer.status_code == 302
    dewi.refresh_from_db()
    assert dewi.check_password("nasi goreng 99")


PUBLIC = ["account_login", "account_signup", "account_request_login_code", "account_reset_password", "claim"]
OWN = [
    "profile",
    "inbox",
    "preferences",
    "consents",
    "tokens",
    "ask_about_data",
    "usersessions_list",
    "account_email",
    "account_change_phone",
    "account_logout",
    "mfa_index",
    "mfa_list_webauthn",
]


@pytest.mark.parametrize("name", PUBLIC)
@pytest.mark.parametrize("language", ["id", "en"])
def test_anybody_opens(client, name, language):
    client.cookies["django_language"] = language
    answer = client.get(reverse(name))
    assert answer.status_code == 200 and f'lang="{language}"' in answer.content.decode()


@pytest.mark.parametrize("name", OWN)
def test_only_the_signed_in_open(client, name):
    answer = client.get(reverse(name))
    assert answer.status_code == 302
    client.force_login(make_person(email="dewi@example.com", password=PASSWORD))
    answer = client.get(reverse(name))
    assert answer.status_code == 200, answer


def test_a_code_app_is_set_up(client):
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

    dewi = make_person(phone="+6281234567890", phone_verified=True, password=PASSWORD)
    client.post(reverse("account_login"), {"login": "081234567890", "password": PASSWORD})
    asked = client.get(reverse("mfa_activate_totp"))
    assert asked.url.startswith(reverse("account_reauthenticate"))
    assert "Is it you?" in client.get(asked.url).content.decode()
    page = client.post(asked.url, {"password": PASSWORD}, follow=True)
    assert page.status_code == 200 and b"data:image/svg+xml" in page.content
    secret = page.context["form"].secret
    code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
    answer = client.post(reverse("mfa_activate_totp"), {"code": code})
    assert answer.status_code == 302
    assert client.get(reverse("mfa_view_recovery_codes")).status_code == 200
    client.logout()
    answer = client.post(reverse("account_login"), {"login": "081234567890", "password": PASSWORD})
    assert answer.url == reverse("mfa_authenticate")
    page = client.get(answer.url)
    assert page.status_code == 200 and dewi.name not in page.content.decode()


def test_an_answer_to_a_page_of_before_signs_nobody_out(client):
    """A page still under way carries the key of before signing in, which is no more."""
    cookie = installed.SESSION_COOKIE_NAME
    client.get(reverse("landing"))
    client.cookies[cookie] = "k" * 32
    for page in ("landing", "offline", "service_worker", "manifest"):
        assert cookie not in client.get(reverse(page)).cookies
    client.force_login(make_person("Dewi Lestari"))
    assert client.post(reverse("account_logout")).cookies[cookie].value == ""
