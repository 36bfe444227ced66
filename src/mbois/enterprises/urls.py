"""The addresses of the registry."""

from django.urls import path, register_converter

from mbois.enterprises.views import records, registering, registry


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
    path("usaha/<number:enterprise>/nik/", records.unmask, name="enterprise_unmask"),
    path("usaha/<number:enterprise>/izin/", records.licence_new, name="licence_new"),
    path("usaha/<number:enterprise>/izin/<int:licence>/", records.licence, name="licence"),
    path(
        "usaha/<number:enterprise>/izin/<int:licence>/hapus/", records.licence_remove, name="licence_remove"
    ),
    path("usaha/<number:enterprise>/foto/", records.photos, name="enterprise_photos"),
    path("usaha/<number:enterprise>/foto/<int:photo>/hapus/", records.photo_remove, name="photo_remove"),
]
