"""A table over rows of the database: two queries whatever the number of rows."""

from typing import Any

import pytest
from django.db.models import Case, IntegerField, Q, Value, When
from django.test import RequestFactory

from mbois.people.models import Person
from mbois.web.tables import Choice, Column, Filter, Table


@pytest.fixture
def people(db: None) -> None:
    Person.objects.bulk_create(
        [
            Person(name=f"Person {n:03}", email=f"p{n}@example.org", language="id" if n % 4 else "en")
            for n in range(1, 61)
        ]
    )


def table(query: str = "", **kwargs: Any) -> Table:
    return Table(
        RequestFactory().get(f"/people/{query}"),
        rows=Person.objects.filter(name__startswith="Person "),
        columns=[Column("name", "Name", sort="name"), Column("email", "E-mail", sort="-email")],
        search=kwargs.pop("search", lambda rows, text: rows.filter(name__icontains=text)),
        filters=[
            Filter(
                "language",
                "Language",
                [Choice("id", "Indonesia", Q(language="id")), Choice("en", "English", Q(language="en"))],
            )
        ],
        order="-name",
        **kwargs,
    )


def test_a_page_takes_two_queries(people: None, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(2):
        html = table("?page=2&q=person").answer("web/table.html").content.decode()
    assert "Person 035" in html and "Person 036" not in html


def test_chips_count_without_their_own_filter(people: None) -> None:
    shown = table("?language=en")
    assert shown.total == 15
    assert [chip.count for chip in shown.chip_rows[0][1]] == [60, 45, 15]


def test_it_sorts_in_the_database(people: None) -> None:
    assert [row.email for row in table("?sort=email&language=id").page_rows[:2]] == [
        "p10@example.org",
        "p11@example.org",
    ]


def test_a_search_that_ranks_keeps_its_order(people: None) -> None:
    def best_first(rows: Any, text: str) -> Any:
        rank = Case(When(name="Person 007", then=Value(0)), default=Value(1), output_field=IntegerField())
        return rows.annotate(rank=rank).order_by("rank", "pk")

    assert table("?q=x", search=best_first).page_rows[0].name == "Person 007"
    assert table("?q=x&sort=-name", search=best_first).page_rows[0].name == "Person 060"


def test_nothing_found_takes_one_query(people: None, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        table("?q=zzz").answer("web/table.html")
