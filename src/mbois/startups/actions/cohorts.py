"""Cohorts: opened with a curriculum, filled, helped by mentors, shown on a demo day."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from mbois import clock
from mbois.people import documents, occasions
from mbois.people.models import Membership, Person, Purpose, Role
from mbois.people.notifications import notify
from mbois.places.numbers import next_number
from mbois.refused import Refused, require
from mbois.startups import policy
from mbois.startups.actions.common import broke, not_too_far, team_of
from mbois.startups.curriculum import LESSONS, MILESTONES
from mbois.startups.models import (
    Application,
    Call,
    Cohort,
    DemoDay,
    Evidence,
    Lesson,
    Material,
    MentorPlace,
    Milestone,
    Participation,
    Startup,
    State,
)

MOST_WEEKS = 60


@transaction.atomic
def open_cohort(
    region_id: str,
    *,
    by: Person,
    name: str,
    begins_on: date,
    ends_on: date,
    call: Call | None = None,
    curriculum: bool = True,
) -> Cohort:
    """Open a cohort. With `curriculum` it begins with the sessions and milestones we ship, spread over its
    time; with a call, the startups accepted there are in it."""
    require(policy.manages(by, region_id))
    not_too_far(begins_on=begins_on, ends_on=ends_on)
    if ends_on <= begins_on:
        raise Refused(_("It ends after it begins."), field="ends_on")
    if (ends_on - begins_on).days > MOST_WEEKS * 7:
        raise Refused(_("A cohort lasts at most %(most)s weeks.") % {"most": MOST_WEEKS}, field="ends_on")
    try:
        with transaction.atomic():
            cohort = Cohort.objects.create(
                region_id=region_id,
                number=next_number("AK", region_id),
                name=" ".join(name.split()),
                call=call,
                begins_on=begins_on,
                ends_on=ends_on,
                made_by=by,
            )
    except IntegrityError as error:
        if not broke(error, "cohort_name"):
            raise
        raise Refused(_("There is a cohort of this name."), field="name") from None
    if curriculum:
        fill_curriculum(cohort)
    if call is not None:
        accepted = Application.objects.filter(region=region_id, call=call, state=State.ACCEPTED)
        add_startups(
            cohort,
            [one.startup for one in accepted.select_related("startup").order_by("pk")],
            by=by,
        )
    return cohort


def fill_curriculum(cohort: Cohort) -> None:
    """The shipped sessions and milestones, spread over the time of a cohort."""
    days = (cohort.ends_on - cohort.begins_on).days
    Lesson.objects.bulk_create(
        Lesson(
            region_id=cohort.region_id,
            cohort=cohort,
            stage=one.stage,
            title_id=one.title_id,
            title_en=one.title_en,
            about_id=one.about_id,
            about_en=one.about_en,
            starts_at=datetime.combine(
                cohort.begins_on + timedelta(days=round(days * one.at)), time(13), tzinfo=clock.JAKARTA
            ),
            minutes=one.minutes,
        )
        for one in LESSONS
    )
    Milestone.objects.bulk_create(
        Milestone(
            region_id=cohort.region_id,
            cohort=cohort,
            stage=goal.stage,
            title_id=goal.title_id,
            title_en=goal.title_en,
            proves_id=goal.proves_id,
            proves_en=goal.proves_en,
            due_on=cohort.begins_on + timedelta(days=round(days * goal.at)),
        )
        for goal in MILESTONES
    )


@transaction.atomic
def change_cohort(cohort: Cohort, *, by: Person, name: str, begins_on: date, ends_on: date) -> Cohort:
    """Another name or other days."""
    require(policy.manages(by, cohort.region_id))
    not_too_far(begins_on=begins_on, ends_on=ends_on)
    if ends_on <= begins_on:
        raise Refused(_("It ends after it begins."), field="ends_on")
    if (ends_on - begins_on).days > MOST_WEEKS * 7:
        raise Refused(_("A cohort lasts at most %(most)s weeks.") % {"most": MOST_WEEKS}, field="ends_on")
    cohort.name, cohort.begins_on, cohort.ends_on = " ".join(name.split()), begins_on, ends_on
    try:
        with transaction.atomic():
            cohort.save()
    except IntegrityError as error:
        if not broke(error, "cohort_name"):
            raise
        raise Refused(_("There is a cohort of this name."), field="name") from None
    return cohort


@transaction.atomic
def add_startups(cohort: Cohort, startups: Iterable[Startup], *, by: Person) -> int:
    """Take startups into a cohort; those in it already stay, one that left goes on where it was. Says how
    many came in."""
    require(policy.manages(by, cohort.region_id))
    count = 0
    for startup in startups:
        if startup.region_id != cohort.region_id:
            raise Refused(_("This startup belongs to another region."), field="startup")
        place, made = Participation.objects.select_for_update(of=("self",)).get_or_create(
            region_id=cohort.region_id, cohort=cohort, startup=startup, defaults={"added_by": by}
        )
        if not made and place.left_on is None:
            continue
        if not made:
            place.left_on, place.left_why = None, ""
            place.save(update_fields=["left_on", "left_why"])
        Startup.objects.filter(region=cohort.region_id, pk=startup.pk).update(since_cohort=True)
        notify(
            team_of(startup),
            "startups/in_cohort",
            url="/startup/saya/",
            startup=startup.name,
            cohort=cohort.name,
            begins=cohort.begins_on,
        )
        count += 1
    return count


@transaction.atomic
def let_go(participation: Participation, *, by: Person, why: str) -> Participation:
    """A startup leaves its cohort; what it did stays to be read."""
    require(policy.manages(by, participation.region_id))
    if not why.strip():
        raise Refused(_("Say why it leaves."), field="why")
    locked: Participation = Participation.objects.select_for_update(of=("self",)).get(
        region=participation.region_id, pk=participation.pk
    )
    if locked.left_on is None:
        locked.left_on, locked.left_why = clock.today(), why.strip()
        locked.save()
    return locked


def mentors_of(region_id: str) -> list[Person]:
    """Who may be asked to mentor in a region."""
    people = Membership.objects.in_force().filter(region=region_id, role=Role.MENTOR).values("person")
    return list(Person.objects.filter(pk__in=people, is_active=True).order_by("name", "pk"))


@transaction.atomic
def give_mentor(participation: Participation, mentor: Person, *, by: Person) -> MentorPlace:
    """A mentor for a startup; both are told."""
    require(policy.manages(by, participation.region_id))
    if not mentor.has_role(participation.region_id, Role.MENTOR):
        raise Refused(_("Choose one of the mentors of this region."), field="mentor")
    known = MentorPlace.objects.filter(
        region=participation.region_id, participation=participation, person=mentor, until=None
    ).first()
    if known is not None:
        return known
    try:
        with transaction.atomic():
            place = MentorPlace.objects.create(
                region_id=participation.region_id, participation=participation, person=mentor, added_by=by
            )
    except IntegrityError as error:
        if broke(error, "startup_nobody_mentors_their_own"):
            raise Refused(_("Nobody mentors their own team."), field="mentor") from None
        if broke(error, "startup_mentor_once"):
            return MentorPlace.objects.get(
                region=participation.region_id, participation=participation, person=mentor, until=None
            )
        raise
    startup = participation.startup
    notify(
        [mentor, *team_of(startup)],
        "startups/mentor",
        url=f"/startup/inkubasi/{participation.pk}/",
        startup=startup.name,
        mentor=mentor.name,
    )
    return place


@transaction.atomic
def end_mentor(place: MentorPlace, *, by: Person) -> None:
    """A mentor no longer accompanies a startup, and no longer sees it."""
    require(policy.manages(by, place.region_id))
    MentorPlace.objects.filter(region=place.region_id, pk=place.pk, until=None).update(until=clock.today())


@transaction.atomic
def save_lesson(cohort: Cohort, lesson: Lesson | None, *, by: Person, **values: Any) -> Lesson:
    """Add a session to the curriculum, or change one."""
    require(policy.manages(by, cohort.region_id))
    lesson = lesson or Lesson(region_id=cohort.region_id, cohort=cohort)
    for name, value in values.items():
        setattr(lesson, name, value)
    lesson.save()
    return lesson


@transaction.atomic
def remove_lesson(lesson: Lesson, *, by: Person) -> None:
    """Take a session out, with its materials."""
    require(policy.manages(by, lesson.region_id))
    papers = [
        one.document for one in lesson.materials.filter(region=lesson.region_id).select_related("document")
    ]
    Lesson.objects.filter(region=lesson.region_id, pk=lesson.pk).delete()
    documents.discard([one for one in papers if one is not None])


@documents.together()
def add_material(
    lesson: Lesson, *, by: Person, title: str, link: str = "", upload: File | None = None
) -> Material:
    """A link or a file for a session."""
    require(policy.manages(by, lesson.region_id))
    if not link and upload is None:
        raise Refused(_("Give a link or a file."), field="link")
    document = None
    if upload is not None:
        try:
            document = documents.store(upload, region_id=lesson.region_id, purpose=Purpose.STARTUP, by=by)
        except Refused as refused:
            refused.field = "file"
            raise
    return Material.objects.create(
        region_id=lesson.region_id, lesson=lesson, title=title.strip(), link=link, document=document
    )


@transaction.atomic
def remove_material(material: Material, *, by: Person) -> None:
    """Throw a material away."""
    require(policy.manages(by, material.region_id))
    document = material.document
    Material.objects.filter(region=material.region_id, pk=material.pk).delete()
    if document is not None:
        documents.discard([document])


@transaction.atomic
def save_milestone(cohort: Cohort, milestone: Milestone | None, *, by: Person, **values: Any) -> Milestone:
    """Add a milestone to a cohort, or change one."""
    require(policy.manages(by, cohort.region_id))
    milestone = milestone or Milestone(region_id=cohort.region_id, cohort=cohort)
    for name, value in values.items():
        setattr(milestone, name, value)
    milestone.save()
    return milestone


@transaction.atomic
def remove_milestone(milestone: Milestone, *, by: Person) -> None:
    """Take a milestone out, as long as nobody handed anything in for it."""
    require(policy.manages(by, milestone.region_id))
    if Evidence.objects.filter(region=milestone.region_id, milestone=milestone).exists():
        raise Refused(_("Somebody has handed in evidence: the milestone stays."), status=409)
    Milestone.objects.filter(region=milestone.region_id, pk=milestone.pk).delete()


@transaction.atomic
def save_demo_day(cohort: Cohort, *, by: Person, **values: Any) -> DemoDay:
    """Plan the demo day of a cohort, or change it."""
    require(policy.manages(by, cohort.region_id))
    not_too_far(begins=values["begins"], ends=values["ends"])
    if values["ends"] <= values["begins"]:
        raise Refused(_("It ends after it begins."), field="ends")
    Cohort.objects.select_for_update(of=("self",)).get(region=cohort.region_id, pk=cohort.pk)
    day = DemoDay.objects.filter(region=cohort.region_id, cohort=cohort).first() or DemoDay(
        region_id=cohort.region_id, cohort=cohort, number=next_number("DD", cohort.region_id), made_by=by
    )
    for name, value in values.items():
        setattr(day, name, value)
    day.save()
    return day


@transaction.atomic
def publish_demo_day(day: DemoDay, *, by: Person) -> DemoDay:
    """Open the page of the demo day to the public. Where activities are announced here, it becomes one,
    with its places and tickets."""
    require(policy.manages(by, day.region_id))
    locked: DemoDay = (
        DemoDay.objects.select_for_update(of=("self",))
        .select_related("cohort")
        .get(region=day.region_id, pk=day.pk)
    )
    if locked.published_at:
        return locked
    if clock.local_date(locked.ends) < clock.today():
        raise Refused(_("This day is over already."), status=409)
    shown = Startup.objects.published().filter(
        region=day.region_id, participations__cohort=locked.cohort, participations__left_on=None
    )
    if not shown.exists():
        raise Refused(
            _("No startup of this cohort wants to be shown yet. Ask the teams to fill in their page."),
            status=409,
        )
    announcer = occasions.announcer()
    if announcer is not None and not locked.occasion:
        occasion = announcer.announce(
            locked.region_id,
            title=locked.title,
            about=locked.about,
            begins=locked.begins,
            ends=locked.ends,
            place=locked.place,
            capacity=locked.capacity,
            by=by,
        )
        locked.occasion = occasion.code
    locked.published_at = clock.now()
    locked.save()
    return locked
