"""Open OJIR in every region that has none."""

from typing import Any

from django.core.management.base import BaseCommand

from mbois.financing.actions import open_scheme
from mbois.places.models import Region


class Command(BaseCommand):
    help = "Open OJIR, with an empty fund, in every region that has none."

    def handle(self, *args: Any, **options: Any) -> None:
        for code in Region.objects.values_list("pk", flat=True):
            open_scheme(code)
