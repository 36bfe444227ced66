"""`import`: take in a file of enterprises."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mbois.enterprises import imports
from mbois.enterprises.imports.columns import BY_KEY
from mbois.enterprises.models import ImportRow
from mbois.people.models import Membership, Person, Role
from mbois.places.models import Region
from mbois.refused import Refused

SHOWN = 20


class Command(BaseCommand):
    help = "Take in a CSV or XLSX of enterprises: a dry run, or with --apply for good."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--region", required=True, help="code of the region, for example 35.73")
        parser.add_argument("--apply", action="store_true", help="write what the dry run shows")
        parser.add_argument(
            "--by",
            default="",
            help="e-mail or phone of the officer who answers for it; a region admin if left out",
        )
        parser.add_argument(
            "--column",
            action="append",
            default=[],
            metavar="FIELD=HEADING",
            help="say which heading is a field, where it is not guessed",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        region = Region.objects.filter(pk=options["region"]).first()
        if region is None:
            raise CommandError(f"There is no region {options['region']}.")
        by = _officer(region, options["by"])
        try:
            run = imports.upload(
                options["file"].read_bytes(), file_name=options["file"].name, region_id=region.pk, by=by
            )
            mapping = dict(run.mapping)
            for said in options["column"]:
                name, _equals, heading = said.partition("=")
                if name not in BY_KEY:
                    raise CommandError(f"There is no field {name!r}; it is one of {', '.join(BY_KEY)}.")
                if heading not in run.columns:
                    raise CommandError(
                        f"The file has no heading {heading!r}; it has {', '.join(run.columns)}."
                    )
                mapping[name] = run.columns.index(heading)
            for name, place in mapping.items():
                self.stdout.write(f"{name} = {run.columns[place]}")
            read = {run.columns[place] for place in mapping.values()}
            if unread := [heading for heading in run.columns if heading and heading not in read]:
                self.stdout.write(f"not read: {', '.join(unread)}")
            run = imports.go_on(imports.start_reading(run, mapping=mapping, by=by))
            if options["apply"]:
                run = imports.go_on(imports.start_applying(run, by=by))
        except OSError as error:
            raise CommandError(f"The file cannot be read: {error}") from error
        except Refused as refused:
            raise CommandError(refused.message) from refused
        found = imports.counts(run)
        for fate in ("new", "changed", "same", "conflict", "error"):
            self.stdout.write(f"{fate:>9} {found[fate]}")
        left = ImportRow.objects.filter(region=region.pk, run=run, fate__in=["conflict", "error"])
        for row in left.order_by("line")[:SHOWN]:
            self.stdout.write(f"line {row.line}: {row.field}: {row.reason}")
        if left.count() > SHOWN:
            self.stdout.write(f"… and {left.count() - SHOWN} more; see /usaha/impor/{run.pk}/")
        if not options["apply"]:
            self.stdout.write(
                "A dry run: nothing was written. Repeat it with --apply, or apply it on the page."
            )


def _officer(region: Region, by: str) -> Person:
    """Who answers for the import."""
    if by:
        found = Person.objects.filter(email__iexact=by).first() or Person.objects.filter(phone=by).first()
        if found is None:
            raise CommandError(f"There is nobody with the e-mail or phone {by}.")
        return found
    admins = Membership.objects.in_force().filter(region=region, role=Role.REGION_ADMIN)
    membership = admins.select_related("person").order_by("pk").first()
    if membership is None:
        raise CommandError(f"{region} has no region admin; name an officer with --by.")
    return membership.person
