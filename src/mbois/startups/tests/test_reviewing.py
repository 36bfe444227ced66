"""A reviewer on a Sunday evening: the queue, the blind, the conflict, one review each."""

import pytest
from django.db import IntegrityError, transaction

from mbois.people.models import Notification, Role
from mbois.people.tests.factories import join, make_person, pdf
from mbois.refused import Refused
from mbois.startups.actions import applying, deciding, reviewing, teams
from mbois.startups.blind import HIDDEN, mask
from mbois.startups.models import Application, Assignment, Conflict, Decision, Review, State
from mbois.startups.queries import standings_of, waiting_reviews
from mbois.startups.tests.factories import (
    NOTE,
    ask,
    close,
    founder_of,
    judge,
    make_application,
    make_call,
    make_manager,
    make_reviewer,
    page,
    signed_in,
    the_question,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def application() -> Application:
    made = make_application(make_call(), answer="Kami, Dimas dan tim Kopi Lereng (dimas@kopi.id), tahu kopi.")
    return made


def review_url(application: Application) -> str:
    return page("startup_review", startup_application=application.number)


def form_of(application: Application, *points: int, **fields: object) -> dict[str, object]:
    keys = [one.key for one in application.call.criteria.order_by("position")]
    told = {"advice": "yes", "note": NOTE, "inside": "", "version": 0, "do": "send"}
    return told | {f"p-{key}": value for key, value in zip(keys, points, strict=True)} | fields


def test_a_review_is_sent_and_the_next_one_opens(application: Application) -> None:
    reviewer = make_reviewer()
    other = make_application(application.call, "Ojek Sayur", founder=make_person("Rina"))
    close(application.call)
    ask(application, reviewer)
    ask(other, reviewer)
    assert waiting_reviews(reviewer) == 2
    client = signed_in(reviewer)
    answer = client.post(review_url(application), form_of(application, 5, 3))
    assert answer.url == review_url(other)
    review = Review.objects.get()
    assert review.total == 420 and review.sent_at  # 5 × 60 + 3 × 40
    assert waiting_reviews(reviewer) == 1
    assert "1 of 2 judged" in client.get(page("review_queue")).content.decode()


def test_what_is_missing_is_said_and_nothing_typed_is_lost(application: Application) -> None:
    reviewer = make_reviewer()
    close(application.call)
    ask(application, reviewer)
    fields = form_of(application, 5, 3, advice="")
    fields = {key: value for key, value in fields.items() if value != 3}
    answer = signed_in(reviewer).post(review_url(application), fields)
    body = answer.content.decode()
    assert answer.status_code == 422 and "Give points" in body and NOTE in body


def test_a_draft_is_kept_and_an_old_page_does_not_overwrite_it(application: Application) -> None:
    reviewer = make_reviewer()
    close(application.call)
    ask(application, reviewer)
    client = signed_in(reviewer)
    url, script = review_url(application), {"accept": "application/json"}
    first = client.post(url, form_of(application, 4, 4, do="keep"), headers=script)
    assert first.status_code == 200 and first.json()["version"] == 1
    stale = client.post(url, form_of(application, 1, 1, do="keep"), headers=script)
    assert stale.status_code == 409 and "another page or device" in stale.json()["error"]["message"]
    assert Review.objects.get().points[application.call.criteria.order_by("position")[0].key] == 4


def test_blind_means_blind(application: Application) -> None:
    reviewer, call = make_reviewer(), application.call
    by = founder_of(application.startup)
    applying.submit(application, {the_question(call, "text").key: "Dimas Prakoso, Singosari"}, by=by)
    applying.attach(application, the_question(call, "file"), pdf(name="CV Dimas Prakoso.pdf"), by=by)
    close(call)
    ask(application, reviewer)
    client = signed_in(reviewer)
    body = client.get(review_url(application)).content.decode()
    for name in ("Dimas", "Prakoso", "Kopi Lereng", "dimas@kopi.id", "Singosari"):
        assert name not in body, name
    assert HIDDEN in body and "tahu kopi" in body and application.number in body
    queue = client.get(page("review_queue"))
    assert "Kopi Lereng" not in queue.content.decode()
    for hidden in ("Dimas", "Kopi Lereng", "Singosari"):
        found = client.get(page("review_queue"), {"q": hidden}).content.decode()
        assert f">{application.number}</a>" not in found, hidden
    assert f">{application.number}</a>" in client.get(page("review_queue"), {"q": "tahu"}).content.decode()
    file = client.get(
        page("review_file", startup_application=application.number, asked=the_question(call, "file").pk)
    )
    assert file.status_code == 200 and "Dimas" not in file["Content-Disposition"]
    for closed in (
        page("startup_application", startup_application=application.number),
        page("startup_team", startup=application.startup.number),
        page("call_pipeline", call=call.number),
        page("call_ranking", call=call.number),
        page("application_file", startup_application=application.number, asked=the_question(call, "file").pk),
    ):
        assert client.get(closed).status_code in (403, 404), closed


def test_a_name_that_was_changed_stays_hidden() -> None:
    call, by = make_call(), make_person("Dimas Prakoso")
    application = make_application(call, "Tugulawas", founder=by, answer="Tugulawas melayani warung.")
    teams.change(application.startup, by=by, name="Sumberwangi")
    reviewer = make_reviewer()
    close(call)
    ask(application, reviewer)
    body = signed_in(reviewer).get(review_url(application)).content.decode()
    assert "Tugulawas" not in body and "melayani warung" in body


def test_a_file_that_shows_who_they_are_is_not_opened_in_a_blind_call(application: Application) -> None:
    reviewer, question = make_reviewer(), the_question(application.call, "file")
    applying.attach(application, question, pdf(), by=founder_of(application.startup))
    question.identifying = True
    question.save()
    close(application.call)
    ask(application, reviewer)
    url = page("review_file", startup_application=application.number, asked=question.pk)
    assert signed_in(reviewer).get(url).status_code == 404


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Saya Budi Santoso dari Ojek-Sayur", f"Saya {HIDDEN} dari {HIDDEN}"),
        ("budi atau SANTOSO, budidaya", f"{HIDDEN} atau {HIDDEN}, budidaya"),
        ("Hubungi 0812-3456-7890 atau wa.me/62812", f"Hubungi {HIDDEN} atau {HIDDEN}"),
        ("Lihat https://ojek.id/x dan @ojeksayur", f"Lihat {HIDDEN} dan {HIDDEN}"),
        ("Omzet 08 juta, 3.000 sayur", "Omzet 08 juta, 3.000 sayur"),
    ],
)
def test_names_and_ways_to_them_are_masked(text: str, shown: str) -> None:
    assert mask(text, people=["Budi Santoso"], teams=["Ojek Sayur"]) == shown


def test_an_open_call_shows_the_team() -> None:
    application, reviewer = make_application(make_call(blind=False)), make_reviewer()
    close(application.call)
    ask(application, reviewer)
    assert "Kopi Lereng" in signed_in(reviewer).get(review_url(application)).content.decode()


def test_after_a_conflict_nothing_is_left_of_it(application: Application) -> None:
    reviewer = make_reviewer("Bu Ratna")
    applying.attach(
        application, the_question(application.call, "file"), pdf(), by=founder_of(application.startup)
    )
    close(application.call)
    review = judge(application, reviewer, 5, 5)
    client = signed_in(reviewer)
    url = page("review_conflict", startup_application=application.number)
    answer = client.post(url, {"reason": "Keponakan saya."})
    assert answer.url == page("review_queue")
    assert Conflict.objects.get().reason == "Keponakan saya."
    review.refresh_from_db()
    assert review.taken_out_at is not None
    manager = application.call.made_by
    assert standings_of(application.call, by=manager)[application.pk].count == 0
    for closed in (
        review_url(application),
        url,
        page(
            "review_file",
            startup_application=application.number,
            asked=the_question(application.call, "file").pk,
        ),
    ):
        assert client.get(closed).status_code == 404, closed
    body = client.get(page("review_queue")).content.decode()
    assert application.number not in body
    assert waiting_reviews(reviewer) == 0
    with pytest.raises(Refused):
        judge(application, reviewer, 1, 1, version=1)
    with pytest.raises(IntegrityError, match="startup_review_without_conflict"), transaction.atomic():
        Review.objects.filter(pk=review.pk).update(note="Masih saya.")
    with pytest.raises(Exception, match="Cannot delete"), transaction.atomic():
        Conflict.objects.all().delete()
    for way_back in ({"taken_out_at": None}, {"reviewer": make_reviewer()}):
        with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
            Review.objects.filter(pk=review.pk).update(**way_back)
    assert Notification.objects.filter(person=manager, key="startups/conflict").exists()


def test_a_managers_conflict_closes_the_application_to_them_as_well(application: Application) -> None:
    manager = application.call.made_by
    question = the_question(application.call, "file")
    row = applying.attach(application, question, pdf(), by=founder_of(application.startup))
    close(application.call)
    client = signed_in(manager)
    own = page("startup_application", startup_application=application.number)
    assert client.get(own).status_code == 200
    client.post(
        page("application_conflict", startup_application=application.number), {"reason": "Adik saya."}
    )
    for closed in (
        own,
        page("application_file", startup_application=application.number, asked=question.pk),
        page("application_reviewers", startup_application=application.number),
        page("startup_team", startup=application.startup.number),
        f"/dokumen/{row.document.uuid}/",
    ):
        assert client.get(closed).status_code == 404, closed
    for listed in ("call_pipeline", "call_ranking", "call_reviewers"):
        for query in ({}, {"q": "Kopi"}, {"unduh": "csv"}):
            answer = client.get(page(listed, call=application.call.number), query)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            assert "Kopi Lereng" not in body.decode() and application.number not in body.decode()
    with pytest.raises(Refused):
        preview = deciding.preview(application.call, [application.pk], "refused", by=manager)
        deciding.decide(
            application.call,
            [application.pk],
            "refused",
            by=manager,
            reasons={application.pk: "x"},
            seen=preview.seen,
        )
    with pytest.raises(IntegrityError, match="startup_nobody_decides_with_a_conflict"), transaction.atomic():
        Decision.objects.create(
            region_id=application.region_id,
            application=application,
            outcome="refused",
            reason="x",
            batch="00000000-0000-0000-0000-000000000001",
            decided_by=manager,
        )
    # a colleague still sees it
    assert signed_in(make_manager()).get(own).status_code == 200


def test_who_only_reads_is_led_to_what_they_may_read(application: Application) -> None:
    close(application.call)
    auditor = make_person()
    join(auditor, Role.AUDITOR)
    whole, asking = (
        page(name, startup_application=application.number)
        for name in ("startup_application", "application_reviewers")
    )
    for person, to, not_to in ((auditor, whole, asking), (application.call.made_by, asking, None)):
        client = signed_in(person)
        html = client.get(page("call_reviewers", call=application.call.number)).content.decode()
        assert f'href="{to}"' in html and f'href="{not_to}"' not in html
        assert client.get(to).status_code == 200


def test_nobody_judges_their_own_team(application: Application) -> None:
    founder = founder_of(application.startup)
    join(founder, Role.REVIEWER)
    close(application.call)
    manager = application.call.made_by
    assert reviewing.assign([application], [founder, make_reviewer()], by=manager) == 1
    with pytest.raises(IntegrityError, match="startup_nobody_reviews_their_own"), transaction.atomic():
        ask(application, founder)


def test_who_judges_cannot_join_the_team(application: Application) -> None:
    reviewer = make_reviewer()
    ask(application, reviewer)
    invitation = teams.invite(application.startup, by=founder_of(application.startup), name="Teman")
    with pytest.raises(Refused, match="asked to judge"):
        teams.join(invitation, by=reviewer)


def test_work_is_shared_out_evenly_and_conflicts_are_left_out() -> None:
    call = make_call()
    rows = [make_application(call, f"Tim {place}", founder=make_person()) for place in range(6)]
    reviewers = [make_reviewer(f"Penilai {place}") for place in range(3)]
    ask(rows[0], reviewers[0])
    Conflict.objects.create(region_id=call.region_id, application=rows[0], person=reviewers[0], reason="Adik")
    assert reviewing.share_out(call, reviewers, by=call.made_by) == 12
    counts = [Assignment.objects.filter(reviewer=one).count() for one in reviewers]
    assert sum(counts) == 13 and max(counts) - min(counts) <= 1
    assert reviewing.share_out(call, reviewers, by=call.made_by) == 0
    body = signed_in(call.made_by).get(page("call_reviewers", call=call.number)).content.decode()
    assert "Every application has enough." in body and "1 conflict" in body


def test_reviews_are_written_in_their_phases_only(application: Application) -> None:
    reviewer = make_reviewer()
    ask(application, reviewer)
    with pytest.raises(Refused, match="Reviews of this call are written"):
        judge(application, reviewer, 3, 3)
    close(application.call, phase="decision")
    with pytest.raises(Refused, match="Reviews of this call are written"):
        judge(application, reviewer, 3, 3)
    close(application.call, phase="interview")
    assert judge(application, reviewer, 3, 3).total == 300


def test_a_total_cannot_be_invented(application: Application) -> None:
    reviewer = make_reviewer()
    close(application.call)
    review = judge(application, reviewer, 2, 2)
    Review.objects.filter(pk=review.pk).update(total=500)
    review.refresh_from_db()
    assert review.total == 200
    with pytest.raises(IntegrityError, match="startup_review_judges_everything"), transaction.atomic():
        Review.objects.filter(pk=review.pk).update(points={"1": 9})


def test_reviewers_of_another_region_see_nothing(application: Application) -> None:
    stranger = make_reviewer(region="35.07")
    ask(application, stranger)
    close(application.call)
    assert signed_in(stranger).get(review_url(application)).status_code == 404
    assert reviewing.assign([application], [stranger, make_reviewer()], by=application.call.made_by) == 1


def test_the_queue_asks_as_often_whatever_its_length(django_assert_max_num_queries: object) -> None:
    call, reviewer = make_call(), make_reviewer()
    for place in range(12):
        ask(make_application(call, f"Tim {place}", founder=make_person()), reviewer)
    close(call)
    client = signed_in(reviewer)
    client.get(page("review_queue"))
    with django_assert_max_num_queries(26):  # type: ignore[operator]
        client.get(page("review_queue"))


def test_deciding_moves_the_state(application: Application) -> None:
    reviewers = [make_reviewer() for _number in range(2)]
    close(application.call)
    for one, points in zip(reviewers, ((5, 4), (3, 2)), strict=True):
        judge(application, one, *points)
    manager = application.call.made_by
    preview = deciding.preview(application.call, [application.pk], "accepted", by=manager)
    line = preview.lines[0]
    assert line.standing.median == 360 and line.standing.spread == 200 and line.warning
    deciding.decide(
        application.call,
        [application.pk],
        "accepted",
        by=manager,
        reasons={application.pk: line.reason},
        seen=preview.seen,
    )
    application.refresh_from_db()
    assert application.state == State.ACCEPTED


def test_who_knows_the_names_cannot_be_asked_in_a_blind_call(application: Application) -> None:
    both = make_reviewer()
    join(both, Role.INCUBATOR)
    manager = application.call.made_by
    with pytest.raises(Refused, match="Choose at least one reviewer"):
        reviewing.assign([application], [both], by=manager)
    shown = make_application(make_call(blind=False), "Terbuka", founder=make_person())
    assert reviewing.assign([shown], [both], by=make_manager()) == 1
