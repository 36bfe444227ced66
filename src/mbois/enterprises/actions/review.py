"""What an officer says about a registration."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mbois import clock
from mbois.enterprises import policy
from mbois.enterprises.actions.registration import locked
from mbois.enterprises.actions.telling import tell
from mbois.enterprises.models import TRANSITIONS, Enterprise, Review, State
from mbois.people import consents
from mbois.people.models import Person
from mbois.refused import Refused


@transaction.atomic
def review_enterprise(
    enterprise: Enterprise, *, outcome: str, by: Person, reasons: str = "", checks: Sequence[str] = ()
) -> Enterprise:
    """Verify a registration, return it with reasons, or reject it with reasons.

    `outcome` is one of `Review.Outcome`, `checks` are of `Review.Check`. The owner is told. Refused: somebody who may not (403), a
    registration that is not waiting (409), a return or rejection without reasons.
    """
    enterprise = locked(enterprise)
    if policy.owns(by, enterprise):
        raise Refused(_("Nobody reviews their own business."), code="forbidden", status=403)
    if not policy.can_review(by, enterprise):
        raise Refused(_("You may not review this business."), code="forbidden", status=403)
    if outcome not in Review.Outcome.values:
        raise Refused(_("Choose what becomes of the registration."), field="outcome", code="outcome")
    reasons = reasons.strip().replace("\x00", "")
    if outcome != Review.Outcome.VERIFIED and not reasons:
        raise Refused(
            _("Say what is missing or wrong, so that the owner knows what to do."),
            field="reasons",
            code="reasons",
        )
    if outcome not in TRANSITIONS[State(enterprise.state)] or enterprise.state == State.MERGED:
        raise Refused(
            _("This registration is not waiting for a review: it is “%(state)s”.")
            % {"state": enterprise.get_state_display()},
            code="state",
            status=409,
        )
    if outcome == Review.Outcome.VERIFIED and consents.is_withdrawn(
        enterprise.owner.person_id, "registry", enterprise.region_id
    ):
        raise Refused(
            _("The owner has taken back the consent to being in the registry. Talk to them first."),
            code="consent_withdrawn",
            status=409,
        )
    if outcome == Review.Outcome.VERIFIED and not enterprise.owner.settled:
        raise Refused(
            _(
                "Another record here holds the NIK this owner gave. Look at both: merge the two businesses, "
                "or write down the right NIK."
            ),
            code="nik_claimed",
            status=409,
        )
    Review.objects.create(
        region_id=enterprise.region_id,
        enterprise=enterprise,
        outcome=outcome,
        reasons=reasons,
        reviewed_by=by,
        checks=[check for check in Review.Check.values if check in checks],
    )
    enterprise.state = outcome
    enterprise.verified_at = clock.now() if outcome == Review.Outcome.VERIFIED else None
    enterprise.save(update_fields=["state", "verified_at"])
    tell(enterprise.owner.person, f"enterprises/{outcome}", enterprise, reasons=reasons)
    return enterprise
