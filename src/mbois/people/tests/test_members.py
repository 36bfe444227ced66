"""Who works where, and who may say so."""

import pytest
from django.core.management import CommandError, call_command

from mbois.people import actions
from mbois.people.models import Membership, Notification, Person, Role
from mbois.people.tests.factories import make_organisation, make_person, make_region
from mbois.places.models import Area
from mbois.refused import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return make_person("Admin Kota", role="region_admin")


def test_an_admin_gives_a_role(admin):
    budi = make_person("Budi", phone="+628111")
    membership = actions.add_member(
        organisation=make_organisation(kind="bank"), role="teller", by=admin, phone="+628111"
    )
    assert membership.person == budi
    assert Person.objects.get(pk=budi.pk).has_role("35.73", "teller")
    assert Notification.objects.get(person=budi).key == "people/member_added"


def test_somebody_new_is_invited(admin):
    membership = actions.add_member(
        organisation=make_organisation(kind="bank"),
        role="teller",
        by=admin,
        email="Baru@Example.com",
        name="Baru",
    )
    assert membership.person.email == "baru@example.com" and not membership.person.has_usable_password()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"role": "mayor"}, "no such role"),
        ({"role": "agency_officer"}, "does not belong"),
        ({"role": "village_officer"}, "does not belong"),
        ({"phone": ""}, "phone number or an e-mail"),
        ({"name": ""}, "write their name"),
    ],
)
def test_it_refuses(admin, change, said):
    given = {"role": "teller", "phone": "+628222", "name": "Citra"} | change
    with pytest.raises(Refused, match=said):
        actions.add_member(organisation=make_organisation(kind="bank"), by=admin, **given)
    assert Membership.objects.count() == 1


def test_a_village_officer_serves_a_village_of_the_region(admin):
    office = make_organisation(kind="village")
    make_region("35.07")
    province = Area.objects.create(code="35", level="province", name="Jawa Timur")
    for code, region in (("35.73", "35.73"), ("35.07", "35.07")):
        Area.objects.create(code=code, level="regency", name=code, parent=province, region_id=region)
    with pytest.raises(Refused, match="village or district"):
        actions.add_member(
            organisation=office, role="village_officer", by=admin, phone="+628222", name="Citra"
        )
    with pytest.raises(Refused, match="another region"):
        actions.add_member(
            organisation=office,
            role="village_officer",
            by=admin,
            phone="+628222",
            name="Citra",
            area=Area.objects.get(pk="35.07"),
        )


def test_nobody_raises_themselves(admin):
    with pytest.raises(Refused, match="themselves"):
        actions.add_member(
            organisation=make_organisation(kind="bank"), role="approver", by=admin, phone=str(admin.phone)
        )


@pytest.mark.parametrize("role", [None, "agency_officer", "auditor", "executive"])
def test_others_give_no_role(role):
    bank = make_organisation(kind="bank")
    with pytest.raises(Refused, match="admin of the region"):
        actions.add_member(
            organisation=bank, role="teller", by=make_person(role=role), phone="+628222", name="C"
        )


def test_an_admin_of_another_region_gives_no_role():
    bank = make_organisation(kind="bank")
    with pytest.raises(Refused, match="admin of the region"):
        actions.add_member(
            organisation=bank,
            role="teller",
            by=make_person(role="region_admin", region="35.07"),
            phone="+628222",
        )


def test_a_role_ends_at_once(admin):
    teller = make_person(role="teller")
    actions.end_membership(teller.memberships.get(), by=admin)
    assert not Person.objects.get(pk=teller.pk).has_role("35.73", "teller")
    with pytest.raises(Refused, match="ended already"):
        actions.end_membership(teller.memberships.get(), by=admin)
    assert actions.add_member(
        organisation=make_organisation(kind="bank"), role="teller", by=admin, phone=str(teller.phone)
    )


def test_the_last_admin_stays(admin):
    second = make_person(role="region_admin")
    with pytest.raises(Refused, match="their own"):
        actions.end_membership(admin.memberships.get(), by=admin)
    actions.end_membership(admin.memberships.get(), by=second)
    stranger = make_person(role="region_admin", region="35.07")
    with pytest.raises(Refused, match="admin of the region"):
        actions.end_membership(second.memberships.get(), by=stranger)
    program = make_person(role="region_admin", is_service=True)
    with pytest.raises(Refused, match="last admin"):
        actions.end_membership(second.memberships.get(), by=program)


def test_two_people_do_not_share_a_phone_and_a_mail(admin):
    make_person(phone="+628111"), make_person(email="x@example.com")
    with pytest.raises(Refused, match="two different people"):
        actions.add_member(
            organisation=make_organisation(kind="bank"),
            role="teller",
            by=admin,
            phone="+628111",
            email="X@example.com",
        )


def test_a_mail_address_is_one_persons_in_any_case(admin):
    from django.db import IntegrityError

    make_person(email="dewi@example.com")
    with pytest.raises(IntegrityError):
        Person.objects.create(name="Other", email="Dewi@Example.com")


def test_a_new_installation_gets_its_first_admin_by_a_command(capsys):
    make_region("35.73")
    call_command(
        "member",
        region="35.73",
        email="Dewi@example.go.id",
        name="Dewi Lestari",
        organisation="Dinas Koperasi",
    )
    dewi = Person.objects.get(email="dewi@example.go.id")
    assert dewi.has_role("35.73", Role.REGION_ADMIN)
    assert "sign in by a code" in capsys.readouterr().out
    with pytest.raises(CommandError, match="has this role already"):
        call_command("member", region="35.73", email="dewi@example.go.id", organisation="Dinas Koperasi")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"region": "99.99"}, "no region"),
        ({"role": "king"}, "no role"),
        ({"email": "dewi"}, "no e-mail"),
        ({"email": ""}, "phone number or an e-mail"),
        ({"phone": "12"}, "no phone number"),
        ({"kind": "shop"}, "no kind"),
        ({"role": "village_officer", "kind": "village"}, "village or district"),
    ],
)
def test_the_command_says_what_is_wrong(change, said):
    make_region("35.73")
    given = {"region": "35.73", "email": "d@example.go.id", "name": "Dewi", "organisation": "Dinas"}
    with pytest.raises(CommandError, match=said):
        call_command("member", **given | change)
    assert not Person.objects.exists()
