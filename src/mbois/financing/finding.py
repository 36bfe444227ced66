"""Finding applications and loans by what people remember: a number, a name, a phone; slips forgiven."""

from typing import Any

from django.db.models import Exists, OuterRef, Q

from mbois.enterprises.models import Enterprise
from mbois.enterprises.queries import searched
from mbois.places.numbers import by_typed


def _enterprises(rows: Any, text: str, path: str) -> Any:
    """The enterprises of these rows that fit a text (name, owner, village, product)."""
    of_rows = rows.order_by().filter(**{path: OuterRef("pk"), "region": OuterRef("region")})
    return searched(Enterprise.objects.filter(Exists(of_rows)), text).order_by().values("pk")


def by_text(rows: Any, text: str, *, to: str = "") -> Any:
    """Rows whose number, enterprise or owner fits. `to` is the way from a row to what has a number
    and an enterprise (`loan__` for a confirmation)."""
    text = text.strip()
    return rows.filter(
        Q(**{f"{to}number__icontains": text})
        | (by_typed(text, to=to) or Q())
        | Q(**{f"{to}borrower__name__icontains": text})
        | Q(**{f"{to}enterprise__in": _enterprises(rows, text, f"{to}enterprise")})
    )


def loans(rows: Any, text: str) -> Any:
    """Loans by number, phone (of the borrower, their account or the business), name, business or village."""
    digits = "".join(sign for sign in text if sign.isdigit())
    if len(digits) >= 6 and not any(sign.isalpha() for sign in text):
        tail = digits.removeprefix("62").removeprefix("0")
        return rows.filter(
            Q(number__icontains=text.strip())
            | Q(borrower__phone__contains=tail)
            | Q(borrower__person__phone__contains=tail)
            | Q(borrower__person__contact_phone__contains=tail)
            | Q(enterprise__phone__contains=tail)
        )
    return by_text(rows, text)
