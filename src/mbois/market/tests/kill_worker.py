"""A worker for the test that kills it: rounds of one shop until everything is there."""

import os
import sys
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mbois.settings")

import django

django.setup()

from django.conf import settings  # noqa: E402

settings.MEDIA_ROOT = os.environ["MBOIS_FILES"]

from mbois.market.models import Listing  # noqa: E402
from mbois.market.rounds import go_round  # noqa: E402

region_id, connection_id = sys.argv[1], int(sys.argv[2])
print("ready", flush=True)
while Listing.objects.filter(region=region_id, connection=connection_id, state="wanted").exists():
    go_round(region_id, connection_id, seconds=2)
    time.sleep(0.1)
