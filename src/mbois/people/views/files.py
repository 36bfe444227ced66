"""Private files, shown to those who may open them."""

import re
from urllib.parse import quote
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.files.base import File
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from mbois.people.models import Document, HeldUpload
from mbois.people.requests import SignedInRequest

_RANGE = re.compile(r"^bytes=(\d*)-(\d*)$")
# A file can do nothing: no script, no form, no other address, and not inside another page.
SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'none'; sandbox"


def serve(request: HttpRequest, file: File, *, kind: str, name: str, etag: str, inline: bool) -> HttpResponse:
    """A private file: never kept by a shared cache, never run, whole or the part that was asked for."""
    if request.headers.get("If-None-Match") == f'"{etag}"':
        return HttpResponseNotModified()
    try:
        with file.open("rb") as opened:
            content = opened.read()
    except FileNotFoundError:
        raise Http404 from None
    size, status, wanted = len(content), 200, _RANGE.match(request.headers.get("Range", ""))
    response = HttpResponse(content_type=kind)
    if wanted and (wanted[1] or wanted[2]):
        first = int(wanted[1]) if wanted[1] else max(size - int(wanted[2]), 0)
        last = min(int(wanted[2]), size - 1) if wanted[1] and wanted[2] else size - 1
        if first > last:
            response = HttpResponse(status=416)
            response["Content-Range"] = f"bytes */{size}"
            return response
        content, status = content[first : last + 1], 206
        response["Content-Range"] = f"bytes {first}-{last}/{size}"
    response.content, response.status_code = content, status
    plain = name.encode("ascii", "replace").decode().replace('"', "'")
    how = "inline" if inline else "attachment"
    response["Content-Disposition"] = f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    response["Content-Security-Policy"] = SANDBOX
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=600"
    response["ETag"] = f'"{etag}"'
    response["Accept-Ranges"] = "bytes"
    return response


@login_required
@require_safe
def document(request: SignedInRequest, document: UUID) -> HttpResponse:
    """A file: a picture is shown, a PDF is downloaded (`?unduh=1` downloads either)."""
    found = get_object_or_404(Document.objects.visible_to(request.user), uuid=document)
    inline = found.is_image and "unduh" not in request.GET
    return serve(request, found.file, kind=found.kind, name=found.name, etag=found.sha256[:32], inline=inline)


@login_required
@require_safe
def small(request: SignedInRequest, document: UUID) -> HttpResponse:
    """A small picture of a picture."""
    found = get_object_or_404(Document.objects.visible_to(request.user), uuid=document)
    if not found.thumbnail:
        raise Http404
    return serve(
        request,
        found.thumbnail,
        kind="image/jpeg",
        name=found.name,
        etag=f"s{found.sha256[:31]}",
        inline=True,
    )


@login_required
@require_safe
def held(request: SignedInRequest, held: UUID) -> HttpResponse:
    """One's own upload of a form that is not sent yet."""
    found = get_object_or_404(HeldUpload, pk=held, person=request.user)
    return serve(
        request, found.file, kind=found.kind, name=found.name, etag=found.pk.hex, inline=found.is_image
    )
