"""`load_mentoring`: the questionnaires and courses we ship."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mbois.mentoring import courses, questionnaires
from mbois.places.models import Region
from mbois.refused import Refused


class Command(BaseCommand):
    help = "Load the questionnaires and the courses that come with the program; again without effect."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loaded = questionnaires.load_shipped()
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        written = sum(courses.load_shipped(region) for region in Region.objects.order_by("code"))
        self.stdout.write(f"{', '.join(str(one) for one in loaded)}; {written} courses written")
