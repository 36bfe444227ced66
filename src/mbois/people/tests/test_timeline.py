"""What happened to a record, as people read it."""

import pghistory
import pytest

from mbois.people import actions, timeline
from mbois.people.models import Organisation
from mbois.people.tests.factories import make_organisation, make_person

pytestmark = pytest.mark.django_db


def test_it_says_who_changed_what_from_where():
    dewi, budi = make_person("Dewi"), make_person("Budi")
    with pghistory.context(user=dewi.pk, ip="10.0.0.9", on_behalf_of=budi.pk):
        bank = make_organisation(kind="bank")
    with pghistory.context(user=budi.pk):
        bank.name, bank.kind = "BPR Tugu", "other"
        bank.save()
    changed, made = timeline.events_for(bank, addresses=True)
    assert (made.what, made.who, made.for_whom, made.address) == (
        "Organisation recorded",
        "Dewi",
        "Budi",
        "10.0.0.9",
    )
    assert changed.who == "Budi"
    assert [(c.field, c.old, c.new) for c in changed.changes] == [
        ("Name", "Bank 35.73", "BPR Tugu"),
        ("Kind", "Bank", "Other"),
    ]
    assert timeline.events_for(bank)[1].address == ""


def test_a_person_in_a_field_is_named():
    officer = make_person("Rini", role="agency_officer")
    mother = actions.register_person("Bu Sumi", by=officer)
    mother.contact_phone = "+6281234567890"
    mother.save()
    changed, _made = timeline.events_for(mother)
    assert [(c.field, c.new) for c in changed.changes] == [("Phone to be reached at", "0812-3456-7890")]


def test_secrets_stay_secret():
    dewi = make_person()
    dewi.set_password("another password")
    dewi.phone_verified = False
    dewi.save()
    text = str(timeline.events_for(dewi))
    assert "another" not in text and "md5" not in text


def test_it_takes_few_queries_and_a_bounded_number(django_assert_max_num_queries):
    admin = make_person(role="region_admin")
    bank = make_organisation(kind="bank")
    for number in range(12):
        with pghistory.context(user=admin.pk):
            Organisation.objects.filter(pk=bank.pk).update(name=f"Bank {number}")
    with django_assert_max_num_queries(3):
        entries = timeline.events_for(bank, admin, admin.memberships.get(), most=10)
    assert len(entries) == 10
    assert "Bank 11" in [change.new for entry in entries for change in entry.changes]
    assert len(timeline.timeline(bank)) == 13
    assert timeline.events_for(None) == []
