"""What other rooms ask this one for (see `people.occasions`): a demo day is an activity like others."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Count, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from mbois import clock
from mbois.agenda import policy
from mbois.agenda.actions import proposing
from mbois.agenda.models import Activity, Attendance, Entry, Registration, Standing, State
from mbois.people.models import Person
from mbois.people.occasions import Occasion
from mbois.refused import Refused, require


class AgendaAnnouncer:
    """Makes and counts activities for rooms that do not know this one."""

    @transaction.atomic
    def announce(
        self,
        region: str,
        *,
        title: str,
        about: str,
        begins: datetime,
        ends: datetime,
        place: str,
        capacity: int,
        by: Person,
    ) -> Occasion:
        """Make an activity of this and publish it, for those who run a programme of the city."""
        require(policy.can_announce(by, region))
        if not title.strip() or not place.strip():
            raise Refused(_("Say what it is and where."), field="title")
        house = next(
            (one.organisation.name for one in by.memberships_now if one.region_id == region), by.name
        )
        summary = " ".join(about.split())
        made = proposing.draft(
            region,
            by=by,
            values={
                "title": title.strip()[:120],
                "summary": (summary if len(summary) <= 240 else summary[:237] + "…") or title.strip(),
                "about": about.strip()[:6000],
                "begins_at": begins,
                "ends_at": ends,
                "place": place.strip()[:160],
                "host": house[:120],
                "entry": Entry.REGISTER,
            },
            quota=capacity or None,
        )
        made.state, made.published_at = State.PUBLISHED, clock.now()
        made.reviewed_by, made.reviewed_at = by, clock.now()
        made.save()
        proposing.draw([made])
        return self.get([made.code])[made.code]

    def get(self, codes: Sequence[str]) -> dict[str, Occasion]:
        """Those that exist, by code."""
        places = (
            Registration.objects.filter(
                region=OuterRef("region"), activity=OuterRef("pk"), state=Standing.CONFIRMED
            )
            .order_by()
            .values("activity")
            .annotate(all=Coalesce(Sum("places"), 0))
            .values("all")
        )
        came = (
            Attendance.objects.filter(region=OuterRef("region"), activity=OuterRef("pk"), withdrawn_at=None)
            .order_by()
            .values("activity")
            .annotate(all=Count("pk"))
            .values("all")
        )
        rows = Activity.objects.filter(code__in=[code.replace("\x00", "") for code in codes]).annotate(
            registered=Coalesce(Subquery(places), 0), attended=Coalesce(Subquery(came), 0)
        )
        root = settings.SITE_URL.rstrip("/")
        return {
            one.code: Occasion(
                code=one.code,
                title=one.title,
                url=root + one.get_absolute_url(),
                begins=one.begins_at,
                registered=one.registered,
                attended=one.attended,
            )
            for one in rows
        }
