"""Load an area file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mbois.places.actions import DATA, load_areas
from mbois.refused import Refused


class Command(BaseCommand):
    help = "Load regions, districts and villages from a file (columns code, parent, level, name)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=DATA / "malang-raya-areas.csv")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with options["file"].open(newline="", encoding="utf-8-sig") as file:
                loaded = load_areas(file)
        except OSError as problem:
            raise CommandError(f"{options['file']} cannot be read: {problem.strerror}.") from None
        except UnicodeDecodeError:
            raise CommandError(f"{options['file']} is not a UTF-8 text file.") from None
        except Refused as refused:
            raise CommandError(refused.message) from None
        self.stdout.write(f"{loaded} areas.")
