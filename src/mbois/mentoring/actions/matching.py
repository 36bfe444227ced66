"""Bringing a mentor and an enterprise together: proposed, accepted by both, ended."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from mbois import clock
from mbois.enterprises.models import Enterprise
from mbois.mentoring import policy
from mbois.mentoring.actions.plans import first_plan
from mbois.mentoring.matching import candidates
from mbois.mentoring.models import Diagnosis, MentorProfile, Mentorship, State
from mbois.people.models import Membership, Person, Role
from mbois.people.notifications import notify
from mbois.places.numbers import next_number
from mbois.refused import Refused, require


def url_of(mentorship: Mentorship) -> str:
    return f"/pendampingan/kasus/{mentorship.number}/"


def coordinators_of(region_id: str) -> list[Person]:
    """Who brings people together in a region."""
    members = Membership.objects.in_force().filter(region=region_id, role=Role.COORDINATOR)
    return [one.person for one in members.select_related("person")]


def _locked(mentorship: Mentorship) -> Mentorship:
    """The mentorship as it is now. The enterprise's row is locked first, so that two answers about one
    enterprise wait for each other instead of both holding what the other needs."""
    Enterprise.objects.select_for_update().only("pk").get(
        region=mentorship.region_id, pk=mentorship.enterprise_id
    )
    return (
        Mentorship.objects.select_for_update(of=("self",))
        .select_related("enterprise__owner__person", "enterprise__village", "mentor__person")
        .get(region=mentorship.region_id, pk=mentorship.pk)
    )


def _must_be(mentorship: Mentorship, *states: str) -> None:
    if mentorship.state not in states:
        raise Refused(
            _("This mentorship stands at “%(state)s”.") % {"state": mentorship.get_state_display()},
            code="moved_on",
            status=409,
        )


def is_full(mentorship: Mentorship) -> bool:
    """Whether a proposal waits for a mentor who has as many businesses as they can take."""
    here = Mentorship.objects.filter(region=mentorship.region_id, pk=mentorship.pk)
    return here.proposed().exists() and not here.with_room().exists()


def _must_have_room(mentorship: Mentorship) -> None:
    if is_full(mentorship):
        raise _full()


def _full() -> Refused:
    return Refused(_("The mentor has as many businesses as they can take."), code="full", status=409)


@transaction.atomic
def propose(enterprise: Enterprise, mentor: MentorProfile, *, by: Person) -> Mentorship:
    """Propose a mentor for an enterprise: by a coordinator, or asked for by the owner, whose yes that is.

    Refuses without a diagnosis, while another mentorship is under way, and when the mentor is full.
    """
    require(policy.can_ask_for_mentor(by, enterprise))
    Enterprise.objects.select_for_update().get(region=enterprise.region_id, pk=enterprise.pk)
    if mentor.region_id != enterprise.region_id:
        raise Refused(_("This mentor works in another region."), field="mentor")
    if mentor.person_id == enterprise.owner.person_id:
        raise Refused(_("Nobody mentors their own business."), field="mentor")
    here = Mentorship.objects.filter(region=enterprise.region_id, enterprise=enterprise)
    if here.active().exists():
        raise Refused(_("This business has a mentor already."), code="has_a_mentor", status=409)
    if here.proposed().filter(mentor=mentor).exists():
        raise Refused(_("This mentor is asked already."), code="asked", status=409)
    diagnosis = (
        Diagnosis.objects.filter(region=enterprise.region_id, enterprise=enterprise)
        .sent()
        .order_by("-sent_at")
        .first()
    )
    if diagnosis is None:
        raise Refused(_("Answer the 30 questions first: then the right mentor can be found."))
    fitting = MentorProfile.objects.filter(region=enterprise.region_id, pk=mentor.pk, is_open=True)
    found = candidates(
        enterprise, diagnosis, mentors=fitting.select_related("person", "organisation").with_load()
    )
    if not found:
        raise Refused(_("This mentor takes no other business now."), field="mentor", code="full", status=409)
    asked_by_owner = policy.owns(by, enterprise)
    mentorship = Mentorship.objects.create(
        region_id=enterprise.region_id,
        number=next_number("M", enterprise.region_id, year=clock.today().year),
        enterprise=enterprise,
        mentor=mentor,
        diagnosis=diagnosis,
        reasons=[one.kept() for one in found[0].reasons],
        proposed_by=by,
        owner_accepted_at=clock.now() if asked_by_owner else None,
        owner_answer_by=by if asked_by_owner else None,
    )
    notify(
        mentor.person,
        "mentoring/asked",
        url=url_of(mentorship),
        enterprise=enterprise.name,
        number=mentorship.number,
    )
    if not asked_by_owner:
        notify(
            enterprise.owner.person,
            "mentoring/proposed",
            url=url_of(mentorship),
            enterprise=enterprise.name,
            mentor=mentor.person.name,
        )
    return mentorship


@transaction.atomic
def accept_as_mentor(mentorship: Mentorship, *, by: Person) -> Mentorship:
    """The mentor says yes. Refuses when they are full."""
    locked = _locked(mentorship)
    require(policy.is_mentor(by, locked))
    _must_be(locked, State.PROPOSED)
    _must_have_room(locked)
    if locked.mentor_accepted_at is None:
        locked.mentor_accepted_at = clock.now()
        locked.save()
    return _begin_if_both(locked)


@transaction.atomic
def accept_as_owner(mentorship: Mentorship, *, by: Person, note: str = "") -> Mentorship:
    """The owner says yes; an officer who writes it down for them says how they heard it. Refuses when the
    mentor is full."""
    locked = _locked(mentorship)
    require(policy.can_answer_for_owner(by, locked))
    _must_be(locked, State.PROPOSED)
    _must_have_room(locked)
    if not policy.owns(by, locked.enterprise) and not note.strip():
        raise Refused(_("Write down how the owner said yes (at the office, by phone)."), field="note")
    if locked.owner_accepted_at is None:
        locked.owner_accepted_at = clock.now()
        locked.owner_answer_by = by
        locked.owner_answer_note = note.strip()
        locked.save()
    return _begin_if_both(locked)


def _begin_if_both(mentorship: Mentorship) -> Mentorship:
    if not (mentorship.mentor_accepted_at and mentorship.owner_accepted_at):
        return mentorship
    enterprise = mentorship.enterprise
    mentorship.state = State.ACTIVE
    mentorship.began_on = clock.today()
    try:
        with transaction.atomic():
            mentorship.save()
    except IntegrityError as error:
        if "mentorship_within_the_load" in str(error):
            raise _full() from None
        if "mentorship_one_active" in str(error):
            raise Refused(_("This business has a mentor already."), code="has_a_mentor", status=409) from None
        raise
    for other in Mentorship.objects.filter(region=enterprise.region_id, enterprise=enterprise).proposed():
        other.state = State.WITHDRAWN
        other.ended_on = clock.today()
        other.end_note = ""
        other.save()
    first_plan(mentorship, by=mentorship.mentor.person)
    notify(
        [enterprise.owner.person, mentorship.mentor.person],
        "mentoring/begun",
        url=url_of(mentorship),
        enterprise=enterprise.name,
        mentor=mentorship.mentor.person.name,
    )
    return mentorship


@transaction.atomic
def decline(mentorship: Mentorship, *, by: Person, note: str = "") -> Mentorship:
    """The mentor or the owner says no; whoever proposed it may take it back."""
    locked = _locked(mentorship)
    mentor, owner = policy.is_mentor(by, locked), policy.can_answer_for_owner(by, locked)
    require(mentor or owner or locked.proposed_by_id == by.pk)
    _must_be(locked, State.PROPOSED)
    says_no = mentor or policy.owns(by, locked.enterprise)
    locked.state = State.DECLINED if says_no else State.WITHDRAWN
    locked.ended_on = clock.today()
    locked.end_note = note.strip()
    locked.save()
    told = {*coordinators_of(locked.region_id), locked.enterprise.owner.person, locked.mentor.person} - {by}
    notify(
        told,
        "mentoring/declined",
        url=url_of(locked),
        enterprise=locked.enterprise.name,
        mentor=locked.mentor.person.name,
        by=by.name,
    )
    return locked


@transaction.atomic
def end(mentorship: Mentorship, *, by: Person, finished: bool, note: str) -> Mentorship:
    """Finish a mentorship, or stop it and say why."""
    locked = _locked(mentorship)
    require(policy.can_work_on(by, locked) or policy.owns(by, locked.enterprise))
    _must_be(locked, State.ACTIVE)
    if not finished and not note.strip():
        raise Refused(_("Say why it stops."), field="note")
    if finished and policy.owns(by, locked.enterprise):
        raise Refused(_("The mentor finishes it; you may stop it at any time."), field="finished")
    locked.state = State.FINISHED if finished else State.STOPPED
    locked.ended_on = clock.today()
    locked.end_note = note.strip()
    locked.save()
    locked.sessions.filter(region=locked.region_id, starts_at__gt=clock.now()).to_come().update(
        cancelled_at=clock.now(), cancel_reason=locked.state
    )
    told = {locked.enterprise.owner.person, locked.mentor.person, *coordinators_of(locked.region_id)} - {by}
    notify(
        told,
        "mentoring/ended",
        url=url_of(locked),
        enterprise=locked.enterprise.name,
        finished=finished,
        by=by.name,
    )
    return locked


@transaction.atomic
def save_profile(
    profile: MentorProfile | None,
    *,
    by: Person,
    person: Person,
    region_id: str,
    about: str,
    skills: list[str],
    areas: list[str],
    languages: list[str],
    hours_a_month: int,
    most_cases: int,
    is_open: bool,
) -> MentorProfile:
    """Make or change what a mentor brings: by the mentor, or by a coordinator of the region."""
    require(by.pk == person.pk or policy.can_coordinate(by, region_id))
    membership = (
        Membership.objects.in_force().filter(person=person, region=region_id, role=Role.MENTOR).first()
    )
    if membership is None:
        raise Refused(_("They are no mentor of this region yet: a region admin adds the role first."))
    if not skills:
        raise Refused(_("Choose at least one skill."), field="skills")
    profile = profile or MentorProfile(region_id=region_id, person=person)
    profile.organisation_id = membership.organisation_id
    profile.about, profile.skills, profile.areas, profile.languages = about, skills, areas, languages
    profile.hours_a_month, profile.most_cases, profile.is_open = hours_a_month, most_cases, is_open
    profile.save()
    return profile
