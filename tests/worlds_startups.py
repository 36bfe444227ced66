"""What the room of startups adds to a region of `tests/world.py`."""

from datetime import timedelta
from typing import TYPE_CHECKING

from mbois import clock
from mbois.people.models import Role
from mbois.people.tests.factories import make_person, picture
from mbois.startups.actions import applying, cohorts, progress, reviewing, teams
from mbois.startups.models import (
    Assignment,
    ContactRequest,
    Criterion,
    Lesson,
    Material,
    Milestone,
    Question,
    monday_of,
)
from mbois.startups.tests.factories import close, make_call, make_cohort, make_reviewer

if TYPE_CHECKING:
    from tests.world import Region


def add_startups(home: "Region") -> None:
    """A thing for every noun of the addresses of startups: a team of a founder who is nobody among the
    viewers, in a blind call that is being judged, and in a cohort."""
    manager = home.staff[Role.INCUBATOR]
    founder = make_person(home.mark("Pendiri"))
    call = make_call(home.code, by=manager)
    startup = teams.found(f"Startup {home.mark('Tim')}", region_id=home.code, by=founder)
    startup = teams.change(
        startup,
        by=founder,
        name=startup.name,
        pitch=home.mark("Kalimat"),
        about=home.mark("Tentang"),
        picture=picture(),
    )
    questions = {one.kind: one for one in Question.objects.filter(call=call)}
    draft = applying.begin(call, startup, by=founder)
    applying.attach(draft, questions["file"], picture(name=f"{home.mark('Berkas')}.jpg"), by=founder)
    told = {questions["long"].key: home.mark("Jawaban"), questions["text"].key: home.mark("Siapa")}
    application = applying.submit(draft, told, by=founder)
    invitation = teams.invite(startup, by=founder, name=home.mark("Diundang"))
    close(call)
    reviewer = make_reviewer(home.mark("Penilai"), region=home.code)
    Assignment.objects.create(
        region_id=home.code, application=application, reviewer=reviewer, assigned_by=manager
    )
    reviewing.save_review(
        application,
        by=reviewer,
        points={one.key: 4 for one in Criterion.objects.filter(call=call)},
        remarks={},
        note=f"Bagus sekali menurut saya {home.mark('Ulasan')}",
        inside=home.mark("Panitia"),
        advice="yes",
        send=True,
    )
    cohort = make_cohort(home.code, by=manager)
    cohorts.add_startups(cohort, [startup], by=manager)
    place = startup.participations.select_related("cohort", "startup").get()
    goal = Milestone.objects.filter(cohort=cohort).order_by("pk")[0]
    evidence = progress.hand_in(place, goal, by=founder, note=home.mark("Bukti"), upload=picture())
    weekly = place.updates.create(
        region_id=home.code,
        client_id="00000000-0000-0000-0000-0000" + home.digits * 2,
        week=monday_of(clock.today()),
        done=home.mark("Pekan"),
        ahead="x",
        made_by=founder,
    )
    progress.record_quarter(
        startup,
        by=founder,
        quarter=clock.today().replace(year=clock.today().year - 1, month=1, day=1),
        team=2,
    )
    lesson = Lesson.objects.filter(cohort=cohort).order_by("pk")[0]
    cohorts.add_material(lesson, by=manager, title=home.mark("Materi"), upload=picture())
    contact = ContactRequest.objects.create(
        region_id=home.code,
        startup=startup,
        subject="other",
        name=home.mark("Pengunjung"),
        reach="x",
        message="x",
    )
    begins = clock.now() + timedelta(days=40)
    day = cohorts.save_demo_day(
        cohort,
        by=manager,
        title=home.mark("Demo"),
        about="x",
        begins=begins,
        ends=begins + timedelta(hours=3),
        place="MCC",
        capacity=10,
    )
    home.objects |= {
        "call": call.number,
        "startup": startup.number,
        "startup_application": application.number,
        "invitation": invitation.secret,
        "invited": invitation.pk,
        "contact_request": contact.pk,
        "participation": place.pk,
        "milestone": goal.pk,
        "goal": goal.pk,
        "milestone_evidence": evidence.pk,
        "weekly": weekly.pk,
        "material": Material.objects.get(lesson=lesson).pk,
        "startup_lesson": lesson.pk,
        "cohort": cohort.number,
        "demo_day": day.number,
        "asked": questions["file"].pk,
    }
