"""A table keeps what one looks for in its address and never stumbles over it."""

from dataclasses import dataclass
from io import BytesIO

import pytest
from django.test import RequestFactory
from openpyxl import load_workbook

from mbois.web import show
from mbois.web.tables import Choice, Column, Empty, Filter, Table


@dataclass
class Loan:
    name: str
    amount: int
    state: str


LOANS = [Loan(f"Loan {n:02}", n * 1000, "late" if n % 3 == 0 else "fine") for n in range(1, 31)]


def table(query: str = "", rows: list[Loan] | None = None, **headers: str) -> Table:
    request = RequestFactory().get(f"/loans/{query}", headers=headers)
    return Table(
        request,
        rows=LOANS if rows is None else rows,
        columns=[
            Column("name", "Name", sort="name", link=lambda row: f"/loans/{row.name}/"),
            Column("amount", "Amount", show=show.rupiah, sort="-amount", number=True),
            Column("state", "State", phone=False),
        ],
        search=lambda rows, text: [row for row in rows if text in row.name],
        filters=[
            Filter(
                "state",
                "State",
                [
                    Choice("late", "Late", lambda row: row.state == "late"),
                    Choice("fine", "Fine", lambda row: row.state == "fine"),
                ],
            )
        ],
        order="name",
        size=10,
        download="loans",
        empty=Empty("No loan yet", "Apply first.", "/apply/", "Apply"),
    )


def names(shown: Table) -> list[str]:
    return [row.name for row in shown.page_rows]


def test_it_shows_the_first_page_in_its_own_order() -> None:
    shown = table()
    assert (shown.total, shown.pages, shown.page) == (30, 3, 1)
    assert names(shown)[0] == "Loan 01"


def test_it_sorts_either_way() -> None:
    assert names(table("?sort=-amount"))[0] == "Loan 30"
    assert names(table("?sort=amount"))[0] == "Loan 01"


def test_a_heading_leads_to_the_other_direction() -> None:
    amount = table("?sort=-amount&q=Loan&page=2").headings[1]
    assert amount.direction == "descending"
    assert amount.url == "/loans/?q=Loan&sort=amount"


def test_a_chip_counts_what_it_would_show() -> None:
    shown = table("?q=Loan 0")
    (_filter, chips) = shown.chip_rows[0]
    assert [(str(chip.label), chip.count) for chip in chips] == [("All", 9), ("Late", 3), ("Fine", 6)]


def test_a_chip_keeps_the_search_and_goes_to_the_first_page() -> None:
    (_filter, chips) = table("?q=Loan&page=2").chip_rows[0]
    assert chips[1].url == "/loans/?q=Loan&state=late"


@pytest.mark.parametrize(
    ("query", "page"),
    [
        ("?page=abc", 1),
        ("?page=-1", 1),
        ("?page=0", 1),
        ("?page=99", 3),
        ("?page=²", 1),
        ("?page=99999999999999999999", 1),
        ("?sort=evil", 1),
        ("?sort=--name", 1),
        ("?state=evil&page=2", 2),
        ("?q=%00", 1),
        ("?page=2&page=3", 3),
    ],
)
def test_nonsense_in_the_address_is_no_error(query: str, page: int) -> None:
    shown = table(query)
    assert shown.page == page
    assert shown.answer("web/table.html").status_code == 200


def test_nothing_at_all_says_what_to_do_first() -> None:
    page = table(rows=[]).answer("web/table.html").content.decode()
    assert "No loan yet" in page and 'href="/apply/"' in page


def test_nothing_that_fits_offers_everything_again() -> None:
    page = table("?q=zzz").answer("web/table.html").content.decode()
    assert "Nothing fits this search" in page and 'href="/loans/"' in page


def test_htmx_gets_only_the_table() -> None:
    shown = table("", **{"HX-Request": "true", "HX-Target": "table"})
    answer = shown.answer("web/gallery_table.html")
    assert b"<html" not in answer.content and b'id="table"' in answer.content
    assert "HX-Target" in answer["Vary"]


def test_a_restored_page_is_whole() -> None:
    headers = {"HX-Request": "true", "HX-Target": "table", "HX-History-Restore-Request": "true"}
    assert b"<html" in table("", **headers).answer("web/gallery_table.html").content


def test_a_spreadsheet_holds_all_that_fits_as_numbers() -> None:
    answer = table("?state=late&unduh=xlsx&page=2").answer("web/table.html")
    rows = list(load_workbook(BytesIO(answer.content)).active.values)
    assert rows[0] == ("Name", "Amount", "State")
    assert rows[1] == ("Loan 03", 3000, "late")
    assert len(rows) == 11


def test_a_csv_does_not_run_formulas() -> None:
    answer = table("?unduh=csv", rows=[Loan("=cmd()", -1, "fine")]).answer("web/table.html")
    text = b"".join(answer.streaming_content).decode()  # type: ignore[union-attr]
    assert text.splitlines()[1] == "'=cmd(),-1,fine"


def test_nothing_is_an_empty_cell_and_a_dash_stays_one() -> None:
    rows = [Loan("", 1, "-")]
    answer = table("?unduh=csv", rows=rows).answer("web/table.html")
    text = b"".join(answer.streaming_content).decode()  # type: ignore[union-attr]
    assert text.splitlines()[1] == ",1,-"
    book = load_workbook(BytesIO(table("?unduh=xlsx", rows=rows).answer("web/table.html").content))
    assert list(book.active.values)[1] == (None, 1, "-")


def test_html_in_a_value_is_text() -> None:
    page = table(rows=[Loan("<script>", 1, "fine")]).answer("web/table.html").content.decode()
    assert "<script>" not in page and "&lt;script&gt;" in page
