"""What the room of activities adds to a region of `tests/world.py`: a public activity with private
participants, its doors and certificates, held by a community that is nobody among the viewers."""

from datetime import timedelta
from typing import TYPE_CHECKING

from mbois import clock
from mbois.agenda.actions import activities, after, certificates
from mbois.agenda.models import Activity
from mbois.agenda.tests.factories import (
    begin,
    make_activity,
    make_curator,
    make_door,
    make_draft,
    make_organiser,
    make_registration,
    scan,
)
from mbois.people.tests.factories import picture

if TYPE_CHECKING:
    from tests.world import Region


def add_agenda(home: "Region") -> None:
    """A thing for every noun of the addresses of activities."""
    holder = make_organiser(home.code, f"Komunitas {home.digits}")
    activity = make_activity(
        by=holder,
        region=home.code,
        title="Kelas terbuka",
        certificate_from=1,
        curator=make_curator(home.code),
    )
    asked = activities.add_question(activity, by=holder, text="Ukuran kaus?")
    placed = make_registration(
        activity,
        name=home.mark("Peserta"),
        email=f"{home.mark('Surel')}@contoh.id",
        phone="+628123450000",
        answers={asked.pk: home.mark("Jawaban")},
    )
    ticket = placed.tickets[0]
    type(ticket).objects.filter(pk=ticket.pk).update(name="Bu Sri")
    ticket.refresh_from_db()
    door = make_door(activity)
    scan(door, ticket)
    scan(door, home.mark("Pindaian"))
    begin(activity, hours_ago=5)
    given = certificates.issue(activity, by=holder)[0]
    certificates.print_file(home.code, certificates.ask_for_file(activity, by=holder).pk)
    after.say(placed.registration.__class__.objects.select_related("activity").get(pk=placed.registration.pk),
              stars=5, words=home.mark("Kesan"))  # fmt: skip
    after.add_photos(activity, [picture()], by=holder)
    after.report(activity, by=holder, visitors=3, businesses=1, story=home.mark("Cerita"))
    # what nobody outside may see at all
    make_draft(
        by=holder,
        region=home.code,
        title=home.mark("Draf"),
        host=home.mark("Draf"),
        begins_at=clock.now() + timedelta(days=20),
    )
    home.objects |= {
        "occasion": activity.code,
        "activity": activity.code,
        "registration": placed.registration.pk,
        "given": given.pk,
        "attendance_certificate": given.code,
        "activity_photo": activity.photos.get().pk,
        "ticket_secret": placed.registration.secret,
        "door_secret": door.secret,
        "name": "x.jpg",
    }
    assert Activity.objects.filter(region=home.code).count() == 2
