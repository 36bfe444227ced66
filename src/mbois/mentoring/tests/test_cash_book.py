"""The cash book: an entry, once; the last one taken back; months that add up."""

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction

from mbois import clock
from mbois.enterprises.models import Enterprise
from mbois.enterprises.tests.factories import make_enterprise
from mbois.mentoring.actions.cashbook import Entry, write_entry
from mbois.mentoring.cashbook import totals
from mbois.mentoring.models import CashEntry
from mbois.mentoring.tests.factories import page, signed_in
from mbois.people.models import Role
from mbois.people.tests.factories import make_person
from mbois.refused import Refused

pytestmark = pytest.mark.django_db
PHONE = {"accept": "application/json"}


def write(enterprise: Enterprise, kind: str, amount: int, day: date) -> CashEntry:
    return write_entry(enterprise, Entry(uuid.uuid4(), kind, amount, day), by=enterprise.owner.person)[0]


def sent(**fields: Any) -> dict[str, Any]:
    told = {"client_id": uuid.uuid4(), "kind": "sale", "amount": "25.000", "day": clock.today().isoformat()}
    return told | fields


def test_one_entry_however_often_it_is_sent() -> None:
    enterprise = make_enterprise()
    phone, url = signed_in(enterprise.owner.person), page("cash_book", enterprise=enterprise.number)
    form = sent()
    assert [phone.post(url, form, headers=PHONE).status_code for _one in range(2)] == [201, 200]
    assert phone.post(url, form | {"amount": "99.000"}, headers=PHONE).status_code == 409
    assert CashEntry.objects.get().amount == 25_000


@pytest.mark.parametrize(
    ("field", "value"),
    [("amount", "0"), ("amount", "abc"), ("day", "2999-01-01"), ("kind", "gift"), ("client_id", "x")],
)
def test_what_cannot_be_is_refused(field: str, value: str) -> None:
    enterprise = make_enterprise()
    phone = signed_in(enterprise.owner.person)
    answer = phone.post(
        page("cash_book", enterprise=enterprise.number), sent(**{field: value}), headers=PHONE
    )
    assert answer.status_code == 422 and field in answer.json()["error"]["fields"]


def test_without_javascript_it_is_a_page() -> None:
    enterprise = make_enterprise()
    owner, url = signed_in(enterprise.owner.person), page("cash_book", enterprise=enterprise.number)
    done = owner.post(url, sent(kind="cost", category="goods"), follow=True)
    assert (
        "Written down: Rp\u00a025" in done.content.decode() and "Materials and goods" in done.content.decode()
    )


def test_the_last_one_is_taken_back_and_stays_readable() -> None:
    enterprise = make_enterprise()
    owner, url = signed_in(enterprise.owner.person), page("cash_book", enterprise=enterprise.number)
    write(enterprise, "sale", 10_000, clock.today())
    write(enterprise, "sale", 99_000, clock.today())
    back = owner.post(page("cash_take_back", enterprise=enterprise.number), follow=True)
    assert "Taken back" in back.content.decode() and "99" in back.content.decode()
    assert totals(enterprise.region_id, [enterprise.pk])[0].sales == 10_000
    assert "voided" in owner.get(url).content.decode()


def test_entries_are_not_rewritten() -> None:
    entry = write(make_enterprise(), "sale", 10_000, clock.today())
    with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
        CashEntry.objects.filter(pk=entry.pk).update(amount=1)
    with pytest.raises(Exception, match="Cannot delete"), transaction.atomic():
        entry.delete()


def test_months_add_up_for_many_in_one_query(django_assert_num_queries: object) -> None:
    first, second = make_enterprise(), make_enterprise()
    today = clock.today()
    last_month = today.replace(day=1) - timedelta(days=1)
    write(first, "sale", 50_000, today)
    write(first, "cost", 20_000, today)
    write(first, "sale", 30_000, last_month)
    write(second, "cost", 5_000, today)
    with django_assert_num_queries(1):  # type: ignore[operator]
        found = totals(first.region_id, [first.pk, second.pk])
    assert [(one.enterprise, one.month, one.left) for one in found] == [
        (first.pk, last_month.replace(day=1), 30_000),
        (first.pk, today.replace(day=1), 30_000),
        (second.pk, today.replace(day=1), -5_000),
    ]


def test_nobody_else_reads_or_writes_it() -> None:
    enterprise = make_enterprise()
    write(enterprise, "sale", 123_456, clock.today())
    url = page("cash_book", enterprise=enterprise.number)
    for person in (make_person(), make_enterprise().owner.person, make_person(role=Role.TELLER)):
        assert signed_in(person).get(url).status_code == 404
        assert signed_in(person).post(url, sent(), headers=PHONE).status_code == 404
    with pytest.raises(Refused):
        write_entry(enterprise, Entry(uuid.uuid4(), "sale", 1, clock.today()), by=make_person())
    auditor = signed_in(make_person(role=Role.AUDITOR))
    assert auditor.get(url).status_code == 200
    assert auditor.post(url, sent()).status_code == 403


def test_the_book_can_be_taken_along() -> None:
    enterprise = make_enterprise()
    write(enterprise, "sale", 123_456, clock.today())
    owner = signed_in(enterprise.owner.person)
    answer: Any = owner.get(page("cash_entries", enterprise=enterprise.number) + "?unduh=csv")
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert b"123" in content
