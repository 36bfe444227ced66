"""How big an enterprise is: the rule once in Python, once for the database, from the same limits."""

from django.db import models
from django.db.models import Case, Q, Value, When
from django.utils.translation import gettext_lazy as _


class Size(models.TextChoices):
    """Size by Government Regulation 7/2021, article 35."""

    MICRO = "micro", _("Micro")
    SMALL = "small", _("Small")
    MEDIUM = "medium", _("Medium")
    LARGE = "large", _("Large")
    UNKNOWN = "unknown", _("Not known yet")


BILLION = 1_000_000_000
# Upper limits in rupiah: capital without land and buildings, annual sales.
SIZE_LIMITS = [
    (Size.MICRO, 1 * BILLION, 2 * BILLION),
    (Size.SMALL, 5 * BILLION, 15 * BILLION),
    (Size.MEDIUM, 10 * BILLION, 50 * BILLION),
]


def size_of(capital: int | None, annual_sales: int | None) -> Size:
    """The size class: the larger of what capital and sales each say; by one alone where only one is
    known (rupiah; PP 7/2021 art. 35)."""
    if capital is None and annual_sales is None:
        return Size.UNKNOWN
    for size, most_capital, most_sales in SIZE_LIMITS:
        if (capital or 0) <= most_capital and (annual_sales or 0) <= most_sales:
            return size
    return Size.LARGE


def size_expression() -> Case:
    """`size_of` for the database."""
    return Case(
        When(capital=None, annual_sales=None, then=Value(Size.UNKNOWN.value)),
        *(
            When(
                (Q(capital=None) | Q(capital__lte=capital))
                & (Q(annual_sales=None) | Q(annual_sales__lte=sales)),
                then=Value(size.value),
            )
            for size, capital, sales in SIZE_LIMITS
        ),
        default=Value(Size.LARGE.value),
        output_field=models.CharField(max_length=8),
    )
