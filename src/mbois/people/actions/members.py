"""Who works where: organisations, memberships and their roles."""

from django.db import transaction
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mbois import clock
from mbois.people import policy
from mbois.people.models import Membership, Organisation, Person, Role
from mbois.people.names import clean_person_name
from mbois.people.notifications import notify
from mbois.places.models import Area, Region
from mbois.refused import Refused

# The kinds of organisation a role belongs to.
FITTING: dict[str, frozenset[str]] = {
    Role.VILLAGE_OFFICER: frozenset({Organisation.Kind.VILLAGE}),
    Role.AGENCY_OFFICER: frozenset({Organisation.Kind.AGENCY}),
    Role.FIELD_OFFICER: frozenset({Organisation.Kind.BANK}),
    Role.APPROVER: frozenset({Organisation.Kind.BANK}),
    Role.TELLER: frozenset({Organisation.Kind.BANK}),
    Role.ASSESSOR: frozenset({Organisation.Kind.BAZNAS}),
    Role.AUDITOR: frozenset(Organisation.Kind.values),
    Role.REGION_ADMIN: frozenset({Organisation.Kind.AGENCY}),
    Role.EXECUTIVE: frozenset({Organisation.Kind.AGENCY}),
    Role.MENTOR: frozenset(Organisation.Kind.values),
    Role.COORDINATOR: frozenset({Organisation.Kind.AGENCY}),
    Role.CREATOR: frozenset(
        {
            Organisation.Kind.CAMPUS,
            Organisation.Kind.COMMUNITY,
            Organisation.Kind.COMPANY,
            Organisation.Kind.OTHER,
        }
    ),
    Role.KEEPER: frozenset(
        {Organisation.Kind.AGENCY, Organisation.Kind.COMMUNITY, Organisation.Kind.COMPANY}
    ),
    Role.ORGANISER: frozenset(Organisation.Kind.values),
    Role.CURATOR: frozenset({Organisation.Kind.AGENCY, Organisation.Kind.COMMUNITY}),
    Role.INCUBATOR: frozenset(
        {
            Organisation.Kind.AGENCY,
            Organisation.Kind.CAMPUS,
            Organisation.Kind.COMMUNITY,
            Organisation.Kind.COMPANY,
        }
    ),
    Role.REVIEWER: frozenset(Organisation.Kind.values),
}


def _may_manage(by: Person, region_id: str) -> None:
    if not policy.can_manage_members(by, region_id):
        raise Refused(_("Only an admin of the region may do this."), code="forbidden", status=403)


@transaction.atomic
def add_organisation(name: str, *, kind: str, region_id: str, by: Person) -> Organisation:
    """Add an organisation of one's region."""
    _may_manage(by, region_id)
    name = " ".join(name.split())
    if not name:
        raise Refused(_("Please write the name of the organisation."), field="name")
    same = Organisation.objects.annotate(lower=Lower("name")).filter(region=region_id, lower=name.lower())
    if same.exists():
        raise Refused(_("There is an organisation with this name already."), field="name", code="taken")
    return Organisation.objects.create(name=name[:120], kind=kind, region_id=region_id)


def _find_or_invite(name: str, phone: str, email: str) -> Person:
    """The person with this phone or e-mail, or a new one who signs in by a code sent there."""
    by_phone = Person.objects.filter(phone=phone).first() if phone else None
    by_email = Person.objects.filter(email__iexact=email).first() if email else None
    if by_phone and by_email and by_phone != by_email:
        raise Refused(
            _("The phone number and the e-mail address belong to two different people."), field="email"
        )
    if found := by_phone or by_email:
        if not found.is_active or found.is_service:
            raise Refused(_("This account cannot be given a role."), field="phone")
        return found
    name = clean_person_name(name)
    if len(name) < 2:
        raise Refused(
            _("Nobody has an account with this yet. Please write their name, and we invite them."),
            field="name",
        )
    return Person.objects.create_user(name=name[:120], phone=phone or None, email=email or None)


@transaction.atomic
def add_member(
    *,
    organisation: Organisation,
    role: str,
    by: Person,
    name: str = "",
    phone: str = "",
    email: str = "",
    area: Area | None = None,
) -> Membership:
    """Give somebody a role in an organisation of one's region, from today. Who has no account yet gets
    one and signs in by a code. Nobody gives a role to themselves."""
    _may_manage(by, organisation.region_id)
    membership = appoint(organisation=organisation, role=role, name=name, phone=phone, email=email, area=area)
    if membership.person_id == by.pk:
        raise Refused(_("Nobody may give a role to themselves. Ask another admin."), code="own", status=403)
    return membership


@transaction.atomic
def appoint(
    *,
    organisation: Organisation,
    role: str,
    name: str = "",
    phone: str = "",
    email: str = "",
    area: Area | None = None,
) -> Membership:
    """Give somebody a role. Asks nobody's leave: for `add_member`, and for the operator's command."""
    region_id = organisation.region_id
    if not phone and not email:
        raise Refused(_("Please give a phone number or an e-mail address."), field="phone")
    if role not in FITTING:
        raise Refused(_("There is no such role."), field="role")
    if organisation.kind not in FITTING[role]:
        raise Refused(
            _("A %(role)s does not belong to an organisation of this kind.") % {"role": Role(role).label},
            field="role",
        )
    if role == Role.VILLAGE_OFFICER:
        if area is None:
            raise Refused(_("Please choose the village or district they serve."), field="area")
        if area.region_id != region_id:
            raise Refused(_("This village lies in another region."), field="area")
    else:
        area = None
    person = _find_or_invite(name, phone, email)
    Region.objects.select_for_update(no_key=True).get(pk=region_id)
    same = Membership.objects.in_force().filter(
        person=person, organisation=organisation, role=role, region=region_id, area=area
    )
    if same.exists():
        raise Refused(_("%(name)s has this role already.") % {"name": person}, field="role", code="taken")
    membership = Membership.objects.create(
        person=person,
        organisation=organisation,
        role=role,
        region_id=region_id,
        area=area,
        since=clock.today(),
    )
    way_in = "home" if person.has_usable_password() else "account_request_login_code"
    notify(person, "people/member_added", url=reverse(way_in), role=role, organisation=organisation.name)
    return membership


@transaction.atomic
def end_membership(membership: Membership, *, by: Person) -> None:
    """End somebody's role from today. Nobody ends their own, and the last admin of a region stays."""
    _may_manage(by, membership.region_id)
    if membership.person_id == by.pk:
        raise Refused(_("Nobody may end their own role. Ask another admin."), code="own", status=403)
    Region.objects.select_for_update(no_key=True).get(pk=membership.region_id)  # one at a time
    mine = (
        Membership.objects.in_force()
        .filter(pk=membership.pk)
        .select_related("person", "organisation")
        .first()
    )
    if mine is None:
        raise Refused(_("This role has ended already."), code="ended")
    if mine.role == Role.REGION_ADMIN:
        others = (
            Membership.objects.in_force()
            .filter(region=mine.region_id, role=Role.REGION_ADMIN, person__is_active=True)
            .filter(person__is_service=False)
            .exclude(person=mine.person_id)
        )
        if not others.exists():
            raise Refused(
                _("This is the last admin of the region. Appoint another one first."), code="last_admin"
            )
    mine.until = clock.today()
    mine.save(update_fields=["until"])
    notify(mine.person, "people/member_ended", role=mine.role, organisation=mine.organisation.name)
