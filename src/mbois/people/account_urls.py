"""django-allauth's pages under Indonesian addresses."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from allauth.usersessions import views as sessions
from django.http import HttpRequest, HttpResponse
from django.urls import path

View = Callable[..., HttpResponse]


def in_our_frame(view: View) -> View:
    """allauth calls the web site `site` in its pages; in ours that is the frame of the page. A form that is
    not taken is answered with 422, as everywhere here."""

    @wraps(view)
    def framed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if context := getattr(response, "context_data", None):
            context.pop("site", None)
            if request.method == "POST" and getattr(context.get("form"), "errors", None):
                response.status_code = 422
        return response

    return framed


urlpatterns = [
    path("masuk/", account.login, name="account_login"),
    path("keluar/", account.logout, name="account_logout"),
    path("tidak-aktif/", account.account_inactive, name="account_inactive"),
    path("daftar/", account.signup, name="account_signup"),
    path("pastikan-diri/", account.reauthenticate, name="account_reauthenticate"),
    path("email/", account.email, name="account_email"),
    path("email/kode/", account.email_verification_sent, name="account_email_verification_sent"),
    path("ponsel/", account.change_phone, name="account_change_phone"),
    path("ponsel/kode/", account.verify_phone, name="account_verify_phone"),
    path("kata-sandi/", account.password_change, name="account_change_password"),
    path("kata-sandi/baru/", account.password_set, name="account_set_password"),
    path("kata-sandi/lupa/", account.password_reset, name="account_reset_password"),
    path(
        "kata-sandi/lupa/kode/",
        account.confirm_password_reset_code,
        name="account_confirm_password_reset_code",
    ),
    path("kata-sandi/lupa/ganti/", account.complete_password_reset, name="account_complete_password_reset"),
    path(
        "kata-sandi/lupa/selesai/",
        account.password_reset_from_key_done,
        name="account_password_reset_completed",
    ),
    path("masuk/kode/", account.request_login_code, name="account_request_login_code"),
    path("masuk/kode/isi/", account.confirm_login_code, name="account_confirm_login_code"),
    path("sesi/", sessions.list_usersessions, name="usersessions_list"),
    path("keamanan/", mfa.index, name="mfa_index"),
    path("keamanan/langkah-kedua/", mfa.authenticate, name="mfa_authenticate"),
    path("keamanan/pastikan-diri/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("keamanan/aplikasi/", totp.activate_totp, name="mfa_activate_totp"),
    path("keamanan/aplikasi/lepas/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("keamanan/kode-cadangan/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "keamanan/kode-cadangan/buat/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"
    ),
    path(
        "keamanan/kode-cadangan/unduh/", recovery.download_recovery_codes, name="mfa_download_recovery_codes"
    ),
    path("keamanan/kunci/", passkeys.list_webauthn, name="mfa_list_webauthn"),
    path("keamanan/kunci/tambah/", passkeys.add_webauthn, name="mfa_add_webauthn"),
    path("keamanan/kunci/masuk/", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path("keamanan/kunci/pastikan/", passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("keamanan/kunci/<int:pk>/lepas/", passkeys.remove_webauthn, name="mfa_remove_webauthn"),
    path("keamanan/kunci/<int:pk>/ubah/", passkeys.edit_webauthn, name="mfa_edit_webauthn"),
]

for _pattern in urlpatterns:
    _pattern.callback = in_our_frame(_pattern.callback)
