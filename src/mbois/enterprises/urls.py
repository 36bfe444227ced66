"""The addresses of the registry."""

from django.urls import path, register_converter

from mbois.enterprises.views import duplicates, importing, matches, merging, records, registering, registry


class EnterpriseNumber:
    """A number such as U-3573-000123, so that no other word of an address is taken for one."""

    regex = r"[A-Z]{1,3}-[0-9]{4}-[0-9]{1,12}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(EnterpriseNumber, "number")

urlpatterns = [
    path("usaha/", registry.enterprises, name="enterprises"),
    path("usaha/saya/", registry.mine, name="my_enterprises"),
    path("usaha/periksa/", records.queue, name="enterprise_queue"),
    path("usaha/daftar/", registering.begin, name="enterprise_new"),
    path("usaha/daftar/<uuid:draft>/", registering.resume, name="registration"),
    path("usaha/daftar/<uuid:draft>/buang/", registering.discard, name="registration_discard"),
    path("usaha/daftar/<uuid:draft>/<slug:step>/", registering.step, name="registration_step"),
    path("usaha/daftar/<uuid:draft>/<slug:step>/simpan/", registering.autosave, name="registration_autosave"),
    path("usaha/<number:enterprise>/", registry.passport, name="enterprise"),
    path("usaha/<number:enterprise>/ubah/", records.edit, name="enterprise_edit"),
    path("usaha/<number:enterprise>/kirim/", records.resubmit, name="enterprise_resubmit"),
    path("usaha/<number:enterprise>/periksa/", records.review, name="enterprise_review"),
    path("usaha/<number:enterprise>/persetujuan/", records.consent, name="enterprise_consent"),
    path("usaha/<number:enterprise>/nik/", records.unmask, name="enterprise_unmask"),
    path("usaha/<number:enterprise>/izin/", records.licence_new, name="licence_new"),
    path("usaha/<number:enterprise>/izin/<int:licence>/", records.licence, name="licence"),
    path(
        "usaha/<number:enterprise>/izin/<int:licence>/hapus/", records.licence_remove, name="licence_remove"
    ),
    path("usaha/<number:enterprise>/foto/", records.photos, name="enterprise_photos"),
    path("usaha/<number:enterprise>/foto/<int:photo>/hapus/", records.photo_remove, name="photo_remove"),
    path("usaha/kembar/", duplicates.pairs, name="duplicates"),
    path("usaha/kembar/<int:pair>/", duplicates.pair, name="duplicate"),
    path("usaha/kembar/<int:pair>/beda/", duplicates.keep_apart, name="duplicate_keep_apart"),
    path("usaha/kembar/<int:pair>/buka/", duplicates.look_again, name="duplicate_look_again"),
    path("usaha/<number:enterprise>/gabung/", merging.merge_begin, name="merge_begin"),
    path("usaha/<number:enterprise>/gabung/<number:other>/", merging.merge, name="merge"),
    path("usaha/gabungan/", merging.merges, name="merges"),
    path("usaha/gabungan/<int:merge>/", merging.merge_done, name="merge_done"),
    path("usaha/gabungan/<int:merge>/batal/", merging.merge_undo, name="merge_undo"),
    path("usaha/lintas-wilayah/", matches.matches, name="owner_matches"),
    path("usaha/lintas-wilayah/<int:match>/", matches.match, name="owner_match"),
    path("usaha/impor/", importing.runs, name="imports"),
    path("usaha/impor/contoh/<slug:kind>/", importing.template, name="import_template"),
    path("usaha/impor/<int:run>/", importing.run, name="import_run"),
    path("usaha/impor/<int:run>/kemajuan/", importing.progress, name="import_progress"),
    path("usaha/impor/<int:run>/terapkan/", importing.apply, name="import_apply"),
    path("usaha/impor/<int:run>/buang/", importing.discard, name="import_discard"),
    path("usaha/impor/<int:run>/sisa/", importing.left_over, name="import_left_over"),
    path("usaha/unduhan/", importing.exported, name="exports"),
    path("usaha/unduh/<slug:kind>/", importing.export, name="export"),
]
