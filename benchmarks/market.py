"""Finding a product among 100,000: what the database needs, and the floor, a look-up by key."""

import random
from collections.abc import Callable

from django.db import connection
from django.utils import timezone

from mbois.enterprises.models import Enterprise
from mbois.market import queries
from mbois.market.codes import PRODUCT
from mbois.market.models import CatalogueEntry
from mbois.market.queries import Wish
from mbois.market.tests.factories import make_shop

THINGS = ["keripik tempe", "keripik singkong", "batik tulis", "gelang manik", "sambal bawang", "kopi dampit",
          "topeng malangan", "sabun sereh", "tas anyaman", "kue lapis", "vas dinoyo", "kaos ngalam"]  # fmt: skip
TASTES = [
    "original",
    "pedas",
    "balado",
    "keju",
    "cokelat",
    "indigo",
    "sogan",
    "premium",
    "spesial",
    "kawi",
    "ijen",
]
WISHES: list[dict[str, str]] = [
    {}, {"q": "keripik"}, {"q": "keripik tempe balado"}, {"q": "kripik tmpe"}, {"q": "batik sogan 4711"},
    {"kategori": "craft", "urut": "murah"}, {"min": "20000", "maks": "30000"}, {"q": "kopi", "urut": "mahal"},
    {"dekat": "-7.98,112.63", "urut": "dekat"}, {"q": "toppeng malanggan"}, {"page": "20"},
]  # fmt: skip


def fill(count: int, enterprise: Enterprise) -> None:
    """So many products in the catalogue, in one statement each table; the triggers that would write the
    catalogue are what `mbois check` looks at, not this."""
    shop = make_shop(enterprise)
    rng = random.Random(1)
    names = [f"{rng.choice(THINGS)} {rng.choice(TASTES)} {number}" for number in range(count)]
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            """
            WITH told AS (SELECT name, n FROM unnest(%s::text[]) WITH ORDINALITY t(name, n)),
            made AS (
                INSERT INTO market_product (region_id, enterprise_id, code, name, description, category, brand,
                       attributes, is_food, state, made_by_id, made_at, changed_at, published_at)
                SELECT %s, %s, %s || lpad(n::text, 6, '0'), name, '', 'craft', '', '{}', false, 'published', %s,
                       %s, %s, %s - n * interval '1 minute' FROM told
                RETURNING id, name, published_at)
            INSERT INTO market_catalogueentry (region_id, product_id, shop_id, name, category, subsector,
                   district_id, latitude, longitude, price_from, price_to, sellable_until, published_at, search)
            SELECT %s, id, %s, name, (ARRAY['craft','snack','batik','bag'])[1 + id %% 4], '', %s,
                   -8 + random() * 0.4, 112.4 + random() * 0.5, 5000 + id %% 200 * 1000, 5000 + id %% 200 * 1000,
                   '9999-12-31', published_at, name || ' buatan malang nomor ' || id FROM made
            """,
            [names, enterprise.region_id, enterprise.pk, f"{PRODUCT}-3573-", enterprise.owner.person_id]
            + [timezone.now()] * 3
            + [enterprise.region_id, shop.pk, enterprise.village.parent_id],
        )  # fmt: skip
        cursor.execute("SET session_replication_role = DEFAULT")
        words = {word for name in names for word in name.split() if not word.isdecimal()}
        cursor.execute(
            "INSERT INTO market_catalogueword (region_id, word) SELECT %s, unnest(%s::text[])",
            [enterprise.region_id, sorted(words | {"buatan", "malang", "nomor"})],
        )
        cursor.execute("VACUUM ANALYZE market_catalogueentry, market_product, market_catalogueword")


def wishes() -> list[Callable[[], object]]:
    """What buyers look for: words as they are typed and mistyped, filters, what is near."""
    return [lambda given=given: queries.find(Wish.of(given)) for given in WISHES]


def by_key() -> object:
    return list(CatalogueEntry.objects.select_related("product").order_by("-pk")[:24])
