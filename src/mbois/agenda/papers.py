"""Tickets and certificates on paper."""

import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import segno
import typst
from babel.dates import format_date, format_datetime
from django.conf import settings

from mbois import clock
from mbois.agenda import tickets
from mbois.agenda.models import Certificate, Registration, Ticket

PAPERS = Path(__file__).parent / "papers"


def _compile(name: str, values: dict[str, Any]) -> bytes:
    template = (PAPERS / name).read_bytes()
    return bytes(typst.compile(template, sys_inputs={"data": json.dumps(values)}, ignore_system_fonts=True))


def _qr(text: str) -> str:
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", border=1, xmldecl=False)
    return out.getvalue().decode()


def good_tickets(registration: Registration) -> list[Ticket]:
    """Those that open the door."""
    return list(
        registration.tickets.filter(region=registration.region_id, cancelled_at=None).order_by("number")
    )


def tickets_pdf(registration: Registration) -> bytes:
    """The tickets of a registration, one a page of the size of a hand."""
    activity = registration.activity
    words = {
        "id": ("Tiket", "Tunjukkan kode ini di pintu. Bisa dari layar atau kertas.", "d MMMM y, HH.mm"),
        "en": ("Ticket", "Show this code at the door, on the screen or on paper.", "d MMMM y, HH:mm"),
    }
    ticket, show, pattern = words[registration.language if registration.language in words else "id"]
    return _compile(
        "tickets.typ",
        {
            "ticket": ticket,
            "show": show,
            "title": activity.title,
            "host": activity.host,
            "place": activity.place,
            "when": format_datetime(
                activity.begins_at, pattern, tzinfo=clock.JAKARTA, locale=registration.language
            ),
            "tickets": [
                {
                    "name": one.name or registration.name,
                    "code": one.shown_code,
                    "qr": _qr(tickets.payload(activity.code, one.code)),
                }
                for one in good_tickets(registration)
            ],
        },
    )


def certificates_pdf(certificates: Iterable[Certificate]) -> bytes:
    """Certificates, one a page, each with a code that leads to where it is checked."""
    root = settings.SITE_URL.rstrip("/")
    pages = []
    for one in certificates:
        activity = one.activity
        begins, ends = clock.local_date(activity.begins_at), clock.local_date(activity.ends_at)
        day = str(format_date(begins, "d MMMM y", locale="id"))
        if ends != begins:
            day = f"{day} – {format_date(ends, 'd MMMM y', locale='id')}"
        url = f"{root}/sertifikat-kegiatan/{one.code}/"
        pages.append(
            {
                "name": one.name,
                "title": one.title,
                "host": activity.host,
                "region": activity.region.name,
                "day": day,
                "share": f"{one.attended} dari {one.sessions} sesi" if one.sessions > 1 else "",
                "number": one.number,
                "issued": str(format_date(clock.local_date(one.issued_at), "d MMMM y", locale="id")),
                "url": url,
                "qr": _qr(url),
            }
        )
    return _compile("certificates.typ", {"pages": pages})
