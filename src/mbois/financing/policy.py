"""Who may do what with applications and loans."""

from mbois.enterprises.models import Enterprise, Owner
from mbois.financing.models import Application, Loan, Scheme, State
from mbois.people.models import Person, Role

# Who may apply at somebody's door.
DOOR_ROLES = (Role.VILLAGE_OFFICER, Role.AGENCY_OFFICER, Role.FIELD_OFFICER, Role.REGION_ADMIN)
COLLECTORS = (Role.TELLER, Role.FIELD_OFFICER)
REVERSERS = (Role.TELLER, Role.APPROVER, Role.REGION_ADMIN)


# Whose turn it is with an application that stands so.
TURNS: dict[str, tuple[Role, ...]] = {
    State.SUBMITTED: (Role.FIELD_OFFICER,),
    State.VISITED: (Role.ASSESSOR,),
    State.ASSESSED: (Role.APPROVER,),
    State.APPROVED: (Role.FIELD_OFFICER, Role.TELLER),
    State.SIGNED: (Role.TELLER,),
}


def is_borrower(person: Person, owner: Owner) -> bool:
    return owner.person_id == person.pk


def needs_number(person: Person, owner: Owner) -> bool:
    """The bank's field officer and Baznas need the NIK of whoever has sent an application."""
    return person.has_role(owner.region_id, Role.FIELD_OFFICER, Role.ASSESSOR) and (
        Application.objects.filter(region=owner.region_id, borrower=owner).exclude(state=State.DRAFT).exists()
    )


def can_apply(person: Person, enterprise: Enterprise) -> bool:
    """The owner, or an officer of the region (a village officer in their villages)."""
    if is_borrower(person, enterprise.owner):
        return True
    if person.has_role(enterprise.region_id, Role.AGENCY_OFFICER, Role.FIELD_OFFICER, Role.REGION_ADMIN):
        return True
    return person.serves(enterprise.village_id, Role.VILLAGE_OFFICER)


def can_edit(person: Person, application: Application) -> bool:
    """Whoever entered it or whose it is, while it is theirs to change."""
    return application.state in {State.DRAFT, State.RETURNED} and (
        application.entered_by_id == person.pk or can_apply(person, application.enterprise)
    )


def can_withdraw(person: Person, application: Application) -> bool:
    return application.state not in {State.DISBURSED, State.REFUSED, State.WITHDRAWN} and (
        is_borrower(person, application.borrower)
        or (application.entered_by_id == person.pk and can_apply(person, application.enterprise))
    )


def can_visit(person: Person, application: Application) -> bool:
    return person.has_role(application.region_id, Role.FIELD_OFFICER) and not is_borrower(
        person, application.borrower
    )


def can_return(person: Person, application: Application) -> bool:
    return person.has_role(
        application.region_id, Role.FIELD_OFFICER, Role.ASSESSOR, Role.APPROVER
    ) and not is_borrower(person, application.borrower)


def can_assess(person: Person, application: Application) -> bool:
    return person.has_role(application.region_id, Role.ASSESSOR) and not is_borrower(
        person, application.borrower
    )


def can_decide(person: Person, application: Application) -> bool:
    """The role; that it is another person than those before is a rule of the decision itself."""
    return person.has_role(application.region_id, Role.APPROVER)


def can_record_signature(person: Person, application: Application) -> bool:
    return person.has_role(application.region_id, Role.FIELD_OFFICER, Role.TELLER) and not is_borrower(
        person, application.borrower
    )


def can_disburse(person: Person, application: Application) -> bool:
    return person.has_role(application.region_id, Role.TELLER) and not is_borrower(
        person, application.borrower
    )


def can_receive(person: Person, loan: Loan) -> bool:
    """Tellers and field collectors of the region; nobody receives their own money."""
    return person.has_role(loan.region_id, *COLLECTORS) and not is_borrower(person, loan.borrower)


def can_reverse(person: Person, loan: Loan) -> bool:
    return person.has_role(loan.region_id, *REVERSERS) and not is_borrower(person, loan.borrower)


def can_confirm(person: Person, loan: Loan) -> bool:
    """Who takes down what RT/RW or PKK say."""
    return person.has_role(loan.region_id, Role.FIELD_OFFICER, Role.AGENCY_OFFICER) or person.serves(
        loan.enterprise.village_id, Role.VILLAGE_OFFICER
    )


def can_run_scheme(person: Person, scheme: Scheme) -> bool:
    return person.has_role(scheme.region_id, Role.REGION_ADMIN)


def can_sweep(person: Person, region_id: str) -> bool:
    return person.has_role(region_id, Role.TELLER, Role.REGION_ADMIN)
