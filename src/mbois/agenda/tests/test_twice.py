"""A second registration of the same address, and the names of those who come along."""

import uuid
from typing import Any

import pytest
from django.core import mail

from mbois.agenda.models import Activity, Letter, Registration
from mbois.agenda.telling import send_letters
from mbois.agenda.tests.factories import make_activity, make_registration, signed_in, visitor
from mbois.agenda.tests.test_api import ANI, post
from mbois.people.models import Notification
from mbois.people.tests.factories import make_person
from mbois.refused import Refused

pytestmark = pytest.mark.django_db


def form_of(activity: Activity, client: Any = None, **some: Any) -> Any:
    body = {"name": "Ani", "email": "ani@contoh.id", "places": 1, "client_key": uuid.uuid4()} | some
    return (client or visitor()).post(f"{activity.get_absolute_url()}daftar/", body)


def told(registration: Registration) -> list[str]:
    return list(Letter.objects.filter(registration=registration).order_by("pk").values_list("key", flat=True))


def test_the_page_makes_no_second_one_and_sends_the_way_to_the_first() -> None:
    activity = make_activity(quota=5)
    form_of(activity)
    first = Registration.objects.get()
    answer = form_of(activity, name="Siapa saja", email="ANI@contoh.id")
    page = answer.content.decode()
    assert answer.status_code == 422 and "cannot be used once more" in page
    assert first.secret not in page and first.get_absolute_url() not in page
    assert Registration.objects.get() == first
    form_of(activity)
    assert told(first) == ["confirmed", "already"]
    send_letters(activity.region_id, first.secret)
    assert first.get_absolute_url() in mail.outbox[-1].body and mail.outbox[-1].to == ["ani@contoh.id"]


def test_what_was_given_up_is_no_registration_any_more() -> None:
    from mbois.agenda.actions.keeping import cancel

    activity = make_activity()
    cancel(make_registration(activity, email="ani@contoh.id").registration)
    assert form_of(activity).status_code == 302


def test_sending_the_same_form_twice_is_still_one_registration() -> None:
    activity, key = make_activity(), uuid.uuid4()
    assert form_of(activity, client_key=key).url == form_of(activity, client_key=key).url
    assert told(Registration.objects.get()) == ["confirmed"]


def test_an_organiser_may_let_an_address_register_several_times() -> None:
    activity = make_activity(several=True, most_places=2)
    assert form_of(activity).status_code == form_of(activity).status_code == 302
    assert form_of(activity).status_code == 422
    assert Registration.objects.count() == 2


def test_a_program_that_registers_an_address_again_has_its_mailbox_told() -> None:
    activity = make_activity()
    assert post(activity, ANI, key="satu").status_code == 201
    answer = post(activity, ANI, key="dua")
    assert answer.status_code == 201
    first, second = Registration.objects.order_by("number")
    assert first.secret not in answer.content.decode()
    send_letters(activity.region_id, second.secret)
    assert first.get_absolute_url() in mail.outbox[-1].body


def test_the_way_to_an_earlier_one_is_for_its_mailbox_and_no_inbox() -> None:
    activity, stranger = make_activity(), make_person()
    first = make_registration(activity, email="ani@contoh.id").registration
    second = make_registration(activity, email="ani@contoh.id", person=stranger).registration
    send_letters(activity.region_id, second.secret)
    assert first.get_absolute_url() in mail.outbox[-1].body
    assert first.secret not in str(Notification.objects.get(person=stranger).context)


def test_who_is_signed_in_sees_that_they_are_registered() -> None:
    activity, ani = make_activity(), make_person("Ani")
    first = make_registration(activity, person=ani).registration
    page = signed_in(ani).get(f"{activity.get_absolute_url()}daftar/").content.decode()
    assert "You are registered already." in page and first.get_absolute_url() in page
    other = signed_in(make_person()).get(f"{activity.get_absolute_url()}daftar/").content.decode()
    assert "You are registered already." not in other


def test_too_many_names_are_said_beside_the_field_and_nothing_typed_is_lost() -> None:
    activity = make_activity()
    answer = form_of(activity, places=2, names="Budi\nCici\nDodi", phone="0812 3456 7890")
    page = answer.content.decode()
    assert answer.status_code == 422 and not Registration.objects.exists()
    assert "Names written here: 3; people who come with you: 1." in page
    for typed in ("Ani", "ani@contoh.id", "Budi\nCici\nDodi", "0812 3456 7890"):
        assert typed in page
    assert answer.context["form"].errors.get("names")


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("Budi\nCici", ["Budi", "Cici"]),
        (" Budi ,  Cici \n\n", ["Budi", "Cici"]),
        ("Budi Santoso, S.Kom.\nCici, M.T.", ["Budi Santoso, S.Kom.", "Cici, M.T."]),
        ("Budi,", ["Budi", ""]),
        ("", ["", ""]),
    ],
)
def test_names_come_one_a_line_and_a_degree_stays_with_its_name(typed: str, names: list[str]) -> None:
    activity = make_activity()
    assert form_of(activity, places=3, names=typed).status_code == 302
    assert [one.name for one in Registration.objects.get().tickets.order_by("number")] == ["Ani", *names]


def test_no_way_in_drops_a_name() -> None:
    activity = make_activity()
    with pytest.raises(Refused) as refused:
        make_registration(activity, places=2, names=["Budi", "Cici"])
    assert refused.value.field == "names"
    with pytest.raises(Refused, match="longer than 120"):
        make_registration(activity, places=2, names=["x" * 121])
    assert not Registration.objects.exists()


def test_a_lost_key_of_the_form_is_nobodys_mistake() -> None:
    for key in ("", "bukan-kunci"):
        activity = make_activity()
        answer = form_of(activity, client_key=key)
        assert answer.status_code == 302 and "Client key" not in answer.content.decode()
