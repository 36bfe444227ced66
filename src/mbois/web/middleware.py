"""What every answer carries, and how a rule's refusal becomes a page."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.core.handlers.wsgi import LimitedStream
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.shortcuts import render

from mbois.refused import Refused

Answer = Callable[[HttpRequest], HttpResponse]


def _tiles() -> str:
    parts = urlsplit(str(getattr(settings, "MAP_TILES", "")).replace("{s}", "*"))
    return f" {parts.scheme}://{parts.netloc}" if parts.netloc else ""


def policy() -> str:
    """The content security policy: everything from this site, nothing inline."""
    return "; ".join(
        [
            "default-src 'self'",
            "script-src 'self'",
            "style-src 'self'",
            f"img-src 'self' data: blob:{_tiles()}",
            "font-src 'self'",
            "connect-src 'self'",
            "media-src 'self' blob:",
            "worker-src 'self'",
            "manifest-src 'self'",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ]
    )


class _WholeStream(LimitedStream):
    """The body of a request, as long as was announced or not at all."""

    def read(self, size: int | None = -1, /) -> bytes:
        left = self.limit - self._pos  # type: ignore[attr-defined]
        wanted = left if size is None or size < 0 else min(size, left)
        parts: list[bytes] = []
        while wanted > 0:
            part: bytes = super().read(wanted)
            if not part:
                raise OSError("The request broke off before its end.")
            parts.append(part)
            wanted -= len(part)
        return b"".join(parts)


class WholeBody:
    """Refuses a request whose line broke off: Django would take what came of it for the whole, a
    form without its last photos, or 125 where 1250000 was being sent."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        stream = getattr(request, "_stream", None)
        if isinstance(stream, LimitedStream) and stream.limit:
            request._stream = _WholeStream(request.environ["wsgi.input"], stream.limit)  # type: ignore[assignment,attr-defined]
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, UnreadablePostError):
            return JsonResponse({"error": {"code": "broke_off", "message": str(exception)}}, status=408)
        return None


class ContentSecurityPolicy:
    """Adds the content security policy and what a page may ask the phone for."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response
        self.policy = policy()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", self.policy)
        response.headers.setdefault(
            "Permissions-Policy",
            "geolocation=(self), camera=(self), microphone=(), payment=(), usb=()",
        )
        # the worker on the phone keeps pages for one person only (sw.js); asked of nobody who is not known yet
        if hasattr(request, "_cached_user"):
            user = request.user
            response.headers.setdefault("X-Person", str(user.pk) if user.is_authenticated else "")
        return response


def refusal_json(refused: Refused) -> JsonResponse:
    """A refusal as every API answers it."""
    error: dict[str, str] = {"code": refused.code, "message": refused.message}
    if refused.field:
        error["field"] = refused.field
    return JsonResponse({"error": error}, status=refused.status)


class RefusedAnswers:
    """A `Refused` that no view has turned into a form error becomes a page with its sentence."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refused):
            return None
        if request.path.startswith("/api/"):
            return refusal_json(exception)
        return render(request, "web/refused.html", {"refused": exception}, status=exception.status)
