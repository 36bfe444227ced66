"""The instalment calculator of the landing page. The room that lends registers its scheme's rule;
until then the terms of OJIR apply."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Terms:
    """What a scheme lends: whole rupiah, months; an instalment is rounded up to `unit`."""

    minimum: int = 1_000_000
    maximum: int = 10_000_000
    step: int = 500_000
    months_maximum: int = 24
    unit: int = 1_000


@dataclass(frozen=True)
class Quote:
    """What a loan costs each month, and the last time."""

    principal: int
    months: int
    instalment: int
    last: int
    count: int


_terms: list[Callable[[], Terms]] = [Terms]


def register(terms: Callable[[], Terms]) -> None:
    """Let the scheme's own settings rule the calculator."""
    _terms[:] = [terms]


def terms() -> Terms:
    """The terms that hold now."""
    return _terms[0]()


def quote(principal: int, months: int) -> Quote:
    """Instalment = principal ÷ months, rounded up to the unit; the last one is what is left.

    Values outside the terms are moved to the nearest one inside. Where rounding settles the loan
    before its last month, `count` is smaller than `months`.
    """
    rule = terms()
    principal = max(rule.minimum, min(rule.maximum, principal)) // rule.unit * rule.unit
    months = max(1, min(rule.months_maximum, months))
    instalment = -(-principal // (months * rule.unit)) * rule.unit
    count = -(-principal // instalment)
    return Quote(principal, months, instalment, principal - instalment * (count - 1), count)
