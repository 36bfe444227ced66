"""A manager who must defend the choice: a ranking with ties, a preview, a reason for everybody."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from mbois.people.models import Delivery, Notification, Role
from mbois.people.notifications import text_of
from mbois.people.tests.factories import make_person
from mbois.refused import Refused
from mbois.startups.actions import deciding
from mbois.startups.models import Application, Call, Decision, State
from mbois.startups.tests.factories import (
    close,
    founder_of,
    judge,
    make_application,
    make_call,
    make_draft,
    make_reviewer,
    page,
    signed_in,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def call() -> Call:
    """Four applications: the first best, two the same, one that nobody judged."""
    call = make_call()
    rows = [
        make_application(call, f"Tim {letter}", founder=make_person(email=f"{letter}@x.id"))
        for letter in "abcd"
    ]
    reviewers = [make_reviewer() for _number in range(2)]
    close(call)
    for row, points in zip(rows[:3], ((5, 5), (3, 3), (3, 3)), strict=True):
        for reviewer in reviewers:
            judge(row, reviewer, *points)
    return call


def rows(call: Call) -> list[Application]:
    return list(Application.objects.filter(call=call).order_by("pk"))


def content(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_equal_medians_share_a_rank(call: Call) -> None:
    ranked = deciding.preview(call, [one.pk for one in rows(call)], "refused", by=call.made_by).lines
    assert [one.standing.rank for one in ranked] == [1, 2, 2, None]
    assert [one.standing.tied for one in ranked] == [False, True, True, False]
    body = signed_in(call.made_by).get(page("call_ranking", call=call.number)).content.decode()
    assert body.count("<small>=</small>") == 2


def test_first_the_preview_then_a_letter_to_all(call: Call) -> None:
    first, second = rows(call)[:2]
    client, url = signed_in(call.made_by), page("call_decide", call=call.number)
    chosen = {"application": [first.pk, second.pk], "outcome": "refused", "letter": "Terima kasih."}
    shown = client.post(url, chosen)
    body = shown.content.decode()
    assert "2 people get a letter" in body and "Strongest: Criterion 1" in body
    assert not Decision.objects.exists() and not Notification.objects.filter(key="startups/decided").exists()
    seen = shown.context["preview"].seen
    reasons = {f"reason-{first.pk}": "Belum ada pelanggan.", f"reason-{second.pk}": "Timnya belum lengkap."}
    client.post(url, chosen | reasons | {"do": "decide", "seen": seen})
    assert set(Application.objects.filter(state=State.REFUSED)) == {first, second}
    told = Notification.objects.get(person=founder_of(second.startup), key="startups/decided")
    text = text_of(told, "en").body
    assert "Timnya belum lengkap." in text and "Terima kasih." in text
    assert Delivery.objects.filter(notification=told, channel="email").exists()
    kept = Decision.objects.get(application=second)
    assert (kept.rank, kept.median, kept.spread, kept.reviews) == (2, 300, 0, 2)
    page_ = (
        signed_in(founder_of(second.startup))
        .get(page("startup_application", startup_application=second.number))
        .content.decode()
    )
    assert "Timnya belum lengkap." in page_ and "Criterion 2" in page_
    assert "Masalahnya jelas" in page_  # the reviewers' words, without their names


def test_what_changed_since_the_preview_is_refused(call: Call) -> None:
    row = rows(call)[3]
    before = deciding.preview(call, [row.pk], "refused", by=call.made_by)
    judge(row, make_reviewer(), 5, 5)
    with pytest.raises(Refused, match="Something changed"):
        deciding.decide(call, [row.pk], "refused", by=call.made_by, reasons={row.pk: "x"}, seen=before.seen)
    assert not Decision.objects.exists()


def test_nobody_is_refused_without_a_reason(call: Call) -> None:
    row = rows(call)[3]
    seen = deciding.preview(call, [row.pk], "refused", by=call.made_by).seen
    with pytest.raises(Refused, match="Give a reason for Tim d"):
        deciding.decide(call, [row.pk], "refused", by=call.made_by, reasons={row.pk: "  "}, seen=seen)
    with pytest.raises(IntegrityError, match="startup_decision_says_why"), transaction.atomic():
        Decision.objects.create(
            region_id=call.region_id, application=row, outcome="refused", reason="",
            batch="00000000-0000-0000-0000-000000000001", decided_by=call.made_by,
        )  # fmt: skip


def test_nobody_is_accepted_unjudged_and_nothing_is_decided_before_the_deadline(call: Call) -> None:
    unjudged = rows(call)[3]
    line = deciding.preview(call, [unjudged.pk], "accepted", by=call.made_by).lines[0]
    assert line.impossible == "Nobody has judged it yet."
    early = make_call()
    row = make_application(early, founder=make_person())
    assert (
        "come after the deadline"
        in deciding.preview(early, [row.pk], "refused", by=early.made_by).lines[0].impossible
    )


def test_all_of_a_batch_or_none(call: Call) -> None:
    good, unjudged = rows(call)[0], rows(call)[3]
    keys = [good.pk, unjudged.pk]
    seen = deciding.preview(call, keys, "accepted", by=call.made_by).seen
    with pytest.raises(Refused, match="Nobody has judged it yet"):
        deciding.decide(call, keys, "accepted", by=call.made_by, reasons=dict.fromkeys(keys, "x"), seen=seen)
    assert not Application.objects.filter(state=State.ACCEPTED).exists()


def test_the_states_follow_each_other_in_the_database(call: Call) -> None:
    row = rows(call)[0]
    with pytest.raises(Exception, match="ransition"), transaction.atomic():
        Application.objects.filter(pk=row.pk).update(state="refused")
        Application.objects.filter(pk=row.pk).update(state="accepted")
    with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
        made = Decision.objects.create(
            region_id=call.region_id, application=row, outcome="refused", reason="x",
            batch="00000000-0000-0000-0000-000000000001", decided_by=call.made_by,
        )  # fmt: skip
        Decision.objects.filter(pk=made.pk).update(reason="lain")


def test_the_mayor_reads_and_the_manager_alone_decides(call: Call) -> None:
    mayor = make_person(role=Role.EXECUTIVE)
    client = signed_in(mayor)
    assert client.get(page("call_ranking", call=call.number)).status_code == 200
    answer = client.post(
        page("call_decide", call=call.number), {"application": rows(call)[0].pk, "outcome": "accepted"}
    )
    assert answer.status_code == 403
    assert (
        signed_in(make_person(role=Role.INCUBATOR, region="35.07"))
        .get(page("call_ranking", call=call.number))
        .status_code
        == 404
    )


def test_the_ranking_can_be_taken_along(call: Call) -> None:
    answer = signed_in(call.made_by).get(page("call_ranking", call=call.number), {"unduh": "csv"})
    text = content(answer).decode()
    assert "Tim a" in text and "Criterion 1" in text
    answer = signed_in(call.made_by).get(page("call_pipeline", call=call.number), {"unduh": "xlsx"})
    assert content(answer)[:2] == b"PK"


def test_lists_ask_as_often_whatever_their_length(call: Call, django_assert_max_num_queries: object) -> None:
    extra = make_call()
    for place in range(15):
        make_application(extra, f"Lain {place}", founder=make_person())
    make_draft(extra, "Konsep", founder=make_person())
    client = signed_in(call.made_by)
    for name, most in (("call_pipeline", 20), ("call_ranking", 18), ("call_reviewers", 24)):
        client.get(page(name, call=extra.number))
        with django_assert_max_num_queries(most):  # type: ignore[operator]
            assert client.get(page(name, call=extra.number)).status_code == 200
