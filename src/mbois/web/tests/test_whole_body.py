"""A request whose line broke off is no request."""

import io

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse, UnreadablePostError

from mbois.web.middleware import WholeBody

FORM = b'--x\r\nContent-Disposition: form-data; name="amount"\r\n\r\n1250000\r\n--x--\r\n'


def amount_of(body: bytes, *, announced: int, kind: str) -> str:
    request = WSGIRequest(
        {
            "REQUEST_METHOD": "POST",
            "CONTENT_TYPE": kind,
            "CONTENT_LENGTH": str(announced),
            "wsgi.input": io.BytesIO(body),
            "PATH_INFO": "/",
        }
    )

    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(request.POST.get("amount", "nothing"))

    return WholeBody(view)(request).content.decode()


@pytest.mark.parametrize(
    ("whole", "kind"),
    [(b"amount=1250000", "application/x-www-form-urlencoded"), (FORM, "multipart/form-data; boundary=x")],
)
def test_half_an_amount_is_not_taken_for_the_amount(whole: bytes, kind: str) -> None:
    assert amount_of(whole, announced=len(whole), kind=kind) == "1250000"
    for sent in (len(whole) - 1, len(whole) - 4, len(whole) // 2, 0):
        with pytest.raises(UnreadablePostError):
            amount_of(whole[:sent], announced=len(whole), kind=kind)
