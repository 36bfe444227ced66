"""The mentor's day: today's sessions, what is to be checked, who waits for an answer."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mbois import clock
from mbois.enterprises.models import Enterprise
from mbois.mentoring.models import Evidence, FollowUp, MentorProfile, Mentorship, Session, State
from mbois.mentoring.plan import Standing, progress, standings, title_of
from mbois.mentoring.views.common import person_of, signed_in
from mbois.people.models import Role
from mbois.refused import require


@dataclass(frozen=True)
class Case:
    """An enterprise a mentor accompanies, at a glance."""

    mentorship: Mentorship
    done: int
    every: int
    last: Session | None

    @property
    def stalls(self) -> bool:
        """Nothing held for more than 30 days."""
        since = clock.local_date(self.last.starts_at) if self.last else self.mentorship.began_on
        return since is not None and (clock.today() - since).days > 30


def map_of(enterprise: Enterprise) -> str:
    """Where a map shows the place: the point if it is known, else a search for the address."""
    if enterprise.latitude is not None and enterprise.longitude is not None:
        return (
            f"https://www.openstreetmap.org/?mlat={enterprise.latitude:.6f}&mlon={enterprise.longitude:.6f}"
            f"#map=18/{enterprise.latitude:.6f}/{enterprise.longitude:.6f}"
        )
    return f"https://www.openstreetmap.org/search?query={quote(enterprise.short_address)}"


@signed_in
@require_safe
def day(request: HttpRequest) -> HttpResponse:
    """What a mentor does today. Without a profile, the profile first."""
    person = person_of(request)
    regions = person.regions_with(Role.MENTOR)
    require(bool(regions), _("This page is for mentors."))
    mine = list(
        MentorProfile.objects.filter(person=person, region__in=regions)
        .select_related("region")
        .order_by("region")
    )
    if not mine:
        return redirect("mentor_profile")
    keys, places = [one.pk for one in mine], [one.region_id for one in mine]
    cases = list(
        Mentorship.objects.filter(region__in=places, mentor__in=keys, state=State.ACTIVE)
        .select_related("enterprise__village", "enterprise__owner__person", "diagnosis")
        .order_by("began_on", "pk")
    )
    asked = list(
        Mentorship.objects.filter(region__in=places, mentor__in=keys, mentor_accepted_at=None)
        .proposed()
        .select_related("enterprise__village", "enterprise__owner")
        .order_by("proposed_at")
    )
    midnight = datetime.combine(clock.today(), time.min, tzinfo=clock.JAKARTA)
    sessions = list(
        Session.objects.filter(
            region__in=places,
            mentorship__mentor__in=keys,
            mentorship__state=State.ACTIVE,
            starts_at__lt=midnight + timedelta(days=8),
            starts_at__gte=midnight - timedelta(days=60),
        )
        .to_come()
        .select_related("mentorship__enterprise__village", "mentorship__enterprise__owner__person")
        .order_by("starts_at")
    )
    tomorrow = midnight + timedelta(days=1)
    waiting = list(
        Evidence.objects.filter(
            region__in=places,
            step__mentorship__mentor__in=keys,
            step__mentorship__state=State.ACTIVE,
            step__dropped_at=None,
            accepted=None,
        )
        .select_related("step__mentorship__enterprise", "document", "sent_by")
        .order_by("sent_at")[:30]
    )
    missed = _missed(places, keys)
    today = [one for one in sessions if midnight <= one.starts_at < tomorrow]
    unrecorded = [one for one in sessions if one.starts_at < midnight]
    pages = [reverse("mentor_day"), reverse("records")]
    pages += [
        reverse("session_record", kwargs={"session": one.uuid})
        for one in [*unrecorded, *today, *sessions][:40]
    ]
    return render(
        request,
        "mentoring/day.html",
        {
            "today": [(one, map_of(one.mentorship.enterprise), _phone(one)) for one in today],
            "unrecorded": unrecorded,
            "week": [one for one in sessions if one.starts_at >= tomorrow],
            "asked": asked,
            "waiting": [(one, title_of(one.step)) for one in waiting],
            "missed": missed,
            "cases": _cases(cases),
            "profiles": mine,
            "feed": f"{settings.SITE_URL.rstrip('/')}"
            + reverse("calendar_feed", kwargs={"secret": mine[0].calendar_secret}),
            "pages": " ".join(dict.fromkeys(pages)),
        },
    )


def _phone(session: Session) -> str:
    owner = session.mentorship.enterprise.owner
    return str(owner.phone or session.mentorship.enterprise.phone or owner.person.phone or "")


def _missed(places: list[str], keys: list[int]) -> list[Session]:
    """Missed sessions of the last 60 days after which nobody asked, and no session was planned since."""
    rows = (
        Session.objects.filter(
            region__in=places,
            mentorship__mentor__in=keys,
            mentorship__state=State.ACTIVE,
            starts_at__gte=clock.now() - timedelta(days=60),
        )
        .missed()
        .select_related("mentorship__enterprise")
        .order_by("-starts_at")
    )
    found = list(rows[:40])
    followed = set(
        FollowUp.objects.filter(region__in=places, session__in=[one.pk for one in found]).values_list(
            "session", flat=True
        )
    )
    return [one for one in found if one.pk not in followed]


def _cases(rows: list[Mentorship]) -> list[Case]:
    found: dict[int, list[Standing]] = {}
    for region in {row.region_id for row in rows}:
        found |= standings([row for row in rows if row.region_id == region])
    last: dict[int, Session] = {}
    for one in Session.objects.filter(
        region__in={row.region_id for row in rows}, mentorship__in=[row.pk for row in rows], attended=True
    ).order_by("starts_at"):
        last[one.mentorship_id] = one
    return [Case(row, *progress(found[row.pk]), last.get(row.pk)) for row in rows]
