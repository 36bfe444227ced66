"""The table itself: what its URL says, which rows that gives, what the page shows."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Count, F, Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from mbois.web.given import whole_number
from mbois.web.tables import files
from mbois.web.tables.parts import Choice, Column, Empty, Filter, escaped, look_up

SEARCH_LENGTH = 200


@dataclass(frozen=True)
class Chip:
    label: object
    url: str
    count: int | None
    current: bool


@dataclass(frozen=True)
class Heading:
    column: Column
    url: str | None
    direction: str  # ascending, descending, none


def _sortable(value: Any) -> tuple[bool, Any]:
    return (value is None, value if value is not None else 0)


def _may_be_null(rows: QuerySet[Any], name: str) -> bool:
    """Whether values of this order may be missing. Where none is, an index can give the order."""
    try:
        return bool(rows.model._meta.get_field(name).null)
    except FieldDoesNotExist:
        return True


class Table:
    """See the module. `key` sets apart two tables of one page; `mark` gives a row a class name
    ("late"); `counts=False` leaves out the numbers on the chips; `hidden` are query parameters of the
    page that the table carries along."""

    def __init__(
        self,
        request: HttpRequest,
        *,
        rows: QuerySet[Any] | Sequence[Any],
        columns: Sequence[Column],
        search: Callable[[Any, str], Any] | None = None,
        search_label: object = _("Search"),
        filters: Sequence[Filter] = (),
        order: str | None = None,
        size: int = 25,
        key: str = "",
        caption: object = "",
        empty: Empty | None = None,
        download: str | None = None,
        mark: Callable[[Any], str] | None = None,
        counts: bool = True,
    ) -> None:
        self.request = request
        self.columns = list(columns)
        self.search = search
        self.search_label = search_label
        self.filters = list(filters)
        self.size = size
        self.key = key
        self.caption = caption
        self.empty = empty or Empty()
        self.download = download
        self.mark = mark
        self.counts = counts
        self.default_order = order
        self._rows = rows
        self.id = f"table-{key}" if key else "table"

    # What the URL says

    def _name(self, name: str) -> str:
        return f"{self.key}-{name}" if self.key else name

    def _given(self, name: str) -> str:
        return self.request.GET.get(self._name(name), "").replace("\x00", "").strip()

    def url(self, **changes: object) -> str:
        """This page with some of the table's parameters changed (None or "" leaves one out)."""
        query: QueryDict = self.request.GET.copy()
        query.pop(self._name("unduh"), None)
        if set(changes) - {"page", "unduh"}:
            query.pop(self._name("page"), None)
        for name, value in changes.items():
            query.pop(self._name(name), None)
            if value not in (None, ""):
                query[self._name(name)] = str(value)
        return f"{self.request.path}?{query.urlencode()}" if query else self.request.path

    @cached_property
    def text(self) -> str:
        """What is searched for."""
        return self._given("q")[:SEARCH_LENGTH] if self.search else ""

    @cached_property
    def chosen(self) -> dict[str, Choice]:
        """The chosen chip of each filter that has one."""
        found = {}
        for one in self.filters:
            given = self._given(one.key)
            choice = next((choice for choice in one.choices if choice.key == given), None)
            if choice:
                found[one.key] = choice
        return found

    @cached_property
    def order(self) -> tuple[Column, bool] | None:
        """The column that orders the rows, and whether descending."""
        for given in (self._given("sort"), self.default_order or ""):
            name = given.removeprefix("-")
            for column in self.columns:
                if column.key == name and column.sort:
                    return column, given.startswith("-")
        return None

    @property
    def narrowed(self) -> bool:
        """Whether a search or a filter leaves rows out."""
        return bool(self.text or self.chosen)

    @property
    def searchable(self) -> bool:
        """Whether there is a search box (a template would call `search` itself)."""
        return self.search is not None

    # The rows

    @cached_property
    def _found(self) -> QuerySet[Any] | list[Any]:
        rows = self._rows
        if self.text and self.search:
            rows = self.search(rows, self.text)
        return rows if isinstance(rows, QuerySet) else list(rows)

    def _matching(self, besides: str | None = None) -> list[Choice]:
        return [choice for key, choice in self.chosen.items() if key != besides]

    @cached_property
    def _counted(self) -> dict[str, int]:
        found = self._found
        wanted: dict[str, list[Choice]] = {"total": self._matching()}
        if self.counts:
            for one in self.filters:
                others = self._matching(besides=one.key)
                wanted[f"{one.key}__all"] = others
                for choice in one.choices:
                    wanted[f"{one.key}__{choice.key}"] = [*others, choice]
        if not isinstance(found, QuerySet):
            return {name: len(self._kept(found, choices)) for name, choices in wanted.items()}
        keys = {f"c{number}": name for number, name in enumerate(wanted)}
        asked = {}
        for alias, name in keys.items():
            where = Q()
            for choice in wanted[name]:
                where &= choice.where
            asked[alias] = Count("pk", filter=where) if where else Count("pk")
        answer = found.order_by().aggregate(**asked)
        return {keys[alias]: number for alias, number in answer.items()}

    @staticmethod
    def _kept(rows: Iterable[Any], choices: Sequence[Choice]) -> list[Any]:
        return [row for row in rows if all(choice.where(row) for choice in choices)]

    @cached_property
    def selected(self) -> QuerySet[Any] | list[Any]:
        """All rows that match, in order."""
        rows = self._found
        if not isinstance(rows, QuerySet):
            rows = self._kept(rows, self._matching())
            if self.order:
                column, descending = self.order
                for field in reversed(column.sort_fields):
                    path = field.lstrip("-").replace("__", ".")
                    backward = descending if field is column.sort_fields[0] else field.startswith("-")
                    rows.sort(
                        key=lambda row, path=path: _sortable(look_up(row, path)),  # type: ignore[misc]
                        reverse=backward,
                    )
            return rows
        for choice in self._matching():
            rows = rows.filter(choice.where)
        ranked = self.text and rows.query.order_by and not self._given("sort")  # best match first
        if self.order and not ranked:
            column, descending = self.order
            first, *rest = column.sort_fields
            leading, last = F(first.lstrip("-")), _may_be_null(rows, first.lstrip("-")) or None
            rows = rows.order_by(
                leading.desc(nulls_last=last) if descending else leading.asc(nulls_last=last),
                *rest,
                "-pk" if descending and not rest else "pk",
            )
        elif not rows.ordered:
            rows = rows.order_by("pk")
        return rows

    @property
    def total(self) -> int:
        """How many rows match."""
        return self._counted["total"]

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))

    @cached_property
    def page(self) -> int:
        """The page shown: 1 where the URL says nonsense, the last one beyond the end."""
        given = self._given("page")
        number = whole_number(given) or 1
        return max(1, min(number, self.pages))

    @cached_property
    def page_rows(self) -> list[Any]:
        """The rows of this page."""
        start = (self.page - 1) * self.size
        return list(self.selected[start : start + self.size]) if self.total else []

    # What the template shows

    @property
    def body(self) -> SafeString:
        """The rows as HTML. Written here and not in a template: it is most of a list page's work."""
        first, *others = self.columns
        before = [
            f'<td role="cell" class="{column.css}" data-l="{escaped(column.label)}">' for column in others
        ]
        lines = []
        for row in self.page_rows:
            mark = self.mark(row) if self.mark else ""
            lines.append(f'<tr role="row" class="{escaped(mark)}">' if mark else '<tr role="row">')
            lines.append(f'<th role="rowheader" scope="row">{first.cell(row)}</th>')
            lines += [f"{open}{column.cell(row)}</td>" for open, column in zip(before, others, strict=True)]
            lines.append("</tr>\n")
        return mark_safe("".join(lines))

    @property
    def headings(self) -> list[Heading]:
        found = []
        for column in self.columns:
            if not column.sort:
                found.append(Heading(column, None, "none"))
                continue
            current = self.order is not None and self.order[0] is column
            descending = current and self.order is not None and self.order[1]
            turned = not descending if current else column.first_descending
            direction = ("descending" if descending else "ascending") if current else "none"
            found.append(Heading(column, self.url(sort=("-" if turned else "") + column.key), direction))
        return found

    @property
    def sorts(self) -> list[Chip]:
        """The ways to sort, for the phone, where there are no headings."""
        return [
            Chip(heading.column.label, heading.url, None, heading.direction != "none")
            for heading in self.headings
            if heading.url
        ]

    @property
    def chip_rows(self) -> list[tuple[Filter, list[Chip]]]:
        found = []
        for one in self.filters:
            chosen = self.chosen.get(one.key)
            chips = [
                Chip(
                    _("All"),
                    self.url(**{one.key: None}),
                    self._counted.get(f"{one.key}__all"),
                    chosen is None,
                )
            ]
            for choice in one.choices:
                chips.append(
                    Chip(
                        choice.label,
                        self.url(**{one.key: choice.key}),
                        self._counted.get(f"{one.key}__{choice.key}"),
                        choice is chosen,
                    )
                )
            found.append((one, chips))
        return found

    @property
    def carried(self) -> list[tuple[str, str]]:
        """What the search form sends along."""
        leave = {self._name("q"), self._name("page"), self._name("unduh")}
        return [
            (name, value)
            for name, values in self.request.GET.lists()
            if name not in leave
            for value in values
        ]

    @property
    def search_name(self) -> str:
        return self._name("q")

    @property
    def clear_url(self) -> str:
        """This page without search and filters."""
        return self.url(q=None, **{one.key: None for one in self.filters})

    @property
    def previous_url(self) -> str | None:
        return self.url(page=self.page - 1 if self.page > 2 else None) if self.page > 1 else None

    @property
    def next_url(self) -> str | None:
        return self.url(page=self.page + 1) if self.page < self.pages else None

    @property
    def page_links(self) -> list[tuple[int, str, bool]]:
        """Pages near this one, the first and the last; a 0 stands for a gap."""
        near = {1, self.pages, self.page - 1, self.page, self.page + 1}
        numbers = sorted(number for number in near if 1 <= number <= self.pages)
        found: list[tuple[int, str, bool]] = []
        for number in numbers:
            if found and number - found[-1][0] > 1:
                found.append((0, "", False))
            found.append((number, self.url(page=number if number > 1 else None), number == self.page))
        return found

    @property
    def first_number(self) -> int:
        return (self.page - 1) * self.size + 1 if self.total else 0

    @property
    def last_number(self) -> int:
        return min(self.page * self.size, self.total)

    @property
    def xlsx_url(self) -> str:
        return self.url(unduh="xlsx")

    @property
    def csv_url(self) -> str:
        return self.url(unduh="csv")

    # Answers

    def answer(
        self, template: str, context: dict[str, Any] | None = None
    ) -> HttpResponse | StreamingHttpResponse:
        """The page, only the table for htmx, or the file for a download."""
        if self.download and self._given("unduh") in {"xlsx", "csv"}:
            return files.answer(self.selected, self.columns, name=self.download, kind=self._given("unduh"))
        only_table = (
            self.request.headers.get("HX-Target") == self.id
            and "HX-History-Restore-Request" not in self.request.headers
        )
        chosen = "web/table.html" if only_table else template
        response = render(self.request, chosen, {**(context or {}), "table": self})
        patch_vary_headers(response, ["HX-Request", "HX-Target"])
        return response
