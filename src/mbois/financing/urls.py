"""The addresses of financing."""

from django.urls import path

from mbois.financing.views import (
    applications,
    apply,
    confirmations,
    loans,
    scheme,
    settings,
    steps,
    teller,
    verify,
)

urlpatterns = [
    path("ojir/", scheme.ojir, name="ojir"),
    path("pengajuan/", applications.queue, name="applications"),
    path("pengajuan/saya/", apply.mine, name="my_applications"),
    path("pengajuan/baru/", apply.begin, name="application_new"),
    path("pengajuan/syarat/", apply.terms, name="application_terms"),
    path("pengajuan/<str:application>/", applications.page, name="application"),
    path("pengajuan/<str:application>/isi/", apply.fill, name="application_fill"),
    path("pengajuan/<str:application>/tarik/", apply.withdraw, name="application_withdraw"),
    path("pengajuan/<str:application>/kembalikan/", steps.give_back, name="application_return"),
    path("pengajuan/<str:application>/nilai/", steps.assess, name="application_assess"),
    path("pengajuan/<str:application>/putuskan/", steps.decide, name="application_decide"),
    path("pengajuan/<str:application>/perjanjian/", steps.contract, name="application_contract"),
    path("pengajuan/<str:application>/perjanjian.pdf", steps.contract_pdf, name="application_contract_pdf"),
    path("pengajuan/<str:application>/cairkan/", steps.disburse, name="application_disburse"),
    path("pinjaman/", loans.listing, name="loans"),
    path("pinjaman/saya/", loans.mine, name="my_loans"),
    path("pinjaman/<str:loan>/", loans.page, name="loan"),
    path("pinjaman/<str:loan>/lunas.pdf", loans.certificate, name="loan_certificate"),
    path("pinjaman/<str:loan>/bukti-cair/", loans.slip, name="disbursement_slip"),
    path("teller/", teller.counter, name="teller"),
    path("teller/hari/", teller.day, name="teller_day"),
    path("teller/setor/", teller.sweep, name="teller_sweep"),
    path("teller/<str:loan>/", teller.take, name="teller_take"),
    path("bukti/<str:reference>.pdf", teller.receipt_as_pdf, name="receipt_pdf"),
    path("bukti/<str:reference>/", teller.receipt, name="receipt"),
    path("bukti/<str:reference>/batalkan/", teller.undo, name="receipt_undo"),
    path("periksa/<uuid:code>/", verify.verify, name="verify"),
    path("konfirmasi/", confirmations.listing, name="confirmations"),
    path("konfirmasi/<str:loan>/", confirmations.page, name="confirmation"),
    path("skema/", settings.listing, name="schemes"),
    path("skema/<str:region>/<str:scheme>/", settings.page, name="scheme"),
]
