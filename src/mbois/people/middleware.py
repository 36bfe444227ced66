"""Sessions; who did it and from where, for the audit trail; a second factor for those who work here."""

from collections.abc import Callable
from typing import Any

import pghistory.middleware
from allauth.core.exceptions import RateLimited
from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import resolve

# Pages a member of staff without a second factor may open: where it is set up, and the way out.
OPEN_TO_ALL = frozenset(
    {
        "account_logout",
        "account_reauthenticate",
        "choose_language",
        "choose_theme",
        "healthz",
        "landing",
        "manifest",
        "offline",
        "privacy",
        "readyz",
        "service_worker",
    }
)


class Sessions(SessionMiddleware):
    """Django's, but the answer to a request with the key of before takes nobody's session away: signing in
    gives a new key, and what was still under way with the old one may be answered after that. Signing out
    removes the cookie as ever."""

    def process_response(self, request: HttpRequest, response: Any) -> Any:
        signs_out = request.session.modified
        response = super().process_response(request, response)
        if not signs_out and request.session.is_empty():
            response.cookies.pop(settings.SESSION_COOKIE_NAME, None)
        return response


def client_address(request: HttpRequest) -> str:
    """The address a request came from; behind a proxy (MBOIS_BEHIND_PROXY) the one the proxy saw."""
    if settings.BEHIND_PROXY and (forwarded := request.headers.get("X-Forwarded-For")):
        return forwarded.rsplit(",", 1)[-1].strip()[:45]
    return str(request.META.get("REMOTE_ADDR", ""))[:45]


class AuditTrail(pghistory.middleware.HistoryMiddleware):
    """Writes who, which page and from where beside every change of a request."""

    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        return super().get_context(request) | {
            "ip": client_address(request),
            "agent": request.headers.get("User-Agent", "")[:120],
        }


def on_behalf_of(person: Any) -> None:
    """Note beside the changes of this request (or block of pghistory.context) for whom they are made."""
    pghistory.context(on_behalf_of=person.pk)


class CodesNotTooOften:
    """Who asks for another code too soon is told to wait, wherever the code would have been sent."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, RateLimited):
            return None
        return render(request, "429.html", {"code_sent": True}, status=429)


class StaffNeedSecondFactor:
    """Members of staff without a second factor are first led to set one up. Not in the demo."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.STAFF_NEED_SECOND_FACTOR and self._must_set_up(request):
            return redirect("mfa_index")
        return self.get_response(request)

    def _must_set_up(self, request: HttpRequest) -> bool:
        person = request.user
        if not person.is_authenticated or not person.is_staff:
            return False
        if request.path.startswith((settings.STATIC_URL, "/api/")):
            return False
        name = getattr(resolve(request.path_info), "url_name", "") if request.path_info else ""
        if name in OPEN_TO_ALL or str(name).startswith("mfa_"):
            return False
        from allauth.mfa.utils import is_mfa_enabled

        return not is_mfa_enabled(person)
