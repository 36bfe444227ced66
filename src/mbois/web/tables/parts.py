"""What a table is declared with: columns, filters, and what to say where there is nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Model
from django.template.loader import render_to_string
from django.utils.html import conditional_escape
from django.utils.translation import gettext_lazy as _

from mbois.web import show as shown


def look_up(row: Any, path: str) -> Any:
    """A value by a dotted path of attributes or keys; None where a link of the path is None."""
    for name in path.split("."):
        if row is None:
            return None
        row = row[name] if isinstance(row, dict) else getattr(row, name)
        if callable(row):
            row = row()
    return row


def escaped(value: Any) -> str:
    """A value as HTML; what is HTML already stays."""
    return conditional_escape(value)


@dataclass(frozen=True)
class Column:
    """A column: where its value comes from and how it is shown.

    `value` is a dotted path (default: the key) or a function of the row; `show` turns the value into
    text or HTML; `html` makes it of the row instead (a badge, a meter), `template` with `row` and `value`
    does so at leisure. `sort` is a field name or
    several (with `__` for relations), first the one named; a leading `-` makes its first click descend.
    `link` makes it the way to the row; `note` is a small second line; `number` aligns digits;
    `phone=False` leaves it out on a phone; `download=False` out of files.
    """

    key: str
    label: object
    value: str | Callable[[Any], Any] | None = None
    show: Callable[[Any], object] | None = None
    html: Callable[[Any], object] | None = None
    template: str | None = None
    sort: str | Sequence[str] | None = None
    link: Callable[[Any], str | None] | None = None
    note: Callable[[Any], object] | None = None
    number: bool = False
    phone: bool = True
    download: bool = True

    def raw(self, row: Any) -> Any:
        """The value itself."""
        if callable(self.value):
            return self.value(row)
        return look_up(row, self.value or self.key)

    def written(self, row: Any) -> Any:
        """The value for a file: that of a choice in its words."""
        if callable(self.value):
            return self.value(row)
        path = self.value or self.key
        owner, _dot, name = path.rpartition(".")
        holder = look_up(row, owner) if owner else row
        if isinstance(holder, Model):
            words = getattr(holder, f"get_{name}_display", None)
            if words is not None:
                return words()
        return self.raw(row)

    def cell(self, row: Any) -> str:
        """The value as the table shows it: escaped HTML."""
        if self.html:
            text: object = self.html(row)
        elif self.template:
            text = render_to_string(self.template, {"row": row, "value": self.raw(row)})
        else:
            value = self.raw(row)
            if self.show:
                text = self.show(value)
            elif isinstance(value, datetime):
                text = shown.waktu(value)
            elif isinstance(value, date):
                text = shown.tanggal(value)
            elif value is None or value == "":
                text = shown.NOTHING
            elif self.number and isinstance(value, int) and not isinstance(value, bool):
                text = shown.angka(value)
            else:
                text = value
        written: str = escaped(text)
        url = self.link(row) if self.link else None
        if url:
            written = f'<a href="{escaped(url)}">{written}</a>'
        note = self.note(row) if self.note else None
        return f"{written} <small>{escaped(note)}</small>" if note else written

    @property
    def css(self) -> str:
        """The class names of its cells."""
        return " ".join(name for name, on in (("num", self.number), ("hide-s", not self.phone)) if on)

    @property
    def sort_fields(self) -> tuple[str, ...]:
        if self.sort is None:
            return ()
        return (self.sort,) if isinstance(self.sort, str) else tuple(self.sort)

    @property
    def first_descending(self) -> bool:
        return bool(self.sort_fields) and self.sort_fields[0].startswith("-")


@dataclass(frozen=True)
class Choice:
    """One chip of a filter: `where` is a Q (or a function of the row, for lists). It must not span a
    to-many relation, or rows would be counted twice: use Exists."""

    key: str
    label: object
    where: Any


@dataclass(frozen=True)
class Filter:
    """A row of chips of which one is chosen, or none."""

    key: str
    label: object
    choices: Sequence[Choice]


@dataclass(frozen=True)
class Empty:
    """What is said where there is no row, with one way on."""

    title: object = _("Nothing here yet")
    text: object = ""
    url: str = ""
    action: object = ""
    art: str = "shop"
