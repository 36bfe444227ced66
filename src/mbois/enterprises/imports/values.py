"""What the cells of one line say: numbers a spreadsheet has spoilt, villages, dates, money."""

import difflib
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache, cached_property, lru_cache
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from mbois.enterprises import identities
from mbois.enterprises.actions.registration import clean_business
from mbois.enterprises.imports.columns import BY_KEY
from mbois.enterprises.imports.reading import NO_RESULT, Cell
from mbois.enterprises.models import Kbli, Subsector
from mbois.people import identity
from mbois.places.models import Area
from mbois.refused import Refused
from mbois.web.forms.fields import read_money

_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d+")
_MONTHS = {
    name: number
    for number, names in enumerate(
        [
            "januari january jan",
            "februari february feb",
            "maret march mar",
            "april apr",
            "mei may",
            "juni june jun",
            "juli july jul",
            "agustus august agu aug ags",
            "september sep sept",
            "oktober october okt oct",
            "november nov nop",
            "desember december des dec",
        ],
        start=1,
    )
    for name in names.split()
}
# What others hide the digits of a number behind.
_HIDDEN = re.compile(r"[•●∙*#xX…]")
# "003/015" and "RT 3 / RW 15" in one cell.
_RT_AND_RW = re.compile(r"(?:rt)?[.\s]*(\d{1,3})\s*/\s*(?:rw)?[.\s]*(\d{1,3})", re.I)
# What calendars of spreadsheets count from.
_DAY_ZERO = date(1899, 12, 30)


class Wrong(list[Refused]):
    """Everything that is wrong with a line: `with wrong:` keeps a refusal and goes on."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, refusal: BaseException | None, trace: object) -> bool:
        if isinstance(refusal, Refused):
            self.append(refusal)
            return True
        return False


@dataclass
class Told:
    """What a line says, cleaned: values as JSON keeps them, and the identity numbers in the open
    (they leave this object only sealed)."""

    values: dict[str, Any] = field(default_factory=dict)
    nik: str = ""
    npwp: str = ""
    # Identity numbers of which the file shows a part only, as we mask them (`3573••••••••0001`), by field.
    partly: dict[str, str] = field(default_factory=dict)
    # What was understood otherwise than it was written: its field, and a sentence.
    remarks: list[tuple[str, str]] = field(default_factory=list)
    wrong: "Wrong" = field(default_factory=lambda: Wrong())

    @cached_property
    def nik_hash(self) -> str:
        return identity.digest("nik", self.nik) if self.nik else ""

    @cached_property
    def npwp_hash(self) -> str:
        return identity.digest("npwp", self.npwp) if self.npwp else ""


def plain_number(cell: Cell) -> str:
    """The digits of a number that a spreadsheet may keep as one: 812345.0 is "812345"."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    text = str(cell).lstrip("'").strip()
    return text[:-2] if text.endswith(".0") and text[:-2].isdigit() else text


def identity_number(cell: Cell, name: str) -> str:
    """The digits of a NIK, NPWP or NIB, unless the spreadsheet has rounded them.

    A spreadsheet keeps 15 digits of a number: the 16th becomes 0, or all is shown as 3.57E+15.
    """
    text = plain_number(cell)
    label = str(BY_KEY[name].label)
    long_number = isinstance(cell, (int, float)) and len(text) > 15
    if _SCIENTIFIC.fullmatch(text) or (long_number and (text.endswith("0") or float(cell) >= 2**53)):
        raise Refused(
            _(
                "The spreadsheet has rounded the %(label)s (%(cell)s). Format the column as text and "
                "enter the number again."
            )
            % {"label": label, "cell": f"{float(cell):.2E}" if long_number else text},
            field=name,
            code="rounded",
        )
    return text


def shown_in_part(cell: Cell) -> str:
    """`3573••••••••0001` of a number with hidden digits ("3573********0001", "09.25x.xxx.x-xxx.000"); nothing
    of one without."""
    text = re.sub(r"[\s./\-]", "", str(cell))
    masked = _HIDDEN.sub("•", text)
    return masked if "•" in masked and re.fullmatch(r"[\d•]+", masked) else ""


class Places:
    """The villages of one region, found by code or by name. Made once for a piece of work."""

    def __init__(self, region_id: str) -> None:
        self.region_id = region_id
        villages = Area.objects.filter(region=region_id, level=Area.Level.VILLAGE).select_related("parent")
        self.codes = {area.code.replace(".", ""): area.code for area in villages}
        self.named: dict[str, list[tuple[str, str, str]]] = {}
        self.names: dict[str, tuple[str, str]] = {}
        for area in villages:
            district = area.parent.name if area.parent else ""
            self.names[area.code] = (area.name, district)
            self.named.setdefault(_squeezed(area.name), []).append((area.code, district, area.name))
        self.find = cache(self._find)
        self.near = cache(self._near)

    def _find(self, told: str, district: str) -> str:
        if _is_code(told):
            if _digits(told) in self.codes:
                return self.codes[_digits(told)]
            raise Refused(
                _("%(code)s is not the code of a village of this region.") % {"code": told},
                field="village",
                code="village",
            )
        name, _comma, rest = told.partition(",")
        district = district or rest.split(",")[0]
        wanted, near = _squeezed(name), _squeezed(district)
        key = wanted if wanted in self.named else self.near(wanted)
        found = self.named.get(key, [])
        if near and found:
            there = [item for item in found if _alike(_squeezed(item[1]), near)]
            if not there:
                raise Refused(
                    _("There is no %(village)s in %(district)s. It is in %(others)s.")
                    % {
                        "village": name.strip(),
                        "district": district.strip(),
                        "others": ", ".join(sorted(item[1] for item in found)),
                    },
                    field="village",
                    code="village",
                )
            found = there
        if not found:
            raise Refused(
                _("There is no village called %(name)s in this region.") % {"name": name.strip()},
                field="village",
                code="village",
            )
        if len(found) > 1:
            raise Refused(
                _("There are several villages called %(name)s. Add the district: %(districts)s.")
                % {"name": found[0][2], "districts": ", ".join(sorted(item[1] for item in found))},
                field="village",
                code="village",
            )
        return found[0][0]

    def read_otherwise(self, code: str, told: str, district: str) -> Iterator[tuple[str, str, str]]:
        """Where the names of the village found are written otherwise in what was told: field, written,
        meant."""
        if _is_code(told):
            return
        village, _comma, rest = told.partition(",")
        written = (village, district or rest.split(",")[0])
        for name, said, meant in zip(("village", "district"), written, self.names[code], strict=True):
            if _squeezed(said) not in ("", _squeezed(meant)):
                yield name, said.strip(), meant

    def contradicted(self, code: str, told: str, district: str) -> str:
        """The district of a village that was told by its code, where another one stands beside it."""
        meant = self.names[code][1]
        if not _is_code(told) or not district.strip():
            return ""
        if _is_code(district):
            return "" if code.replace(".", "").startswith(_digits(district)) else meant
        return "" if _alike(_squeezed(district), _squeezed(meant)) else meant

    def _near(self, wanted: str) -> str:
        """The village whose name is almost this one, as it is squeezed."""
        near = difflib.get_close_matches(wanted, self.named, n=1, cutoff=0.84) if len(wanted) > 4 else []
        return near[0] if near else ""


def _digits(code: str) -> str:
    return re.sub(r"[.\s]", "", code)


def _is_code(told: str) -> bool:
    """Whether an area is told by its code, not by its name."""
    return _digits(told).isdigit()


def _squeezed(name: str) -> str:
    name = re.sub(r"^\s*(?:kelurahan|kel|desa|ds|kecamatan|kec|dukuh)\b\.?\s*", "", name.casefold())
    return re.sub(r"[^a-z0-9]", "", name)


@lru_cache(20_000)
def _alike(one: str, other: str) -> bool:
    return one == other or difflib.SequenceMatcher(None, one, other).ratio() >= 0.84


class Codes:
    """The classification codes of five digits, and the classes of four. Made once for a piece of work."""

    def __init__(self) -> None:
        self.pk: dict[str, int] = {}
        self.classes = set()
        for code, pk in (
            Kbli.objects.extra(where=["length(code) IN (4, 5)"])
            .order_by("-edition")
            .values_list("code", "pk")
        ):
            if len(code) == 5:
                self.pk[code] = pk  # the earliest edition wins: registers still use it
            else:
                self.classes.add(code)


@cache
def _subsectors() -> dict[str, str]:
    names = {}
    for value in Subsector:
        names[_squeezed(value.value)] = value.value
        for language in ("id", "en"):
            with translation.override(language):
                names[_squeezed(str(value.label))] = value.value
    return names


def _date(cell: Cell) -> str:
    """An ISO date from a date, a serial number of a spreadsheet, 1/3/2015, 1 Maret 2015, 3/2015 or 2015."""
    text = plain_number(cell).casefold()
    with suppress(ValueError, KeyError, OverflowError):
        if re.fullmatch(r"(19|20)\d\d", text):
            return f"{text}-01-01"
        if re.fullmatch(r"\d{5}", text):
            return (_DAY_ZERO + timedelta(days=int(text))).isoformat()
        if matched := re.match(r"(\d{4})[/.\-](\d{1,2})[/.\-](\d{1,2})(?:$|[t ])", text):
            return date(*(int(part) for part in matched.groups())).isoformat()
        if matched := re.fullmatch(r"(\d{1,2})[/.\-](\d{4})", text):
            return date(int(matched[2]), int(matched[1]), 1).isoformat()
        if matched := re.fullmatch(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})", text):
            day, month, year = (int(part) for part in matched.groups())
            return date(year, month, day).isoformat()
        if matched := re.fullmatch(r"(\d{1,2})?[ \-]*([a-z]+)[ \-]*(\d{4})", text):
            return date(int(matched[3]), _MONTHS[matched[2]], int(matched[1] or 1)).isoformat()
    raise Refused(
        _("%(cell)s is not a date we can read. Write it as 2015-03-01.") % {"cell": cell},
        field="started_on",
        code="date",
    )


def _money(cell: Cell, name: str) -> int:
    text = plain_number(cell)
    if isinstance(cell, float) and not cell.is_integer():
        text = str(round(cell))
    amount = None if text.startswith("-") else read_money(text)
    if amount is None:
        raise Refused(_("%(cell)s is not an amount of money.") % {"cell": cell}, field=name, code="money")
    return amount


def _whole(cell: Cell, name: str) -> int:
    matched = re.match(r"(\d{1,6})(?:\s*(?:orang|org|people))?$", plain_number(cell).casefold())
    if not matched:
        raise Refused(_("%(cell)s is not a number of people.") % {"cell": cell}, field=name, code="number")
    return int(matched[1])


def _degrees(cell: Cell, name: str) -> float:
    try:
        return round(float(str(cell).replace(",", ".")), 6)
    except ValueError:
        raise Refused(
            _("%(cell)s is not a point on the map. Write it like -7.95120.") % {"cell": cell},
            field=name,
            code="point",
        ) from None


def _checked(typed: dict[str, Any], wrong: Wrong) -> dict[str, Any]:
    """The fields of a business that stand up to its rules; the others are `wrong`."""
    while True:
        try:
            return clean_business(typed, partly=True)
        except Refused as refused:
            wrong.append(refused)
            about = {"latitude", "longitude"} if refused.code == "point" else {refused.field}
            left = {key: value for key, value in typed.items() if key not in about}
            if len(left) == len(typed):
                return {}
            typed = left


class Reader:
    """Turns cells into values by a mapping of fields to columns. Made once for a piece of work.

    A line with cells beyond `width`, the number of columns, cannot be read: a separator within a text may
    have moved the others.
    """

    def __init__(self, region_id: str, mapping: Mapping[str, int], *, width: int | None = None) -> None:
        self.mapping, self.width = dict(mapping), width
        self.places = Places(region_id)
        self.codes = Codes()

    def read(self, cells: list[Cell]) -> Told:
        """What the cells say; `wrong` holds what cannot be, each with its field."""
        told = {
            key: cells[place]
            for key, place in self.mapping.items()
            # a masked number from our own export says nothing
            if place < len(cells) and cells[place] != "" and "•" not in str(cells[place])
        }
        result = Told()
        values = result.values
        if self.width is not None and len(cells) > self.width:
            result.wrong.append(_beyond(len(cells)))
        for key in [key for key, cell in told.items() if cell == NO_RESULT]:
            del told[key]
            result.remarks.append(
                (
                    key,
                    _(
                        "The cell holds a formula without its result, so nothing was read from it. Open the "
                        "file in the spreadsheet program, save it there and send it again."
                    ),
                )
            )
        for key in ("nik", "npwp"):
            place = self.mapping.get(key, len(cells))
            if place < len(cells) and (part := shown_in_part(cells[place])):
                result.partly[key] = part
                told.pop(key, None)
        if "number" in told:
            values["number"] = str(told["number"]).upper().strip()
        if "nik" in told:
            with result.wrong:
                result.nik = identities.clean_nik(identity_number(told["nik"], "nik"))
        if "npwp" in told:
            with result.wrong:
                digits = identity_number(told["npwp"], "npwp")
                # as a number an NPWP has lost the 0 it began with
                result.npwp = identities.clean_npwp(
                    digits.zfill(15) if isinstance(told["npwp"], (int, float)) else digits
                )
        if "owner_name" in told:
            with result.wrong:
                values["owner_name"] = identities.clean_owner_name(str(told["owner_name"]))
        if "village" in told:
            with result.wrong:
                said, district = plain_number(told["village"]), plain_number(told.get("district", ""))
                values["village"] = self.places.find(said, district)
                for name, written, meant in self.places.read_otherwise(values["village"], said, district):
                    result.remarks.append(
                        (name, _("“%(told)s” was read as %(name)s.") % {"told": written, "name": meant})
                    )
                if other := self.places.contradicted(values["village"], said, district):
                    result.remarks.append(
                        (
                            "district",
                            _("The code is of a village in %(district)s, not in %(told)s.")
                            % {"district": other, "told": district.strip()},
                        )
                    )
        if "kbli" in told:
            with result.wrong:
                values["kbli"] = self._code(told["kbli"])
        business = self._business(told, result.wrong)
        values |= {key: value for key, value in business.items() if value not in (None, "")}
        return result

    def glimpse(self, cells: list[Cell]) -> dict[str, str]:
        """Name and owner as they stand there, to recognise a line that cannot be read."""
        places = {key: self.mapping[key] for key in ("name", "owner_name") if key in self.mapping}
        return {key: str(cells[place])[:120] for key, place in places.items() if place < len(cells)}

    def _business(self, told: dict[str, Cell], wrong: Wrong) -> dict[str, Any]:
        """The fields of the business, checked by the rules every registration is checked by."""
        typed: dict[str, Any] = {
            key: str(told[key]) for key in ("name", "address", "description") if key in told
        }
        if "rw" not in told and (both := _RT_AND_RW.fullmatch(str(told.get("rt", "")))):
            told = told | {"rt": both[1], "rw": both[2]}
        for key in ("rt", "rw"):
            if key in told:
                digits = plain_number(told[key])
                typed[key] = digits.zfill(3) if digits.isdigit() else digits
        if "phone" in told:
            with wrong:
                typed["phone"] = _phone(re.split(r"[/;,]| atau ", plain_number(told["phone"]))[0])
        if "nib" in told:
            with wrong:
                digits = identity_number(told["nib"], "nib")
                # a NIB begins with 0 as often as not, and a number loses it
                typed["nib"] = digits.zfill(13) if isinstance(told["nib"], (int, float)) else digits
        if "subsector" in told:
            typed["subsector"] = _subsectors().get(_squeezed(str(told["subsector"])), str(told["subsector"]))
        for key in ("capital", "annual_sales"):
            if key in told:
                with wrong:
                    typed[key] = _money(told[key], key)
        if "workers" in told:
            with wrong:
                typed["workers"] = _whole(told["workers"], "workers")
        if "latitude" in told or "longitude" in told:
            with wrong:
                typed |= {key: _degrees(told[key], key) for key in ("latitude", "longitude") if key in told}
        if "started_on" in told:
            with wrong:
                typed["started_on"] = date.fromisoformat(_date(told["started_on"]))
        phone = typed.pop("phone", "")
        clean = _checked(typed, wrong)
        if phone:
            clean["phone"] = phone
        if "started_on" in clean:
            clean["started_on"] = clean["started_on"].isoformat()
        return clean

    def _code(self, cell: Cell) -> str:
        matched = re.match(r"\d+", plain_number(cell))
        code = matched[0].zfill(5) if matched else ""
        if code not in self.codes.pk:
            raise Refused(
                _("%(cell)s is not a KBLI code of five digits.") % {"cell": cell}, field="kbli", code="kbli"
            )
        if matched and matched[0] in self.codes.classes:
            raise Refused(
                _(
                    "%(cell)s is a KBLI class of four digits, or %(code)s without its 0. Write all five digits."
                )
                % {"cell": cell, "code": code},
                field="kbli",
                code="kbli",
            )
        return code


def _beyond(place: int) -> Refused:
    # what stands in the cell is not said: it may be an identity number that has moved there
    return Refused(
        _(
            "Cell %(place)s of this line stands under no heading. If a separator is part of a text, put the "
            "text in quotation marks; else give the cell a heading or empty it."
        )
        % {"place": place},
        code="beyond",
    )


_phone = lru_cache(20_000)(identities.clean_phone)
