"""Load the texts people agree to."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mbois.people import consents
from mbois.refused import Refused


class Command(BaseCommand):
    help = "Load the consent texts (both languages, every version)."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loaded = consents.load_texts()
        except Refused as refused:
            raise CommandError(refused.message) from None
        self.stdout.write(f"{loaded} consent texts.")
