"""Publishing survives the killing of its worker anywhere: nothing is there twice, nothing is missing.

MBOIS_PUBLISH_PRODUCTS sets how many products (1,000 is the promise; fewer by default, to be quick)."""

import os
import random
import subprocess
import sys
import time

import pytest
from django.db import connection as database

from mbois.market.models import Listing
from mbois.market.speaking import Speaker
from mbois.market.tests.factories import make_shop
from mbois.market.tests.simulators import SRC, simulator
from mbois.market.tests.test_selling import connected, good, listed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
PRODUCTS = int(os.environ.get("MBOIS_PUBLISH_PRODUCTS") or 24)
KILLS = 3 if PRODUCTS < 500 else 20


def worker(row, files) -> subprocess.Popen[bytes]:
    """A worker on the test database, whose leases are short: a platform has one second to answer."""
    told = database.settings_dict
    url = f"postgresql://{told['USER']}:{told['PASSWORD']}@/{told['NAME']}?host={told['HOST']}&port={told['PORT']}"
    process = subprocess.Popen(
        [sys.executable, "-m", "mbois.market.tests.kill_worker", row.region_id, str(row.pk)],
        env=os.environ
        | {
            "DATABASE_URL": url,
            "PYTHONPATH": str(SRC),
            "MBOIS_CHANNEL_TIMEOUT": "1",
            "MBOIS_FILES": str(files),
        },
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None and process.stdout.readline() == b"ready\n"
    return process


@pytest.mark.parametrize("name", ["shopee", "lazada", "tokopedia_shop"])
def test_nothing_is_there_twice_and_nothing_is_missing(name, monkeypatch, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    with simulator(name) as running:
        for part, value in (("URL", running.url), ("KEY", running.app.key), ("SECRET", running.app.secret)):
            monkeypatch.setenv(f"MBOIS_{name.upper()}_{part}", value)
        shop = make_shop()
        row = connected(running, shop.enterprise)
        first = good(shop.enterprise)
        products = [first, *(good(shop.enterprise, photo=first) for _number in range(PRODUCTS - 1))]
        listed(row, *products)
        running.do("rate", value=500)
        chance = random.Random(7)
        kills, longest = 0, max(PRODUCTS / 60, 1.2)
        until = time.monotonic() + 180 + PRODUCTS
        process = worker(row, tmp_path)
        while time.monotonic() < until:
            try:
                patience = 0.2 + chance.random() * longest if kills < KILLS else 120
                assert process.wait(patience) == 0
                break
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                kills += 1
                if kills % 3 == 0:
                    running.misbehave("work_then_hang", path="/product", times=1)
                process = worker(row, tmp_path)
        running.do("behave")
        assert set(Listing.objects.values_list("state", flat=True)) == {"live"}
        there = [one.sku for one in Speaker(row).do(lambda channel: list(channel.listed()))]
        assert len(there) == len(set(there)) == PRODUCTS
        assert running.state()["twice"] == []
        keys = Listing.objects.values_list("external_id", "external_variant")
        assert len(set(keys)) == PRODUCTS
        assert kills >= 1
        print(f"{name}: {PRODUCTS} products, {kills} workers killed")
