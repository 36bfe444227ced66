"""Addresses of calls, cohorts, milestones, demo day."""

from django.urls import path

from mbois.startups.views import (
    applying,
    cohorts,
    curriculum,
    figures,
    founding,
    incubating,
    pipeline,
    programme,
    public,
    reviewing,
)

urlpatterns = [
    path("startup/", public.startups, name="startups"),
    path("startup/panggilan/", public.calls, name="startup_calls"),
    path("startup/panggilan/<str:call>/", public.call, name="startup_call"),
    path("startup/panggilan/<str:call>/lamar/", applying.begin, name="application_begin"),
    path("startup/hari-demo/<str:demo_day>/", public.demo_day, name="demo_day"),
    path("startup/profil/<str:startup>/", public.startup, name="startup"),
    path("startup/profil/<str:startup>/gambar/", public.picture, name="startup_picture"),
    path("startup/profil/<str:startup>/hubungi/", public.contact, name="startup_contact"),
    # founders
    path("startup/saya/", founding.mine, name="my_startups"),
    path("startup/tim/<str:startup>/", founding.team, name="startup_team"),
    path("startup/tim/<str:startup>/ubah/", founding.change, name="startup_change"),
    path("startup/tim/<str:startup>/undang/", founding.invite, name="startup_invite"),
    path(
        "startup/tim/<str:startup>/undangan/<int:invited>/tarik/",
        founding.withdraw_invitation,
        name="startup_invitation_withdraw",
    ),
    path("startup/tim/<str:startup>/bagian/", founding.duty, name="startup_duty"),
    path("startup/tim/<str:startup>/keluar/", founding.leave, name="startup_leave"),
    path(
        "startup/tim/<str:startup>/pesan/<int:contact_request>/",
        founding.answered,
        name="startup_contact_answered",
    ),
    path("startup/tim/<str:startup>/angka/", figures.quarters, name="startup_quarters"),
    path("startup/undangan/<str:invitation>/", founding.invitation, name="startup_invitation"),
    path("startup/lamaran/<str:startup_application>/", applying.application, name="startup_application"),
    path(
        "startup/lamaran/<str:startup_application>/berkas/<int:asked>/",
        applying.application_file,
        name="application_file",
    ),
    path(
        "startup/lamaran/<str:startup_application>/berkas/<int:asked>/buang/",
        applying.remove_file,
        name="application_file_remove",
    ),
    path(
        "startup/lamaran/<str:startup_application>/tarik/",
        applying.withdraw,
        name="startup_application_withdraw",
    ),
    path(
        "startup/lamaran/<str:startup_application>/lanjut/", applying.take_up_again, name="application_again"
    ),
    path(
        "startup/lamaran/<str:startup_application>/penilai/",
        pipeline.assignments,
        name="application_reviewers",
    ),
    path(
        "startup/lamaran/<str:startup_application>/terlalu-dekat/",
        pipeline.own_conflict,
        name="application_conflict",
    ),
    path("startup/inkubasi/<int:participation>/", incubating.place, name="startup_place"),
    path("startup/inkubasi/<int:participation>/mingguan/", incubating.week, name="startup_week"),
    path(
        "startup/inkubasi/<int:participation>/mingguan/<int:weekly>/",
        incubating.week_edit,
        name="startup_week_edit",
    ),
    path(
        "startup/inkubasi/<int:participation>/tonggak/<int:milestone>/",
        incubating.milestone,
        name="startup_milestone",
    ),
    path("startup/inkubasi/<int:participation>/pendamping/", cohorts.mentors, name="startup_mentors"),
    path("startup/inkubasi/<int:participation>/keluar/", cohorts.let_go, name="startup_let_go"),
    path("startup/bukti/<int:milestone_evidence>/", incubating.evidence_file, name="milestone_file"),
    path("startup/bukti/<int:milestone_evidence>/periksa/", incubating.check, name="milestone_check"),
    path("startup/materi/<int:material>/", curriculum.material_file, name="material_file"),
    # reviewers
    path("startup/penilaian/", reviewing.queue, name="review_queue"),
    path("startup/penilaian/berikutnya/", reviewing.following, name="review_next"),
    path("startup/penilaian/<str:startup_application>/", reviewing.review, name="startup_review"),
    path(
        "startup/penilaian/<str:startup_application>/berkas/<int:asked>/",
        reviewing.review_file,
        name="review_file",
    ),
    path(
        "startup/penilaian/<str:startup_application>/konflik/",
        reviewing.conflict,
        name="review_conflict",
    ),
    # the programme manager
    path("startup/kelola/", programme.home, name="startup_programme"),
    path("startup/kelola/alumni/", figures.alumni_page, name="startup_alumni"),
    path("startup/kelola/panggilan/baru/", programme.new_call, name="call_new"),
    path("startup/kelola/panggilan/<str:call>/", pipeline.applications, name="call_pipeline"),
    path("startup/kelola/panggilan/<str:call>/penilai/", pipeline.reviewers, name="call_reviewers"),
    path("startup/kelola/panggilan/<str:call>/peringkat/", pipeline.ranking, name="call_ranking"),
    path("startup/kelola/panggilan/<str:call>/putuskan/", pipeline.decide, name="call_decide"),
    path("startup/kelola/panggilan/<str:call>/atur/", programme.setup, name="call_setup"),
    path("startup/kelola/panggilan/<str:call>/atur/isi/", programme.edit_call, name="call_edit"),
    path("startup/kelola/panggilan/<str:call>/atur/fase/", programme.phases, name="call_phases"),
    path("startup/kelola/panggilan/<str:call>/atur/kriteria/", programme.criteria, name="call_criteria"),
    path("startup/kelola/panggilan/<str:call>/atur/terbitkan/", programme.publish, name="call_publish"),
    path(
        "startup/kelola/panggilan/<str:call>/atur/pertanyaan/", programme.question, name="call_question_new"
    ),
    path(
        "startup/kelola/panggilan/<str:call>/atur/pertanyaan/<int:asked>/",
        programme.question,
        name="call_question",
    ),
    path(
        "startup/kelola/panggilan/<str:call>/atur/pertanyaan/<int:asked>/geser/",
        programme.question_do,
        name="call_question_do",
    ),
    path("startup/kelola/angkatan/baru/", cohorts.new, name="cohort_new"),
    path("startup/kelola/angkatan/<str:cohort>/", cohorts.board, name="cohort"),
    path("startup/kelola/angkatan/<str:cohort>/ubah/", cohorts.edit, name="cohort_edit"),
    path("startup/kelola/angkatan/<str:cohort>/tambah/", cohorts.add, name="cohort_add"),
    path("startup/angkatan/<str:cohort>/kurikulum/", curriculum.curriculum, name="cohort_curriculum"),
    path("startup/kelola/angkatan/<str:cohort>/sesi/", curriculum.lesson, name="startup_lesson_new"),
    path(
        "startup/kelola/angkatan/<str:cohort>/sesi/<int:startup_lesson>/",
        curriculum.lesson,
        name="startup_lesson",
    ),
    path(
        "startup/kelola/angkatan/<str:cohort>/sesi/<int:startup_lesson>/materi/",
        curriculum.material,
        name="startup_material_new",
    ),
    path("startup/kelola/angkatan/<str:cohort>/tonggak/", curriculum.milestone, name="milestone_new"),
    path(
        "startup/kelola/angkatan/<str:cohort>/tonggak/<int:goal>/",
        curriculum.milestone,
        name="milestone_edit",
    ),
    path("startup/kelola/angkatan/<str:cohort>/keluarkan/", curriculum.remove, name="curriculum_remove"),
    path("startup/kelola/angkatan/<str:cohort>/hari-demo/", cohorts.demo_day, name="cohort_demo_day"),
]
