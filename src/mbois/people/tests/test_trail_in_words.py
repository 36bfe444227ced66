"""A trail names what changed in the language of the page."""

import pytest
from django.apps import apps
from django.utils.functional import Promise

from mbois.people.timeline import _SECRET, _SILENT

# Those whose changes people read on a page, by `timeline`.
SHOWN = [
    "people.Person",
    "people.Membership",
    "people.Organisation",
    "enterprises.Enterprise",
    "enterprises.Owner",
    "enterprises.Review",
    "enterprises.Licence",
    "enterprises.Photo",
    "financing.Application",
    "financing.Decision",
    "financing.Contract",
    "financing.Loan",
    "financing.Confirmation",
]
SAME_IN_EVERY_LANGUAGE = {"rt", "rw", "nib"}


@pytest.mark.parametrize("label", SHOWN)
def test_every_name_in_a_trail_is_a_text_to_translate(label: str) -> None:
    model = apps.get_model(label)
    assert isinstance(model._meta.verbose_name, Promise)
    names = [
        one.name
        for one in model._meta.concrete_fields
        if not _SILENT.match(one.name) and not _SECRET.search(one.name)
        and not isinstance(one.verbose_name, Promise)
    ]  # fmt: skip
    assert set(names) <= SAME_IN_EVERY_LANGUAGE
