"""The demo city is whole, spread over every village, and the same for the same seed."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count, F

from mbois import clock, invariants
from mbois.enterprises.models import DuplicatePair, Enterprise, OwnerMatch
from mbois.financing.models import Application, Loan, State
from mbois.ledger.models import Transfer
from mbois.people.demo import personas
from mbois.people.models import Consent, Person

TODAY = date(2026, 11, 20)


@pytest.mark.slow
@pytest.mark.django_db
def test_it_is_believable_and_whole(settings: object, tmp_path: object) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    settings.DEMO = True  # type: ignore[attr-defined]
    for command in ("load_places", "load_kbli", "load_consent_texts", "load_schemes"):
        call_command(command, verbosity=0)
    with clock.on(TODAY):
        call_command("load_demo", verbosity=0)
    assert Enterprise.objects.count() >= 2_000
    assert Enterprise.objects.values("village").distinct().count() == 471
    assert Loan.objects.count() >= 300
    assert set(Application.objects.values_list("state", flat=True)) == set(State.values)
    with clock.on(TODAY):
        assert Loan.objects.paid_off().exists() and Loan.objects.late().count() > 10
    span = (
        Transfer.objects.filter(kind="repayment")
        .order_by("effective_date")
        .values_list("effective_date", flat=True)
    )
    assert (span.last() - span.first()).days > 600  # type: ignore[operator]
    assert not Transfer.objects.filter(effective_date__gt=TODAY).exists()
    assert [breach.invariant.key for breach in invariants.breaches()] == []
    assert {one.group for one in personas()} >= {"Kota Malang", "Kota Batu", "Kabupaten Malang"}
    assert not Person.objects.values("email").exclude(email=None).annotate(n=Count("pk")).filter(n__gt=1)
    assert DuplicatePair.objects.count() >= 10 and OwnerMatch.objects.exists()
    signed = Consent.objects.exclude(evidence=None)
    assert signed.count() > 1_000 and not signed.exclude(evidence__subject=F("person")).exists()
    with pytest.raises(CommandError):
        call_command("load_demo", verbosity=0)
