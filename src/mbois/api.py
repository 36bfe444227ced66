"""The API: the routers of the rooms, one OpenAPI description, one shape for every refusal."""

import http
import logging
from collections.abc import Callable, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from mbois import __version__
from mbois.agenda.api import router as agenda
from mbois.enterprises.api import router as enterprises
from mbois.financing.api import applications
from mbois.financing.api import router as financing
from mbois.hub.api import router as hub
from mbois.places.api import router as places
from mbois.refused import Refused
from mbois.web import show

logger = logging.getLogger(__name__)


# Of whom the calls are about, in the order of the rooms; the names are those of the routers below.
TAGS = [
    {"name": "places", "description": gettext_noop("Regions, districts and villages")},
    {"name": "enterprises", "description": gettext_noop("Registry of businesses")},
    {"name": "financing", "description": gettext_noop("Financing: applications, loans, repayments")},
    {"name": "hub", "description": gettext_noop("Spaces of the creative centre")},
    {"name": "agenda", "description": gettext_noop("Activities and who registers for them")},
]
# What the standard of HTTP calls its answers.
ANSWERS = (
    gettext_noop("OK"),
    gettext_noop("Created"),
    gettext_noop("Accepted"),
    gettext_noop("Bad Request"),
    gettext_noop("Unauthorized"),
    gettext_noop("Forbidden"),
    gettext_noop("Not Found"),
    gettext_noop("Conflict"),
    gettext_noop("Unprocessable Entity"),
    gettext_noop("Too Many Requests"),
)


class Api(NinjaAPI):
    """Describes itself in the language that is active."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**options)
        for name, part in schema.items():
            schema[name] = _translated(part)
        return schema


def _translated(part: Any) -> Any:
    """A part of the description with each summary and description in the active language."""
    if isinstance(part, list):
        return [_translated(value) for value in part]
    if not isinstance(part, dict):
        return part
    return {
        name: _(value)
        if name in ("summary", "description") and isinstance(value, str) and value
        else _translated(value)
        for name, value in part.items()
    }


api = Api(
    title="mbois",
    version=__version__,
    description="Registry of small businesses and their financing. Amounts are whole rupiah, dates are "
    "dates in Asia/Jakarta. Every refusal is an `error` with a `code` and a `message`.",
    urls_namespace="api",
    docs_url=None,
    openapi_url="/openapi.json",
    openapi_extra={"tags": TAGS},
)


def refusal(code: str, message: object, *, status: int, field: str | None = None) -> JsonResponse:
    """The answer to a call that is refused."""
    error = {"code": code, "message": str(message)}
    if field:
        error["field"] = field
    return JsonResponse({"error": error}, status=status)


@api.exception_handler(Refused)
def _refused(request: HttpRequest, error: Refused) -> HttpResponse:
    return refusal(error.code, error.message, status=error.status, field=error.field)


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    first = error.errors[0]
    return refusal("invalid", _sentence(first), status=422, field=_named(first.get("loc", ())))


@api.exception_handler(AuthenticationError)
def _unknown_caller(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    answer = refusal("unauthenticated", _by_status(401), status=401)
    answer["WWW-Authenticate"] = "Bearer"
    return answer


@api.exception_handler(PermissionDenied)
def _forbidden(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
    return refusal("forbidden", _by_status(403), status=403)


@api.exception_handler(Http404)
def _missing(request: HttpRequest, error: Http404) -> HttpResponse:
    return refusal("not_found", _by_status(404), status=404)


@api.exception_handler(HttpError)
def _http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    return refusal(_code(error.status_code), _by_status(error.status_code), status=error.status_code)


@api.exception_handler(Exception)
def _broken(request: HttpRequest, error: Exception) -> HttpResponse:
    logger.exception("An API call broke: %s %s", request.method, request.path)
    return refusal("internal", _by_status(500), status=500)


class ApiAnswers:
    """Middleware: what Django answers for the API in HTML (405, unknown address, bad host) becomes JSON, and
    HEAD is answered as GET; the server leaves the body out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith("/api/"):
            return self.get_response(request)
        asked = request.method
        if asked == "HEAD":
            request.method = "GET"
        answer = self.get_response(request)
        request.method = asked
        if "Allow" in answer:
            answer["Allow"] = _with_head(answer["Allow"])
        if answer.status_code < 400:
            return answer
        if answer.get("Content-Type", "").startswith("application/json"):
            return answer
        plain = refusal(_code(answer.status_code), _by_status(answer.status_code), status=answer.status_code)
        if "Allow" in answer:
            plain["Allow"] = answer["Allow"]
        return plain


def _with_head(allowed: str) -> str:
    """The methods of an `Allow` in order, with HEAD where there is GET."""
    methods = {method.strip() for method in allowed.split(",")}
    return ", ".join(sorted(methods | ({"HEAD"} if "GET" in methods else set())))


# --- sentences -----------------------------------------------------------------------------------


def _named(loc: Sequence[str | int]) -> str | None:
    """The input an error is about, as the caller named it: "principal", "debts.0.lender"; none where it is
    the whole body, which has a name on our side only."""
    place, *names = map(str, loc) if loc else [""]
    if place == "body":
        names = names[1:]
    return ".".join(names[1:] if place != "body" and len(names) > 1 else names) or None


def _code(status: int) -> str:
    names = {401: "unauthenticated", 422: "invalid", 500: "internal"}
    try:
        return names.get(status) or http.HTTPStatus(status).phrase.lower().replace(" ", "_")
    except ValueError:
        return "refused"


def _by_status(status: int) -> str:
    if status == 400:
        return _("The request could not be read: it is not valid JSON.")
    if status == 401:
        return _("A valid access token is needed.")
    if status == 403:
        return _("You may not do this.")
    if status == 404:
        return _("This does not exist, or you may not see it.")
    if status == 405:
        return _("This address does not take this kind of request.")
    if status == 413:
        return _("The request is too large.")
    if status == 429:
        return _("Too many requests; try again later.")
    if status >= 500:
        return _("Something went wrong on our side. It has been noted.")
    return _("The request was refused.")


def _is_of_text(error: dict[str, Any], kind: str) -> bool:
    """Whether it is about the length of a text that was checked for something else first."""
    return error.get("type") == kind and (error.get("ctx") or {}).get("field_type") == "Value"


def _sentence(error: dict[str, Any]) -> str:
    """What is wrong with an input, from pydantic's kind of error."""
    kind, context = str(error.get("type", "")), error.get("ctx") or {}
    if kind == "missing":
        return _("This is needed.")
    if kind.startswith("int"):
        return _("This must be a whole number.")
    if kind.startswith(("float", "decimal", "finite")):
        return _("This must be a number.")
    if kind.startswith("date"):
        return _("This must be a date such as 2026-01-31.")
    if kind == "string_type":
        return _("This must be text.")
    if kind.startswith("bool"):
        return _("This must be true or false.")
    if kind in {"greater_than_equal", "greater_than", "less_than_equal", "less_than"}:
        limit = next((context[name] for name in ("ge", "gt", "le", "lt") if name in context), "")
        return {
            "greater_than_equal": _("This must be at least %(limit)s."),
            "greater_than": _("This must be more than %(limit)s."),
            "less_than_equal": _("This must be at most %(limit)s."),
            "less_than": _("This must be less than %(limit)s."),
        }[kind] % {"limit": show.angka(limit)}
    if kind == "string_too_long" or _is_of_text(error, "too_long"):
        return _("This is too long: at most %(limit)s characters.") % {"limit": context.get("max_length")}
    if kind == "string_too_short" or _is_of_text(error, "too_short"):
        if context.get("min_length") == 1:
            return _("Please fill this in.")
        return _("This is too short: at least %(limit)s characters.") % {"limit": context.get("min_length")}
    if kind in {"enum", "literal_error"}:
        return _("This must be one of: %(choices)s.") % {"choices": context.get("expected", "")}
    if kind == "extra_forbidden":
        return _("This field is not known.")
    if kind.startswith(("model", "dict")):
        return _("This must be a JSON object.")
    return _("This is not valid.")


api.add_router("/places", places, tags=["places"])
api.add_router("/enterprises", enterprises, tags=["enterprises"])
api.add_router("/applications", applications, tags=["financing"])
api.add_router("/financing", financing, tags=["financing"])
api.add_router("/hub", hub, tags=["hub"])
api.add_router("/agenda", agenda, tags=["agenda"])
