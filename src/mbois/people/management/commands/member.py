"""Give somebody a role from the command line: how a new installation gets its first region admin."""

from argparse import ArgumentParser
from typing import Any

import pghistory
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from phonenumber_field.phonenumber import to_python

from mbois.people.actions.members import appoint
from mbois.people.models import Organisation, Role
from mbois.places.models import Area, Region
from mbois.refused import Refused


class Command(BaseCommand):
    help = "Give somebody a role in a region; who has no account yet gets one and signs in by a code."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--region", required=True, help="code of the region, for example 35.73")
        parser.add_argument(
            "--role", default=Role.REGION_ADMIN.value, help="one of " + ", ".join(Role.values)
        )
        parser.add_argument("--name", default="", help="name of the person, where they have no account yet")
        parser.add_argument("--email", default="", help="e-mail they sign in with")
        parser.add_argument("--phone", default="", help="phone they sign in with")
        parser.add_argument(
            "--organisation", required=True, help="where they work; made where it is not known"
        )
        parser.add_argument(
            "--area", default="", help="code of the village or district a village officer serves"
        )
        parser.add_argument(
            "--kind",
            default=Organisation.Kind.AGENCY.value,
            help="one of " + ", ".join(Organisation.Kind.values),
        )

    def handle(self, *args: Any, **options: Any) -> None:
        region = Region.objects.filter(pk=options["region"].strip()).first()
        if region is None:
            known = ", ".join(f"{known.pk} ({known})" for known in Region.objects.order_by("code"))
            raise CommandError(f"There is no region {options['region']}; known are {known or 'none yet'}.")
        if options["role"] not in Role.values:
            raise CommandError(f"There is no role {options['role']}; it is one of {', '.join(Role.values)}.")
        if options["kind"] not in Organisation.Kind.values:
            kinds = ", ".join(Organisation.Kind.values)
            raise CommandError(f"There is no kind {options['kind']}; it is one of {kinds}.")
        phone = to_python(options["phone"], region="ID") if options["phone"] else None
        if phone is not None and not phone.is_valid():
            raise CommandError(f"{options['phone']} is no phone number.")
        try:
            if options["email"]:
                validate_email(options["email"])
            with transaction.atomic(), pghistory.context(command="member"):
                organisation, _new = Organisation.objects.get_or_create(
                    region=region, name=options["organisation"].strip(), defaults={"kind": options["kind"]}
                )
                membership = appoint(
                    organisation=organisation,
                    role=options["role"],
                    name=options["name"],
                    phone=str(phone or ""),
                    email=options["email"].lower(),
                    area=Area.objects.filter(pk=options["area"]).first(),
                )
        except ValidationError:
            raise CommandError(f"{options['email']} is no e-mail address.") from None
        except Refused as refused:
            raise CommandError(str(refused.message)) from None
        where = f"{settings.SITE_URL.rstrip('/')}{reverse('account_request_login_code')}"
        self.stdout.write(
            f"{membership.person} is {Role(membership.role).label} of {organisation} in {region}. They sign in "
            f"by a code at {where} and then set up a second factor."
        )
