"""Whether somebody may have a loan of a scheme, each condition explained in words."""

from dataclasses import dataclass
from decimal import ROUND_UP, Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mbois import clock
from mbois.enterprises.models import Enterprise
from mbois.enterprises.models import State as EnterpriseState
from mbois.financing.models import Application, Loan, Scheme
from mbois.financing.models.schemes import SPOUSE_PAPERS, PaperKind
from mbois.people import consents
from mbois.people.models import Consent
from mbois.web.show import rupiah


@dataclass(frozen=True)
class Check:
    """One condition: whether it holds (None: not known yet) and a sentence that says why.

    `field` is the input it hangs on; `blocks` is False for what only warns.
    """

    key: str
    ok: bool | None
    sentence: str | Promise
    field: str = ""
    blocks: bool = True


def terms_checks(scheme: Scheme, amount: int | None, months: int | None) -> list[Check]:
    """The amount and the term against the scheme."""
    bounds = {"least": rupiah(scheme.minimum), "most": rupiah(scheme.maximum), "unit": rupiah(scheme.unit)}
    amount_ok = (
        None if amount is None else scheme.minimum <= amount <= scheme.maximum and amount % scheme.unit == 0
    )
    months_ok = None if months is None else scheme.months_min <= months <= scheme.months_max
    return [
        Check(
            "amount",
            amount_ok,
            _("The loan is between %(least)s and %(most)s, in whole %(unit)s.") % bounds,
            "amount_asked",
        ),
        Check(
            "months",
            months_ok,
            _("It is paid back in %(least)s to %(most)s months.")
            % {"least": scheme.months_min, "most": scheme.months_max},
            "months_asked",
        ),
    ]


def debt_checks(scheme: Scheme, debts: list[int], amount: int | None) -> list[Check]:
    """The loan shark's debts (rupiah each) against the scheme and the amount asked."""
    if not scheme.settles_rentenir:
        return []
    total = sum(debts)
    checks = [
        Check(
            "debt",
            None if not debts else total > 0,
            _("There is a loan shark's debt to settle: this credit is for those who want to be rid of it."),
            "debts",
        )
    ]
    if amount is not None and total > amount:
        checks.append(
            Check(
                "debt_covered",
                False,
                _(
                    "The debts of %(debts)s are more than the loan. Ask for more, or agree with the lender first."
                )
                % {"debts": rupiah(total)},
                "amount_asked",
            )
        )
    return checks


def enterprise_checks(
    scheme: Scheme, enterprise: Enterprise, *, application: Application | None = None
) -> list[Check]:
    """The enterprise and its owner: resident, running, verified, known, not lent to already."""
    owner = enterprise.owner
    home = owner.village_id or enterprise.village_id
    others = Application.objects.under_way().filter(region_id=scheme.region_id, scheme=scheme, borrower=owner)
    if application is not None:
        others = others.exclude(pk=application.pk)
    other = others.first()
    running = Loan.objects.active().filter(region_id=scheme.region_id, scheme=scheme, borrower=owner).first()
    checks = [
        Check(
            "resident",
            home.startswith(scheme.region_id + ".") and enterprise.region_id == scheme.region_id,
            _("You live and work in %(region)s.") % {"region": scheme.region.name},
            "enterprise",
        ),
        Check(
            "verified",
            enterprise.state == EnterpriseState.VERIFIED,
            _("Your business is registered and has been checked by the village officer."),
            "enterprise",
        ),
        Check(
            "running",
            enterprise.started_on is not None and enterprise.started_on <= clock.today(),
            _("Your business is running already; its start date is known."),
            "enterprise",
        ),
        Check("known", bool(owner.nik_told), _("Your NIK is in the registry."), "enterprise"),
        Check(
            "address",
            enterprise.has_address,
            _("Your business has an address at which the bank finds you.")
            if enterprise.has_address
            else _(
                "Missing: the street of your business, or its RT and RW. "
                "Add it, or the bank's officer writes it down at your door."
            ),
            "enterprise",
            blocks=False,
        ),
    ]
    if consents.is_withdrawn(owner.person_id, "registry", scheme.region_id):
        checks.append(
            Check(
                "registry_consent",
                False,
                _("You took back your consent to being in the registry; without it there is no loan."),
                "enterprise",
            )
        )
    if other is not None:
        checks.append(
            Check(
                "one_application",
                False,
                _("Application %(number)s is under way already.") % {"number": other.number},
                "enterprise",
            )
        )
    if running is not None:
        checks.append(
            Check(
                "one_loan",
                False,
                _("Loan %(number)s is not paid off yet: %(left)s is left.")
                % {"number": running.number, "left": rupiah(running.outstanding)},
                "enterprise",
            )
        )
    return checks


def papers_needed(scheme: Scheme, *, married: bool) -> list[PaperKind]:
    """The papers of the scheme that this borrower must bring."""
    return [PaperKind(kind) for kind in scheme.papers if married or kind not in SPOUSE_PAPERS]


def papers_missing(application: Application) -> list[PaperKind]:
    """Those not handed in yet."""
    there = {paper.kind for paper in application.papers.all()}
    return [
        kind for kind in papers_needed(application.scheme, married=application.married) if kind not in there
    ]


def has_consented(application: Application) -> bool:
    """Whether the borrower's consent to the credit text is on record."""
    return Consent.objects.filter(
        region_id=application.region_id,
        person=application.borrower.person_id,
        text__key="ojir",
        withdrawn_at=None,
    ).exists()


def application_checks(application: Application) -> list[Check]:
    """Everything that must hold before an application can be sent."""
    scheme = application.scheme
    debts = [debt.outstanding for debt in application.debts.all()]
    checks = [
        *enterprise_checks(scheme, application.enterprise, application=application),
        *terms_checks(scheme, application.amount_asked, application.months_asked),
        *debt_checks(scheme, debts, application.amount_asked),
        Check("purpose", bool(application.purpose.strip()), _("You say what the money is for."), "purpose"),
        *(
            [
                Check(
                    "spouse",
                    bool(application.spouse_name),
                    _("The name of your spouse is given."),
                    "spouse_name",
                )
            ]
            if application.married
            else []
        ),
    ]
    missing = papers_missing(application)
    checks.append(
        Check(
            "papers",
            not missing,
            _("Still missing: %(papers)s.") % {"papers": ", ".join(str(kind.label) for kind in missing)}
            if missing
            else _("All papers are there."),
            "papers",
        )
    )
    checks.append(
        Check(
            "consent",
            has_consented(application),
            _("You agree that the bank visits you, asks your neighbours and shares this with Baznas."),
            "consent",
        )
    )
    return checks


def cost_of(scheme: Scheme, principal: int) -> int:
    """What the alms agency pays so that the borrower pays no fee, in whole rupiah."""
    return int((Decimal(principal) * scheme.cost_percent / 100).to_integral_value(rounding=ROUND_UP))
