"""Settings, read from the environment. Without any, the program runs for development on the
embedded PostgreSQL; with DATABASE_URL it uses that one."""

import json
import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

import pghistory

BASE_DIR = Path(__file__).resolve().parent
ROOT_DIR = BASE_DIR.parent.parent


def _flag(name: str, default: bool = False) -> bool:
    return os.environ.get(name, str(int(default))).lower() in {"1", "true", "yes", "on"}


def _list(name: str) -> list[str]:
    return [part.strip() for part in os.environ.get(name, "").split(",") if part.strip()]


# Where this installation keeps what it makes: the embedded database, files, secrets.
DATA_DIR = Path(os.environ.get("MBOIS_DATA") or ROOT_DIR / ".mbois").resolve()

# A demo city: one-click sign-in per role, invented people. Never on a real installation.
DEMO = _flag("MBOIS_DEMO")
DEBUG = _flag("MBOIS_DEBUG")
SECRET_KEY = os.environ.get("MBOIS_SECRET_KEY", "")
# 32 bytes, base64: seals NIK and NPWP, and (derived) makes the keyed hash they are searched by.
IDENTITY_KEY = os.environ.get("MBOIS_IDENTITY_KEY", "")
if not SECRET_KEY or not IDENTITY_KEY:
    from mbois.secrets import read_or_make

    _made = read_or_make(DATA_DIR / "secrets.json")
    SECRET_KEY = SECRET_KEY or _made["secret_key"]
    IDENTITY_KEY = IDENTITY_KEY or _made["identity_key"]

ALLOWED_HOSTS = _list("MBOIS_HOSTS") or ["127.0.0.1", "localhost", "[::1]", "testserver"]
CSRF_TRUSTED_ORIGINS = _list("MBOIS_ORIGINS")
# Where people reach this installation, for links in mails and QR codes.
SITE_URL = os.environ.get("MBOIS_SITE_URL", f"http://127.0.0.1:{os.environ.get('PORT', '8000')}")
SECURE = SITE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SECURE_HSTS_SECONDS = 31536000 if SECURE else 0
# Whether a proxy of ours stands in front: only then its word on address and protocol is believed.
BEHIND_PROXY = _flag("MBOIS_BEHIND_PROXY")
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "procrastinate.contrib.django",
    "pgtrigger",
    "pghistory",
    "phonenumber_field",
    "mbois.web",
    "mbois.places",
    "mbois.people",
    "mbois.ledger",
    "mbois.enterprises",
    "mbois.financing",
    "mbois.mentoring",
    "mbois.market",
    "mbois.agenda",
    "mbois.hub",
    "mbois.startups",
    "mbois.demo",
    # after our rooms, so that our templates win
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "mbois.web.middleware.WholeBody",
    "mbois.web.middleware.ContentSecurityPolicy",
    "mbois.api.ApiAnswers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "mbois.people.middleware.Sessions",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "mbois.people.middleware.AuditTrail",
    "mbois.people.middleware.CodesNotTooOften",
    "mbois.people.middleware.StaffNeedSecondFactor",
    "mbois.web.middleware.RefusedAnswers",
]

ROOT_URLCONF = "mbois.urls"
WSGI_APPLICATION = "mbois.wsgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "mbois.web.context.page",
            ],
            "builtins": [
                "django.templatetags.static",
                "django.templatetags.i18n",
                "mbois.web.templatetags.web",
            ],
        },
    }
]


def _database(url: str) -> dict[str, object]:
    parts = urlsplit(url)
    options: dict[str, object] = dict(parse_qsl(parts.query))
    host = unquote(parts.hostname or "") or str(options.pop("host", ""))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or options.pop("port", "") or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def _default_database_url() -> str:
    """DATABASE_URL, or where the embedded server of this data folder listens."""
    if given := os.environ.get("DATABASE_URL"):
        return given
    from mbois.embedded import url

    return url(DATA_DIR)


DATABASES = {"default": _database(_default_database_url())}
# Tries at signing in are counted for all processes together; figures may differ a little between them.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "mbois_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    "local": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("name", "email")},
    },
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "landing"

ACCOUNT_ADAPTER = "mbois.people.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"phone", "email"}
# Phone or e-mail, whichever one has (the form asks for one of them); the database keeps e-mail unique
# whatever its case.
SILENCED_SYSTEM_CHECKS = ["account.W001", "auth.W004"]
ACCOUNT_SIGNUP_FIELDS = ["phone", "email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "mbois.people.forms.SignupForm"
ACCOUNT_FORMS = {
    "login": "mbois.people.account_forms.LoginForm",
    "signup": "mbois.people.account_forms.SignupForm",
    "request_login_code": "mbois.people.account_forms.RequestLoginCodeForm",
    "reset_password": "mbois.people.account_forms.ResetPasswordForm",
    "reset_password_from_key": "mbois.people.account_forms.ResetPasswordKeyForm",
    "change_password": "mbois.people.account_forms.ChangePasswordForm",
    "set_password": "mbois.people.account_forms.SetPasswordForm",
}
ACCOUNT_RATE_LIMITS = {"claim": "10/5m/ip", "order": "40/h/ip"}
# asked by people.stages.OwnAddress of those who have no phone
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_USER_DISPLAY = "mbois.people.models.display_name"
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PHONE_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {
    "add_webauthn": "mbois.people.account_forms.AddPasskeyForm",
    "authenticate_webauthn": "mbois.people.account_forms.PasskeyForm",
    "edit_webauthn": "mbois.people.account_forms.EditPasskeyForm",
    "login_webauthn": "mbois.people.account_forms.LoginPasskeyForm",
    "reauthenticate_webauthn": "mbois.people.account_forms.ReauthenticatePasskeyForm",
}
MFA_TOTP_ISSUER = "mbois"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE

# Those who work here sign in with a second factor; the invented people of a demo city need none.
STAFF_NEED_SECOND_FACTOR = not DEMO

LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Indonesia"), ("en", "English")]
LANGUAGE_COOKIE_AGE = 60 * 60 * 24 * 365
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Jakarta"
PHONENUMBER_DEFAULT_REGION = "ID"
PHONENUMBER_DB_FORMAT = "E164"

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
MEDIA_ROOT = DATA_DIR / "files"
_FILES = (
    {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": {"bucket_name": os.environ["MBOIS_S3_BUCKET"]}}
    if os.environ.get("MBOIS_S3_BUCKET")
    else {"BACKEND": "django.core.files.storage.FileSystemStorage"}
)
STORAGES = {
    "default": _FILES,
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

EMAIL_BACKEND = (
    "mbois.people.outbox.DemoMail"  # shown on a page instead of sent
    if DEMO
    else os.environ.get("MBOIS_EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")
)
EMAIL_HOST = os.environ.get("MBOIS_EMAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("MBOIS_EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("MBOIS_EMAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("MBOIS_EMAIL_PASSWORD", "")
EMAIL_USE_TLS = _flag("MBOIS_EMAIL_TLS")
EMAIL_TIMEOUT = 20
# What the chosen backend of django-anymail needs, as JSON: {"MAILGUN_API_KEY": "…"}
ANYMAIL = json.loads(os.environ.get("MBOIS_ANYMAIL") or "{}")
DEFAULT_FROM_EMAIL = os.environ.get("MBOIS_EMAIL_FROM", "mbois@localhost")
# An apprise URL per channel; {phone} and {email} are filled with the person's.
NOTIFY_CHANNELS = dict(part.split("=", 1) for part in _list("MBOIS_NOTIFY_CHANNELS"))
SMS_CHANNEL = os.environ.get("MBOIS_SMS_CHANNEL", "")

# Where the source of this version can be had (AGPL-3.0, section 13); shown at the foot of every page.
SOURCE_URL = os.environ.get("MBOIS_SOURCE_URL", "")

# For how many hours stock is kept for an order the seller has not confirmed, and up to how many rupiah
# an order may be paid by QRIS.
ORDER_HOLD_HOURS = int(os.environ.get("MBOIS_ORDER_HOLD_HOURS", "48"))
QRIS_MOST = int(os.environ.get("MBOIS_QRIS_MOST", "10000000"))

# Background of maps; the host is added to the content security policy.
MAP_TILES = os.environ.get("MBOIS_MAP_TILES", "https://tile.openstreetmap.org/{z}/{x}/{y}.png")

# The audit trail is read by what it is about (or, by hand, by who did it), so only that is indexed. It
# is only ever added to; where people's names are forgotten in time, the model says so.
PGHISTORY_APPEND_ONLY = True
PGHISTORY_FOREIGN_KEY_FIELD = pghistory.ForeignKey(db_index=False)
PGHISTORY_OBJ_FIELD = pghistory.ObjForeignKey(db_index=True)
PGHISTORY_CONTEXT_FIELD = pghistory.ContextForeignKey(db_index=True)
PGHISTORY_MIDDLEWARE_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
PROCRASTINATE_IMPORT_PATHS = ["mbois.jobs", "mbois.market.round_tasks"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": os.environ.get("MBOIS_LOG_LEVEL", "WARNING")},
}
