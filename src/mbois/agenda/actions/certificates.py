"""Certificates: given in bulk by share of sessions attended, revoked by a later correction."""

import uuid
from collections import Counter
from datetime import timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from mbois import clock
from mbois.agenda import papers, policy, telling
from mbois.agenda.models import (
    Activity,
    Attendance,
    Certificate,
    CertificateFile,
    Entry,
    Registration,
    State,
    Ticket,
)
from mbois.people.models import Person
from mbois.places.numbers import format_number, take
from mbois.refused import Refused, require


def sessions_of(activity: Activity) -> list[Activity]:
    """What counts as a session: its parts that come with its ticket; without any, it itself."""
    parts = Activity.objects.filter(
        region=activity.region_id, parent=activity, entry=Entry.WHOLE, state=State.PUBLISHED
    )
    return list(parts.order_by("begins_at", "pk")) or [activity]


def shares(activity: Activity) -> dict[int, int]:
    """How many sessions each ticket attended, by the key of the ticket; of a cancelled one those that
    somebody decided about."""
    found = Attendance.objects.filter(
        Q(ticket__cancelled_at=None) | Q(by__isnull=False),
        region=activity.region_id,
        activity__in=[one.pk for one in sessions_of(activity)],
        ticket__activity=activity,
        withdrawn_at=None,
    ).values_list("ticket", flat=True)
    return dict(Counter(found))


def enough(attended: int, sessions: int, per_cent: int) -> bool:
    return attended > 0 and 100 * attended >= per_cent * sessions


def name_of(ticket: Ticket) -> str:
    """Whose certificate a ticket's would be: its own name; the first ticket is that of who registered. A
    guest without a name has none."""
    return ticket.name or (ticket.registration.name if ticket.number == 1 else "")


def _due(activity: Activity, *, locked: bool = False) -> list[tuple[Ticket, int]]:
    """The tickets that attended enough sessions and have no good certificate, with how many."""
    if activity.certificate_from is None:
        return []
    sessions, counted = len(sessions_of(activity)), shares(activity)
    rows = (
        Ticket.objects.filter(region=activity.region_id, activity=activity, pk__in=counted)
        .exclude(certificates__in=Certificate.objects.filter(region=activity.region_id, revoked_at=None))
        .select_related("registration")
        .order_by("pk")
    )
    if locked:  # a name that is written meanwhile waits
        rows = rows.select_for_update(of=("self",), no_key=True)
    return [
        (one, counted[one.pk]) for one in rows if enough(counted[one.pk], sessions, activity.certificate_from)
    ]


def nameless(activity: Activity) -> list[Ticket]:
    """The tickets that would have a certificate if somebody said whose they are; not those whose names
    were forgotten."""
    return [one for one, _attended in _due(activity) if one.registration.name and not name_of(one)]


@transaction.atomic
def issue(activity: Activity, *, by: Person) -> list[Certificate]:
    """Give certificates to all with a name who attended enough sessions and have none. Again is no harm."""
    require(policy.works_on(by, activity))
    row = Activity.objects.select_for_update(of=("self",), no_key=True).get(
        region=activity.region_id, pk=activity.pk
    )
    if row.certificate_from is None:
        raise Refused(_("Say first from which share of sessions one gets a certificate."))
    if row.state != State.PUBLISHED or not row.is_over:
        raise Refused(_("Certificates are given when it is over."), code="not_over", status=409)
    named = [(one, attended) for one, attended in _due(row, locked=True) if name_of(one)]
    made = _make(row, named, len(sessions_of(row)), by=by)
    reached = {one.registration_id: one.registration for one, _attended in named}
    for registration in reached.values():
        registration.activity = row
    telling.write([one for one in reached.values() if not one.forgotten_at], "certificate")
    return made


def _make(
    activity: Activity, due: list[tuple[Ticket, int]], sessions: int, *, by: Person
) -> list[Certificate]:
    """The numbers come from a counter that never goes back: a revoked one is not given again."""
    if not due:
        return []
    year = clock.today().year
    numbers = take(activity.region_id, f"S-{year}", len(due))
    return Certificate.objects.bulk_create(
        Certificate(
            region_id=activity.region_id,
            number=format_number("S", activity.region_id, number, year=year),
            code=uuid.uuid4(),
            activity=activity,
            ticket=ticket,
            name=name_of(ticket),
            title=activity.title,
            sessions=sessions,
            attended=attended,
            issued_by=by,
        )
        for number, (ticket, attended) in zip(numbers, due, strict=True)
    )


@transaction.atomic
def revoke(certificate: Certificate, *, by: Person, reason: str) -> Certificate:
    """Say that a certificate no longer holds; its page says so from now on."""
    row = (
        Certificate.objects.select_for_update(of=("self",))
        .select_related("activity__parent")
        .get(region=certificate.region_id, pk=certificate.pk)
    )
    require(policy.works_on(by, row.activity))
    if row.revoked_at is not None:
        raise Refused(_("This certificate is revoked already."), code="moved_on", status=409)
    if len(reason.strip()) < 3:
        raise Refused(_("Say why."), field="reason")
    row.revoked_at, row.revoked_by, row.revoke_reason = clock.now(), by, reason.strip()[:200]
    row.save(update_fields=["revoked_at", "revoked_by", "revoke_reason"])
    return row


@transaction.atomic
def rename(ticket: Ticket, *, by: Person, name: str) -> Ticket:
    """Correct the name on a ticket; a certificate with the old one is revoked and a new one given, with
    a new number."""
    require(policy.works_on(by, ticket.activity))
    name = " ".join(name.split())[:120]
    if not name:
        raise Refused(_("Please fill this in."), field="name")
    ticket.name = name
    ticket.save(update_fields=["name"])
    good = Certificate.objects.filter(region=ticket.region_id, ticket=ticket, revoked_at=None).first()
    if good is not None and good.name != name:
        revoke(good, by=by, reason=str(_("Name corrected")))
        _make(ticket.activity, [(ticket, good.attended)], good.sessions, by=by)
    return ticket


def check_certificates(ticket: Ticket, *, by: Person) -> None:
    """After an attendance was corrected: a certificate whose sessions changed is revoked; where enough
    are left, a new one with a new number says how many."""
    good = Certificate.objects.filter(region=ticket.region_id, ticket=ticket, revoked_at=None).first()
    if good is None:
        return
    activity = Activity.objects.select_related("parent").get(region=ticket.region_id, pk=ticket.activity_id)
    sessions, attended = len(sessions_of(activity)), shares(activity).get(ticket.pk, 0)
    if (sessions, attended) == (good.sessions, good.attended):
        return
    revoke(good, by=by, reason=str(_("Attendance corrected")))
    fresh = Ticket.objects.select_related("registration").get(region=ticket.region_id, pk=ticket.pk)
    if not name_of(fresh) or not activity.certificate_from:
        return
    if enough(attended, sessions, activity.certificate_from):
        _make(activity, [(fresh, attended)], sessions, by=by)


@transaction.atomic
def ask_for_file(activity: Activity, *, by: Person) -> CertificateFile:
    """Have the worker print all good certificates into one PDF."""
    from mbois.agenda.tasks import print_certificates

    require(policy.works_on(by, activity))
    if not Certificate.objects.filter(region=activity.region_id, activity=activity, revoked_at=None).exists():
        raise Refused(_("There is no certificate yet."))
    made = CertificateFile.objects.create(region_id=activity.region_id, activity=activity, asked_by=by)
    print_certificates.defer(region=activity.region_id, file_id=made.pk)
    return made


def print_file(region_id: str, file_id: int) -> None:
    """Print the certificates that are good now; older files of the activity go."""
    row = CertificateFile.objects.filter(region=region_id, pk=file_id, made_at=None).first()
    if row is None:
        return
    good = list(
        Certificate.objects.filter(region=region_id, activity=row.activity_id, revoked_at=None)
        .select_related("activity__region")
        .order_by("number")
    )
    path = default_storage.save(
        f"agenda/certificates/{uuid.uuid4()}.pdf", ContentFile(papers.certificates_pdf(good))
    )
    row.path, row.count, row.made_at = path, len(good), clock.now()
    row.save(update_fields=["path", "count", "made_at"])
    older = CertificateFile.objects.filter(region=region_id, activity=row.activity_id).filter(
        Q(pk__lt=row.pk), asked_at__lt=clock.now() - timedelta(minutes=1)
    )
    for one in older.exclude(path=""):
        default_storage.delete(one.path)
    older.delete()


def of_registration(registration: Registration) -> list[Certificate]:
    """The certificates of a registration's tickets, revoked ones too."""
    return list(
        Certificate.objects.filter(region=registration.region_id, ticket__registration=registration).order_by(
            "pk"
        )
    )
