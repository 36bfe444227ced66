"""Fill an empty database with a believable city."""

import random
from argparse import ArgumentParser
from typing import Any

import pghistory
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from mbois.demo import channels, pictures
from mbois.demo.agenda import make_agenda
from mbois.demo.city import make_enterprises, make_lookalikes, make_neighbours, make_staff
from mbois.demo.creative import make_creative
from mbois.demo.history import untold
from mbois.demo.hub import make_hub
from mbois.demo.judging import judge_listings
from mbois.demo.lending import Lending
from mbois.demo.market import draw_later, make_market
from mbois.demo.mentoring import make_mentoring
from mbois.demo.personas import give_accounts, special_cases
from mbois.demo.startups import make_startups
from mbois.enterprises.duplicates import find_all, find_owner_matches
from mbois.enterprises.models import Enterprise
from mbois.financing.actions import open_scheme

ENTERPRISES = 2_140


class Command(BaseCommand):
    help = "Fill an empty database with a believable city, the same for the same seed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--scale", type=float, default=1.0, help="how much more than 2,140 enterprises and 360 loans"
        )
        parser.add_argument("--seed", type=int, default=1, help="another seed, another city")

    def handle(self, *args: Any, scale: float, seed: int, **options: Any) -> None:
        if Enterprise.objects.exists():
            raise CommandError("There are enterprises already; a demo city needs an empty database.")
        if scale <= 0:
            raise CommandError("--scale must be more than 0.")
        rng = random.Random(seed)
        pictures.forget()
        with transaction.atomic(), pghistory.context(note="demo city"):
            staff = make_staff(rng)
            enterprises = make_enterprises(rng, staff, round(ENTERPRISES * scale))
            make_lookalikes(rng, enterprises, max(2, round(24 * scale)))
            make_neighbours(rng, enterprises, max(1, round(3 * scale)))
            personas = give_accounts(rng, enterprises)
            for region, home in staff.items():
                own = [row for row in enterprises if row.region_id == region]
                Lending(rng, home, open_scheme(region), scale).make(own, special_cases(rng, personas, region))
            with untold("mentoring"):
                make_mentoring(seed, scale, staff, enterprises, personas)
            with untold("market"):
                make_market(seed, scale, staff, enterprises, personas)
                make_creative(seed, scale, staff, personas)
            draw_later()
            with untold("hub"):
                make_hub(seed, scale, staff, enterprises)
            with untold("agenda"):
                make_agenda(seed, scale, staff)
            with untold("startups"):
                make_startups(seed, staff)
        with transaction.atomic(), pghistory.context(note="demo city"):
            channels.connect(rng)
            judge_listings()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        for region in staff:
            find_all(region)
        find_owner_matches()
        self.stdout.write(f"{len(enterprises)} enterprises.")
