"""Lists ask the database as often for many rows as for few."""

from datetime import timedelta

import pytest
from tests.counting import grows

from mbois import clock
from mbois.agenda.actions import certificates, proposing
from mbois.agenda.tests.factories import (
    begin,
    make_activity,
    make_curator,
    make_door,
    make_draft,
    make_organiser,
    make_registration,
    scan,
    signed_in,
    visitor,
)
from mbois.people.tests.factories import make_person

pytestmark = pytest.mark.django_db


def test_lists_ask_as_often_whatever_their_length() -> None:
    organiser, curator, person = make_organiser(), make_curator(), make_person()
    begins = clock.now() + timedelta(days=1)
    whole = make_activity(
        by=organiser, kind="festival", begins_at=begins, ends_at=begins + timedelta(days=9), quota=None
    )
    past = make_activity(by=organiser, certificate_from=50, quota=None)
    turn = iter(range(100))

    def more() -> None:
        number = next(turn)
        make_activity(
            by=organiser, parent=whole, begins_at=begins + timedelta(hours=number), stage=f"Panggung {number}"
        )
        make_activity(
            by=organiser, latitude=-7.97, longitude=112.63, begins_at=clock.now() + timedelta(hours=2)
        )
        proposing.propose(make_draft(by=organiser), by=organiser)
        make_registration(whole, person=person, email="", key=f"kunci {number}")
        door = make_door(past, f"Pintu {number}")
        scan(door, make_registration(past).tickets[0])
        scan(door, "")
        make_door(whole, f"Gerbang {number}")

    more()
    begin(past, hours_ago=30)
    certificates.issue(past, by=organiser)
    public, desk, queue, guest = visitor(), signed_in(organiser), signed_in(curator), signed_in(person)
    pages = [
        (public, "/agenda/"),
        (public, "/agenda/?tampil=bulan"),
        (public, "/agenda/?tampil=peta"),
        (public, "/agenda/?q=batik"),
        (public, "/agenda/sematan/"),
        (public, "/agenda/kalender.ics"),
        (public, whole.get_absolute_url()),
        (guest, "/beranda/"),
        (desk, "/kegiatan/"),
        (desk, whole.desk_url),
        (desk, f"{whole.desk_url}peserta/"),
        (desk, f"{whole.desk_url}pintu/"),
        (desk, f"{past.desk_url}sertifikat/"),
        (desk, f"{past.desk_url}sesudah/"),
        (queue, "/kegiatan/kurasi/"),
    ]

    def still_more() -> None:
        begin(past, hours_ago=-3)
        more()
        begin(past, hours_ago=30)
        certificates.issue(past, by=organiser)

    assert grows(pages, still_more) == {}
