"""Addresses of activities and festivals: programme, registration, check-in, certificates."""

from django.urls import path

from mbois.agenda.views import desk, doors, people, public, registering

urlpatterns = [
    # everybody
    path("agenda/", public.calendar, name="agenda"),
    path("agenda/kalender.ics", public.feed, name="agenda_feed"),
    path("agenda/sematan/", public.embed, name="agenda_embed"),
    path("agenda/sematan/cara/", public.embedding, name="agenda_embedding"),
    path("agenda/sematan/<str:occasion>/", public.embed_one, name="agenda_embed_one"),
    path("agenda/gambar/<str:name>", public.share_picture, name="agenda_share_picture"),
    path("agenda/foto/<int:activity_photo>/", public.photo, name="agenda_photo"),
    path("agenda/<str:occasion>/", public.activity, name="agenda_activity"),
    path("agenda/<str:occasion>/gambar/", public.cover, name="agenda_cover"),
    path("agenda/<str:occasion>/kalender.ics", public.as_event, name="agenda_event"),
    path("agenda/<str:occasion>/daftar/", registering.register, name="agenda_register"),
    path("tiket/<str:ticket_secret>/", registering.ticket, name="agenda_ticket"),
    path("tiket/<str:ticket_secret>/langkah/", registering.step, name="agenda_ticket_step"),
    path("tiket/<str:ticket_secret>/kesan/", registering.feedback, name="agenda_feedback"),
    path("tiket/<str:ticket_secret>/tiket.pdf", registering.ticket_file, name="agenda_ticket_file"),
    path("tiket/<str:ticket_secret>/kalender.ics", registering.ticket_event, name="agenda_ticket_event"),
    path("sertifikat-kegiatan/<uuid:attendance_certificate>/", public.certificate, name="agenda_certificate"),
    path(
        "sertifikat-kegiatan/<uuid:attendance_certificate>/sertifikat.pdf",
        public.certificate_file,
        name="agenda_certificate_pdf",
    ),
    # a phone at the door
    path("pintu/pekerja.js", doors.worker, name="agenda_door_worker"),
    path("pintu/<str:door_secret>/", doors.phone, name="agenda_door"),
    path("pintu/<str:door_secret>/tiket.json", doors.roster, name="agenda_door_roster"),
    path("pintu/<str:door_secret>/pindaian/", doors.scans, name="agenda_door_scans"),
    # organisers and curators
    path("kegiatan/", desk.listing, name="agenda_desk"),
    path("kegiatan/kurasi/", desk.queue, name="agenda_queue"),
    path("kegiatan/baru/", desk.new, name="agenda_new"),
    path("kegiatan/<str:activity>/", desk.page, name="agenda_desk_activity"),
    path("kegiatan/<str:activity>/ubah/", desk.edit, name="agenda_edit"),
    path("kegiatan/<str:activity>/langkah/", desk.step, name="agenda_step"),
    path("kegiatan/<str:activity>/isi/", desk.belongings, name="agenda_belongings"),
    path("kegiatan/<str:activity>/bagian/", desk.new, name="agenda_new_part"),
    path("kegiatan/<str:activity>/ruang/", desk.venue, name="agenda_venue"),
    path("kegiatan/<str:activity>/batal/", desk.call_off, name="agenda_call_off"),
    path("kegiatan/<str:activity>/peserta/", people.participants, name="agenda_participants"),
    path(
        "kegiatan/<str:activity>/peserta/<int:registration>/", people.participant, name="agenda_participant"
    ),
    path(
        "kegiatan/<str:activity>/peserta/<int:registration>/tiket/",
        people.ticket_step,
        name="agenda_participant_ticket",
    ),
    path("kegiatan/<str:activity>/pintu/", doors.listing, name="agenda_doors"),
    path("kegiatan/<str:activity>/sertifikat/", people.certificates_page, name="agenda_certificates"),
    path(
        "kegiatan/<str:activity>/sertifikat/semua.pdf",
        people.certificates_file,
        name="agenda_certificates_file",
    ),
    path("kegiatan/<str:activity>/sertifikat/<int:given>/", people.revoke, name="agenda_revoke"),
    path("kegiatan/<str:activity>/sesudah/", people.afterwards, name="agenda_afterwards"),
]
