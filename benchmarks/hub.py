"""The day over all spaces of the creative centre among 200,000 bookings, and the floor: the same queries bare."""

from datetime import datetime, time, timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from mbois import clock
from mbois.hub.models import Space
from mbois.hub.tests.factories import make_building, make_keeper, make_space
from mbois.people.models import Person

SPACES = 24
PATH = "/pusat-kreatif/hari/"


def fill(count: int, person: Person) -> list[Space]:
    """So many bookings over the years in 24 spaces, six a day in each, in one statement; the triggers that
    keep the audit trail are not what is measured."""
    keeper = make_keeper()
    building = make_building(keeper, open_on_holidays=True)
    spaces = [
        make_space(building, keeper=keeper, level=1 + number // 3, buffer_minutes=15)
        for number in range(SPACES)
    ]
    days = max(2, count // (SPACES * 6))
    first = datetime.combine(clock.today() - timedelta(days=days - 15), time(8), tzinfo=clock.JAKARTA)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            """
            INSERT INTO hub_booking (region_id, code, space_id, booked_by_id, during, occupied, title, "group", use,
                   subsector, people, fee, state, made_at, note, flag, changes)
            SELECT %s, 'BK-3573-' || lpad((s.place * 1000000 + d * 10 + h)::text, 8, '0'), s.id, %s,
                   tstzrange(b.at, b.at + interval '90 minutes'), tstzrange(b.at, b.at + interval '105 minutes'),
                   'Kelas', 'Komunitas', 'empowerment', 'music', 6, 0, 'confirmed', b.at - interval '5 days', '', '', 0
              FROM unnest(%s::bigint[]) WITH ORDINALITY AS s(id, place),
                   generate_series(0, %s) AS d, generate_series(0, 5) AS h,
                   LATERAL (SELECT %s + d * interval '1 day' + h * interval '2 hours' AS at) AS b
            """,
            [spaces[0].region_id, person.pk, [space.pk for space in spaces], days - 1, first],
        )
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("VACUUM ANALYZE hub_booking")
    return spaces


def statements(client: Any) -> list[str]:
    """The queries of the page, as they were sent."""
    client.get(PATH)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(PATH)
    assert answer.status_code == 200
    return [query["sql"] for query in captured.captured_queries]


def bare(sqls: list[str]) -> None:
    """The same queries and nothing else."""
    with connection.cursor() as cursor:
        for sql in sqls:
            cursor.execute(sql)
            cursor.fetchall()
