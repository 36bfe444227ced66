"""Registering: one statement sells the places, or puts the group at the end of the waiting list.

Everybody who registers passes through one row (`Seats`), held from that statement to the commit and for
nothing else. Their order there is the order of who came first; `number` keeps it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from mbois import clock
from mbois.agenda import telling
from mbois.agenda.codes import new_secret, new_ticket
from mbois.agenda.models import (
    Activity,
    Entry,
    Letter,
    Question,
    Registration,
    Seats,
    Standing,
    State,
    Ticket,
)
from mbois.agenda.tasks import tell
from mbois.agenda.telling import page_of
from mbois.ledger.actions import fingerprint
from mbois.people.models import Person
from mbois.refused import Refused

# Registrations that one address may make in a day: more would fill somebody's mailbox.
MOST_A_DAY = 20
LONGEST_NAME = 120
LONGEST_EMAIL = 254
# How long nobody can have the way to a registration sent again.
AGAIN_AFTER = timedelta(hours=1)


@dataclass(frozen=True)
class Guest:
    """Who registers: a name and how to reach them; `names` of those who come along, in their order; what
    they answer, by the key of the question."""

    name: str
    email: str = ""
    phone: str = ""
    person: Person | None = None
    names: Sequence[str] = ()
    answers: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Placed:
    """What became of it. `again`: it had come before under the same key."""

    registration: Registration
    position: int
    tickets: list[Ticket]
    again: bool = False

    @property
    def confirmed(self) -> bool:
        """Whether it got its places at once."""
        return self.position == 0


_SALE = """
WITH seat AS (
    UPDATE agenda_seats
       SET last = last + 1,
           last_sold = (quota IS NULL OR taken + %(places)s <= quota) AND (waiting = 0 OR group_rule = 'pass')
     WHERE region_id = %(region)s AND activity_id = %(activity)s
       AND is_open AND (quota IS NULL OR %(places)s <= quota)
       AND (waits OR ((quota IS NULL OR taken + %(places)s <= quota) AND (waiting = 0 OR group_rule = 'pass')))
    RETURNING last, last_sold, waiting + CASE WHEN last_sold THEN 0 ELSE 1 END AS waiting),
made AS (
    INSERT INTO agenda_registration
           (region_id, activity_id, number, person_id, name, email, phone, language, places, asked, answers, state,
            first_position, secret, client_key, fingerprint, consented_at, made_at, confirmed_at, end_reason)
    SELECT %(region)s, %(activity)s, last, %(person)s, %(name)s, %(email)s, %(phone)s, %(language)s, %(places)s,
           %(places)s, %(answers)s::jsonb, CASE WHEN last_sold THEN 'confirmed' ELSE 'waiting' END,
           CASE WHEN last_sold THEN 0 ELSE waiting END, %(secret)s, %(key)s, %(fingerprint)s, %(now)s, %(now)s,
           CASE WHEN last_sold THEN %(now)s END, ''
      FROM seat RETURNING id, number, state, first_position),
sold AS (
    INSERT INTO agenda_ticket (region_id, registration_id, activity_id, number, code, name, made_at)
    SELECT %(region)s, made.id, %(activity)s, one.number, one.code, one.name, %(now)s
      FROM made, unnest(%(codes)s::text[], %(names)s::text[]) WITH ORDINALITY AS one(code, name, number)
     WHERE made.state = 'confirmed' RETURNING id, number),
told AS (
    INSERT INTO agenda_letter (region_id, registration_id, key, context, made_at)
    SELECT %(region)s, made.id, made.state,
           %(context)s::jsonb || jsonb_build_object('position', seat.waiting), %(now)s
      FROM made, seat)
SELECT made.id, made.number, made.state, made.first_position,
       (SELECT array_agg(sold.id ORDER BY sold.number) FROM sold)
  FROM made
"""
# What came before: under this key, and of this address.
_BEFORE = """
SELECT (SELECT id FROM agenda_registration
         WHERE region_id = %(region)s AND activity_id = %(activity)s AND client_key = %(key)s AND %(key)s <> ''),
       coalesce(sum(places) FILTER (WHERE activity_id = %(activity)s), 0),
       count(*) FILTER (WHERE activity_id <> %(activity)s),
       max(id) FILTER (WHERE activity_id = %(activity)s AND state IN ('confirmed', 'waiting', 'offered'))
  FROM agenda_registration
 WHERE region_id = %(region)s AND (activity_id = %(activity)s OR made_at > %(day)s) AND {whose}
"""


def register(
    activity: Activity, guest: Guest, *, places: int = 1, key: str = "", once_more: bool = True
) -> Placed:
    """Register somebody, or a group that stays together: confirmed at once with tickets, or put on the
    waiting list. Refuses what is not open, full without a waiting list, or leaves a question open, and a
    group larger than all places together.

    The same `key` with the same content gets the same answer, with another it is refused (409). Where the
    address has a registration already, its letter says so; with `once_more` false nothing is made and the
    way to the first is sent again, unless the organiser lets an address register several times.
    """
    email = guest.email.strip().lower()
    if not email and guest.person is None:
        raise Refused(_("An e-mail address is needed, so that the ticket reaches you."), field="email")
    if len(email) > LONGEST_EMAIL:  # some letters become two in small letters
        raise Refused(_("Enter an e-mail address such as nama@contoh.id."), field="email", code="invalid")
    told = [guest.name.strip(), email, str(guest.phone), places, list(guest.names)]
    mark = fingerprint([*told, {str(one): text for one, text in guest.answers.items() if text}])
    try:
        with transaction.atomic():
            return _register(
                activity,
                guest,
                email=email,
                places=places,
                key=key.strip(),
                mark=mark,
                once_more=once_more or activity.several,
            )
    except _Known as known:
        send_way_again(known.registration)
        raise
    except IntegrityError as error:
        # somebody else sends something else under the same key at the same moment
        if "registration_sent_once" not in str(error):
            raise
        raise _key_reused() from None


class _Known(Refused):
    """The address has a registration. The sentence says no more of it than it must: whoever typed the
    address need not be who owns it."""

    def __init__(self, registration: Registration) -> None:
        super().__init__(
            _(
                "This address cannot be used once more for this activity. If it is yours, look into its "
                "mailbox: the way to what it has was sent there."
            )
            if registration.email
            else _("You are registered already. The way to it is in your inbox."),
            field="email",
            code="registered_already",
            status=409,
        )
        self.registration = registration


@transaction.atomic
def send_way_again(registration: Registration) -> None:
    """Tell whoever registered the way to their registration once more, not twice within the hour."""
    row = (
        Registration.objects.select_for_update(of=("self",))
        .select_related("activity")
        .get(region=registration.region_id, pk=registration.pk)
    )
    lately = Letter.objects.filter(
        region=row.region_id, registration=row, made_at__gt=clock.now() - AGAIN_AFTER
    )
    if row.is_open and not lately.filter(key="already").exists():
        telling.write([row], "already")


def _must_be_possible(activity: Activity, guest: Guest, places: int) -> None:
    _must_be_open(activity)
    if places < 1:
        raise Refused(_("At least one place."), field="places", code="invalid")
    if places > activity.most_places:
        raise Refused(
            ngettext(
                "At most %(most)s place for one registration.",
                "At most %(most)s places for one registration.",
                activity.most_places,
            )
            % {"most": activity.most_places},
            field="places",
            code="too_many_places",
        )
    if len(guest.names) > places - 1:
        raise Refused(
            _(
                "Names written here: %(names)s; people who come with you: %(others)s. Change the number of "
                "places, or take names out."
            )
            % {"names": len(guest.names), "others": places - 1},
            field="names",
            code="too_many_names",
        )
    for one in guest.names:
        if len(one) > LONGEST_NAME:
            raise Refused(
                _("“%(start)s…” is longer than %(most)s characters. One name a line.")
                % {"start": one[:24], "most": LONGEST_NAME},
                field="names",
            )


def _must_be_open(activity: Activity) -> None:
    now = clock.now()
    if activity.state == State.CANCELLED:
        raise Refused(_("This activity was called off."), code="cancelled", status=409)
    if activity.state != State.PUBLISHED:
        raise Refused(_("This does not exist, or you may not see it."), code="not_found", status=404)
    if activity.entry == Entry.FREE:
        raise Refused(_("No registration is needed: just come."), code="not_needed", status=409)
    if activity.entry == Entry.WHOLE:
        raise Refused(_("One registers for the whole it is part of."), code="not_needed", status=409)
    if activity.opens_at and now < activity.opens_at:
        raise Refused(_("Registration is not open yet."), code="not_open", status=409)
    if now >= activity.registration_ends:
        raise Refused(_("Registration is closed."), code="closed", status=409)


def _register(
    activity: Activity, guest: Guest, *, email: str, places: int, key: str, mark: str, once_more: bool
) -> Placed:
    region, who = activity.region_id, email or f"#{guest.person.pk if guest.person else ''}"
    with connection.cursor() as cursor:
        # the same person twice at the same moment: the second waits here, not at the row of the places
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 7))", [f"agenda {activity.pk} {who}"]
        )
        before: dict[str, Any] = {
            "region": region,
            "activity": activity.pk,
            "key": key,
            "day": clock.now() - timedelta(days=1),
            "email": email,
            "person": guest.person.pk if guest.person else None,
        }
        whose = "email = %(email)s" if email else "person_id = %(person)s"
        cursor.execute(_BEFORE.format(whose=whose), before)
        known, held, elsewhere, earlier = cursor.fetchone()
        if known is not None:
            return _again(activity, known, mark)
        _must_be_possible(activity, guest, places)
        answers = answers_of(activity, guest.answers)
        first = _earlier(activity, earlier)
        if first is not None and not once_more:
            raise _Known(first)
        _must_not_hoard(activity, held=held, elsewhere=elsewhere, places=places)
        secret = new_secret()
        names = [guest.name.strip(), *(one.strip() for one in guest.names)]
        registration_facts = {
            "title": activity.title,
            "when": {"$instant": activity.begins_at.isoformat()},
            "place": activity.place,
            "name": guest.name.strip(),
            "places": places,
            "earlier": "" if first is None or activity.several else page_of(first),
        }
        # before the row of the places is held, as everything that need not wait for it
        tell.defer(region=region, secret=secret)
        values: dict[str, Any] = {
            "region": region,
            "activity": activity.pk,
            "places": places,
            "person": guest.person.pk if guest.person else None,
            "name": guest.name.strip()[:120],
            "email": email,
            "phone": str(guest.phone or ""),
            "language": "en" if (get_language() or "id").startswith("en") else "id",
            "answers": json.dumps(answers),
            "secret": secret,
            "key": key,
            "fingerprint": mark if key else "",
            "now": clock.now(),
            "codes": [new_ticket() for _one in range(places)],
            "names": [one[:120] for one in names] + [""] * (places - len(names)),
            "context": json.dumps(registration_facts),
        }
        cursor.execute(_SALE, values)
        row = cursor.fetchone()
    if row is None:
        _say_full(activity, places)
    registration = Registration(
        pk=row[0],
        region_id=region,
        activity=activity,
        number=row[1],
        state=row[2],
        first_position=row[3],
        person=guest.person,
        asked=places,
        answers=answers,
        consented_at=values["now"],
        made_at=values["now"],
        confirmed_at=values["now"] if row[2] == Standing.CONFIRMED else None,
        client_key=key,
        **{
            name: values[name]
            for name in ("name", "email", "phone", "language", "places", "secret", "fingerprint")
        },
    )
    registration._state.adding = False
    sold = [
        Ticket(
            pk=pk,
            region_id=region,
            registration=registration,
            activity=activity,
            number=number,
            code=code,
            name=name,
            made_at=values["now"],
        )
        for number, (pk, code, name) in enumerate(
            zip(row[4] or (), values["codes"], values["names"], strict=False), 1
        )
    ]
    return Placed(registration, registration.first_position, sold)


def _tickets(registration: Registration) -> list[Ticket]:
    if registration.first_position:
        return []
    return list(
        Ticket.objects.filter(region=registration.region_id, registration=registration).order_by("number")
    )


def _key_reused() -> Refused:
    return Refused(_("This was sent already, with something else in it."), code="key_reused", status=409)


def _again(activity: Activity, pk: int, mark: str) -> Placed:
    """What came before under the same key; refuses where something else was sent then."""
    found = Registration.objects.get(region=activity.region_id, pk=pk)
    if found.fingerprint != mark:
        raise _key_reused()
    found.activity = activity
    return Placed(found, found.first_position, _tickets(found), again=True)


def _earlier(activity: Activity, pk: int | None) -> Registration | None:
    """The registration this address has for the activity already."""
    if pk is None:
        return None
    return Registration.objects.get(region=activity.region_id, pk=pk)


def _must_not_hoard(activity: Activity, *, held: int, elsewhere: int, places: int) -> None:
    """One address holds at most as many places as one registration may, and makes a limited number of
    registrations a day: nobody empties a quota with one address or fills a stranger's mailbox."""
    if elsewhere >= MOST_A_DAY:
        raise Refused(
            _("This address has registered many times today. Try again tomorrow."),
            field="email",
            code="too_many",
            status=429,
        )
    if held + places > activity.most_places:
        raise Refused(
            ngettext(
                "There is a registration for this address already, and it may hold at most %(most)s place. "
                "The link to it was sent by mail.",
                "There is a registration for this address already, and it may hold at most %(most)s places in "
                "all. The link to it was sent by mail.",
                activity.most_places,
            )
            % {"most": activity.most_places},
            field="email",
            code="too_many_places",
            status=409,
        )


def _say_full(activity: Activity, places: int) -> None:
    seats = Seats.objects.get(region=activity.region_id, activity=activity)
    if not seats.is_open:
        raise Refused(_("This activity was called off."), code="cancelled", status=409)
    if seats.quota is not None and places > seats.quota:
        # it would wait for good, and whoever comes after it too
        raise Refused(
            ngettext(
                "There is %(quota)s place in all, and a group is not split.",
                "There are %(quota)s places in all, and a group is not split.",
                seats.quota,
            )
            % {"quota": seats.quota},
            field="places",
            code="too_many_places",
        )
    if seats.left and not seats.waiting:
        raise Refused(
            ngettext("Only %(left)s place is left.", "Only %(left)s places are left.", seats.left)
            % {"left": seats.left},
            field="places",
            code="full",
            status=409,
        )
    raise Refused(_("All places are taken."), code="full", status=409)


def answers_of(activity: Activity, given: Mapping[int, str]) -> dict[str, dict[str, str]]:
    """The answers as they are kept: with the question as it was asked. Refuses what is missing, and what
    answers no question of this activity."""
    kept: dict[str, dict[str, str]] = {}
    asked = list(Question.objects.filter(region=activity.region_id, activity=activity))
    for strange in sorted(set(given) - {one.pk for one in asked}):
        raise Refused(_("This activity does not ask this."), field=f"question-{strange}", code="invalid")
    for one in asked:
        answer = " ".join(str(given.get(one.pk, "")).split())[:300]
        if one.required and not answer:
            raise Refused(_("Please answer this."), field=f"question-{one.pk}", code="incomplete")
        if answer and one.kind == Question.Kind.CHOICE and answer not in one.options:
            raise Refused(_("Choose one of the answers."), field=f"question-{one.pk}", code="invalid")
        if answer and one.kind == Question.Kind.TICK and answer != _("Yes"):
            raise Refused(_("Answer this with yes or no."), field=f"question-{one.pk}", code="invalid")
        if answer:
            kept[str(one.pk)] = {"q": one.text, "a": answer}
    return kept
