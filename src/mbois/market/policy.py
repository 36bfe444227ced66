"""Who may do what in the market. One small predicate per verb."""

from mbois.enterprises import helpers
from mbois.enterprises.models import Enterprise, State
from mbois.enterprises.policy import owns
from mbois.market.models import UNDER_WAY, Campaign, CreativeJob, JobState
from mbois.market.models.campaigns import ORGANISERS
from mbois.people.models import Person, Role


def can_sell(person: Person, enterprise: Enterprise) -> bool:
    """Products, stock and the shop: the owner, who helps them, and the agency's officers (for those
    who have no phone of their own). Nobody where the record was merged into another."""
    return enterprise.state != State.MERGED and (
        owns(person, enterprise)
        or person.has_role(enterprise.region_id, Role.AGENCY_OFFICER)
        or helpers.helps(person, enterprise)
    )


def can_handle_orders(person: Person, enterprise: Enterprise) -> bool:
    """Orders hold names and phones of buyers: the owner and who helps them, nobody else."""
    return enterprise.state != State.MERGED and (
        owns(person, enterprise) or helpers.helps(person, enterprise)
    )


# --- the creative desk ----------------------------------------------------------------------------


def can_ask(person: Person, enterprise: Enterprise) -> bool:
    """Ask the creative community for something, look at it and answer: who works on the products."""
    return enterprise.state == State.VERIFIED and can_sell(person, enterprise)


def can_answer(person: Person, job: CreativeJob) -> bool:
    """The other side: never whoever made it."""
    return job.creator_id != person.pk and can_sell(person, job.enterprise)


def can_take(person: Person, job: CreativeJob) -> bool:
    """A creator of the region; not for a business they own or work on, as it is counted for both."""
    return (
        job.state == JobState.OPEN
        and person.has_role(job.region_id, Role.CREATOR)
        and not owns(person, job.enterprise)
        and not helpers.helps(person, job.enterprise)
    )


def can_deliver(person: Person, job: CreativeJob) -> bool:
    """Whoever took it, as long as they are a creator of the region."""
    return job.creator_id == person.pk and person.has_role(job.region_id, Role.CREATOR)


def sees_phone(person: Person, job: CreativeJob) -> bool:
    """The two reach each other once somebody has taken it, until it ends."""
    return job.state in UNDER_WAY and (job.creator_id == person.pk or can_sell(person, job.enterprise))


def coordinates_desk(person: Person, region: str) -> bool:
    return person.has_role(region, *ORGANISERS)


# --- campaigns ------------------------------------------------------------------------------------


def can_organise(person: Person, region: str) -> bool:
    """Campaigns of many sellers."""
    return person.has_role(region, *ORGANISERS)


def can_run(person: Person, campaign: Campaign) -> bool:
    """Change it, publish it, make links, see all its results."""
    if campaign.enterprise is not None:
        return can_sell(person, campaign.enterprise)
    return can_organise(person, campaign.region_id)
