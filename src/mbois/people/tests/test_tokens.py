"""Bearer tokens, and the command that prints one."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from mbois import clock
from mbois.people import tokens
from mbois.people.models import ApiToken, Membership, Organisation, Person
from mbois.people.tests.factories import make_person, make_region
from mbois.refused import Refused

pytestmark = pytest.mark.django_db


def printed(capsys, *arguments):
    call_command("token", *arguments)
    return capsys.readouterr().out.strip().splitlines()


def test_it_prints_the_token_alone_on_the_last_line(capsys):
    make_region()
    lines = printed(capsys, "--role", "teller", "--region", "35.73")
    assert lines[-1].startswith("mbois_") and " " not in lines[-1] and len(lines) > 1
    person = tokens.person_of(lines[-1])
    assert person.is_service and person.has_role("35.73", "teller") and not person.has_role("35.07", "teller")


def test_each_call_makes_its_own_person_in_one_organisation(capsys):
    make_region()
    first, second = (printed(capsys, "--role", "region-admin", "--region", "35.73")[-1] for _ in range(2))
    assert tokens.person_of(first) != tokens.person_of(second)
    assert {m.role for m in Membership.objects.all()} == {"region_admin"}
    assert Organisation.objects.count() == 1


def test_an_owner_has_no_membership(capsys):
    make_region()
    person = tokens.person_of(printed(capsys, "--role", "owner", "--region", "35.73", "--name", "Kasir")[-1])
    assert person.name == "Kasir" and not person.memberships.exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--role", "mayor", "--region", "35.73"], "no role mayor"),
        (["--role", "teller", "--region", "99.99"], "35.73"),
        (["--role", "teller", "--region", "35.73", "--expires-days", "0"], "between 1 and"),
    ],
)
def test_it_says_what_is_wrong(arguments, said):
    make_region()
    with pytest.raises(CommandError, match=said):
        call_command("token", *arguments)
    assert not Person.objects.exists()


def test_a_token_ends():
    dewi = make_person()
    token = tokens.make(dewi, expires_at=clock.now() + timedelta(days=1))
    assert tokens.person_of(token) == dewi
    ApiToken.objects.update(expires_at=clock.now())
    assert tokens.person_of(token) is None
    assert tokens.person_of("nonsense") is None


def test_a_token_is_revoked_by_its_owner_alone():
    dewi = make_person()
    token = tokens.make(dewi)
    row = ApiToken.objects.get()
    with pytest.raises(Refused, match="not your token"):
        tokens.revoke(row, by=make_person())
    tokens.revoke(row, by=dewi)
    assert tokens.person_of(token) is None


def test_only_its_hash_is_kept():
    token = tokens.make(make_person())
    assert token not in str(ApiToken.objects.values().get()) and ApiToken.objects.get().hint == token[-4:]


def test_a_person_who_was_shut_out_has_no_token():
    token = tokens.make(make_person(is_active=False))
    assert tokens.person_of(token) is None
