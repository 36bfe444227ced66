"""`load_mentoring`: the questionnaires and courses we ship."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mbois.mentoring import questionnaires
from mbois.refused import Refused


class Command(BaseCommand):
    help = "Load the questionnaires and the courses that come with the program; again without effect."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loaded = questionnaires.load_shipped()
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(", ".join(str(one) for one in loaded))
