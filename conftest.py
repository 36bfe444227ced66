"""What every test stands on: a database, English texts, files in a temporary folder."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from django.conf import settings
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis

_until_the_end = ExitStack()
# A machine that does much at once is slow, and nothing is wrong with it.
hypothesis.register_profile("shared", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis.load_profile("shared")


def pytest_configure(config: pytest.Config) -> None:
    """Start the checkout's own PostgreSQL (unless DATABASE_URL names one) and settle the settings."""
    from mbois.web.translations import compile_all

    compile_all()
    if not os.environ.get("DATABASE_URL"):
        from mbois import embedded

        _until_the_end.enter_context(embedded.serving(settings.DATA_DIR))
    settings.LANGUAGE_CODE = "en"
    settings.MEDIA_ROOT = _until_the_end.enter_context(tempfile.TemporaryDirectory(prefix="mbois-files-"))
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    settings.STAFF_NEED_SECOND_FACTOR = False
    settings.WHITENOISE_AUTOREFRESH = True
    settings.WHITENOISE_USE_FINDERS = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_unconfigure(config: pytest.Config) -> None:
    _until_the_end.close()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """The test database may lose its last moments in a crash; that makes tests faster."""
    settings.DATABASES["default"]["OPTIONS"]["options"] = "-c synchronous_commit=off"


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Between tests their database is emptied; what a city must keep never is."""
    with django_db_blocker.unblock():
        _emptying("DISABLE")


@pytest.fixture
def emptying_is_refused(db: None) -> None:
    """In this test it is as in a city."""
    _emptying("ENABLE")


def _emptying(word: str) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, quote_ident(tgname) FROM pg_trigger"
            " WHERE tgname LIKE '%never\\_emptied%'"
        )
        for table, trigger in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} {word} TRIGGER {trigger}")
