"""Two governments with everything in them, each thing marked with the name of whose it is.

A marker such as `Rahasia3573Sri` stands in the names, addresses and notes of everything private, so
that a test can see in any answer whether it shows what it must not.
"""

import re
import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from mbois import clock
from mbois.enterprises.merge import merge as merge_enterprises
from mbois.enterprises.merge import preview
from mbois.enterprises.models import Draft, Enterprise, Licence, Photo
from mbois.enterprises.models.duplicates import DuplicatePair
from mbois.enterprises.models.imports import ImportRow, ImportRun
from mbois.financing.models import Application, Contract, Loan
from mbois.financing.tests.factories import Bank, make_owned_enterprise
from mbois.ledger.models import Transfer
from mbois.people import documents, tokens
from mbois.people.models import (
    Consent,
    HeldUpload,
    Membership,
    Notification,
    Organisation,
    Person,
    Purpose,
    Role,
)
from mbois.people.tests.factories import make_person, picture
from mbois.places.models import Area
from tests.factories import load_places
from tests.worlds_agenda import add_agenda
from tests.worlds_channels import add_channels
from tests.worlds_creative import add_creative
from tests.worlds_hub import add_hub
from tests.worlds_market import add_market
from tests.worlds_mentoring import add_mentoring
from tests.worlds_startups import add_startups

MARK = re.compile(r"Rahasia(\d{4})([A-Za-z]+)")


@dataclass
class Region:
    """One government: its staff by role, two owners, and an object for every noun of the addresses."""

    code: str
    bank: Bank
    staff: dict[str, Person] = field(default_factory=dict)
    owner: Person | None = None
    neighbour: Person | None = None
    objects: dict[str, Any] = field(default_factory=dict)

    @property
    def digits(self) -> str:
        return self.code.replace(".", "")

    def mark(self, whose: str) -> str:
        return f"Rahasia{self.digits}{whose}"


def make_region_full(code: str) -> Region:
    """A region with an application in every stage, a loan with payments, and all that hangs on them."""
    load_places()
    home = Region(code, Bank(code))
    district = Area.objects.filter(region=code, level="district").order_by("code")[0]
    villages = list(Area.objects.filter(parent=district).order_by("code"))
    for role in Role.values:
        area = villages[0].code if role == Role.VILLAGE_OFFICER else None
        home.staff[role] = make_person(f"Petugas {role} {home.digits}", role=role, region=code, area=area)
    Membership.objects.update(since=clock.today() - timedelta(days=900))
    home.owner = make_person(home.mark("Sri"))
    home.neighbour = make_person(home.mark("Tetangga"))
    mine = _enterprise(home, home.owner, "Sri", villages[0])
    other = _enterprise(home, home.neighbour, "Tetangga", villages[1])
    with clock.on(clock.today() - timedelta(days=70)):
        loan = home.bank.disbursed(enterprise=other)
    reference = home.bank.pay(loan, 334_000)
    loan.application.debts.update(lender=home.mark("Rentenir"))
    under_way = home.bank.visited(enterprise=mine)
    under_way.debts.update(lender=home.mark("Rentenir"))
    _objects(home, mine, other, loan, under_way, reference)
    add_mentoring(home, mine, other)
    add_market(home, other)
    add_channels(home, other)
    add_creative(home, other)
    add_hub(home)
    add_startups(home)
    add_agenda(home)
    return home


def _enterprise(home: Region, person: Person, whose: str, village: Area) -> Enterprise:
    row = make_owned_enterprise(home.code, person=person, name=f"Keripik {home.mark(whose)}")
    row.owner.name = person.name
    row.owner.village = village
    row.owner.address = f"Jalan {home.mark(whose)}"
    row.owner.save()
    row.village, row.address = village, f"Jalan {home.mark(whose)}"
    row.save()
    return row


def _objects(
    home: Region, mine: Enterprise, other: Enterprise, loan: Loan, under_way: Application, reference: str
) -> None:
    officer, neighbour = home.staff[Role.AGENCY_OFFICER], home.neighbour
    assert neighbour is not None
    paper = documents.store(
        picture(name=f"{home.mark('Berkas')}.jpg"),
        region_id=home.code,
        purpose=Purpose.PAPER,
        by=officer,
        subject=neighbour,
    )
    common: dict[str, Any] = {"region_id": home.code}
    licence = Licence.objects.create(
        **common, enterprise=other, kind="pirt", number=home.mark("Izin"), recorded_by=officer
    )
    photo = Photo.objects.create(**common, enterprise=other, document=paper, caption=home.mark("Foto"))
    pair = DuplicatePair.objects.create(
        **common,
        left=min(mine, other, key=lambda row: row.pk),
        right=max(mine, other, key=lambda row: row.pk),
        score=0.9,
    )
    run = ImportRun.objects.create(
        **common, file_name=f"{home.mark('Impor')}.csv", sha256="0" * 64, made_by=officer
    )
    ImportRow.objects.create(**common, run=run, line=2, values={"name": home.mark("Impor")}, fate="new")
    loser = _enterprise(home, neighbour, "Kalah", other.village)
    plan = preview(other, loser, by=officer)
    merge = merge_enterprises(
        other, loser, choices={one.name: "winner" for one in plan.choices}, seen=plan.seen, by=officer
    )
    draft = Draft.objects.create(made_by=neighbour, region_id=home.code)
    held = HeldUpload.objects.create(person=neighbour, name=home.mark("Titipan"), kind="image/jpeg", size=3)
    note = Notification.objects.create(
        person=neighbour, key="financing/submitted", context={"number": home.mark("Kabar")}
    )
    tokens.make(neighbour, name=home.mark("Kunci"))
    organisation = Organisation.objects.filter(region=home.code).order_by("pk")[0]
    contract = Contract.objects.get(application=loan.application)
    home.objects = {
        "enterprise": other.number,
        "other": mine.number,
        "number": {"enterprises": other.number, "loans": loan.number},
        "application": loan.application.number,
        "loan": loan.number,
        "reference": reference,
        "document": paper.uuid,
        "licence": licence.pk,
        "photo": photo.pk,
        "pair": pair.pk,
        "run": run.pk,
        "merge": merge.pk,
        "draft": draft.uuid,
        "held": held.pk,
        "notification": note.pk,
        "token": neighbour.api_tokens.get().pk,
        "organisation": organisation.pk,
        "membership": Membership.objects.filter(region=home.code).order_by("pk")[0].pk,
        "consent": Consent.objects.filter(region=home.code).order_by("pk")[0].pk,
        "person": neighbour.pk,
        "owner": other.owner_id,
        "code": contract.code,
        "account": loan.account.code,
        "scheme": loan.scheme.code,
        "region": home.code,
        "area": other.village_id,
        "transfer": Transfer.objects.filter(region_id=home.code).order_by("pk")[0].pk,
        "client": uuid.uuid4(),
    }


def marks(body: str) -> set[tuple[str, str]]:
    """The (region digits, whose) markers in an answer."""
    return set(MARK.findall(body))
