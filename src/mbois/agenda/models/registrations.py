"""Who comes: registrations, their tickets, what they were told."""

from typing import Any

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from mbois import clock
from mbois.agenda.codes import new_secret, new_ticket
from mbois.agenda.models.activities import Activity
from mbois.people.models import Person, Role
from mbois.places.guards import forgetting, tracked
from mbois.places.owned import Owned, OwnedQuerySet, RegionForeignKey


class Standing(models.TextChoices):
    """Where a registration stands."""

    CONFIRMED = "confirmed", _("Confirmed")
    WAITING = "waiting", _("On the waiting list")
    OFFERED = "offered", _("A place is offered")
    LAPSED = "lapsed", _("Offer not taken")
    CANCELLED = "cancelled", _("Cancelled")

    @property
    def tone(self) -> str:
        return {"confirmed": "ok", "waiting": "wait", "offered": "info"}.get(self.value, "plain")


STANDINGS: dict[str, frozenset[str]] = {
    Standing.CONFIRMED: frozenset({Standing.CANCELLED}),
    Standing.WAITING: frozenset({Standing.OFFERED, Standing.CANCELLED}),
    Standing.OFFERED: frozenset({Standing.CONFIRMED, Standing.LAPSED, Standing.CANCELLED}),
    Standing.LAPSED: frozenset(),
    Standing.CANCELLED: frozenset(),
}


def of_organisers(person: Person, to: str = "activity") -> Q:
    """Rows of activities whose participants a person may see: the proposer's and their organisation's,
    those of the festival it is part of, and the region's curators."""
    mine = Q(**{f"{to}__proposed_by": person.pk}) | Q(**{f"{to}__parent__proposed_by": person.pk})
    houses = [m.organisation_id for m in person.memberships_now if m.role == Role.ORGANISER]
    if houses:
        mine |= Q(**{f"{to}__organisation__in": houses}) | Q(**{f"{to}__parent__organisation__in": houses})
    if regions := person.regions_with(Role.CURATOR):
        mine |= Q(region__in=regions)
    return mine


class RegistrationQuerySet(OwnedQuerySet):
    def visible_to(self, person: Person) -> "RegistrationQuerySet":
        """One's own, and those of activities one holds."""
        return self.filter(Q(person=person.pk) | of_organisers(person))


@tracked(
    pghistory.UpdateEvent(),
    exclude=["secret", "client_key", "fingerprint"],
    **forgetting("name", "email", "phone", "answers", "person", "end_reason"),
)
class Registration(Owned):
    """A person, or a group that stays together, at an activity. `number` is its place in the queue."""

    activity = RegionForeignKey(Activity, on_delete=models.PROTECT, related_name="registrations")
    number = models.PositiveIntegerField()
    person = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="registrations"
    )
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = PhoneNumberField(_("phone"), blank=True, default="")
    language = models.CharField(max_length=2, default="id")
    # Places held or waited for now; 0 once it is over.
    places = models.PositiveSmallIntegerField(_("places"))
    asked = models.PositiveSmallIntegerField()
    answers = models.JSONField(default=dict, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=Standing)
    # Where it stood on the waiting list when it came; 0: it got its places at once.
    first_position = models.PositiveIntegerField(default=0)
    secret = models.CharField(max_length=32, default=new_secret, editable=False)
    # Made by whoever sends, so that sending twice makes one registration.
    client_key = models.CharField(max_length=200, blank=True, editable=False)
    fingerprint = models.CharField(max_length=64, blank=True, editable=False)
    consented_at = models.DateTimeField(default=clock.now)
    made_at = models.DateTimeField(_("registered"), default=clock.now)
    offered_at = models.DateTimeField(null=True, blank=True)
    offer_ends_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    end_reason = models.CharField(max_length=200, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    forgotten_at = models.DateTimeField(null=True, blank=True)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration")
        constraints = [
            models.UniqueConstraint(fields=["region", "activity", "number"], name="registration_number"),
            models.UniqueConstraint(fields=["region", "secret"], name="registration_secret"),
            models.UniqueConstraint(
                fields=["region", "activity", "client_key"],
                condition=~Q(client_key=""),
                name="registration_sent_once",
            ),
            models.CheckConstraint(name="registration_state", condition=Q(state__in=Standing.values)),
            models.CheckConstraint(
                name="registration_can_be_reached",
                condition=~Q(email="") | Q(person__isnull=False) | Q(forgotten_at__isnull=False),
            ),
            models.CheckConstraint(
                name="registration_email_in_small_letters", condition=Q(email=Lower("email"))
            ),
            models.CheckConstraint(name="registration_asks_for_somebody", condition=Q(asked__gte=1)),
            models.CheckConstraint(
                name="registration_places",
                condition=Q(state__in=["lapsed", "cancelled"], places=0)
                | Q(state__in=["confirmed", "waiting", "offered"], places__gte=1, places__lte=F("asked")),
            ),
            models.CheckConstraint(
                name="registration_offer_has_its_end",
                condition=~Q(state__in=["offered", "lapsed"])
                | Q(offered_at__isnull=False, offer_ends_at__isnull=False),
            ),
            models.CheckConstraint(
                name="registration_confirmed_has_its_hour",
                condition=~Q(state="confirmed") | Q(confirmed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="registration_over_has_its_hour",
                condition=~Q(state__in=["lapsed", "cancelled"]) | Q(ended_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["secret"], name="registration_by_secret"),
            models.Index(
                fields=["region", "activity", "number"],
                condition=Q(state="waiting"),
                name="registration_waiting",
            ),
            models.Index(
                fields=["offer_ends_at"], condition=Q(state="offered"), name="registration_offers_end"
            ),
            models.Index("region", "email", "activity", name="registration_by_email"),
            models.Index(fields=["person"], name="registration_by_person"),
            models.Index(
                fields=["made_at"], condition=Q(forgotten_at=None), name="registration_not_forgotten"
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="registration_transitions",
                field="state",
                transitions=[
                    (before, after) for before, afters in STANDINGS.items() for after in sorted(afters)
                ],
            ),
            pgtrigger.Protect(name="registrations_stay", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="registration_origin_is_fixed",
                fields=["activity", "number", "asked", "first_position", "made_at"],
            ),
            # An offer is answered before the activity begins: the database knows its start.
            pgtrigger.Trigger(
                name="offers_end_by_the_start",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("offer_ends_at"),
                condition=pgtrigger.Q(new__state="offered"),
                declare=[("start", "timestamptz")],
                func="""
                    SELECT begins_at INTO start FROM agenda_activity
                     WHERE region_id = NEW.region_id AND id = NEW.activity_id;
                    IF NEW.offer_ends_at > start THEN
                        RAISE EXCEPTION 'offers_end_by_the_start: % after %', NEW.offer_ends_at, start
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'offers_end_by_the_start';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.asked})"

    @property
    def state_shown(self) -> Standing:
        return Standing(self.state)

    @property
    def is_open(self) -> bool:
        return self.state in (Standing.CONFIRMED, Standing.WAITING, Standing.OFFERED)

    def get_absolute_url(self) -> str:
        """The participant's own page; who has the link needs no account."""
        return reverse("agenda_ticket", kwargs={"ticket_secret": self.secret})


class Ticket(Owned):
    """One place of a confirmed registration."""

    registration = RegionForeignKey(Registration, on_delete=models.PROTECT, related_name="tickets")
    activity = RegionForeignKey(Activity, on_delete=models.PROTECT, related_name="tickets")
    number = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=10, default=new_ticket, editable=False)
    name = models.CharField(_("name"), max_length=120, blank=True)
    made_at = models.DateTimeField(default=clock.now)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("ticket")
        ordering = ["registration", "number"]
        constraints = [
            models.UniqueConstraint(fields=["region", "code"], name="ticket_code"),
            models.UniqueConstraint(fields=["region", "registration", "number"], name="ticket_number"),
        ]
        indexes = [models.Index(fields=["region", "activity"], name="ticket_by_activity")]
        triggers = [
            pgtrigger.Protect(name="tickets_stay", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="ticket_is_fixed", fields=["registration", "activity", "number", "code", "made_at"]
            ),
            pgtrigger.Protect(
                name="ticket_cancelled_for_good",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__cancelled_at__isnull=False, new__cancelled_at__isnull=True),
            ),
            # Who is inside does not give up the place; calling the activity off ends every ticket.
            pgtrigger.Trigger(
                name="ticket_that_was_used_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("cancelled_at"),
                condition=pgtrigger.Q(old__cancelled_at__isnull=True, new__cancelled_at__isnull=False),
                func="""
                    IF EXISTS (SELECT FROM agenda_attendance
                                WHERE region_id = NEW.region_id AND ticket_id = NEW.id AND withdrawn_at IS NULL)
                       AND NOT EXISTS (SELECT FROM agenda_activity
                                WHERE region_id = NEW.region_id AND id = NEW.activity_id AND state = 'cancelled')
                    THEN
                        RAISE EXCEPTION 'ticket_that_was_used_stays: %', NEW.code
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'ticket_that_was_used_stays';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def shown_code(self) -> str:
        """As it is read out: `K7M2X 9BCDF`."""
        return f"{self.code[:5]} {self.code[5:]}"


class Letter(Owned):
    """Something a participant is told by mail and inbox, written with what happened and sent by the
    worker at most once: `started_at` is committed before anything leaves."""

    registration = RegionForeignKey(Registration, on_delete=models.PROTECT, related_name="letters")
    key = models.CharField(max_length=40)
    context = models.JSONField(default=dict)
    made_at = models.DateTimeField(default=clock.now)
    started_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["region", "made_at"], condition=Q(started_at=None), name="letters_not_sent"),
            models.Index(fields=["region", "registration"], name="letters_of_a_registration"),
        ]

    def __str__(self) -> str:
        return f"{self.key} → {self.registration_id}"


def plain_answers(answers: Any) -> list[tuple[str, str]]:
    """The answers of a registration as (question, answer); they carry the question as it was asked."""
    if not isinstance(answers, dict):
        return []
    return [(str(one.get("q", "")), str(one.get("a", ""))) for one in answers.values() if one.get("a")]
