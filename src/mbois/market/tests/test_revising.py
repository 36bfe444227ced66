"""What is live at a marketplace follows what the seller writes here: words, photos, new variants."""

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from mbois.market.channels.base import ChannelError, Grant, Kind, Offer, OfferedVariant, Photo
from mbois.market.channels.simulation.store import Store
from mbois.market.tests.simulators import Running, simulator
from mbois.market.tests.test_channels import NAMES, offer, shown


@pytest.fixture(scope="module", params=NAMES)
def running(request, tmp_path_factory) -> Iterator[tuple[Running, Store]]:
    data = tmp_path_factory.mktemp(request.param)
    with simulator(request.param, data) as found:
        store = Store(next(Path(data).rglob(f"{request.param}.sqlite")))
        yield found, store
        store.close()


@pytest.fixture
def grant(running) -> Grant:
    running[0].do("behave")
    return running[0].connect()


@pytest.fixture
def channel(running, grant):
    return running[0].channel(grant)


@pytest.fixture
def item(running):
    """What the simulator keeps of an item: its title, its description, how many pictures."""

    def find(key: str) -> tuple[str, str, int]:
        row = running[1].row("SELECT * FROM item WHERE id = ?", key)
        body = json.loads(row["body"])
        words = body.get("Attributes") or body
        images = (
            (body.get("image") or {}).get("image_id_list")
            or body.get("main_images")
            or (body.get("Images") or {}).get("Image")
        )
        return row["title"], words["description"], len(images)

    return find


@pytest.fixture
def names(running):
    """The names of an item's variants by SKU, as buyers see them."""

    def find(key: str) -> dict[str, str]:
        return {row["sku"]: row["name"] for row in running[1].models(int(key))}

    return find


def jpeg(colour: str) -> Photo:
    out = io.BytesIO()
    Image.new("RGB", (800, 800), colour).save(out, "JPEG")
    return Photo(f"{colour}.jpg", out.getvalue)


BETTER: dict[str, Any] = {
    "title": "Keripik tempe Sanan asli, renyah, 250 gram",
    "description": "Keripik tempe khas Sanan, kini dengan kemasan yang bisa ditutup lagi. Tahan empat bulan.",
}


def variants(*names: str, number: int = 1) -> list[OfferedVariant]:
    return [OfferedVariant(f"KT-{number}-{name}", name, 25_000, 5) for name in names]


def test_words_and_photos_are_changed_and_nothing_else(channel, item):
    wanted = offer(channel)
    made = channel.publish(wanted)
    better = replace(wanted, **BETTER, photos=[jpeg("red"), jpeg("green"), jpeg("blue")])
    assert channel.revise(made.item, better, text=True, photos=True) == made
    assert item(made.item) == (BETTER["title"], BETTER["description"], 3)
    assert shown(channel) == {"KT-1": (25_000, 12)}
    # only the words: the photos stay
    again = replace(wanted, photos=[])
    assert channel.revise(made.item, again, text=True, photos=False) == made
    assert item(made.item) == (wanted.title, wanted.description, 3)
    # only the photos
    assert channel.revise(made.item, replace(better, photos=[jpeg("red")]), text=False, photos=True) == made
    assert item(made.item)[0] == wanted.title and item(made.item)[2] == 1


def test_a_new_variant_joins_those_there_and_none_is_lost(channel, names):
    first = offer(channel, 2, variants=variants("Asin", "Pedas", number=2))
    made = channel.publish(first)
    more = replace(first, variants=variants("Asin", "Pedas", "Manis", number=2))
    after = channel.revise(made.item, more, text=False, photos=False)
    assert after.item == made.item
    assert set(after.variants) == {"KT-2-Asin", "KT-2-Pedas", "KT-2-Manis"}
    assert {sku: after.variants[sku] for sku in made.variants} == dict(made.variants)
    assert names(made.item) == {"KT-2-Asin": "Asin", "KT-2-Pedas": "Pedas", "KT-2-Manis": "Manis"}
    # again is no harm, and a smaller offer takes none away
    assert channel.revise(made.item, more, text=True, photos=False) == after
    assert set(channel.revise(made.item, first, text=True, photos=False).variants) >= set(made.variants)
    assert len(names(made.item)) == 3


def test_one_thing_becomes_several(channel, names):
    made = channel.publish(offer(channel, 3, variants=[OfferedVariant("KT-3", "", 25_000, 5)]))
    several = offer(
        channel, 3,
        variants=[OfferedVariant("KT-3", "Asin", 25_000, 5), OfferedVariant("KT-3-B", "Pedas", 26_000, 7)],
    )  # fmt: skip
    after = channel.revise(made.item, several, text=True, photos=False)
    assert set(after.variants) == {"KT-3", "KT-3-B"}
    assert shown(channel) == {"KT-3": (25_000, 5), "KT-3-B": (26_000, 7)}
    assert names(made.item) == {"KT-3": "Asin", "KT-3-B": "Pedas"}
    # and is still found, not made a second time
    found = channel.find(several)
    assert found is not None and found.item == made.item


def test_another_name_of_a_variant_arrives(channel, names):
    first = offer(channel, 4, variants=variants("Asin", "Pedas", number=4))
    made = channel.publish(first)
    spoken = [replace(one, name=f"Rasa {one.name}") for one in first.variants]
    assert channel.revise(made.item, replace(first, variants=spoken), text=True, photos=False) == made
    assert names(made.item) == {"KT-4-Asin": "Rasa Asin", "KT-4-Pedas": "Rasa Pedas"}


def test_what_is_wrong_is_said_and_changes_nothing(channel, item):
    wanted = offer(channel, 5)
    made = channel.publish(wanted)
    for change, field in (({"title": "x" * 300}, "title"), ({"weight_grams": 0}, "weight")):
        with pytest.raises(ChannelError) as failure:
            channel.revise(made.item, replace(wanted, **change), text=True, photos=False)
        assert (failure.value.kind, failure.value.field) == (Kind.REFUSED, field)
    assert item(made.item)[0] == wanted.title
    with pytest.raises(ChannelError) as failure:
        channel.revise("99999", offer(channel, 6), text=True, photos=False)
    assert failure.value.kind == Kind.MISSING


def test_work_done_without_an_answer_adds_no_variant_twice(running, channel, names):
    first: Offer = offer(channel, 7, variants=variants("Asin", "Pedas", number=7))
    made = channel.publish(first)
    more = replace(first, variants=variants("Asin", "Pedas", "Manis", number=7))
    path = {"shopee": "add_model", "tokopedia_shop": "/202309/products/", "lazada": "product/create"}
    running[0].misbehave("work_then_hang", path=path[running[0].name], times=1)
    for _again in range(4):
        try:
            after = channel.revise(made.item, more, text=False, photos=False)
            break
        except ChannelError as failure:
            assert failure.kind == Kind.UNKNOWN
    assert len(after.variants) == len(names(made.item)) == 3
