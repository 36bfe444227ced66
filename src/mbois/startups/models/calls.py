"""Calls: who may apply until when, with which questions, judged by what."""

from datetime import datetime

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from mbois import clock
from mbois.people.models import Person
from mbois.places.guards import tracked
from mbois.places.owned import Owned, OwnedQuerySet, RegionForeignKey
from mbois.startups.models.teams import PROGRAMME_READERS
from mbois.startups.words import in_words


class CallQuerySet(OwnedQuerySet):
    def visible_to(self, person: Person) -> "CallQuerySet":
        """What is published, and drafts of the regions whose programme one reads."""
        return self.filter(
            Q(published_at__isnull=False) | Q(region__in=person.regions_with(*PROGRAMME_READERS))
        )

    def published(self) -> "CallQuerySet":
        return self.filter(published_at__isnull=False)

    def with_window(self) -> "CallQuerySet":
        """With `window`: from when to when applications are taken (None where nobody said)."""
        window = Phase.objects.filter(
            region=OuterRef("region"), call=OuterRef("pk"), kind=Phase.Kind.CALL
        ).values("during")[:1]
        return self.annotate(window=Subquery(window, output_field=DateTimeRangeField()))

    def open_at(self, moment: datetime) -> "CallQuerySet":
        """Those that take applications at a moment."""
        return self.published().filter(
            Exists(
                Phase.objects.filter(
                    region=OuterRef("region"),
                    call=OuterRef("pk"),
                    kind=Phase.Kind.CALL,
                    during__contains=moment,
                )
            )
        )


@tracked()
class Call(Owned):
    """A call for applications of one region."""

    number = models.CharField(max_length=24)
    title_id = models.CharField(_("title"), max_length=120)
    title_en = models.CharField(_("title in English"), max_length=120, blank=True)
    summary_id = models.CharField(_("in one sentence"), max_length=300)
    summary_en = models.CharField(_("in one sentence, in English"), max_length=300, blank=True)
    about_id = models.TextField(_("what is offered, to whom"), max_length=6000)
    about_en = models.TextField(_("what is offered, in English"), max_length=6000, blank=True)
    places = models.PositiveSmallIntegerField(_("places"), default=20)
    # How many reviews each application should have before anything is decided.
    reviews_wanted = models.PositiveSmallIntegerField(_("reviews per application"), default=3)
    # Reviewers see neither people nor team.
    blind = models.BooleanField(_("blind review"), default=True)
    published_at = models.DateTimeField(null=True, blank=True)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)

    objects = CallQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "number"], name="startup_call_number"),
            models.CheckConstraint(name="startup_call_places", condition=Q(places__gte=1, places__lte=500)),
            models.CheckConstraint(
                name="startup_call_reviews", condition=Q(reviews_wanted__gte=1, reviews_wanted__lte=9)
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="startup_calls_stay", operation=pgtrigger.Delete),
            # a call that has begun seen keeps its promise: who was judged blind stays judged blind
            pgtrigger.Trigger(
                name="startup_call_is_complete",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("published_at", "blind"),
                condition=pgtrigger.Q(new__published_at__isnull=False),
                func="""
                    IF TG_OP = 'UPDATE' THEN
                        IF OLD.published_at IS NOT NULL AND OLD.blind <> NEW.blind THEN
                            RAISE EXCEPTION 'startup_call_stays_blind: %', NEW.number
                                USING ERRCODE = 'check_violation', CONSTRAINT = 'startup_call_stays_blind';
                        END IF;
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return in_words(self.title_id, self.title_en)

    @property
    def summary(self) -> str:
        return in_words(self.summary_id, self.summary_en)

    @property
    def about(self) -> str:
        return in_words(self.about_id, self.about_en)


@tracked()
class Phase(Owned):
    """A stretch of a call, `[from, to)`. Two of one call never overlap: the database excludes it."""

    class Kind(models.TextChoices):
        CALL = "call", _("Applications are taken")
        SCREENING = "screening", _("Screening")
        INTERVIEW = "interview", _("Interviews")
        DECISION = "decision", _("Decision")

    call = RegionForeignKey(Call, on_delete=models.CASCADE, related_name="phases")
    kind = models.CharField(max_length=9, choices=Kind)
    during = DateTimeRangeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "call", "kind"], name="startup_phase_once"),
            models.CheckConstraint(
                name="startup_phase_kind",
                condition=Q(kind__in=["call", "screening", "interview", "decision"]),
            ),
            models.CheckConstraint(
                name="startup_phase_has_both_ends",
                condition=Q(during__isempty=False, during__lower_inf=False, during__upper_inf=False),
            ),
            ExclusionConstraint(
                name="startup_phases_do_not_overlap",
                expressions=[("region", "="), ("call", "="), ("during", "&&")],
            ),
        ]

    def __str__(self) -> str:
        return str(self.Kind(self.kind).label)

    @property
    def begins(self) -> datetime:
        found: datetime = self.during.lower
        return found

    @property
    def ends(self) -> datetime:
        found: datetime = self.during.upper
        return found

    @property
    def is_now(self) -> bool:
        return self.begins <= clock.now() < self.ends

    @property
    def is_over(self) -> bool:
        return clock.now() >= self.ends


@tracked()
class Question(Owned):
    """A question of a call, as data. `options` of a choice: [{"id": …, "en": …}].

    `identifying`: the answer shows who they are (a name, a link, a paper): in a blind call reviewers
    never see it.
    """

    class Kind(models.TextChoices):
        TEXT = "text", _("Short text")
        LONG = "long", _("Long text")
        CHOICE = "choice", _("Choice")
        NUMBER = "number", _("Number")
        LINK = "link", _("Link")
        FILE = "file", _("File")

    call = RegionForeignKey(Call, on_delete=models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(_("kind"), max_length=6, choices=Kind)
    label_id = models.CharField(_("question"), max_length=200)
    label_en = models.CharField(_("question in English"), max_length=200, blank=True)
    help_id = models.CharField(_("help"), max_length=300, blank=True)
    help_en = models.CharField(_("help in English"), max_length=300, blank=True)
    required = models.BooleanField(_("must be answered"), default=True)
    most_words = models.PositiveSmallIntegerField(_("most words"), null=True, blank=True)
    options = models.JSONField(default=list, blank=True)
    identifying = models.BooleanField(_("shows who they are"), default=False)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "call", "position"],
                name="startup_question_position",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                name="startup_question_kind",
                condition=Q(kind__in=["text", "long", "choice", "number", "link", "file"]),
            ),
            models.CheckConstraint(
                name="startup_question_words",
                condition=Q(most_words=None) | Q(most_words__gte=5, most_words__lte=1500),
            ),
            models.CheckConstraint(
                name="startup_question_choice_has_options", condition=~Q(kind="choice") | ~Q(options=[])
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def key(self) -> str:
        """What its answer is kept under."""
        return str(self.pk)

    @property
    def label(self) -> str:
        return in_words(self.label_id, self.label_en)

    @property
    def help(self) -> str:
        return in_words(self.help_id, self.help_en)

    @property
    def options_shown(self) -> list[tuple[str, str]]:
        return [
            (str(place), in_words(one["id"], one.get("en", ""))) for place, one in enumerate(self.options)
        ]


@tracked()
class Criterion(Owned):
    """What an application is judged by. The weights of a call are 100 together, or there are none."""

    call = RegionForeignKey(Call, on_delete=models.CASCADE, related_name="criteria")
    position = models.PositiveSmallIntegerField()
    name_id = models.CharField(_("criterion"), max_length=80)
    name_en = models.CharField(_("criterion in English"), max_length=80, blank=True)
    help_id = models.CharField(_("what one point and five points mean"), max_length=300, blank=True)
    help_en = models.CharField(_("the same in English"), max_length=300, blank=True)
    weight = models.PositiveSmallIntegerField(_("weight in per cent"))

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "call", "position"],
                name="startup_criterion_position",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                name="startup_criterion_weight", condition=Q(weight__gte=1, weight__lte=100)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        """What its points are kept under."""
        return str(self.pk)

    @property
    def name(self) -> str:
        return in_words(self.name_id, self.name_en)

    @property
    def help(self) -> str:
        return in_words(self.help_id, self.help_en)
