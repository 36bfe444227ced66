"""Shapes that every room's API uses."""

import re
from datetime import date
from typing import Annotated, Any

from ninja import Schema
from pydantic import AfterValidator, BeforeValidator, Field, StrictInt, StringConstraints
from pydantic_core import PydanticCustomError

from mbois.written import seen


class Error(Schema):
    """Why a call was refused: a word for programs, a sentence for people, and the input it is about."""

    code: str
    message: str
    field: str | None = None


class Refusal(Schema):
    """The body of every answer that is not a success."""

    error: Error


def _no_nul(value: str) -> str:
    """PostgreSQL keeps no NUL in text."""
    if "\x00" in value:
        raise ValueError("text holds a NUL character")
    return value


# Text people write: what a reader sees, without the one character a database cannot keep.
Text = Annotated[str, StringConstraints(max_length=1000), AfterValidator(_no_nul), AfterValidator(seen)]


def _written_day(value: object) -> object:
    """Pydantic would also read seconds since 1970 and instants: money is not to be booked on such a guess."""
    if isinstance(value, str) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
        raise PydanticCustomError("date_parsing", "a date is written YYYY-MM-DD")
    if not isinstance(value, (str, date)):
        raise PydanticCustomError("date_type", "a date is text")
    return value


def _written_whole(value: object) -> object:
    """Pydantic would also read 10_000, and "10.000" (ten thousand in Indonesia) as 10."""
    if isinstance(value, str) and not re.fullmatch(r"-?\d{1,18}", value, re.ASCII):
        raise PydanticCustomError("int_parsing", "a whole number is written in digits only")
    return value


# A whole number in an address, written in digits and in no other way.
Whole = Annotated[int, BeforeValidator(_written_whole)]
# A day, written YYYY-MM-DD and in no other way.
Day = Annotated[date, BeforeValidator(_written_day)]


def _nothing(value: object) -> object:
    return None if value == "" else value


# A day that may be left out; an empty one is left out.
MaybeDay = Annotated[Day | None, BeforeValidator(_nothing)]
# Whole rupiah: a JSON integer, never 1.5 or "100".
Rupiah = Annotated[StrictInt, Field(ge=-(10**15), le=10**15)]
# The refusals that any call may get, for the description.
REFUSALS: dict[Any, Any] = {frozenset({400, 401, 403, 404, 409, 422}): Refusal}
