"""A team: founded, joined by invitation, shown to the public, written to."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from mbois import clock
from mbois.enterprises.models import Enterprise
from mbois.enterprises.models import State as Registered
from mbois.people import documents
from mbois.people.models import Person, Purpose
from mbois.people.notifications import notify
from mbois.places.numbers import next_number
from mbois.refused import Refused, require
from mbois.startups import policy
from mbois.startups.actions.common import broke, team_of
from mbois.startups.models import ContactRequest, Invitation, Member, Participation, Startup

MOST_MEMBERS = 12
INVITED_FOR = timedelta(days=14)
MOST_OWN = 10


@transaction.atomic
def found(name: str, *, region_id: str, by: Person, pitch: str = "") -> Startup:
    """A new startup of one person."""
    name = " ".join(name.split())
    if not name:
        raise Refused(_("Give your startup a name; it can change later."), field="name")
    if Member.objects.filter(person=by, left_at=None).count() >= MOST_OWN:
        raise Refused(_("You are in %(most)s teams already.") % {"most": MOST_OWN}, field="name")
    startup = Startup.objects.create(
        region_id=region_id,
        number=next_number("ST", region_id),
        name=name,
        pitch=" ".join(pitch.split()),
        made_by=by,
    )
    Member.objects.create(region_id=region_id, startup=startup, person=by)
    return startup


@documents.together()
def change(
    startup: Startup,
    *,
    by: Person,
    picture: File | None = None,
    enterprise: Enterprise | None = None,
    public: bool = False,
    **values: Any,
) -> Startup:
    """Change what a startup says of itself; it is shown to the public only where the team says so."""
    require(policy.in_team(by, startup))
    locked: Startup = Startup.objects.select_for_update(of=("self",)).get(
        region=startup.region_id, pk=startup.pk
    )
    if not values.get("name", locked.name).strip():
        raise Refused(_("Give your startup a name; it can change later."), field="name")
    if public and not values.get("pitch", locked.pitch).strip():
        raise Refused(_("Say in one sentence what it is, so that visitors understand it."), field="pitch")
    if enterprise is not None and enterprise.pk != locked.enterprise_id:
        if enterprise.region_id != locked.region_id or enterprise.state == Registered.MERGED:
            raise Refused(_("Choose a business of the same region."), field="enterprise")
        if enterprise.owner.person_id != by.pk:
            raise Refused(_("Only its owner links a business."), field="enterprise")
    for name, value in values.items():
        setattr(locked, name, value.strip() if isinstance(value, str) else value)
    locked.enterprise = enterprise
    if picture is not None:
        try:
            locked.picture = documents.store(
                picture, region_id=locked.region_id, purpose=Purpose.STARTUP, by=by, pictures=True
            )
        except Refused as refused:
            refused.field = "picture"
            raise
    if public and locked.public_since is None:
        locked.public_since = clock.now()
    elif not public:
        locked.public_since = None
    locked.save()
    return locked


@transaction.atomic
def invite(startup: Startup, *, by: Person, name: str, email: str = "") -> Invitation:
    """A link for one person, good for two weeks. With an address it is mailed there as well."""
    require(policy.in_team(by, startup))
    Startup.objects.select_for_update(of=("self",)).get(region=startup.region_id, pk=startup.pk)
    here = {"region": startup.region_id, "startup": startup}
    waiting = Invitation.objects.filter(
        **here, used_at=None, withdrawn_at=None, expires_at__gt=clock.now()
    ).count()
    if Member.objects.filter(**here, left_at=None).count() + waiting >= MOST_MEMBERS:
        raise Refused(
            _("A team has at most %(most)s people, invited ones included.") % {"most": MOST_MEMBERS}
        )
    if not name.strip():
        raise Refused(_("Say whom you invite."), field="name")
    invitation = Invitation.objects.create(
        region_id=startup.region_id,
        startup=startup,
        name=" ".join(name.split()),
        email=email.strip().lower(),
        made_by=by,
        expires_at=clock.now() + INVITED_FOR,
    )
    if invitation.email:
        link = f"{settings.SITE_URL.rstrip('/')}/startup/undangan/{invitation.secret}/"
        subject = _("%(by)s invites you to %(startup)s") % {"by": by.name, "startup": startup.name}
        body = _(
            "%(by)s wants you in the team of %(startup)s. Open this link and sign in or make an account. "
            "It works for 14 days:"
        ) % {"by": by.name, "startup": startup.name}
        message = EmailMessage(subject, f"{body}\n\n{link}", to=[invitation.email])
        transaction.on_commit(lambda: message.send(fail_silently=True))
    return invitation


@transaction.atomic
def withdraw_invitation(invitation: Invitation, *, by: Person) -> None:
    """The link no longer works."""
    require(policy.in_team(by, invitation.startup))
    Invitation.objects.filter(region=invitation.region_id, pk=invitation.pk, used_at=None).update(
        withdrawn_at=clock.now()
    )


@transaction.atomic
def join(invitation: Invitation, *, by: Person) -> Startup:
    """Come into a team by its link; a link lets one person in."""
    locked = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("startup")
        .get(region=invitation.region_id, pk=invitation.pk)
    )
    startup: Startup = locked.startup
    if policy.in_team(by, startup):
        return startup
    if not locked.is_open:
        raise Refused(
            _("This invitation was used already or is too old. Ask the team for a new one."),
            code="gone",
            status=409,
        )
    if startup.applications.filter(region=startup.region_id, assignments__reviewer=by).exists():
        raise Refused(_("You were asked to judge this startup, so you cannot join it now."), status=409)
    member, made = Member.objects.get_or_create(region_id=startup.region_id, startup=startup, person=by)
    if not made:
        member.left_at, member.joined_at = None, clock.now()
        member.save()
    locked.used_by, locked.used_at = by, clock.now()
    locked.save()
    others = [one for one in team_of(startup) if one.pk != by.pk]
    notify(
        others, "startups/joined", url=f"/startup/tim/{startup.number}/", startup=startup.name, name=by.name
    )
    return startup


@transaction.atomic
def leave(startup: Startup, *, by: Person) -> None:
    """Go out of a team. The last one cannot: nobody could be reached any more."""
    require(policy.in_team(by, startup))
    try:
        with transaction.atomic():
            Member.objects.filter(region=startup.region_id, startup=startup, person=by, left_at=None).update(
                left_at=clock.now()
            )
    except IntegrityError as error:
        if not broke(error, "startup_keeps_somebody"):
            raise
        raise Refused(_("You are the last one of the team. Invite somebody first."), status=409) from None


@transaction.atomic
def ask_for_contact(
    startup: Startup, *, subject: str, name: str, organisation: str, reach: str, message: str
) -> ContactRequest:
    """Somebody who saw the startup on a public page wants to talk; the team is told."""
    if startup.public_since is None:
        raise Refused(_("This startup cannot be written to."), code="not_found", status=404)
    made = ContactRequest.objects.create(
        region_id=startup.region_id,
        startup=startup,
        subject=subject,
        name=name.strip(),
        organisation=organisation.strip(),
        reach=reach.strip(),
        message=message.strip(),
    )
    notify(
        team_of(startup),
        "startups/contact",
        url=f"/startup/tim/{startup.number}/",
        startup=startup.name,
        name=made.name,
        organisation=made.organisation,
    )
    return made


@transaction.atomic
def answered(request: ContactRequest, *, by: Person) -> None:
    """The team has answered somebody who wrote."""
    require(policy.in_team(by, request.startup))
    ContactRequest.objects.filter(region=request.region_id, pk=request.pk, answered_at=None).update(
        answered_at=clock.now()
    )


def forget_old_requests() -> int:
    """Forget who wrote more than a year ago; says how many."""
    count, _by_model = ContactRequest.objects.filter(sent_at__lt=clock.now() - timedelta(days=366)).delete()
    return count


def current_place(startup: Startup) -> Participation | None:
    """The newest cohort a startup takes part in."""
    return (
        Participation.objects.filter(region=startup.region_id, startup=startup, left_on=None)
        .select_related("cohort")
        .order_by("-cohort__begins_on")
        .first()
    )
