"""A refresh token is good once: two workers that find the access token ended ask for one new one."""

from datetime import timedelta

import pytest
from tests.races import at_once

from mbois import clock
from mbois.market.models import Connection
from mbois.market.speaking import Speaker
from mbois.market.tests.factories import make_shop
from mbois.market.tests.simulators import simulator
from mbois.market.tests.test_selling import connected

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


def test_two_workers_renew_a_token_once(monkeypatch):
    with simulator("shopee") as running:
        for part, value in (("URL", running.url), ("KEY", running.app.key), ("SECRET", running.app.secret)):
            monkeypatch.setenv(f"MBOIS_SHOPEE_{part}", value)
        row = connected(running, make_shop().enterprise)
        Connection.objects.update(access_until=clock.now() - timedelta(minutes=1))
        running.do("expire", shop=row.shop_id)
        running.misbehave("slow", path="/auth/", value=1)

        def ask() -> str:
            mine = Connection.objects.select_related("enterprise__owner__person").get()
            return Speaker(mine).do(lambda channel: channel.health()).shop_name

        assert at_once(ask, ask, ask) == ["Toko Uji"] * 3
        assert Connection.objects.get().state == "connected"
