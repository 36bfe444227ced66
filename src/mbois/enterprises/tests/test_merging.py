"""Two records become one: shown before, nothing lost, undone within 30 days."""

from datetime import date, timedelta

import pytest
from tests.factories import BATU, MALANG, make_nik, make_person, make_village

from mbois import clock
from mbois.enterprises import duplicates
from mbois.enterprises.merge import better_winner, final, merge, preview, preview_undo, relations, undo
from mbois.enterprises.merge.differences import FIELDS, OF_THE_RECORD
from mbois.enterprises.merge.relations import _registered
from mbois.enterprises.models import DuplicatePair, Enterprise, Licence, Merge, Owner
from mbois.enterprises.tests.factories import make_enterprise
from mbois.people.models import Notification, Role
from mbois.people.notifications import text_of
from mbois.refused import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return make_person(role=Role.AGENCY_OFFICER, region=MALANG)


@pytest.fixture
def pair():
    owner = make_person("Sri Wahyuni")
    village = make_village(name="Kauman")
    winner = make_enterprise(
        name="Keripik Tempe Bu Sri", owner=owner, village=village, rt="01", capital=5_000_000
    )
    loser = make_enterprise(
        name="Kripik Tempe Sri", owner=owner, nik="", village=village, nib="1234567890123"
    )
    return winner, loser


def take(winner, loser, by, **choices):
    """Merge after looking; what is not said is taken from the winner."""
    plan = preview(winner, loser, by=by)
    chosen = {difference.name: "winner" for difference in plan.choices} | choices
    return merge(winner, loser, choices=chosen, seen=plan.seen, by=by)


def licence(enterprise, number, **more):
    return Licence.objects.create(
        region_id=enterprise.region_id,
        enterprise=enterprise,
        kind="pirt",
        number=number,
        recorded_by=enterprise.registered_by,
        **more,
    )


def everything(*rows):
    """What is stored of these rows, to compare."""
    return [type(row).objects.filter(pk=row.pk).values().get() for row in rows]


def test_the_preview_shows_what_moves_and_what_is_asked(pair, officer):
    winner, loser = pair
    licence(loser, "PIRT-1")
    plan = preview(winner, loser, by=officer)
    assert [d.name for d in plan.choices] == ["name"]
    assert {d.name for d in plan.taken} == {"nib"}
    [line] = plan.moving
    assert (line.title, line.titles) == ("Licences", ["P-IRT PIRT-1"])
    assert Enterprise.objects.get(pk=loser.pk).state == "verified"


def test_it_takes_the_chosen_values_and_what_only_one_says(pair, officer):
    winner, loser = pair
    paper = licence(loser, "PIRT-1")
    take(winner, loser, officer, name="loser")
    winner.refresh_from_db()
    loser.refresh_from_db()
    paper.refresh_from_db()
    assert (winner.name, winner.compared_name, winner.nib, winner.rt, winner.capital) == (
        "Kripik Tempe Sri",
        "kripik tempe sri",
        "1234567890123",
        "01",
        5_000_000,
    )
    assert paper.enterprise == winner
    assert (loser.state, loser.merged_into) == ("merged", winner)
    assert final(loser) == winner


def test_a_difference_must_be_chosen(pair, officer):
    winner, loser = pair
    plan = preview(winner, loser, by=officer)
    with pytest.raises(Refused, match="Choose which value") as refusal:
        merge(winner, loser, choices={}, seen=plan.seen, by=officer)
    assert refusal.value.field == "name"
    assert not Merge.objects.exists()


def test_nothing_is_merged_when_something_changed_since_the_look(pair, officer):
    winner, loser = pair
    plan = preview(winner, loser, by=officer)
    Enterprise.objects.filter(pk=winner.pk).update(address="Jl. Kawi 5")
    with pytest.raises(Refused, match="changed since"):
        merge(winner, loser, choices={"name": "winner"}, seen=plan.seen, by=officer)


def test_undoing_puts_everything_back_exactly(pair, officer):
    winner, loser = pair
    papers = [licence(loser, "PIRT-1"), licence(winner, "PIRT-2")]
    Owner.objects.filter(pk=winner.owner_id).update(phone="+6281234567890")
    duplicates.find_all(MALANG)
    rows = [winner, loser, *papers, winner.owner, loser.owner, *DuplicatePair.objects.all()]
    before = everything(*rows)
    done = take(winner, loser, officer, name="loser")
    assert everything(*rows) != before
    undo(done, by=officer)
    assert everything(*rows) == before
    done.refresh_from_db()
    assert done.undone_by == officer


def test_the_owners_are_told_of_it_and_of_its_end(pair, officer):
    winner, loser = pair
    done = take(winner, loser, officer, name="winner")
    undo(done, by=officer)
    for person in {winner.owner.person, loser.owner.person}:
        told = Notification.objects.filter(person=person).order_by("pk")
        assert [one.key for one in told] == ["enterprises/merged", "enterprises/merge_undone"]
        assert loser.number in text_of(told[0]).body


def test_what_changed_since_is_kept_and_named(pair, officer):
    winner, loser = pair
    done = take(winner, loser, officer, name="loser")
    Enterprise.objects.filter(pk=winner.pk).update(name="Keripik Sanan", compared_name="keripik sanan")
    added = licence(winner, "PIRT-9")
    done.refresh_from_db()
    shown = preview_undo(done, by=officer)
    assert (shown.kept, shown.values) == (["Name"], ["NIB"])
    undo(done, by=officer)
    winner.refresh_from_db()
    loser.refresh_from_db()
    added.refresh_from_db()
    assert (winner.name, winner.nib) == ("Keripik Sanan", "")
    assert (loser.state, loser.nib) == ("verified", "1234567890123")
    assert added.enterprise == winner


def test_the_same_licence_on_both_stays_one_and_loses_nothing(pair, officer):
    winner, loser = pair
    ours = licence(winner, "PIRT-1", issuer="Dinkes", expires_on=date(2027, 1, 1))
    theirs = licence(loser, "PIRT-1", issued_on=date(2022, 1, 1), expires_on=date(2028, 1, 1))
    plan = preview(winner, loser, by=officer)
    asked = [d.name for d in plan.choices]
    assert asked == ["name", f"enterprises.Licence.enterprise:{ours.pk}:expires_on"]
    done = take(winner, loser, officer, **{asked[1]: "loser"})
    ours.refresh_from_db()
    theirs.refresh_from_db()
    assert (ours.issuer, ours.issued_on, ours.expires_on) == ("Dinkes", date(2022, 1, 1), date(2028, 1, 1))
    assert theirs.enterprise == loser
    undo(done, by=officer)
    ours.refresh_from_db()
    assert (ours.issued_on, ours.expires_on) == (None, date(2027, 1, 1))


def test_two_owners_are_chosen_by_a_person_with_numbers_masked(officer):
    village = make_village(name="Kauman")
    winner = make_enterprise(name="Sate", owner_name="Budi", nik=make_nik(), village=village)
    loser = make_enterprise(name="Sate", owner_name="Budi", nik=make_nik(), village=village)
    plan = preview(winner, loser, by=officer)
    [asked] = plan.choices
    assert asked.name == "owner" and "••••" in asked.winner and asked.taken == "winner"
    assert any("different NIKs" in warning for warning in plan.warnings)
    take(winner, loser, officer, owner="loser")
    winner.refresh_from_db()
    assert winner.owner_id == loser.owner_id


def test_it_warns_where_the_business_could_lose_its_owners_number(officer):
    with_number = make_enterprise(name="Bakso", owner=make_person("Sri"), nik=make_nik())
    without = make_enterprise(name="Bakso", owner=make_person("Yuli"), nik="")
    assert any(
        with_number.number in warning for warning in preview(without, with_number, by=officer).warnings
    )


def test_the_owner_with_a_number_is_proposed_and_learns_what_the_other_record_knows(officer):
    winner = make_enterprise(name="Sate", owner_name="Bu Sri", nik="", owner_phone="081234567890")
    loser = make_enterprise(name="Sate", owner_name="Sri", nik=make_nik())
    plan = preview(winner, loser, by=officer)
    assert [(d.name, d.taken) for d in plan.choices] == [("owner", "loser")]
    done = take(winner, loser, officer, owner="loser")
    kept = Owner.objects.get(pk=loser.owner_id)
    assert kept.phone == "+6281234567890"
    undo(done, by=officer)
    kept.refresh_from_db()
    assert kept.phone == ""


def test_undoing_keeps_who_had_found_the_two_different(pair, officer):
    left, right = sorted(pair, key=lambda one: one.pk)
    row = DuplicatePair.objects.create(region_id=MALANG, left=left, right=right, score=0.9)
    duplicates.keep_apart(row, by=officer)
    before = everything(row)
    undo(take(*pair, make_person(role=Role.REGION_ADMIN, region=MALANG)), by=officer)
    assert everything(row) == before


def test_it_cannot_be_undone_after_thirty_days_nor_twice(pair, officer):
    done = take(*pair, officer)
    Merge.objects.filter(pk=done.pk).update(made_at=clock.now() - timedelta(days=30, minutes=1))
    with pytest.raises(Refused, match="30 days"):
        undo(done, by=officer)
    Merge.objects.filter(pk=done.pk).update(made_at=clock.now() - timedelta(days=29))
    undo(done, by=officer)
    with pytest.raises(Refused, match="undone already"):
        undo(done, by=officer)


def test_it_can_be_merged_again_after_undoing(pair, officer):
    undo(take(*pair, officer), by=officer)
    winner, loser = (Enterprise.objects.get(pk=one.pk) for one in pair)
    take(loser, winner, officer)
    assert final(Enterprise.objects.get(pk=winner.pk)) == loser


def test_a_number_taken_meanwhile_forbids_undoing(pair, officer):
    winner, loser = pair
    done = take(winner, loser, officer)
    Enterprise.objects.filter(pk=winner.pk).update(nib="")
    make_enterprise(nib="1234567890123")
    with pytest.raises(Refused, match="now used by another"):
        undo(done, by=officer)
    loser.refresh_from_db()
    assert loser.state == "merged"


def test_a_chain_leads_to_its_end_and_is_undone_from_there(pair, officer):
    first, second = pair
    third = make_enterprise(name="Keripik Sanan", village=second.village)
    paper = licence(second, "PIRT-1")
    one = take(first, second, officer)
    two = take(third, Enterprise.objects.get(pk=first.pk), officer)
    second.refresh_from_db()
    assert final(second) == third
    one.refresh_from_db()
    with pytest.raises(Refused, match="Undo that merge first"):
        undo(one, by=officer)
    undo(two, by=officer)
    undo(Merge.objects.get(pk=one.pk), by=officer)
    paper.refresh_from_db()
    assert paper.enterprise == second


def test_what_cannot_be_merged(pair, officer):
    winner, loser = pair
    elsewhere = make_enterprise(region=BATU)
    with pytest.raises(Refused, match="into itself"):
        preview(winner, winner, by=officer)
    with pytest.raises(Refused, match="two regions"):
        preview(winner, elsewhere, by=officer)
    take(winner, loser, officer)
    loser.refresh_from_db()
    for left, right in ((loser, make_enterprise()), (make_enterprise(), loser)):
        with pytest.raises(Refused, match="has been merged into " + winner.number):
            preview(left, right, by=officer)


@pytest.mark.parametrize("role", [Role.VILLAGE_OFFICER, Role.TELLER, Role.AUDITOR, Role.EXECUTIVE])
def test_only_stewards_merge(pair, role):
    with pytest.raises(Refused) as refusal:
        preview(*pair, by=make_person(role=role, region=MALANG))
    assert refusal.value.status == 403


def test_a_steward_of_another_region_may_not(pair):
    with pytest.raises(Refused) as refusal:
        preview(*pair, by=make_person(role=Role.REGION_ADMIN, region=BATU))
    assert refusal.value.status == 403


def test_every_reference_to_an_enterprise_is_known_by_name():
    assert [one.label for one in relations() if one.how is None] == [], (
        "Say with merge.register_relation, in the room's apps.py, what a merge does with these."
    )


def test_every_field_is_compared_or_belongs_to_the_record():
    fields = {field.name for field in Enterprise._meta.concrete_fields}
    assert fields == {name for names in FIELDS.values() for name in names} | OF_THE_RECORD


def test_an_unknown_reference_makes_it_refuse_and_is_named(pair, officer, monkeypatch):
    monkeypatch.delitem(_registered, "enterprises.Licence.enterprise")
    with pytest.raises(Refused, match=r"enterprises\.Licence\.enterprise"):
        preview(*pair, by=officer)


def test_the_verified_one_is_proposed_to_stay():
    waiting, verified = make_enterprise(state="submitted"), make_enterprise()
    assert better_winner(waiting, verified) == verified
    older, newer = make_enterprise(), make_enterprise()
    assert better_winner(newer, older) == older


def test_the_story_of_both_tells_of_the_merge_and_its_undoing_in_words(pair, officer, client):
    winner, loser = pair
    licence(loser, "PIRT-1")
    client.force_login(officer)
    undo(take(winner, loser, officer), by=officer)
    of_winner = client.get(winner.get_absolute_url()).content.decode()
    of_loser = client.get(loser.get_absolute_url()).content.decode()
    assert f"{loser.name} ({loser.number}) was merged into this business" in of_winner
    assert f"The merge with {loser.name} ({loser.number}) was undone" in of_winner
    assert f"Merged into {winner.name} ({winner.number})" in of_loser
    assert "Merged into: " not in of_loser and "→ Merged" not in of_loser
    client.force_login(winner.owner.person)  # the owner of both sees both
    assert loser.name in client.get(winner.get_absolute_url()).content.decode()


def test_who_may_not_see_the_other_reads_its_number_only(officer, client):
    winner, loser = make_enterprise(name="Keripik Sri"), make_enterprise(name="Keripik Tini")
    undo(take(winner, loser, officer), by=officer)
    client.force_login(winner.owner.person)
    seen = client.get(winner.get_absolute_url()).content.decode()
    assert f"The merge with {loser.number} was undone" in seen and "Keripik Tini" not in seen
