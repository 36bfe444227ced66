"""Reviewers: asked, out of the way where they are too close, and what they say."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from mbois import clock
from mbois.people.models import Membership, Person, Role
from mbois.people.notifications import notify
from mbois.refused import Refused, require
from mbois.startups import policy
from mbois.startups.actions.common import broke
from mbois.startups.models import (
    OPEN_STATES,
    PROGRAMME_READERS,
    Application,
    Assignment,
    Call,
    Conflict,
    Criterion,
    Member,
    Phase,
    Review,
    to_review,
)
from mbois.web import show

REVIEWING = (Phase.Kind.SCREENING, Phase.Kind.INTERVIEW)


def reviewers_of(region_id: str, *, blind: bool = False) -> list[Person]:
    """Who may be asked to review in a region. In a blind call nobody who reads the programme anyway: they
    know the names."""
    now = Membership.objects.in_force().filter(region=region_id)
    found = Person.objects.filter(pk__in=now.filter(role=Role.REVIEWER).values("person"), is_active=True)
    if blind:
        found = found.exclude(pk__in=now.filter(role__in=PROGRAMME_READERS).values("person"))
    return list(found.order_by("name", "pk"))


@transaction.atomic
def assign(applications: Sequence[Application], reviewers: Iterable[Person], *, by: Person) -> int:
    """Ask these reviewers for these applications; who is in the team or declared a conflict is left out.
    Says how many new reviews were asked for; each reviewer is told once."""
    if not applications:
        return 0
    region = applications[0].region_id
    require(policy.manages(by, region))
    may = {one.pk for one in reviewers_of(region, blind=applications[0].call.blind)}
    chosen = [one for one in reviewers if one.pk in may]
    if not chosen:
        raise Refused(_("Choose at least one reviewer."), field="reviewers")
    seen = Application.objects.visible_to(by).filter(
        region=region, pk__in=[one.pk for one in applications], state__in=OPEN_STATES
    )
    rows = {one.pk: one for one in seen.order_by("pk").select_for_update(of=("self",))}
    out = set(
        Conflict.objects.filter(region=region, application__in=list(rows)).values_list(
            "application_id", "person_id"
        )
    )
    teams = set(
        Member.objects.filter(
            region=region, startup__in={one.startup_id for one in rows.values()}
        ).values_list("startup_id", "person_id")
    )
    there = set(
        Assignment.objects.filter(region=region, application__in=list(rows)).values_list(
            "application_id", "reviewer_id"
        )
    )
    made = Assignment.objects.bulk_create(
        Assignment(region_id=region, application=row, reviewer=one, assigned_by=by)
        for row in rows.values()
        for one in chosen
        if (row.pk, one.pk) not in out | there and (row.startup_id, one.pk) not in teams
    )
    counts: dict[int, int] = {}
    for assignment in made:
        counts[assignment.reviewer_id] = counts.get(assignment.reviewer_id, 0) + 1
    for one in chosen:
        if one.pk in counts:
            notify(one, "startups/asked_to_review", url="/startup/penilaian/", count=counts[one.pk])
    return len(made)


@transaction.atomic
def share_out(call: Call, reviewers: Sequence[Person], *, by: Person) -> int:
    """Give every application as many reviewers as the call wants, those with the least work first.
    The same for the same state of things. Says how many reviews were asked for."""
    require(policy.manages(by, call.region_id))
    region = call.region_id
    may = {one.pk for one in reviewers_of(region, blind=call.blind)}
    chosen = [one for one in reviewers if one.pk in may]
    if not chosen:
        raise Refused(_("Choose at least one reviewer."), field="reviewers")
    rows = list(
        Application.objects.visible_to(by)
        .filter(region=region, call=call, state__in=OPEN_STATES)
        .order_by("pk")
        .select_for_update(of=("self",))
    )
    here = {"region": region, "application__call": call}
    asked = set(Assignment.objects.filter(**here).values_list("application_id", "reviewer_id"))
    out = set(Conflict.objects.filter(**here).values_list("application_id", "person_id"))
    teams = set(
        Member.objects.filter(region=region, startup__in={one.startup_id for one in rows}).values_list(
            "startup_id", "person_id"
        )
    )
    load = {one.pk: sum(1 for _key, reviewer in asked if reviewer == one.pk) for one in chosen}
    order = {one.pk: place for place, one in enumerate(chosen)}
    new: list[Assignment] = []
    for row in rows:
        has = {reviewer for key, reviewer in asked if key == row.pk} - {
            person for key, person in out if key == row.pk
        }
        free = [
            one
            for one in chosen
            if one.pk not in has and (row.pk, one.pk) not in out and (row.startup_id, one.pk) not in teams
        ]
        free.sort(key=lambda one: (load[one.pk], order[one.pk]))
        for one in free[: max(call.reviews_wanted - len(has), 0)]:
            load[one.pk] += 1
            new.append(Assignment(region_id=region, application=row, reviewer=one, assigned_by=by))
    Assignment.objects.bulk_create(new)
    for one in chosen:
        if count := sum(1 for row in new if row.reviewer_id == one.pk):
            notify(one, "startups/asked_to_review", url="/startup/penilaian/", count=count)
    return len(new)


@transaction.atomic
def release(assignment: Assignment, *, by: Person) -> None:
    """Ask somebody no more, as long as they have not begun."""
    require(policy.manages(by, assignment.region_id))
    Application.objects.select_for_update(of=("self",)).get(
        region=assignment.region_id, pk=assignment.application_id
    )
    written = Review.objects.filter(
        region=assignment.region_id,
        application=assignment.application_id,
        reviewer=assignment.reviewer_id,
    )
    if written.exists():
        raise Refused(_("This reviewer has begun to write; the review stays."), status=409)
    Assignment.objects.filter(region=assignment.region_id, pk=assignment.pk).delete()


@transaction.atomic
def declare_conflict(application: Application, *, by: Person, reason: str) -> Conflict:
    """Say that one is too close to judge: from now on one sees nothing of it, and a review one wrote no
    longer counts. The manager is told that a reviewer is missing."""
    require(
        to_review(by).filter(region=application.region_id, pk=application.pk).exists()
        or policy.manages(by, application.region_id)
    )
    if policy.in_team(by, application.startup):
        raise Refused(_("It is your own team: you do not judge it anyway."), status=409)
    if not reason.strip():
        raise Refused(_("Say in a few words why."), field="reason")
    Application.objects.select_for_update(of=("self",)).get(region=application.region_id, pk=application.pk)
    made, _new = Conflict.objects.get_or_create(
        region_id=application.region_id,
        application=application,
        person=by,
        defaults={"reason": reason.strip()},
    )
    managers = Membership.objects.in_force().filter(region=application.region_id, role=Role.INCUBATOR)
    others = Person.objects.filter(pk__in=managers.values("person")).exclude(pk=by.pk)
    notify(
        others,
        "startups/conflict",
        url=f"/startup/kelola/panggilan/{application.call.number}/penilai/",
        number=application.number,
        reviewer=by.name,
    )
    return made


def reviewing_now(call: Call) -> tuple[bool, str]:
    """Whether reviews are written now, and when they are, in words."""
    phases = {one.kind: one for one in call.phases.all()}
    wanted = [phases[kind] for kind in REVIEWING if kind in phases]
    if wanted:
        when = "; ".join(f"{show.waktu(one.begins)} – {show.waktu(one.ends)}" for one in wanted)
        return any(one.is_now for one in wanted), when
    window = phases.get(Phase.Kind.CALL)
    return bool(window and window.is_over), show.waktu(window.ends) if window else ""


def _clean(
    points: Mapping[str, Any], remarks: Mapping[str, str], keys: set[str]
) -> tuple[dict[str, int], dict[str, str]]:
    kept = {key: value for key, value in points.items() if key in keys and value in range(1, 6)}
    said = {key: text.strip()[:500] for key, text in remarks.items() if key in keys and text.strip()}
    return kept, said


@transaction.atomic
def save_review(
    application: Application,
    *,
    by: Person,
    points: Mapping[str, int],
    remarks: Mapping[str, str],
    note: str = "",
    inside: str = "",
    advice: str = "",
    version: int = 0,
    send: bool = False,
) -> Review:
    """Keep a review or send it. `version` is that of the page it was written on: an older page does not
    overwrite a newer one; the same content again is taken as it is."""
    locked = (
        Application.objects.select_for_update(of=("self",))
        .select_related("call")
        .get(region=application.region_id, pk=application.pk)
    )
    require(to_review(by).filter(region=locked.region_id, pk=locked.pk).exists())
    open_now, when = reviewing_now(locked.call)
    if not open_now:
        raise Refused(
            _("Reviews of this call are written: %(when)s.") % {"when": when}, code="closed", status=409
        )
    if locked.state not in OPEN_STATES:
        raise Refused(_("This application is decided already."), code="decided", status=409)
    criteria = list(Criterion.objects.filter(region=locked.region_id, call=locked.call))
    kept, said = _clean(points, remarks, {one.key for one in criteria})
    review = Review.objects.filter(
        region=locked.region_id, application=locked, reviewer=by
    ).first() or Review(region_id=locked.region_id, application=locked, reviewer=by)
    values = {
        "points": kept,
        "remarks": said,
        "note": note.strip(),
        "inside": inside.strip(),
        "advice": advice if advice in Review.Advice.values else "",
    }
    same = all(getattr(review, name) == value for name, value in values.items())
    if review.version != version:
        if same and (review.sent_at or not send):
            return review
        raise Refused(
            _(
                "This review was changed on another page or device. Reload to see it; nothing was overwritten."
            ),
            code="changed",
            status=409,
        )
    if review.sent_at and not send:
        raise Refused(_("This review was sent already: changes are sent whole."), status=409)
    if send:
        for one in criteria:
            if one.key not in kept:
                raise Refused(_("Give points for “%(name)s”.") % {"name": one.name}, field=f"p-{one.key}")
        if not values["advice"]:
            raise Refused(_("Say what you advise."), field="advice")
        if len(note.split()) < 5:
            raise Refused(
                _("Write a sentence or two for the team: they read it with the answer."), field="note"
            )
        review.sent_at = clock.now()
    for name, value in values.items():
        setattr(review, name, value)
    review.version += 1
    review.changed_at = clock.now()
    try:
        with transaction.atomic():
            review.save()
    except IntegrityError as error:
        if broke(error, "startup_review_without_conflict"):
            raise Refused(_("You declared a conflict with this application."), status=403) from None
        raise
    review.refresh_from_db(fields=["total"])
    return review


@transaction.atomic
def remind(call: Call, *, by: Person) -> int:
    """Remind every reviewer who still owes reviews of a call; at most once a day each. Says how many."""
    require(policy.manages(by, call.region_id))
    rows = owed(call).select_for_update(of=("self",)).select_related("reviewer")
    waiting: dict[int, list[Assignment]] = {}
    for row in rows:
        waiting.setdefault(row.reviewer_id, []).append(row)
    told = 0
    today = clock.today()
    for mine in waiting.values():
        if any(one.reminded_at and clock.local_date(one.reminded_at) == today for one in mine):
            continue
        notify(mine[0].reviewer, "startups/review_reminder", url="/startup/penilaian/", count=len(mine))
        Assignment.objects.filter(region=call.region_id, pk__in=[one.pk for one in mine]).update(
            reminded_at=clock.now()
        )
        told += 1
    return told


def owed(call: Call) -> Any:
    """The assignments of a call for which no review was sent, conflicts left out."""
    inner = {"region": OuterRef("region"), "application": OuterRef("application")}
    return (
        Assignment.objects.filter(
            region=call.region_id, application__call=call, application__state__in=OPEN_STATES
        )
        .exclude(Exists(Review.objects.filter(**inner, reviewer=OuterRef("reviewer"), sent_at__isnull=False)))
        .exclude(Exists(Conflict.objects.filter(**inner, person=OuterRef("reviewer"))))
        .order_by("pk")
    )
