"""Pages of people: account, inbox, files, consents, members, taking over an account."""

from django.urls import include, path

from mbois.people.views import account, claims, consents, demo, files, inbox, members

urlpatterns = [
    path("akun/", account.profile, name="profile"),
    path("akun/data-saya.json", account.my_data, name="my_data"),
    path("akun/permintaan/", account.ask_about_data, name="ask_about_data"),
    path("akun/kunci-api/", account.tokens_page, name="tokens"),
    path("akun/kunci-api/<int:token>/cabut/", account.revoke_token, name="revoke_token"),
    path("akun/persetujuan/", consents.mine, name="consents"),
    path("akun/persetujuan/<int:consent>/tarik/", consents.withdraw, name="withdraw_consent"),
    path("persetujuan/<slug:key>/", consents.text, name="consent_text"),
    path("kabar/", inbox.inbox, name="inbox"),
    path("kabar/dibaca/", inbox.read_all, name="read_all"),
    path("kabar/<int:notification>/", inbox.open_one, name="open_notification"),
    path("kabar/pengaturan/", inbox.preferences, name="preferences"),
    path("berkas/<uuid:document>/", files.document, name="document"),
    path("berkas/<uuid:document>/kecil/", files.small, name="document_small"),
    path("berkas/titipan/<uuid:held>/", files.held, name="held_upload"),
    path("kelola/anggota/", members.members, name="members"),
    path("kelola/anggota/tambah/", members.add, name="add_member"),
    path("kelola/anggota/<int:membership>/", members.membership, name="membership"),
    path("kelola/anggota/<int:membership>/akhiri/", members.end, name="end_membership"),
    path("kelola/organisasi/", members.organisations, name="organisations"),
    path("kelola/organisasi/<int:organisation>/", members.organisation, name="organisation"),
    path("klaim/", claims.enter, name="claim"),
    path("klaim/lanjut/", claims.take_over, name="take_over"),
    path("dibantu/<int:person>/slip/", claims.slip, name="claim_slip"),
    path("demo/masuk/<int:person>/", demo.sign_in, name="demo_sign_in"),
    path("demo/kotak-keluar/", demo.outbox, name="demo_outbox"),
    path("akun/", include("mbois.people.account_urls")),
]
