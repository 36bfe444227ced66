"""The pages on which somebody applies, for themselves or at a door."""

from django.test import Client

from mbois.financing.models import Application, State
from mbois.financing.tests.factories import Bank, make_owned_enterprise
from mbois.financing.tests.pages import page, signed_in
from mbois.people.tests.factories import make_person, picture


def test_the_scheme_is_public_and_works_out_a_schedule(client: Client, bank: Bank) -> None:
    answer = client.get("/ojir/?principal=10.000.000&months=24", headers={"accept-language": "en"})
    assert answer.status_code == 200
    assert "Rp\u00a0417,000" in answer.content.decode()
    assert "Rp\u00a0409,000" in answer.content.decode()
    last = answer.content.decode().rpartition("<tr>")[2]
    assert "Rp\u00a010,000,000" in last, "the schedule ends with the whole principal paid back"


def test_the_scheme_says_why_an_amount_does_not_fit(client: Client, bank: Bank) -> None:
    text = client.get(
        "/ojir/?principal=50.000.000&months=12", headers={"accept-language": "en"}
    ).content.decode()
    assert "between Rp\u00a01,000,000 and Rp\u00a010,000,000" in text
    assert 'value="50.000.000"' in text


def test_the_bank_sees_a_whole_nik_only_once_somebody_applies(bank: Bank) -> None:
    enterprise = make_owned_enterprise()
    address = f"/usaha/{enterprise.number}/nik/"
    assert signed_in(bank.field).get(address).status_code == 403
    bank.submitted(enterprise=enterprise)
    assert signed_in(bank.field).get(address).status_code == 200
    assert signed_in(bank.teller).get(address).status_code == 403


def test_somebody_applies_for_themselves(bank: Bank) -> None:
    enterprise = make_owned_enterprise()
    person = enterprise.owner.person
    client = signed_in(person)
    assert client.get("/pengajuan/baru/").url == f"/pengajuan/baru/?usaha={enterprise.number}"
    assert "How much" in client.get(f"/pengajuan/baru/?usaha={enterprise.number}").content.decode()
    told = {"amount_asked": "4.000.000", "months_asked": "12", "purpose": "Kedelai"}
    begin = client.get(f"/pengajuan/baru/?usaha={enterprise.number}").content.decode()
    assert 'name="purpose"' in begin and "data-guard" in begin
    answer = client.post("/pengajuan/baru/", {"usaha": enterprise.number, **told})
    application = Application.objects.get()
    fill = page("application_fill", application=application.number)
    assert answer.url == f"{fill}?langkah=utang"
    answer = client.post(
        f"{fill}?langkah=utang",
        {
            "lender": ["Pak X", ""],
            "outstanding": ["2.100.000", ""],
            "borrowed": ["", ""],
            "monthly_payment": ["700rb", ""],
        },
    )
    assert answer.url == f"{fill}?langkah=keluarga"
    assert application.debts.get().monthly_payment == 700_000
    client.post(f"{fill}?langkah=keluarga", {"married": "no", "household_members": "4"})
    papers = {f"paper_{kind}": picture() for kind in ("ktp", "kk", "sktm", "debt_proof", "business")}
    answer = client.post(f"{fill}?langkah=berkas", papers)
    assert answer.url == f"{fill}?langkah=persetujuan"
    assert application.papers.count() == 5
    answer = client.post(f"{fill}?langkah=persetujuan", {"agree": "on"})
    assert answer.url == f"{fill}?langkah=kirim"
    for step in ("pinjaman", "utang", "keluarga", "berkas", "persetujuan", "kirim"):
        assert client.get(f"{fill}?langkah={step}").status_code == 200, step
    client.post(f"{fill}?langkah=kirim")
    application.refresh_from_db()
    assert application.state == State.SUBMITTED


def test_an_application_that_lacks_something_is_not_sent_and_says_what(bank: Bank) -> None:
    draft = bank.draft()
    client = signed_in(draft.borrower.person)
    answer = client.post(f"{page('application_fill', application=draft.number)}?langkah=kirim")
    assert answer.status_code == 200
    assert "It cannot be sent yet" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.state == State.DRAFT


def test_a_wrong_debt_keeps_what_was_typed(bank: Bank) -> None:
    draft = bank.draft()
    client = signed_in(draft.borrower.person)
    answer = client.post(
        f"{page('application_fill', application=draft.number)}?langkah=utang",
        {"lender": ["Bu Y"], "outstanding": ["banyak"], "borrowed": [""], "monthly_payment": [""]},
    )
    text = answer.content.decode()
    assert 'value="Bu Y"' in text and 'value="banyak"' in text and "Enter an amount of money" in text
    assert draft.debts.get().lender == "Bank titil Pak X"


def test_a_half_typed_debt_does_not_drop_out_of_the_draft(bank: Bank) -> None:
    draft = bank.draft()
    client = signed_in(draft.borrower.person)
    fill = f"{page('application_fill', application=draft.number)}?langkah=utang"
    rows = {"lender": ["A", "B"], "outstanding": ["100.000", "200.000"]}
    client.post(fill, rows | {"borrowed": ["", ""], "monthly_payment": ["", ""]})
    half = {"lender": ["A", ""], "outstanding": ["100.000", "200.000"], "borrowed": ["", ""]}
    for headers in ({}, {"HX-Request": "true", "HX-Target": "syarat"}):
        answer = client.post(fill, half | {"monthly_payment": ["", ""]}, headers=headers)
        assert [debt.lender for debt in draft.debts.order_by("pk")] == ["A", "B"]
    assert "a debt that is not complete does not count yet" in answer.content.decode()


def test_a_half_typed_debt_is_there_again_after_another_page(bank: Bank) -> None:
    draft = bank.draft()
    client = signed_in(draft.borrower.person)
    fill = f"{page('application_fill', application=draft.number)}?langkah=utang"
    half = {"lender": ["A", "Bu Tini"], "outstanding": ["100.000", ""], "borrowed": ["", ""]}
    headers = {"HX-Request": "true", "HX-Target": "syarat"}
    client.post(fill, half | {"monthly_payment": ["", ""]}, headers=headers)
    text = client.get(fill).content.decode()
    assert 'value="A"' in text and 'value="Bu Tini"' in text and 'aria-invalid="true"' not in text
    assert "Bu Tini" not in signed_in(draft.entered_by).get(fill).content.decode()  # another browser
    whole = {"lender": ["A"], "outstanding": ["100.000"], "borrowed": [""], "monthly_payment": [""]}
    client.post(fill, whole, headers=headers)
    assert "Bu Tini" not in client.get(fill).content.decode()


def test_a_half_typed_debt_does_not_hide_what_was_kept_since(bank: Bank) -> None:
    draft = bank.draft()
    client = signed_in(draft.borrower.person)
    fill = f"{page('application_fill', application=draft.number)}?langkah=utang"
    rest = {"borrowed": [""], "monthly_payment": [""]}
    client.post(fill, rest | {"lender": ["Bu Tini"], "outstanding": [""]})
    elsewhere = signed_in(draft.borrower.person)
    elsewhere.post(fill, rest | {"lender": ["Pak Karjo"], "outstanding": ["100.000"]})
    text = client.get(fill).content.decode()
    assert 'value="Pak Karjo"' in text and "Bu Tini" not in text


def test_a_row_of_debts_is_added_and_taken_away_without_a_script(bank: Bank) -> None:
    draft = bank.draft()
    client = signed_in(draft.borrower.person)
    fill = f"{page('application_fill', application=draft.number)}?langkah=utang"
    rows = {"lender": ["A"], "outstanding": ["100.000"], "borrowed": [""], "monthly_payment": [""]}
    assert client.post(fill, {**rows, "more": "1"}).content.decode().count('name="lender"') == 2
    client.post(fill, {**rows, "remove": "0"})
    assert not draft.debts.exists()


def test_the_row_that_is_taken_away_is_the_one_on_the_page(bank: Bank) -> None:
    """Also where an empty row stands before it."""
    draft = bank.draft()
    fill = f"{page('application_fill', application=draft.number)}?langkah=utang"
    rows = {"lender": ["", "A", "B"], "outstanding": ["", "100.000", "200.000"], "borrowed": [""] * 3}
    signed_in(draft.borrower.person).post(fill, {**rows, "monthly_payment": [""] * 3, "remove": "1"})
    assert [debt.lender for debt in draft.debts.all()] == ["B"]


def test_a_bad_paper_does_not_lose_the_good_ones(bank: Bank) -> None:
    draft = bank.draft()
    client = signed_in(draft.borrower.person)
    from django.core.files.base import ContentFile

    answer = client.post(
        f"{page('application_fill', application=draft.number)}?langkah=berkas",
        {"paper_ktp": picture(), "paper_kk": ContentFile(b"not a picture", name="kk.jpg")},
    )
    assert answer.status_code == 200
    assert [paper.kind for paper in draft.papers.all()] == ["ktp"]


def test_typing_saves_by_itself_and_answers_the_conditions(bank: Bank) -> None:
    draft = bank.draft()
    client = signed_in(draft.borrower.person)
    answer = client.post(
        f"{page('application_fill', application=draft.number)}?langkah=pinjaman",
        {"amount_asked": "3.000.000", "months_asked": "", "purpose": "Wajan"},
        headers={"HX-Request": "true", "HX-Target": "syarat"},
    )
    assert b"<html" not in answer.content and b'id="syarat"' in answer.content
    draft.refresh_from_db()
    assert (draft.amount_asked, draft.months_asked, draft.purpose) == (3_000_000, 12, "Wajan")


def test_an_officer_applies_at_the_door_with_a_signature(bank: Bank) -> None:
    enterprise = make_owned_enterprise(person=make_person("Bu Sri"))
    client = signed_in(bank.field)
    assert enterprise.name in client.get(f"/pengajuan/baru/?q={enterprise.name}").content.decode()
    client.post(
        "/pengajuan/baru/", {"usaha": enterprise.number, "amount_asked": "2000000", "months_asked": "8"}
    )
    application = Application.objects.get()
    assert application.entered_by == bank.field
    fill = page("application_fill", application=application.number)
    text = client.get(f"{fill}?langkah=persetujuan").content.decode()
    assert "Read this aloud to Bu Sri" in text
    assert client.post(f"{fill}?langkah=persetujuan", {"agree": "on"}).status_code == 200
    client.post(f"{fill}?langkah=persetujuan", {"agree": "on", "evidence_photo": picture()})
    consent = application.borrower.person.consents.get()
    assert (consent.method, consent.recorded_by) == ("thumb", bank.field)
    assert (
        "Entered by Field for Bu Sri"
        in client.get(page("application", application=application.number)).content.decode()
    )


def test_a_withdrawn_application_is_asked_for_first(bank: Bank) -> None:
    application = bank.submitted()
    client = signed_in(application.borrower.person)
    url = page("application_withdraw", application=application.number)
    assert client.get(url).status_code == 405
    assert "Withdraw application" in client.post(url).content.decode()
    client.post(url, {"confirmed": "yes"})
    application.refresh_from_db()
    assert application.state == State.WITHDRAWN
    assert client.get(page("application", application=application.number)).status_code == 200
