"""Pages of people: inbox, files, consents, members, tokens, taking over."""

import json

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse
from tests.counting import questions

from mbois.people import actions, documents, tokens
from mbois.people.models import ApiToken, Claim, Membership, Notification, Organisation, Person
from mbois.people.notifications import notify
from mbois.people.tests.factories import join, make_organisation, make_person, make_region, pdf, picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def dewi(client):
    make_region()
    person = make_person("Dewi")
    client.force_login(person)
    return person


# Inbox


def test_the_inbox_shows_what_waits(client, dewi):
    notify(dewi, "people/claimed", name="Bu Sumi", url=reverse("profile"))
    page = client.get(reverse("inbox")).content.decode()
    assert "Bu Sumi has taken over" in page and "unread" in page
    message = Notification.objects.get()
    assert client.post(reverse("open_notification", args=[message.pk])).url == reverse("profile")
    assert "Mark all" not in client.get(reverse("inbox")).content.decode()


def test_the_inbox_takes_the_same_queries_for_one_and_twenty(client, dewi, django_assert_max_num_queries):
    notify(dewi, "people/claimed", name="Bu Sumi")
    for _message in range(25):
        notify(dewi, "people/member_added", role="teller", organisation="Bank")
    with django_assert_max_num_queries(10):
        assert client.get(reverse("inbox")).status_code == 200
    assert client.get(reverse("inbox") + "?page=2").status_code == 200
    assert client.get(reverse("inbox") + "?page=nonsense").status_code == 200


def test_another_ones_message_does_not_open(client, dewi):
    notify(make_person(), "people/claimed", name="X")
    assert client.post(reverse("open_notification", args=[Notification.objects.get().pk])).status_code == 404


def test_a_message_leads_nowhere_else(client, dewi):
    notify(dewi, "people/claimed", name="X", url="//evil.example/")
    assert client.post(reverse("open_notification", args=[Notification.objects.get().pk])).url == reverse(
        "inbox"
    )


def test_one_chooses_channels(client, dewi):
    client.post(reverse("preferences"), {})
    assert "checked" not in client.get(reverse("preferences")).content.decode()
    client.post(reverse("preferences"), {"channels": ["email"]})
    assert "checked" in client.get(reverse("preferences")).content.decode()


def test_a_channel_that_reaches_nobody_says_what_it_waits_for(client, dewi, settings):
    settings.NOTIFY_CHANNELS = {"whatsapp": "whatsapp://token@1/{phone}"}
    Person.objects.filter(pk=dewi.pk).update(email=None, phone=None)
    page = client.get(reverse("preferences")).content.decode()
    assert "E-mail (once you have given and confirmed one)" in page
    assert "WhatsApp (once we have your number)" in page and reverse("profile") in page
    Person.objects.filter(pk=dewi.pk).update(email="dewi@example.com", phone="+628123456789")
    page = client.get(reverse("preferences")).content.decode()
    assert "once" not in page
    EmailAddress.objects.create(user=dewi, email="dewi@example.com", verified=False, primary=True)
    assert "once you have given and confirmed one" in client.get(reverse("preferences")).content.decode()


# Files


def test_a_file_is_served_safely(client, dewi):
    photo = documents.store(picture(name="ktp.jpg"), region_id="35.73", purpose="paper", by=dewi)
    answer = client.get(reverse("document", args=[photo.uuid]))
    assert answer.status_code == 200 and answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Disposition"].startswith("inline") and "ktp.jpg" in answer["Content-Disposition"]
    assert "sandbox" in answer["Content-Security-Policy"] and answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"].startswith("private")
    again = client.get(reverse("document", args=[photo.uuid]), headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304
    assert client.get(reverse("document_small", args=[photo.uuid])).status_code == 200


def test_a_part_of_a_file_is_served(client, dewi):
    paper = documents.store(pdf(), region_id="35.73", purpose="paper", by=dewi)
    url = reverse("document", args=[paper.uuid])
    whole = client.get(url)
    assert whole["Content-Disposition"].startswith("attachment")
    part = client.get(url, headers={"Range": "bytes=0-3"})
    assert (part.status_code, part.content) == (206, b"%PDF")
    assert client.get(url, headers={"Range": "bytes=-5"}).content == whole.content[-5:]
    assert client.get(url, headers={"Range": "bytes=999999-"}).status_code == 416
    assert client.get(url, headers={"Range": "bytes=x"}).status_code == 200


def test_another_ones_file_does_not_exist(client, dewi):
    other = make_person()
    photo = documents.store(picture(), region_id="35.73", purpose="paper", by=other)
    held = documents.hold(picture(), by=other)
    assert client.get(reverse("document", args=[photo.uuid])).status_code == 404
    assert client.get(reverse("document_small", args=[photo.uuid])).status_code == 404
    assert client.get(reverse("held_upload", args=[held.pk])).status_code == 404


# Consents and data


def test_one_sees_and_takes_back_a_consent(client, dewi):
    consent = actions.record_consent(dewi, "registry", region_id="35.73", by=dewi, method="self")
    assert "in force" in client.get(reverse("consents")).content.decode()
    asked = client.post(reverse("withdraw_consent", args=[consent.pk]))
    assert "Take this consent back?" in asked.content.decode()
    client.post(reverse("withdraw_consent", args=[consent.pk]), {"confirmed": "yes"})
    assert "taken back" in client.get(reverse("consents")).content.decode()


@pytest.mark.parametrize("key", ["account", "registry", "ojir"])
@pytest.mark.parametrize(("language", "word"), [("id", "Hak Anda"), ("en", "Your rights")])
def test_everybody_reads_the_texts(client, key, language, word):
    client.cookies["django_language"] = language
    assert word in client.get(reverse("consent_text", args=[key])).content.decode()
    assert client.get(reverse("consent_text", args=["nonsense"])).status_code == 404


def test_one_takes_ones_data_home(client, dewi):
    actions.record_consent(dewi, "registry", region_id="35.73", by=dewi, method="self")
    answer = client.get(reverse("my_data"))
    data = json.loads(answer.content)
    assert data["account"]["name"] == "Dewi" and data["consents"][0]["region"] == "Kota Malang"
    assert "attachment" in answer["Content-Disposition"]


def test_a_request_about_data_reaches_the_admin(client, dewi):
    asked = {"kind": "erasure", "region": "35.73", "text": "Hapus nomor lama saya"}
    assert "no admin yet" in client.post(reverse("ask_about_data"), asked).content.decode()
    admin = make_person(role="region_admin")
    assert client.post(reverse("ask_about_data"), asked).status_code == 302
    assert Notification.objects.filter(person=admin, key="people/data_request").exists()


# Tokens


def test_a_token_is_shown_once(client, dewi):
    page = client.post(reverse("tokens"), {"name": "Kasir", "days": "30"}).content.decode()
    assert "mbois_" in page
    assert "mbois_" not in client.get(reverse("tokens")).content.decode()
    token = ApiToken.objects.get()
    client.post(reverse("revoke_token", args=[token.pk]), {"confirmed": "yes"})
    token.refresh_from_db()
    assert not token.is_good
    other = ApiToken.objects.create(person=make_person(), digest="x")
    assert client.post(reverse("revoke_token", args=[other.pk]), {"confirmed": "yes"}).status_code == 404


# Members


@pytest.fixture
def admin(client):
    person = make_person("Admin Kota", role="region_admin")
    client.force_login(person)
    return person


def test_an_admin_sees_the_members_of_the_region_alone(client, admin):
    make_person("Tuti Teller", role="teller"), make_person("Kabupaten Orang", role="teller", region="35.07")
    page = client.get(reverse("members")).content.decode()
    assert "Tuti Teller" in page and "Kabupaten Orang" not in page
    other = Membership.objects.get(region="35.07")
    for name in ("membership", "end_membership"):
        assert client.post(reverse(name, args=[other.pk]), {"confirmed": "yes"}).status_code in {404, 405}
    assert client.get(reverse("membership", args=[other.pk])).status_code == 404


def test_the_list_takes_the_same_queries_for_many(client, admin, django_assert_max_num_queries):
    for _number in range(30):
        make_person(role="teller")
    client.get(reverse("members"))
    with django_assert_max_num_queries(9):
        assert client.get(reverse("members") + "?sort=evil&page=abc&state=now").status_code == 200


def test_organisations_and_their_members_take_the_same_queries_for_many(client, admin):
    office = admin.memberships.get().organisation
    lists = (reverse("organisations"), reverse("organisation", args=[office.pk]))
    few = {url: questions(client, url) for url in lists}
    for number in range(6):
        Organisation.objects.create(name=f"Dinas {number}", kind="agency", region_id="35.73")
        join(make_person(), "agency_officer")
    assert {url: questions(client, url) for url in lists} == few


def test_one_s_consents_and_tokens_take_the_same_queries_for_many(client, dewi):
    lists = (reverse("consents"), reverse("tokens"))

    def more(count):
        for _number in range(count):
            consent = actions.record_consent(
                dewi, "registry", region_id="35.73", by=dewi, method="self", language="id"
            )
            actions.withdraw_consent(consent, by=dewi)
            tokens.make(dewi, name="kasir")
        return {url: questions(client, url) for url in lists}

    assert more(1) == more(5)


def test_the_language_of_the_profile_is_kept_as_the_switch_keeps_it(client, dewi):
    client.post(reverse("profile"), {"name": "Dewi", "language": "en"}, secure=True)
    cookie = client.cookies["django_language"]
    assert (cookie.value, cookie["secure"], cookie["samesite"]) == ("en", True, "Lax")


@pytest.mark.parametrize("role", [None, "teller", "agency_officer", "executive", "village_officer"])
def test_for_others_the_pages_do_not_exist(client, role):
    client.force_login(make_person(role=role))
    for name in ("members", "add_member", "organisations"):
        assert client.get(reverse(name)).status_code == 404


def test_an_auditor_reads_and_changes_nothing(client):
    client.force_login(make_person(role="auditor"))
    teller = make_person(role="teller").memberships.get()
    assert client.get(reverse("membership", args=[teller.pk])).status_code == 200
    assert client.get(reverse("add_member")).status_code == 404
    client.post(reverse("end_membership", args=[teller.pk]), {"confirmed": "yes"})
    teller.refresh_from_db()
    assert teller.until is None


def test_an_admin_gives_and_ends_a_role(client, admin):
    bank = make_organisation(kind="bank")
    given = {"name": "Baru", "phone": "0812 0000 1111", "organisation": bank.pk, "role": "teller"}
    answer = client.post(reverse("add_member"), given)
    made = Membership.objects.get(role="teller")
    assert answer.url == reverse("membership", args=[made.pk])
    page = client.get(answer.url).content.decode()
    assert "Baru" in page and "Role recorded" in page
    assert "End the role of Baru?" in client.post(reverse("end_membership", args=[made.pk])).content.decode()
    client.post(reverse("end_membership", args=[made.pk]), {"confirmed": "yes"})
    assert not Person.objects.get(name="Baru").has_role("35.73", "teller")


def test_a_refusal_stands_beside_its_field_and_keeps_what_was_typed(client, admin):
    village = make_organisation(kind="village")
    given = {"name": "Baru", "phone": "0812 0000 1111", "organisation": village.pk, "role": "teller"}
    answer = client.post(reverse("add_member"), given)
    page = answer.content.decode()
    assert answer.status_code == 422 and "does not belong" in page and 'value="Baru"' in page
    given["role"] = "village_officer"
    assert "village or district" in client.post(reverse("add_member"), given).content.decode()


def test_an_admin_adds_an_organisation(client, admin):
    assert (
        client.post(
            reverse("organisations"), {"name": "BPR Tugu", "kind": "bank", "region": "35.73"}
        ).status_code
        == 302
    )
    page = client.post(reverse("organisations"), {"name": "bpr tugu", "kind": "bank", "region": "35.73"})
    assert "with this name already" in page.content.decode()
    make_region("35.07")
    page = client.post(reverse("organisations"), {"name": "X", "kind": "bank", "region": "35.07"})
    assert page.status_code == 200 and "BPR Tugu" in page.content.decode()


# Taking over


def test_from_the_slip_to_ones_own_account(client):
    officer = make_person(role="village_officer")
    mother = actions.register_person("Bu Sumi", by=officer, phone="0812 9999 0000")
    client.force_login(officer)
    again = client.get(reverse("claim_slip", args=[mother.pk]))  # as after another language was chosen
    assert again.status_code == 200 and not Claim.objects.exists()
    slip = client.post(reverse("claim_slip", args=[mother.pk]))
    code = slip.context["code"]
    assert slip.status_code == 200 and code in slip.content.decode() and "<svg" in slip.content.decode()
    assert "no-store" in slip["Cache-Control"]
    client.logout()
    assert code in client.get(f"{reverse('claim')}?kode={code}").content.decode()
    assert client.post(reverse("claim"), {"code": code}).url == reverse("take_over")
    page = client.get(reverse("take_over")).content.decode()
    assert "Bu Sumi" in page and officer.name in page and "0812-9999-0000" in page
    answer = client.post(
        reverse("take_over"), {"phone": "0812 9999 0000", "password": "rujak cingur 5", "agree": "on"}
    )
    assert answer.url == reverse("account_verify_phone")
    mother.refresh_from_db()
    assert mother.has_account and mother.claimed_at


def test_one_who_has_an_account_brings_it_in(client):
    officer = make_person(role="village_officer")
    mother = actions.register_person("Bu Sumi", by=officer)
    code = actions.issue_claim(mother, by=officer)
    account = make_person("Sumiati")
    client.force_login(account)
    client.post(reverse("claim"), {"code": code})
    assert "You are signed in as Sumiati" in client.get(reverse("take_over")).content.decode()
    assert client.post(reverse("take_over"), {"into": "yes"}).url == reverse("home")
    mother.refresh_from_db()
    assert mother.claimed_by == account


def test_guessing_codes_is_slow(client):
    from django.core.cache import cache

    cache.clear()
    for _try in range(10):
        assert "not known" in client.post(reverse("claim"), {"code": "AAAA-AAAA"}).content.decode()
    assert "Too many tries" in client.post(reverse("claim"), {"code": "AAAA-AAAA"}).content.decode()
    cache.clear()


def test_without_a_code_there_is_nothing_to_take_over(client):
    assert client.get(reverse("take_over")).url == reverse("claim")


def test_a_stranger_gets_no_slip(client):
    mother = actions.register_person("Bu Sumi", by=make_person(role="village_officer"))
    client.force_login(make_person(role="teller"))
    assert client.post(reverse("claim_slip", args=[mother.pk])).status_code == 404


def test_new_messages_stand_on_the_home_page(client, dewi):
    assert "New messages" not in client.get(reverse("home")).content.decode()
    for name in ("Bu Sumi", "Bu Tini"):
        notify(dewi, "people/claimed", name=name)
    page = client.get(reverse("home")).content.decode()
    assert "Bu Tini has taken over" in page and "All 2 unread messages" in page
