"""The measures: each prints the bare floor, ours, and their ratio."""

import csv
import io
import multiprocessing
import random
import statistics
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import Client, RequestFactory

from benchmarks import agenda, hub, market
from mbois import clock
from mbois.demo import city
from mbois.enterprises import imports
from mbois.enterprises.models import Enterprise
from mbois.enterprises.queries import searched
from mbois.enterprises.tests.factories import make_enterprise
from mbois.financing import actions
from mbois.financing.models import Loan
from mbois.financing.tests.factories import Bank, quick_loan
from mbois.people.models import Person
from mbois.people.tests.factories import make_person
from mbois.places.models import Area

PAYMENTS = 1_500
CONNECTIONS = 4
ENTERPRISES = 100_000
IMPORTED = 50_000
PRODUCTS = 100_000
BOOKINGS = 200_000


def run(scale: float) -> None:
    """All measures, sizes times `scale`."""
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STAFF_NEED_SECOND_FACTOR = False
    call_command("migrate", verbosity=0)
    for command in ("load_places", "load_kbli", "load_consent_texts"):
        call_command(command, verbosity=0)
    bank = Bank()
    print(f"{'measure':<52} {'floor':>14} {'ours':>14} {'ratio':>7}  goal")
    repayments(bank, max(50, round(PAYMENTS * scale)))
    import_rows(round(IMPORTED * scale))
    registry(round(ENTERPRISES * scale))
    catalogue(round(PRODUCTS * scale))
    day_of_the_centre(round(BOOKINGS * scale))
    rush(max(20, round(agenda.PLACES * scale)), max(200, round(agenda.PEOPLE * scale)))


def line(name: str, floor: float, ours: float, unit: str, goal: str) -> None:
    ratio = ours / floor if floor else 0
    print(f"{name:<52} {floor:>10,.1f} {unit:<3} {ours:>10,.1f} {unit:<3} {ratio:>6.2f}  {goal}", flush=True)


@contextmanager
def stopwatch() -> Iterator[Callable[[], float]]:
    begun = time.perf_counter()
    yield lambda: time.perf_counter() - begun


def raw() -> psycopg.Connection[Any]:
    """A bare connection to the same database."""
    return psycopg.connect(
        **connection.get_connection_params() | {"cursor_factory": psycopg.Cursor, "context": None}
    )


# --- repayments ------------------------------------------------------------------------------------


def bare_payments(args: tuple[int, int]) -> float:
    """The floor: one transfer and one paid total a transaction, nothing else. Seconds."""
    count, worker = args
    with raw() as bare, stopwatch() as spent:
        for turn in range(count):
            with bare.transaction():
                bare.execute(
                    "INSERT INTO bench_transfer (region_id, reference, debit, credit, amount, day)"
                    " VALUES ('35.73', %s, 1, 2, 1, current_date)",
                    [f"{worker}-{turn}-{uuid.uuid4().hex}"],
                )
                bare.execute("UPDATE bench_loan SET paid_total = paid_total + 1 WHERE id = %s", [worker + 1])
        return spent()


def our_payments(args: tuple[int, int, int, int]) -> float:
    """Ours: the whole action with policy, idempotency, audit and the notice. Seconds."""
    count, _worker, loan_id, teller_id = args
    connections.close_all()
    loan = Loan.objects.select_related("borrower").get(pk=loan_id)
    teller = Person.objects.get(pk=teller_id)
    actions.record_repayment(loan, amount=1, by=teller, key=uuid.uuid4().hex)
    with stopwatch() as spent:
        for _turn in range(count):
            actions.record_repayment(loan, amount=1, by=teller, key=uuid.uuid4().hex)
        return spent()


def repayments(bank: Bank, count: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE bench_transfer (id bigserial PRIMARY KEY, region_id text, reference text UNIQUE,"
            " debit bigint, credit bigint, amount bigint CHECK (amount > 0), day date)"
        )
        cursor.execute("CREATE TABLE bench_loan (id int PRIMARY KEY, paid_total bigint)")
        cursor.execute("INSERT INTO bench_loan SELECT n, 0 FROM generate_series(1, 8) n")
    loans = [quick_loan(bank, principal=10_000_000, months=24, on=clock.today()) for _n in range(CONNECTIONS)]
    ours = [(count, place, loan.pk, bank.teller.pk) for place, loan in enumerate(loans)]
    line(
        "repayments a second, 1 connection",
        count / bare_payments((count, 0)),
        count / our_payments(ours[0]),
        "/s",
        "≥ 0.25, ≥ 500/s",
    )
    connections.close_all()
    with multiprocessing.get_context("fork").Pool(CONNECTIONS) as pool:
        floor = CONNECTIONS * count / max(pool.map(bare_payments, [(count, n) for n in range(CONNECTIONS)]))
        whole = CONNECTIONS * count / max(pool.map(our_payments, ours))
    line(f"repayments a second, {CONNECTIONS} connections", floor, whole, "/s", "≥ 0.25")


# --- import ----------------------------------------------------------------------------------------


def a_file(count: int) -> bytes:
    """A CSV as an agency keeps it: `count` enterprises, none of them known."""
    rng = random.Random(5)
    villages = list(Area.objects.filter(region="35.73", level="village").select_related("parent"))
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(["Nama Usaha", "Nama Pemilik", "NIK", "No HP", "Kelurahan", "Kecamatan", "Alamat", "Omzet"])
    for serial in range(count):
        village = rng.choice(villages)
        name = city.a_name(rng, woman=True)
        day, month = serial // 9_999 % 28 + 41, serial // 9_999 // 28 % 12 + 1
        rows.writerow(
            [
                f"Warung {name} {serial}",
                name,
                f"357302{day:02d}{month:02d}80{serial % 9_999 + 1:04d}",
                f"0812{20_000_000 + serial}",
                village.name,
                village.parent.name if village.parent else "",
                f"Jl. Mawar {serial % 200}",
                rng.randrange(10, 300) * 1_000_000,
            ]
        )
    return out.getvalue().encode()


def import_rows(count: int) -> None:
    officer = make_person("Officer", role="agency_officer")
    data = a_file(count)
    with raw() as bare:
        bare.execute(
            "CREATE TABLE bench_enterprise (id bigint, region_id text, number text, name text, owner_id bigint,"
            " village_id text, state text, registered_by_id bigint, registered_at timestamptz, search text)"
        )
        bare.execute("CREATE INDEX ON bench_enterprise USING gin (region_id, search gin_trgm_ops)")
        village = Area.objects.filter(region="35.73", level="village").values_list("pk", flat=True)[0]
        with stopwatch() as spent:
            columns = "id, region_id, number, name, owner_id, village_id, state, registered_by_id, registered_at, search"
            with (
                bare.cursor() as cursor,
                cursor.copy(f"COPY bench_enterprise ({columns}) FROM STDIN") as copy,
            ):
                for serial, row in enumerate(csv.reader(io.StringIO(data.decode()))):
                    copy.write_row(
                        [
                            serial,
                            "35.73",
                            f"U-{serial}",
                            row[0],
                            1,
                            village,
                            "submitted",
                            1,
                            clock.now(),
                            " ".join(row[:2]),
                        ]
                    )
            bare.commit()
            floor = spent()
        bare.execute("DROP TABLE bench_enterprise")
        bare.commit()
    with stopwatch() as spent:
        made = imports.upload(data, file_name="usaha.csv", region_id="35.73", by=officer)
        made = imports.start_reading(made, mapping=made.mapping, by=officer)
        made = imports.go_on(made)
        made = imports.start_applying(made, by=officer)
        made = imports.go_on(made)
        ours = spent()
    assert Enterprise.objects.filter(region="35.73").count() >= count, imports.counts(made)
    line(f"import of {count:,} rows, dry run and apply", floor, ours, "s", "≤ 60 s")


# --- the registry ----------------------------------------------------------------------------------


def milliseconds(command: Callable[[], object], times: int) -> list[float]:
    found = []
    for _turn in range(times):
        with stopwatch() as spent:
            command()
            found.append(spent() * 1_000)
    return sorted(found)


def p95(values: list[float]) -> float:
    return values[int(len(values) * 0.95)]


WORDS = ["keripik", "kripik tempe", "bakso cak", "wahyuni", "warung sri", "batik", "lestary", "jajan pasar"]


def registry(count: int) -> None:
    there = Enterprise.objects.count()
    if there < count:
        rng = random.Random(3)
        staff = city.make_staff(rng)
        for _part in range(-(-(count - there) // 20_000)):
            city.make_enterprises(rng, staff, min(20_000, count - Enterprise.objects.count()))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    total = Enterprise.objects.count()
    officer = make_person("Searcher", role="agency_officer")

    def bare(word: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id FROM enterprises_enterprise WHERE region_id = '35.73' AND search %%> %s LIMIT 50",
                [word],
            )
            cursor.fetchall()

    def ours(word: str) -> None:
        list(searched(Enterprise.objects.visible_to(officer), word)[:50])

    floor = [value for word in WORDS for value in milliseconds(lambda word=word: bare(word), 8)]
    mine = [value for word in WORDS for value in milliseconds(lambda word=word: ours(word), 8)]
    line(
        f"search over {total:,} enterprises, median",
        statistics.median(floor),
        statistics.median(mine),
        "ms",
        "",
    )
    line(f"search over {total:,} enterprises, p95", p95(sorted(floor)), p95(sorted(mine)), "ms", "≤ 50 ms")

    template = engines["django"].from_string(
        "<!doctype html><title>x</title><ul>{% for row in rows %}<li>{{ row.number }} {{ row.name }}</li>{% endfor %}</ul>"
    )

    def bare_view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(
            template.render(
                {"rows": Enterprise.objects.filter(region="35.73").order_by("-registered_at")[:24]}
            )
        )

    client = Client()
    client.force_login(officer, backend=settings.AUTHENTICATION_BACKENDS[0])
    request = RequestFactory().get("/")
    assert client.get("/usaha/").status_code == 200
    floor = milliseconds(lambda: bare_view(request), 60)
    mine = milliseconds(lambda: client.get("/usaha/"), 60)
    line("the registry's list page, p95", p95(floor), p95(mine), "ms", "")
    landing = milliseconds(lambda: Client().get("/"), 60)
    line("the landing page, p95", p95(floor), p95(landing), "ms", "")


# --- the catalogue ---------------------------------------------------------------------------------


def catalogue(count: int) -> None:
    """Searching and filtering the products on offer."""
    market.fill(count, make_enterprise())
    floor = p95(milliseconds(market.by_key, 20))
    times = [one for wish in market.wishes() for one in milliseconds(wish, 8)]
    line(f"finding among {count:,} products, p95", floor, p95(times), "ms", "<= 50 ms")


# --- the creative centre -----------------------------------------------------------------------------


def day_of_the_centre(count: int) -> None:
    """The day over all spaces of the creative centre, from the address to the page."""
    settings.ALLOWED_HOSTS = ["*"]
    hub.fill(count, make_person())
    client = Client()
    sqls = hub.statements(client)
    assert len(sqls) <= 6, sqls
    floor = p95(milliseconds(lambda: hub.bare(sqls), 60))
    ours = p95(milliseconds(lambda: client.get(hub.PATH), 60))
    line(f"day view of the centre, {count:,} bookings, p95", floor, ours, "ms", "<= 60 ms, <= 6 queries")


# --- the rush for an activity ----------------------------------------------------------------------


def rush(places: int, people: int) -> None:
    """So many places sold to so many people at once, through the API of a server of its own."""
    bare = agenda.floor(raw, places, people)
    found = agenda.rush(places, people)
    line(f"rush: {places} places, {people} people, all sold after", bare, found.sold_after, "s", "≤ 5 s")
    pages = sorted(found.pages)
    print(
        f"  every one answered after {found.all_after:.1f} s: "
        + ", ".join(f"{count} × {status}" for status, count in sorted(found.answers.items()))
        + f"; pages meanwhile: {len(pages)} looks, median {statistics.median(pages):.2f} s, worst {pages[-1]:.2f} s, "
        f"{found.bad_pages} not answered"
    )
