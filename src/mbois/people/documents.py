"""Keeping private files: stored once checked, held while a form is not complete, read by those who may.

An action that may still refuse after it has stored a file does so inside `together()`.
"""

import hashlib
import unicodedata
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import partial
from pathlib import PurePath

from django.core.files.base import ContentFile, File
from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from mbois.people.contents import MOST_BYTES, Checked, check
from mbois.people.models import Document, HeldUpload, Person
from mbois.refused import Refused


def _clean_name(name: str, kind: str) -> str:
    """A name fit to be shown and downloaded: no folders, no control characters, the ending that fits."""
    plain = PurePath((name or "").replace("\\", "/")).name
    plain = "".join(char for char in plain if unicodedata.category(char)[0] != "C").strip(" .")
    ending = Document(kind=kind).extension
    stem = PurePath(plain).stem[:150].strip(" .") or str(_("file"))
    return stem + ending


def _bytes_of(upload: File) -> bytes:
    if upload.size is not None and upload.size > MOST_BYTES:
        raise Refused(_("The file is larger than 10 MB."), code="file_too_large")
    upload.seek(0)
    return bytes(upload.read(MOST_BYTES + 1))


_stored: ContextVar[list[Document] | None] = ContextVar("stored", default=None)


@contextmanager
def together() -> Iterator[None]:
    """What is stored in here and what is done with it belong together, in one transaction: where it
    ends in a refusal, the files go with their rows."""
    before = _stored.get()
    stored: list[Document] = []
    token = _stored.set(stored)
    try:
        with transaction.atomic():
            yield
    except BaseException:
        for document in stored:
            forget_files(document)
        raise
    finally:
        _stored.reset(token)
    if before is not None:
        before += stored


def _checked(upload: File, *, pictures: bool) -> Checked:
    """A file that may be kept; a refusal names the file, as there may be several."""
    try:
        return check(_bytes_of(upload), pictures=pictures)
    except Refused as refused:
        name = PurePath((upload.name or "").replace("\\", "/")).name
        if not name:
            raise
        if len(name) > 60:
            name = f"{name[:40]}…{name[-15:]}"
        raise Refused(
            format_lazy("{name}: {message}", name=name, message=refused.args[0]),
            field=refused.field,
            code=refused.code,
        ) from None


@transaction.atomic
def store(
    upload: File,
    *,
    region_id: str,
    purpose: str,
    by: Person,
    subject: Person | None = None,
    pictures: bool = False,
) -> Document:
    """Check a file by its content and keep it. Refuses what is no PDF, JPEG, PNG or WebP of at most 10 MB;
    where `pictures` are asked for, a PDF too.

    `subject` is the person the file is about; they may always open it.
    """
    checked = _checked(upload, pictures=pictures)
    return _keep(checked, upload.name or "", region_id=region_id, purpose=purpose, by=by, subject=subject)


def _keep(
    checked: Checked, name: str, *, region_id: str, purpose: str, by: Person, subject: Person | None
) -> Document:
    document = Document(
        region_id=region_id,
        name=_clean_name(name, checked.kind),
        kind=checked.kind,
        purpose=purpose,
        size=len(checked.content),
        sha256=hashlib.sha256(checked.content).hexdigest(),
        subject=subject,
        uploaded_by=by,
    )
    document.file.save(document.name, ContentFile(checked.content), save=False)
    if checked.thumbnail:
        document.thumbnail.save("small.jpg", ContentFile(checked.thumbnail), save=False)
    try:
        document.save()
    except BaseException:
        forget_files(document)
        raise
    stored = _stored.get()
    if stored is not None:
        stored.append(document)
    return document


def forget_files(document: Document) -> None:
    """Take the files of a document away whose row goes with its transaction."""
    for field in (document.file, document.thumbnail):
        if field:
            field.storage.delete(str(field.name))


@transaction.atomic
def hold(upload: File, *, by: Person, pictures: bool = False) -> HeldUpload:
    """Check a file of a form that may not be complete yet and keep it for two days (see `attach`)."""
    checked = _checked(upload, pictures=pictures)
    held = HeldUpload(
        person=by,
        name=_clean_name(upload.name or "", checked.kind),
        kind=checked.kind,
        size=len(checked.content),
    )
    held.file.save(held.name, ContentFile(checked.content), save=False)
    held.save()
    return held


def held_by(person: Person, *ids: str | uuid.UUID) -> list[HeldUpload]:
    """The held uploads of a person with these ids, in their order; unknown ids are left out."""
    wanted = []
    for value in ids:
        try:
            wanted.append(uuid.UUID(str(value)))
        except ValueError:
            continue
    found = HeldUpload.objects.in_bulk(wanted)
    return [found[key] for key in wanted if key in found and found[key].person_id == person.pk]


@transaction.atomic
def attach(
    held: HeldUpload, *, region_id: str, purpose: str, by: Person, subject: Person | None = None
) -> Document:
    """Make a held upload a Document. Refuses one that is somebody else's or gone meanwhile."""
    held_now = HeldUpload.objects.select_for_update().filter(pk=held.pk, person=by).first()
    if held_now is None:
        raise Refused(_("This upload is no longer there. Please choose the file again."), code="file_gone")
    with held_now.file.open("rb") as kept:
        checked = check(kept.read())
    document = _keep(checked, held_now.name, region_id=region_id, purpose=purpose, by=by, subject=subject)
    name, storage = str(held_now.file.name), held_now.file.storage
    held_now.delete()
    transaction.on_commit(lambda: storage.delete(name))
    return document


def discard(documents: Iterable[Document]) -> None:
    """Throw stored files away that nothing refers to."""
    for document in documents:
        document.delete()
        transaction.on_commit(partial(forget_files, document))


def release(held: HeldUpload) -> None:
    """Throw a held upload away."""
    name, storage = str(held.file.name), held.file.storage
    held.delete()
    transaction.on_commit(lambda: storage.delete(name))


def remove_held(*, before: datetime) -> int:
    """Throw away what was held before an instant and never used; says how many."""
    old = list(HeldUpload.objects.filter(made_at__lt=before)[:1000])
    for held in old:
        release(held)
    return len(old)
