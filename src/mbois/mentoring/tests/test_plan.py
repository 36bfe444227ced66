"""Steps prove themselves, or by what is handed in and checked; nothing is ticked by hand."""

import uuid
from datetime import timedelta

import pytest
from django.db import transaction

from mbois import clock
from mbois.enterprises.models import Licence
from mbois.mentoring.actions.cashbook import Entry, take_back, write_entry
from mbois.mentoring.actions.plans import add_step, check, drop_step, hand_in
from mbois.mentoring.library import steps as step_kinds
from mbois.mentoring.models import CashEntry, Evidence, Mentorship, PlanStep
from mbois.mentoring.plan import standing_of, standings
from mbois.mentoring.tests.factories import make_mentorship, page, signed_in
from mbois.people.models import Role
from mbois.people.tests.factories import make_person, picture
from mbois.refused import Refused

pytestmark = pytest.mark.django_db


def state(mentorship: Mentorship, key: str) -> str:
    return next(row.state for row in standing_of(mentorship) if row.step.key == key)


def step(mentorship: Mentorship, key: str) -> PlanStep:
    found = PlanStep.objects.select_related(
        "mentorship__enterprise__owner__person", "mentorship__mentor__person"
    )
    return found.get(mentorship=mentorship, key=key)


def test_the_first_plan_follows_the_diagnosis() -> None:
    keys = {row.step.key for row in standing_of(make_mentorship(value=0))}
    assert {"nib", "pirt", "photos", "shop", "cash_book"} <= keys
    assert standing_of(make_mentorship(value=2)) == []


def test_a_recorded_licence_ticks_its_step() -> None:
    mentorship = make_mentorship()
    assert state(mentorship, "pirt") == "open"
    Licence.objects.create(
        region_id=mentorship.region_id,
        enterprise=mentorship.enterprise,
        kind=Licence.Kind.PIRT,
        number="2063573010001",
        issued_on=clock.today(),
        recorded_by=mentorship.mentor.person,
    )
    assert state(mentorship, "pirt") == "done"


def test_an_expired_licence_does_not() -> None:
    mentorship = make_mentorship()
    Licence.objects.create(
        region_id=mentorship.region_id,
        enterprise=mentorship.enterprise,
        kind=Licence.Kind.PIRT,
        number="2063573010001",
        issued_on=clock.today() - timedelta(days=2000),
        expires_on=clock.today() - timedelta(days=1),
        recorded_by=mentorship.mentor.person,
    )
    assert state(mentorship, "pirt") == "open"


def test_an_nib_recorded_later_counts_from_then() -> None:
    mentorship = make_mentorship()
    enterprise = mentorship.enterprise
    enterprise.nib = "1234567890123"
    enterprise.save()
    row = next(row for row in standing_of(mentorship) if row.step.key == "nib")
    assert row.state == "done" and row.day == clock.today()


def test_twelve_days_of_the_cash_book_prove_themselves_and_taking_back_unproves() -> None:
    mentorship = make_mentorship()
    enterprise, owner = mentorship.enterprise, mentorship.enterprise.owner.person
    for days in range(12):
        day = clock.today() - timedelta(days=days)
        write_entry(enterprise, Entry(uuid.uuid4(), "sale", 10_000, day), by=owner)
        assert state(mentorship, "cash_book") == ("done" if days == 11 else "open")
    take_back(CashEntry.objects.order_by("-pk")[0], by=owner)
    assert state(mentorship, "cash_book") == "open"


def test_the_owner_hands_in_and_the_mentor_checks() -> None:
    mentorship = make_mentorship()
    owner, mentor = signed_in(mentorship.enterprise.owner.person), signed_in(mentorship.mentor.person)
    photos = step(mentorship, "photos")
    owner.post(page("plan_step", plan_step=photos.pk), {"file": picture(), "note": "Tiga foto"})
    evidence = Evidence.objects.get()
    assert state(mentorship, "photos") == "waiting"
    assert mentor.get(page("evidence_file", evidence=evidence.pk)).status_code == 200
    no_reason = mentor.post(page("evidence_check", evidence=evidence.pk), {"accepted": "no"})
    assert no_reason.status_code == 422 and "Say what is missing" in no_reason.content.decode()
    mentor.post(page("evidence_check", evidence=evidence.pk), {"accepted": "no", "remark": "Terlalu gelap"})
    assert state(mentorship, "photos") == "returned"
    hand_in(photos, by=mentorship.enterprise.owner.person, note="Sudah diulang")
    check(Evidence.objects.order_by("-pk")[0], by=mentorship.mentor.person, accepted=True)
    assert state(mentorship, "photos") == "done"


def test_evidence_is_checked_once_and_never_rewritten() -> None:
    mentorship = make_mentorship()
    evidence = hand_in(step(mentorship, "photos"), by=mentorship.enterprise.owner.person, note="Sudah")
    check(evidence, by=mentorship.mentor.person, accepted=True)
    with pytest.raises(Refused, match="checked already"):
        check(evidence, by=mentorship.mentor.person, accepted=False, remark="tidak jadi")
    for change in ({"accepted": False}, {"note": "lain"}):
        with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
            Evidence.objects.filter(pk=evidence.pk).update(**change)


def test_an_owner_does_not_check_their_own() -> None:
    mentorship = make_mentorship()
    owner = mentorship.enterprise.owner.person
    evidence = hand_in(step(mentorship, "photos"), by=owner, note="Sudah")
    with pytest.raises(Refused):
        check(evidence, by=owner, accepted=True)


def test_a_script_in_a_file_is_refused() -> None:
    from django.core.files.base import ContentFile

    mentorship = make_mentorship()
    owner = signed_in(mentorship.enterprise.owner.person)
    bad = ContentFile(b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", name="foto.jpg")
    answer = owner.post(page("plan_step", plan_step=step(mentorship, "photos").pk), {"file": bad})
    assert answer.status_code == 422 and not Evidence.objects.exists()


def test_steps_are_added_once_and_taken_out() -> None:
    mentorship = make_mentorship(value=2)
    mentor = signed_in(mentorship.mentor.person)
    added = mentor.post(page("plan_step_add", mentorship=mentorship.number), {"key": "halal"}, follow=True)
    assert "Get the halal certificate" in added.content.decode()
    with pytest.raises(Refused, match="in the plan already"):
        add_step(mentorship, by=mentorship.mentor.person, key="halal")
    mentor.post(page("plan_step_drop", plan_step=step(mentorship, "halal").pk))
    assert standing_of(mentorship) == []


def test_a_late_step_says_so() -> None:
    mentorship = make_mentorship()
    PlanStep.objects.filter(key="photos").update(due_on=clock.today() - timedelta(days=1))
    assert state(mentorship, "photos") == "late"


def test_nothing_is_handed_in_for_a_step_that_was_taken_out() -> None:
    mentorship = make_mentorship()
    step = mentorship.steps.first()
    assert step is not None
    drop_step(step, by=mentorship.mentor.person)
    with pytest.raises(Refused, match="taken out of the plan"):
        hand_in(step, by=mentorship.enterprise.owner.person, note="Sudah")


def test_many_plans_cost_as_much_as_one(django_assert_max_num_queries: object) -> None:
    many = [make_mentorship() for _one in range(4)]
    with django_assert_max_num_queries(9):  # type: ignore[operator]
        found = standings(many)
    assert all(len(found[one.pk]) >= 5 for one in many)


def test_a_stranger_opens_no_evidence() -> None:
    mentorship = make_mentorship()
    evidence = hand_in(
        step(mentorship, "photos"), by=mentorship.enterprise.owner.person, upload=picture(), note=""
    )
    for person in (make_person(), make_person(role=Role.MENTOR), make_person(role=Role.TELLER)):
        assert signed_in(person).get(page("evidence_file", evidence=evidence.pk)).status_code == 404


def test_the_mentor_reads_which_step_each_proof_is_for() -> None:
    mentorship = make_mentorship()
    for key in ("photos", "nib"):
        hand_in(step(mentorship, key), by=mentorship.enterprise.owner.person, note="Sudah")
    day = signed_in(mentorship.mentor.person).get(page("mentor_day")).content.decode()
    name = mentorship.enterprise.name
    for title in ("Get an NIB", str(step_kinds()["photos"].name)):
        assert f"<b>{name}</b>: {title}" in day
