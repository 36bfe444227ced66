"""Shapes that every room's API uses."""

from typing import Annotated, Any

from ninja import Schema
from pydantic import AfterValidator, Field, StrictInt, StringConstraints


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


# Text people write; without the one character a database cannot keep.
Text = Annotated[str, StringConstraints(max_length=1000), AfterValidator(_no_nul)]
# Whole rupiah: a JSON integer, never 1.5 or "100".
Rupiah = Annotated[StrictInt, Field(ge=-(10**15), le=10**15)]
# The refusals that any call may get, for the description.
REFUSALS: dict[Any, Any] = {frozenset({400, 401, 403, 404, 409, 422}): Refusal}
