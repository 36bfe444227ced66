"""The habits that keep the database ready to be spread over many machines by region."""

import pytest
from django.apps import apps
from django.db import models

from mbois.places.owned import Owned, OwningRegion, RegionForeignKey, RegionReference

ROOMS = (
    "places",
    "people",
    "ledger",
    "enterprises",
    "financing",
    "mentoring",
    "market",
    "hub",
    "agenda",
    "startups",
)
# Rows that belong to no region, and why.
SHARED = {
    "mentoring.Questionnaire": "the same questions for everybody",
    "places.Region": "names the regions",
    "places.Area": "the same areas for everybody",
    "places.Holiday": "of all regions or of one",
    "people.Person": "a person may deal with several regions",
    "people.Organisation": "read with the people",
    "people.Membership": "read with the people",
    "people.ApiToken": "belongs to a person",
    "people.AccountConsent": "belongs to a person",
    "people.DemoMessage": "what the demo would have sent, to whomever",
    "people.HeldUpload": "belongs to a person until a form is sent",
    "people.Claim": "belongs to a person",
    "people.ConsentText": "the same text for everybody",
    "people.Notification": "belongs to a person",
    "people.Delivery": "belongs to a notification",
    "people.Preference": "belongs to a person",
    "hub.CalendarAddress": "belongs to a person",
    "mentoring.OwnerCalendar": "belongs to a person",
    "enterprises.Kbli": "the same classification for everybody",
    "enterprises.KbliCrosswalk": "the same classification for everybody",
    "enterprises.KbliWord": "the same words for everybody",
    "enterprises.Draft": "a person's own until it is sent",
    "enterprises.OwnerMatch": "a pair across two regions, seen by a steward of both",
}
# References from a programme row to another that truly cross regions.
CROSSING = {"enterprises.OwnerMatch.left", "enterprises.OwnerMatch.right"}


def our_models() -> list[type[models.Model]]:
    return [
        model
        for room in ROOMS
        for model in apps.get_app_config(room).get_models()
        if not hasattr(model, "pgh_tracked_model") and not model._meta.proxy
    ]


def programme() -> list[type[models.Model]]:
    return [model for model in our_models() if issubclass(model, Owned)]


def ids(value: object) -> str:
    return value._meta.label if isinstance(value, type) and issubclass(value, models.Model) else str(value)


def test_every_model_is_owned_by_a_region_or_named_as_shared() -> None:
    shared = {model._meta.label for model in our_models() if not issubclass(model, Owned)}
    assert shared == set(SHARED)


@pytest.mark.parametrize("model", programme(), ids=ids)
def test_a_programme_row_has_a_region_and_a_unique_pair_with_it(model: type[models.Model]) -> None:
    region = model._meta.get_field("region")
    assert isinstance(region, OwningRegion)
    assert not region.null
    pairs = [c.fields for c in model._meta.constraints if isinstance(c, models.UniqueConstraint)]
    assert ("region", "id") in pairs


@pytest.mark.parametrize("model", programme(), ids=ids)
def test_every_unique_rule_begins_with_the_region(model: type[models.Model]) -> None:
    for field in model._meta.local_fields:
        if not field.primary_key:
            assert not field.unique, f"{field} is unique over all regions"
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint):
            first = constraint.fields[0] if constraint.fields else constraint.expressions[0].name
            assert first == "region", constraint.name
        elif hasattr(constraint, "expressions"):
            assert constraint.expressions[0][0] in ("region", models.F("region")), constraint.name
    assert model._meta.unique_together == ()


@pytest.mark.parametrize("model", our_models(), ids=ids)
def test_a_reference_to_a_programme_row_names_the_region(model: type[models.Model]) -> None:
    for field in model._meta.local_fields:
        target = field.related_model if isinstance(field, models.ForeignKey) else None
        if isinstance(target, type) and issubclass(target, Owned) and not field.model._meta.auto_created:
            name = f"{model._meta.label}.{field.name}"
            if not issubclass(model, Owned):
                assert name in CROSSING, f"{name} crosses regions and is not named as such"
                continue
            assert isinstance(field, RegionForeignKey), f"{name} is a plain reference"
            assert any(
                isinstance(c, RegionReference) and c.field == field.name for c in model._meta.constraints
            )


@pytest.mark.django_db
def test_the_database_holds_what_the_models_say() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE contype = 'f' AND array_length(conkey, 1) = 2"
        )
        held = {name for (name,) in cursor.fetchall()}
    said = {
        c.name for model in programme() for c in model._meta.constraints if isinstance(c, RegionReference)
    }
    assert said <= held
