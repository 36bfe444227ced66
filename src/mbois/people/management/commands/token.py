"""Print a bearer token for the API."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

import pghistory
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from mbois import clock
from mbois.people import tokens
from mbois.people.models import Membership, Organisation, Person, Role
from mbois.places.models import Region

OWNER = "owner"
KINDS = {
    Role.VILLAGE_OFFICER: Organisation.Kind.VILLAGE,
    Role.FIELD_OFFICER: Organisation.Kind.BANK,
    Role.APPROVER: Organisation.Kind.BANK,
    Role.TELLER: Organisation.Kind.BANK,
    Role.ASSESSOR: Organisation.Kind.BAZNAS,
}


class Command(BaseCommand):
    help = "Make a bearer token for a role in a region; the token is printed alone on the last line."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--role", required=True, help="one of " + ", ".join([OWNER, *Role.values]))
        parser.add_argument("--region", required=True, help="code of the region, for example 35.73")
        parser.add_argument("--name", default="", help="name of the program that will use it")
        parser.add_argument(
            "--expires-days", type=int, default=None, help="days it works (for ever when left out)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        role = options["role"].strip().lower().replace("-", "_")
        if role not in {OWNER, *Role.values}:
            raise CommandError(
                f"There is no role {options['role']}; it is one of {', '.join([OWNER, *Role.values])}."
            )
        region = Region.objects.filter(pk=options["region"].strip()).first()
        if region is None:
            known = ", ".join(f"{known.pk} ({known})" for known in Region.objects.order_by("code"))
            raise CommandError(f"There is no region {options['region']}; known are {known or 'none yet'}.")
        days = options["expires_days"]
        if days is not None and not 1 <= days <= 3650:
            raise CommandError("--expires-days is between 1 and 3650.")
        name = options["name"].strip() or f"API {role} {region.pk}"
        with transaction.atomic(), pghistory.context(command="token"):
            person = Person(name=name[:120], is_service=True)
            person.set_unusable_password()
            person.save()
            if role != OWNER:
                kind = KINDS.get(Role(role), Organisation.Kind.AGENCY)
                organisation = (
                    Organisation.objects.filter(region=region, kind=kind).order_by("pk").first()
                    or Organisation.objects.get_or_create(
                        region=region, name=f"API {kind.label} {region.name}", defaults={"kind": kind}
                    )[0]
                )
                Membership.objects.create(
                    person=person, organisation=organisation, role=role, region=region, since=clock.today()
                )
            expires_at = clock.now() + timedelta(days=days) if days else None
            token = tokens.make(person, name=name, expires_at=expires_at)
        until = f"until {clock.local_date(expires_at)}" if expires_at else "until it is revoked"
        self.stdout.write(f"Token of “{name}”: role {role} in {region.name} ({region.pk}), good {until}.")
        self.stdout.write(
            "Send it as: Authorization: Bearer …   Only its hash is kept, so it cannot be shown again."
        )
        self.stdout.write(token)
