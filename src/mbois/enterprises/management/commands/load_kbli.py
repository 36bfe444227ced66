"""`load_kbli`: load an edition of the business classification."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mbois.enterprises.actions import classification
from mbois.refused import Refused


class Command(BaseCommand):
    help = "Load an edition of the business classification KBLI, a crosswalk, and our everyday words."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file", nargs="?", type=Path, help="CSV with code, section, title; ours when left out"
        )
        parser.add_argument("--edition", default="2020")
        parser.add_argument(
            "--crosswalk", type=Path, help="CSV with old_edition, old_code, new_edition, new_code"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        edition: str = options["edition"]
        file = options["file"] or classification.SHIPPED.get(edition)
        if file is None:
            raise CommandError(f"Name the file of edition {edition}.")
        try:
            with open(file, newline="", encoding="utf-8-sig") as lines:
                count = classification.load_kbli(lines, edition=edition)
            self.stdout.write(f"KBLI {edition}: {count} codes.")
            if edition == "2020":
                with classification.WORDS.open(newline="", encoding="utf-8") as lines:
                    self.stdout.write(f"{classification.load_words(lines)} everyday words.")
            if options["crosswalk"]:
                with open(options["crosswalk"], newline="", encoding="utf-8-sig") as lines:
                    self.stdout.write(f"{classification.load_crosswalk(lines)} pairs of the crosswalk.")
        except OSError as error:
            raise CommandError(f"The file cannot be read: {error}") from error
        except Refused as refused:
            raise CommandError(str(refused)) from refused
