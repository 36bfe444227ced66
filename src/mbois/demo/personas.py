"""The owners one can be in the demo: each at another point of the way."""

import random
from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from mbois import clock
from mbois.demo.cases import Case
from mbois.demo.city import MILLION
from mbois.demo.words import TRADES
from mbois.enterprises.models import Enterprise, KbliWord
from mbois.enterprises.models import State as Registered
from mbois.financing.models import State
from mbois.people.demo import Persona
from mbois.people.models import Person
from mbois.places.models import Region


@dataclass(frozen=True)
class Plan:
    """An owner to be: region, name of person and business, and what has happened so far."""

    key: str
    region: str
    name: str
    business: str
    trade: str  # the word it begins with in TRADES
    state: str | None
    days_ago: int = 0
    amount: int = 0
    months: int = 12
    habit: str = "on time"
    hint: str = "none"


# What the sign-in page says of each.
HINTS = {
    "paying": _("pays back a loan"),
    "assessed": _("application with Baznas"),
    "signing": _("granted, to be signed"),
    "paid_off": _("loan paid off"),
    "late": _("behind with a loan"),
    "none": _("registered, no loan yet"),
    "sent": _("application just sent"),
    "selling": _("sells online, with the creative desk and campaigns"),
}

PLANS = [
    Plan(
        "sri",
        "35.73",
        "Sri Wahyuni",
        "Keripik Tempe Bu Sri",
        "keripik tempe",
        State.DISBURSED,
        110,
        4 * MILLION,
        12,
        hint="paying",
    ),
    Plan(
        "ri",
        "35.73",
        "Supri Hartono",
        "Bakso Cak Ri",
        "bakso",
        State.VISITED,
        7,
        2_500_000,
        10,
        hint="assessed",
    ),
    Plan(
        "ayu",
        "35.73",
        "Ayu Permatasari",
        "Batik Celaket Ayu",
        "batik",
        State.APPROVED,
        9,
        10 * MILLION,
        24,
        hint="signing",
    ),
    Plan(
        "yem",
        "35.73",
        "Suyem Rahayu",
        "Warung Mbok Yem",
        "warung makan",
        State.DISBURSED,
        420,
        1_500_000,
        6,
        hint="paid_off",
    ),
    Plan(
        "lilik",
        "35.73",
        "Lilik Handayani",
        "Jajan Pasar Lilik",
        "kue basah",
        State.DISBURSED,
        260,
        6 * MILLION,
        18,
        "stuck",
        hint="late",
    ),
    Plan("nanik", "35.73", "Nanik Winarti", "Modiste Nanik", "jahit", None, hint="selling"),
    Plan(
        "joko",
        "35.79",
        "Joko Prasetyo",
        "Keripik Apel Joko",
        "keripik buah",
        State.DISBURSED,
        150,
        5 * MILLION,
        12,
        hint="paying",
    ),
    Plan(
        "imam",
        "35.07",
        "Imam Santoso",
        "Tempe Pak Imam",
        "tempe",
        State.SUBMITTED,
        2,
        3 * MILLION,
        12,
        hint="sent",
    ),
]


def give_accounts(rng: random.Random, enterprises: list[Enterprise]) -> dict[str, Enterprise]:
    """Turn some owners into people with an account; by the key of their plan."""
    found: dict[str, Enterprise] = {}
    used: set[int] = set()
    trades = {trade[0]: trade for trade in TRADES}
    words = KbliWord.objects.filter(word__in=trades, kbli__edition="2020")
    codes: dict[str, int] = dict(words.values_list("word", "kbli"))
    for plan in PLANS:
        enterprise = next(
            row
            for row in enterprises
            if row.region_id == plan.region and row.state == Registered.VERIFIED and row.pk not in used
        )
        used.add(enterprise.pk)
        person, owner = enterprise.owner.person, enterprise.owner
        person.name = owner.name = plan.name
        person.email = f"{plan.key}@contoh.mbois.example"
        person.is_invented = True
        person.claimed_at = clock.now() - timedelta(days=500)
        person.save()
        owner.save()
        enterprise.name = plan.business
        _word, enterprise.subsector, _patterns, enterprise.description, *_figures = trades[plan.trade]
        enterprise.kbli_id = codes.get(plan.trade, enterprise.kbli_id)
        enterprise.save()
        found[plan.key] = enterprise
    return found


def special_cases(rng: random.Random, personas: dict[str, Enterprise], region: str) -> list[Case]:
    """The applications and loans of the owners one can be, in one region."""
    return [
        Case(
            personas[plan.key],
            plan.state,
            clock.today() - timedelta(days=plan.days_ago),
            plan.amount,
            plan.months,
            plan.habit,
        )
        for plan in PLANS
        if plan.region == region and plan.state
    ]


def steward() -> list[Persona]:
    """Who is region admin of two regions and so sees what they share."""
    found = Person.objects.filter(email="steward@contoh.mbois.example").first()
    if found is None:
        return []
    names = [str(one.region) for one in found.memberships.select_related("region")]
    return [
        Persona(
            person=found,
            role=str(_("Steward of two regions")),
            place=", ".join(names),
            group=str(_("Two regions")),
        )
    ]


def owners() -> list[Persona]:
    """The owners one can be, in the order of their plans."""
    by_mail = {f"{plan.key}@contoh.mbois.example": plan for plan in PLANS}
    people = {str(person.email): person for person in Person.objects.filter(email__in=by_mail)}
    names = dict(Region.objects.values_list("pk", "name"))
    return [
        Persona(
            person=people[mail],
            role=str(_("Owner")),
            place=plan.business,
            group=str(_("Owners")),
            hint=f"{HINTS[plan.hint]}, {names[plan.region]}",
        )
        for mail, plan in by_mail.items()
        if mail in people
    ]
