"""Calling a platform's API: time-outs, and what a failure of the line means."""

import json
import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

import requests

from mbois.market.channels.base import ANSWER_WITHIN, CONNECT_WITHIN, ChannelError, Kind, Unreadable

T = TypeVar("T")
log = logging.getLogger(__name__)
# What reading an answer raises that is not as the platform documents it.
STRANGE = (KeyError, IndexError, TypeError, ValueError, AttributeError)
_deadline: ContextVar[float | None] = ContextVar("channel_deadline", default=None)


@contextmanager
def begun_within(seconds: float) -> Iterator[None]:
    """No request is begun after so many seconds; the one that would be is BUSY."""
    token = _deadline.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _deadline.reset(token)


Answered = tuple[requests.Response, dict[str, Any]]

# Seconds that a platform's clock is ahead of ours, by its address: known once it did not believe ours.
_ahead: dict[str, float] = {}


def now_at(platform: str) -> float:
    """Now by the clock of a platform (its address), as far as it is known: seconds since 1970."""
    return time.time() + _ahead.get(platform, 0.0)


def by_their_clock(
    platform: str, ask: Callable[[float], Answered], *, disbelieved: Callable[[Answered], bool]
) -> Answered:
    """What `ask` brings, signed for the hour it is given; once more by the platform's own clock, which
    its answer tells, where it did not believe ours. Such a refusal has done nothing there."""
    before = time.time()
    answered = ask(now_at(platform))
    if not disbelieved(answered):
        return answered
    _ahead[platform] = skew_of(answered[0], before)
    return ask(now_at(platform))


LONGEST_ANSWER = 20 * 1024 * 1024


def call(
    session: requests.Session,
    method: str,
    url: str,
    *,
    params: Mapping[str, str] | None = None,
    data: object = None,
    files: Any = None,
    headers: Mapping[str, str] | None = None,
) -> tuple[requests.Response, dict[str, Any]]:
    """The answer and its JSON. Raises ChannelError where there is no answer (UNKNOWN where the request
    may have arrived), where it is no JSON, or where the server itself failed."""
    deadline = _deadline.get()
    if deadline is not None and time.monotonic() > deadline:
        raise ChannelError(Kind.BUSY, said="took too long")
    try:
        answer = session.request(
            method,
            url,
            params=params,
            data=data,  # type: ignore[arg-type]
            files=files,
            headers=headers,
            timeout=(CONNECT_WITHIN, ANSWER_WITHIN),
            allow_redirects=False,
        )
    except (requests.ConnectTimeout, requests.exceptions.InvalidURL) as failure:
        raise ChannelError(Kind.BUSY, said=type(failure).__name__) from None
    except requests.ConnectionError as failure:
        refused = "refused" in str(failure) or "resolve" in str(failure)
        raise ChannelError(Kind.BUSY if refused else Kind.UNKNOWN, said=type(failure).__name__) from None
    except requests.RequestException as failure:
        raise ChannelError(Kind.UNKNOWN, said=type(failure).__name__) from None
    if answer.status_code >= 500:
        raise ChannelError(Kind.UNKNOWN, code=str(answer.status_code), said=answer.reason or "")
    try:
        content = json.loads(answer.content[:LONGEST_ANSWER])
    except ValueError:
        content = None
    if answer.status_code == 429 and not isinstance(content, dict):
        raise ChannelError(Kind.TOO_MANY, code="429", wait=wait_of(answer))
    if not isinstance(content, dict):
        raise ChannelError(Kind.UNKNOWN, code=str(answer.status_code), said="no JSON")
    return answer, content


def understood(read: Callable[[Any], Iterable[T]], said: Any, key: str) -> list[T | Unreadable]:
    """What `read` makes of one order or item, or that it cannot be read: the others can. `key` is the field
    with the platform's own key of it. The trace is logged, since the mistake may be ours."""
    try:
        return list(read(said))
    except STRANGE:
        log.exception("an order or item of a marketplace could not be read")
        return [Unreadable(str(said.get(key) or "") if isinstance(said, dict) else "")]


def wait_of(answer: requests.Response) -> float | None:
    """How many seconds the platform asks us to wait, if it does."""
    value = answer.headers.get("Retry-After", "")
    return float(value) if value.isascii() and value.isdigit() else None


def field_of(said: str) -> str:
    """What of a listing a platform's sentence is about, as far as its words tell."""
    text = said.lower()
    for field, words in (
        ("photos", ("image", "picture", "photo")),
        ("category", ("category",)),
        ("description", ("description",)),
        ("title", ("title", "item name", "item_name", "product name")),
        ("weight", ("weight", "package", "dimension")),
        ("variant", ("variation", "variant", "model", "sale prop")),
        ("sku", ("sellersku", "seller_sku", "sku")),
        ("price", ("price",)),
        ("stock", ("stock", "quantity", "inventory")),
        ("shipping", ("logistic", "shipping")),
    ):
        if any(word in text for word in words):
            return field
    return ""


def whole(amount: object) -> int:
    """An amount of a platform in whole rupiah ("25000.00" → 25000). Raises ValueError where it is none."""
    try:
        return round(float(str(amount)))
    except OverflowError as problem:
        raise ValueError(amount) from problem


def skew_of(answer: requests.Response, before: float) -> float:
    """Seconds that the platform's clock is ahead of ours, by the date of its answer (to a second)."""
    try:
        theirs = parsedate_to_datetime(answer.headers["Date"]).timestamp()
    except (KeyError, ValueError, TypeError):
        return 0.0
    ours = (before + time.time()) / 2
    return 0.0 if abs(theirs - ours) < 2 else theirs - ours
