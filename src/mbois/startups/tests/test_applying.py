"""Two students apply: a draft that is kept, a team, a deadline to the minute."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client

from mbois import clock
from mbois.people.models import Notification
from mbois.people.tests.factories import make_person, pdf
from mbois.refused import Refused
from mbois.startups.actions import applying, calls, teams
from mbois.startups.models import Application, ApplicationFile, Invitation, Startup, State
from mbois.startups.tests.factories import (
    close,
    founder_of,
    make_application,
    make_call,
    make_draft,
    make_startup,
    page,
    signed_in,
    the_question,
)

pytestmark = pytest.mark.django_db


def test_from_the_call_to_the_letter_that_it_arrived() -> None:
    call, person = make_call(), make_person("Dimas Prakoso")
    client = signed_in(person)
    shown = client.get(page("startup_call", call=call.number)).content.decode()
    assert "Criterion 1" in shown and "60%" in shown
    answer = client.post(page("application_begin", call=call.number), {"name": "Kopi Lereng"})
    application = Application.objects.get()
    assert answer.url == page("startup_application", startup_application=application.number)
    key = f"q-{the_question(call).key}"
    kept = client.post(answer.url, {key: "Petani kopi", "do": "keep"}, headers={"accept": "application/json"})
    assert kept.status_code == 200 and kept.json()["kept"]
    assert "Petani kopi" in client.get(answer.url).content.decode()
    client.post(answer.url, {key: "Petani kopi dibayar lambat.", "do": "send"})
    application.refresh_from_db()
    assert application.state == State.SUBMITTED and application.submitted_by == person
    assert Notification.objects.get(person=person).key == "startups/submitted"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("12", 12), ("1.500", 1500), ("12 500 000", 12_500_000), ("0", 0), ("2.5", "2.5"), ("1,5", "1,5"),
        ("-3", "-3"), ("sepuluh", "sepuluh"), ("²", "²"), ("9" * 30, "9" * 30), ("1.50", "1.50"),
    ],
)  # fmt: skip
def test_a_number_is_read_as_people_write_it(typed: str, kept: object) -> None:
    call = make_call(published=False)
    calls.save_question(
        call, None, by=call.made_by, label_id="Berapa pelanggan?", label_en="", help_id="", help_en="",
        kind="number", required=False, identifying=False, options=[], most_words=None,
    )  # fmt: skip
    draft = make_draft(calls.publish(call, by=call.made_by))
    key = the_question(call, "number").key
    signed_in(founder_of(draft.startup)).post(
        page("startup_application", startup_application=draft.number), {f"q-{key}": typed, "do": "keep"}
    )
    draft.refresh_from_db()
    assert draft.answers[key] == kept


@pytest.mark.parametrize("typed", ["https://[contoh]/", "https://[abc", "javascript:alert(1)"])
def test_a_link_that_is_none_is_said_beside_the_field(typed: str) -> None:
    call = make_call(published=False)
    calls.save_question(
        call, None, by=call.made_by, label_id="Di mana?", label_en="", help_id="", help_en="",
        kind="link", required=False, identifying=False, options=[], most_words=None,
    )  # fmt: skip
    draft = make_draft(calls.publish(call, by=call.made_by))
    given = {f"q-{the_question(call, kind).key}": said for kind, said in (("text", "Dimas"), ("link", typed))}
    answer = signed_in(founder_of(draft.startup)).post(
        page("startup_application", startup_application=draft.number), given | {"do": "send"}
    )
    assert answer.status_code == 422
    assert "Enter a link" in answer.content.decode() and typed in answer.content.decode()


def test_what_is_missing_is_said_beside_the_field_and_all_typed_is_kept() -> None:
    draft = make_draft(make_call())
    client = signed_in(founder_of(draft.startup))
    who = the_question(draft.call, "text")
    url = page("startup_application", startup_application=draft.number)
    answer = client.post(url, {f"q-{who.key}": "Dimas", "do": "send"})
    assert answer.status_code == 422
    body = answer.content.decode()
    assert "Please fill this in." in body and 'value="Dimas"' in body
    draft.refresh_from_db()
    assert draft.answers == {who.key: "Dimas"} and draft.state == State.DRAFT


@pytest.mark.parametrize("do", ["send", "keep"])
def test_what_was_kept_before_the_page_was_opened_again_is_not_called_empty(do: str) -> None:
    draft = make_draft(make_call())
    by, long, who = founder_of(draft.startup), the_question(draft.call), the_question(draft.call, "text")
    applying.keep(draft, {who.key: "Dimas", long.key: "Petani kopi dibayar lambat."}, by=by)
    client, url = signed_in(by), page("startup_application", startup_application=draft.number)
    shown = client.get(url).context["form"].shown()
    typed = {f"q-{who.key}": "kata " * 61, f"q-{long.key}": "Petani kopi dibayar lambat."}
    typed |= {"shown": shown, "do": do}
    wrong = {f"q-{the_question(draft.call, 'file').key}": SimpleUploadedFile("deck.pdf", b"bukan pdf")}
    body = client.post(url, typed | wrong).content.decode()
    assert "Please fill this in." not in body
    assert ("these are 61" in body) is (do == "send")
    draft.refresh_from_db()
    assert draft.answers == {who.key: ("kata " * 61).strip(), long.key: "Petani kopi dibayar lambat."}


def test_more_words_than_asked_are_counted_and_refused() -> None:
    draft = make_draft(make_call())
    text = "kata " * 51
    with pytest.raises(Refused, match="At most 50 words; these are 51"):
        applying.submit(draft, {the_question(draft.call).key: text}, by=founder_of(draft.startup))


def test_two_of_a_team_write_at_the_same_time() -> None:
    draft = make_draft(make_call())
    by, long, short = founder_of(draft.startup), the_question(draft.call), the_question(draft.call, "text")
    applying.keep(draft, {long.key: "Yang satu"}, by=by)
    applying.keep(draft, {short.key: "Yang lain"}, by=by)
    draft.refresh_from_db()
    assert draft.answers == {long.key: "Yang satu", short.key: "Yang lain"}


def test_what_was_sent_can_change_until_the_deadline_and_not_a_moment_longer() -> None:
    application = make_application(make_call())
    by, key = founder_of(application.startup), the_question(application.call).key
    applying.submit(application, {key: "Lebih baik."}, by=by)
    application.refresh_from_db()
    assert application.answers[key] == "Lebih baik."
    close(application.call)
    with pytest.raises(Refused, match="The deadline was"):
        applying.submit(application, {key: "Terlambat."}, by=by)
    with pytest.raises(Refused, match="The deadline was"):
        applying.attach(application, the_question(application.call, "file"), pdf(), by=by)
    answer = signed_in(by).post(
        page("startup_application", startup_application=application.number), {"do": "send"}, follow=True
    )
    assert "The deadline was" in answer.content.decode()


def test_the_database_refuses_what_comes_late_whoever_asks() -> None:
    application, draft = make_application(make_call()), None
    draft = make_draft(application.call, "Lain", founder=make_person("Rina"))
    close(application.call)
    with pytest.raises(IntegrityError, match="startup_application_in_time"), transaction.atomic():
        Application.objects.filter(pk=application.pk).update(answers={"x": "y"})
    with pytest.raises(IntegrityError, match="startup_application_in_time"), transaction.atomic():
        Application.objects.filter(pk=draft.pk).update(
            state="submitted", submitted_at=clock.now(), submitted_by=draft.begun_by
        )
    with pytest.raises(IntegrityError, match="startup_application_in_time"), transaction.atomic():
        # a program with a wrong clock
        Application.objects.filter(pk=draft.pk).update(
            state="submitted", submitted_at=clock.now() - timedelta(days=5), submitted_by=draft.begun_by
        )
    with pytest.raises(IntegrityError, match="startup_application_in_time"), transaction.atomic():
        Application.objects.create(
            region_id=draft.region_id,
            number="LS-3573-999999",
            call=draft.call,
            startup=make_startup("Ketiga"),
            begun_by=draft.begun_by,
        )


def test_a_call_that_is_over_cannot_be_begun() -> None:
    call, person = make_call(), make_person()
    close(call)
    client = signed_in(person)
    assert "Apply" not in client.get(page("startup_call", call=call.number)).content.decode()
    answer = client.post(page("application_begin", call=call.number), {"name": "Baru"})
    assert answer.status_code == 422 and "The deadline was" in answer.content.decode()
    assert not Startup.objects.exists()


def test_a_withdrawn_application_can_be_taken_up_again_in_time() -> None:
    application = make_application(make_call())
    by = founder_of(application.startup)
    client = signed_in(by)
    url = page("startup_application_withdraw", startup_application=application.number)
    assert "Withdraw this application?" in client.post(url).content.decode()
    client.post(url, {"confirmed": "yes"})
    application.refresh_from_db()
    assert application.state == State.WITHDRAWN
    client.post(page("application_again", startup_application=application.number))
    application.refresh_from_db()
    assert application.state == State.DRAFT and application.submitted_at is None


def test_a_file_is_taken_replaced_and_only_shown_to_those_who_may() -> None:
    draft = make_draft(make_call())
    by, question = founder_of(draft.startup), the_question(draft.call, "file")
    client = signed_in(by)
    url = page("startup_application", startup_application=draft.number)
    client.post(url, {f"q-{question.key}": pdf(name="deck.pdf"), "do": "keep"})
    client.post(url, {f"q-{question.key}": pdf(name="deck2.pdf"), "do": "keep"})
    row = ApplicationFile.objects.get()
    assert row.document.name == "deck2.pdf"
    file = page("application_file", startup_application=draft.number, asked=question.pk)
    assert client.get(file).status_code == 200
    assert signed_in(make_person()).get(file).status_code == 404
    assert signed_in(make_person()).get(f"/dokumen/{row.document.uuid}/").status_code == 404


def test_somebody_comes_into_the_team_by_a_link_that_works_once() -> None:
    startup = make_startup()
    invitation = teams.invite(startup, by=founder_of(startup), name="Rina")
    rina, other = make_person("Rina"), make_person("Bukan Rina")
    url = page("startup_invitation", invitation=invitation.secret)
    assert Client().get(url).status_code == 302
    assert "Kopi Lereng" in signed_in(rina).get(url).content.decode()
    signed_in(rina).post(url)
    assert set(startup.members.values_list("person", flat=True)) == {founder_of(startup).pk, rina.pk}
    answer = signed_in(other).post(url, follow=True)
    assert "used already" in answer.content.decode()
    assert startup.members.count() == 2


def test_an_old_or_withdrawn_link_opens_nothing() -> None:
    startup = make_startup()
    by = founder_of(startup)
    old, taken = (teams.invite(startup, by=by, name="Rina") for _number in range(2))
    Invitation.objects.filter(pk=old.pk).update(expires_at=clock.now() - timedelta(minutes=1))
    teams.withdraw_invitation(taken, by=by)
    for one in (old, taken):
        with pytest.raises(Refused, match="too old"):
            teams.join(one, by=make_person())


def test_the_last_one_of_a_team_stays() -> None:
    startup = make_startup()
    with pytest.raises(Refused, match="You are the last one"):
        teams.leave(startup, by=founder_of(startup))


def test_strangers_see_nothing_of_a_team_or_an_application() -> None:
    application = make_application(make_call())
    client = signed_in(make_person())
    for url in (
        page("startup_application", startup_application=application.number),
        page("startup_team", startup=application.startup.number),
        page("startup", startup=application.startup.number),
        page("startup_quarters", startup=application.startup.number),
    ):
        assert client.get(url).status_code == 404, url
