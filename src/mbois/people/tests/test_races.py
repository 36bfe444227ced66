"""Two at once, each on a connection of their own."""

import pytest
from django.core import mail
from tests.races import at_once

from mbois.people import actions, consents, notifications
from mbois.people.models import Consent, Delivery, Membership, Person
from mbois.people.tests.factories import make_person, make_region
from mbois.refused import Refused

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def test_a_slip_is_used_once():
    officer = make_person(role="village_officer")
    mother = actions.register_person("Bu Sumi", by=officer)
    claim = actions.open_claim(actions.issue_claim(mother, by=officer), "")
    results = at_once(
        *(
            lambda number=number: actions.claim_new_account(
                claim, phone=f"+62811111111{number}", password="rujak cingur 5"
            )
            for number in range(3)
        )
    )
    assert len([one for one in results if isinstance(one, Person)]) == 1
    assert len([one for one in results if isinstance(one, Refused)]) == 2


def test_two_admins_do_not_end_each_other():
    first, second = make_person(role="region_admin"), make_person(role="region_admin")
    results = at_once(
        lambda: actions.end_membership(second.memberships.get(), by=first),
        lambda: actions.end_membership(first.memberships.get(), by=second),
    )
    assert [type(one) for one in results].count(Refused) == 1
    assert Membership.objects.in_force().count() == 1


def test_two_workers_send_one_mail():
    notifications.notify(make_person(email="dewi@example.com"), "people/claimed", name="Bu Sumi")
    key = Delivery.objects.get().pk
    at_once(*(lambda: notifications.deliver(key) for _worker in range(3)))
    assert len(mail.outbox) == 1 and Delivery.objects.get().sent_at


def test_a_consent_ticked_twice_at_once_is_one():
    consents.load_texts()
    make_region()
    dewi = make_person("Dewi")
    results = at_once(
        *(
            lambda: actions.record_consent(dewi, "registry", region_id="35.73", by=dewi, method="self")
            for _tab in range(4)
        )
    )
    assert len({one.pk for one in results}) == 1
    assert Consent.objects.filter(person=dewi).count() == 1
