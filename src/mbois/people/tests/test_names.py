"""What may be the name of a person."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.urls import reverse

from mbois.people import actions
from mbois.people.actions.members import _find_or_invite
from mbois.people.models import Person
from mbois.people.names import clean_person_name, validate_person_name
from mbois.people.tests.factories import make_person
from mbois.refused import Refused


@pytest.mark.parametrize("name", ["Siti", "M. Sa'id", "R.A. Kartini", "Nur-Aini 2", "H. Ma’ruf", "Ö", "李"])
def test_a_name_of_one_word_or_with_signs_stays(name):
    assert clean_person_name(f"  {name} ") == name
    validate_person_name(name)


@pytest.mark.parametrize("name", ["3573", "0812 3456", "12-34", "...", "٣٥"])
def test_digits_and_signs_are_no_name(name):
    with pytest.raises(Refused, match="has letters"):
        clean_person_name(name)
    with pytest.raises(ValidationError, match="has letters"):
        validate_person_name(name)


@pytest.mark.django_db
def test_nobody_is_registered_or_invited_under_a_number():
    officer = make_person(role="agency_officer")
    with pytest.raises(Refused, match="has letters"):
        actions.register_person("0812 3456", by=officer)
    with pytest.raises(Refused, match="has letters"):
        _find_or_invite("0812 3456", "+6281234567890", "")
    assert list(Person.objects.all()) == [officer]


@pytest.mark.django_db
def test_one_is_not_renamed_to_a_number(client):
    dewi = make_person("Dewi")
    client.force_login(dewi)
    answer = client.post(reverse("profile"), {"name": "12345", "language": "en"})
    page = answer.content.decode()
    assert answer.status_code == 422 and "has letters" in page and "12345" in page
    dewi.refresh_from_db()
    assert dewi.name == "Dewi"


@pytest.mark.django_db
def test_the_database_keeps_no_name_of_digits():
    with pytest.raises(IntegrityError, match="person_has_a_name"):
        Person.objects.create_user(name="0812 3456")
