"""Mentors, diagnoses and mentorships that tests need."""

import uuid
from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse
from tests.factories import MALANG

from mbois import clock
from mbois.enterprises.models import Enterprise
from mbois.enterprises.tests.factories import make_enterprise
from mbois.mentoring import questionnaires
from mbois.mentoring.actions.diagnoses import send_diagnosis
from mbois.mentoring.actions.matching import accept_as_mentor, accept_as_owner, propose
from mbois.mentoring.actions.sessions import Report, record_session
from mbois.mentoring.models import Diagnosis, MentorProfile, Mentorship, Session, SessionReport
from mbois.people.models import Person, Role
from mbois.people.tests.factories import make_person


def signed_in(person: Person) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


def page(name: str, **kwargs: object) -> str:
    return reverse(name, kwargs=kwargs)


def all_answers(value: int = 0, **some: int) -> dict[str, object]:
    """Every question answered with `value`, but for `some`."""
    content = questionnaires.content_of(questionnaires.current())
    return {key: some.get(key, value) for key in content.questions}


def make_questionnaire() -> None:
    questionnaires.load_shipped()


def make_diagnosis(
    enterprise: Enterprise, *, value: int = 0, by: Person | None = None, **some: int
) -> Diagnosis:
    """A diagnosis that was sent."""
    make_questionnaire()
    return send_diagnosis(enterprise, all_answers(value, **some), by=by or enterprise.owner.person)


def form(**fields: Any) -> dict[str, Any]:
    """The fields of the page of questions."""
    return {f"q-{key}": value for key, value in fields.items()}


def make_mentor(
    region: str = MALANG, *, skills: tuple[str, ...] = ("photo", "marketplace"), **fields: Any
) -> MentorProfile:
    """A mentor of a region with a profile."""
    person = fields.pop("person", None) or make_person(role=Role.MENTOR, region=region)
    membership = person.memberships.get(role=Role.MENTOR)
    return MentorProfile.objects.create(
        region_id=region,
        person=person,
        organisation=membership.organisation,
        skills=list(skills),
        languages=["id", "jv"],
        **fields,
    )


def make_proposal(
    enterprise: Enterprise | None = None,
    mentor: MentorProfile | None = None,
    *,
    by: Person | None = None,
    value: int = 0,
) -> Mentorship:
    """A mentor proposed by a coordinator (or asked for by `by`) for an enterprise with a diagnosis."""
    enterprise = enterprise or make_enterprise()
    if not Diagnosis.objects.filter(enterprise=enterprise).sent().exists():
        make_diagnosis(enterprise, value=value)
    mentor = mentor or make_mentor(enterprise.region_id)
    by = by or make_person(role=Role.COORDINATOR, region=enterprise.region_id)
    return propose(enterprise, mentor, by=by)


def make_mentorship(
    enterprise: Enterprise | None = None, mentor: MentorProfile | None = None, *, value: int = 0
) -> Mentorship:
    """A mentorship under way."""
    proposed = make_proposal(enterprise, mentor, value=value)
    accept_as_mentor(proposed, by=proposed.mentor.person)
    return accept_as_owner(proposed, by=proposed.enterprise.owner.person)


def make_session(mentorship: Mentorship, *, days: int = 1, **fields: Any) -> Session:
    """A session of a mentorship, `days` from now."""
    told: dict[str, Any] = {"kind": "visit", "minutes": 60, "topic": "Foto produk"}
    return Session.objects.create(
        region_id=mentorship.region_id,
        mentorship=mentorship,
        starts_at=clock.now() + timedelta(days=days),
        planned_by=mentorship.mentor.person,
        **(told | fields),
    )


def make_report(session: Session, *, attended: bool = True, **fields: Any) -> SessionReport:
    """A session that was recorded."""
    told: dict[str, Any] = {"notes": "Memotret tiga produk." if attended else "", "held_at": clock.now()}
    report = Report(client_id=uuid.uuid4(), attended=attended, **(told | fields))
    return record_session(session, report, by=session.mentorship.mentor.person)[0]
