"""Private files: what is kept, what is refused, what is taken out of them."""

import io
import time
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from PIL import Image

from mbois import clock
from mbois.people import documents
from mbois.people.models import Document, HeldUpload
from mbois.people.tests.factories import make_person, make_region, pdf, picture
from mbois.refused import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def dewi():
    make_region()
    return make_person("Dewi")


def keep(upload, person):
    return documents.store(upload, region_id="35.73", purpose="paper", by=person)


def opened(document):
    return Image.open(io.BytesIO(document.file.read()))


def test_it_keeps_a_picture_under_a_name_of_its_own(dewi):
    document = keep(picture(name="../../KTP suami\x00.png"), dewi)
    assert (document.kind, document.name) == ("image/jpeg", "KTP suami.jpg")
    assert "KTP" not in document.file.name and document.file.name.startswith("35.73/")
    assert document.thumbnail


def test_it_takes_place_and_phone_out_of_a_photo(dewi):
    exif = Image.Exif()
    exif[0x010F] = "PhoneMaker"
    exif[0x8825] = {1: "S", 2: (7.0, 58.0, 0.0)}
    document = keep(picture(exif=exif, comment=b"secret"), dewi)
    content = document.file.read()
    assert b"PhoneMaker" not in content and b"secret" not in content
    assert not Image.open(io.BytesIO(content)).getexif()


def test_it_turns_a_photo_upright(dewi):
    exif = Image.Exif()
    exif[0x0112] = 6
    assert opened(keep(picture(size=(60, 40), exif=exif), dewi)).size == (40, 60)


def test_it_scales_a_large_photo(dewi):
    assert max(opened(keep(picture(size=(4000, 3000)), dewi)).size) == 2000


def test_it_keeps_a_webp_as_a_jpeg(dewi):
    document = keep(picture("WEBP", name="kiriman.webp"), dewi)
    assert (document.kind, document.name) == ("image/jpeg", "kiriman.jpg")
    assert opened(document).format == "JPEG"


def test_what_a_webp_leaves_open_becomes_white(dewi):
    output = io.BytesIO()
    Image.new("RGBA", (60, 40), (0, 0, 0, 0)).save(output, "WEBP", lossless=True)
    kept = opened(keep(ContentFile(output.getvalue(), name="kosong.webp"), dewi))
    assert kept.getpixel((30, 20)) == (255, 255, 255)


def test_a_scan_of_sixteen_bits_keeps_its_greys(dewi):
    output = io.BytesIO()
    Image.new("I;16", (60, 40), 128 * 256).save(output, "PNG")
    kept = opened(keep(ContentFile(output.getvalue(), name="pindai.png"), dewi))
    assert kept.convert("L").getpixel((30, 20)) == 128


def test_a_pdf_of_beginnings_without_an_end_holds_up_nothing(dewi):
    begun = time.process_time()
    keep(pdf(inside=b"stream\n" * 20_000), dewi)
    with pytest.raises(Refused, match="holds a program"):
        keep(pdf(inside=b"stream\n/JS endstream " + b"stream\n" * 20_000 + b"/JavaScript"), dewi)
    assert time.process_time() - begun < 2


def test_it_keeps_a_pdf_as_it_is(dewi):
    document = keep(pdf(name="SKTM"), dewi)
    assert (document.kind, document.name) == ("application/pdf", "SKTM.pdf")
    assert document.file.read() == pdf().read()


@pytest.mark.parametrize(
    ("upload", "code"),
    [
        (ContentFile(b"", name="a.pdf"), "file_empty"),
        (ContentFile(b"hello", name="a.pdf"), "file_kind"),
        (ContentFile(b"MZ" + b"\x00" * 100, name="a.jpg"), "file_kind"),
        (ContentFile(b"<svg xmlns='http://www.w3.org/2000/svg'/>", name="a.png"), "file_kind"),
        (ContentFile(b"\x00\x00\x00\x18ftypheic" + b"\x00" * 40, name="a.heic"), "file_kind"),
        (ContentFile(b"%PDF-1.4" + b"x" * (10 * 1024 * 1024), name="a.pdf"), "file_too_large"),
        (ContentFile(picture().read()[:200], name="a.jpg"), "file_damaged"),
        (ContentFile(b"\xff\xd8\xff" + b"<script>" * 20, name="a.jpg"), "file_damaged"),
        (ContentFile(b"%PDF-1.4\nhalf a file", name="a.pdf"), "file_damaged"),
        (pdf(end=b"PK\x03\x04 and an archive"), "file_damaged"),
        (pdf(trailer=b"/Encrypt 5 0 R "), "file_locked"),
        (pdf(inside=b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >> "), "file_active"),
        (pdf(inside=b"/Names << /EmbeddedFiles 9 0 R >> "), "file_active"),
    ],
)
def test_it_refuses(dewi, upload, code):
    with pytest.raises(Refused) as refused:
        keep(upload, dewi)
    assert refused.value.code == code
    assert not Document.objects.exists()


@pytest.mark.parametrize("side", [8_000, 14_000])
def test_it_refuses_a_picture_that_would_fill_the_memory(dewi, side):
    bomb = io.BytesIO()
    Image.new("1", (side, side)).save(bomb, "PNG")
    with pytest.raises(Refused, match="too large"):
        keep(ContentFile(bomb.getvalue(), name="bomb.png"), dewi)


def test_it_hides_what_follows_a_picture(dewi):
    document = keep(ContentFile(picture().read() + b"PK\x03\x04 and an archive", name="a.jpg"), dewi)
    assert b"PK\x03\x04" not in document.file.read()


def test_a_held_upload_becomes_a_document(dewi):
    held = documents.hold(picture(name="warung.jpg"), by=dewi)
    path = held.file.path
    document = documents.attach(held, region_id="35.73", purpose="enterprise", by=dewi)
    assert document.name == "warung.jpg" and not HeldUpload.objects.exists()
    assert document.file.storage.exists(document.file.name) and path


def test_a_held_upload_is_its_holders_alone(dewi):
    held = documents.hold(picture(), by=dewi)
    other = make_person("Budi")
    assert documents.held_by(other, held.pk) == []
    assert documents.held_by(dewi, "nonsense", held.pk) == [held]
    with pytest.raises(Refused, match="no longer there"):
        documents.attach(held, region_id="35.73", purpose="paper", by=other)


@pytest.mark.django_db(transaction=True)
def test_what_nobody_used_is_thrown_away():
    make_region()
    dewi = make_person("Dewi")
    old, new = documents.hold(picture(), by=dewi), documents.hold(picture(), by=dewi)
    HeldUpload.objects.filter(pk=old.pk).update(made_at=clock.now() - timedelta(days=3))
    with transaction.atomic():
        assert documents.remove_held(before=clock.now() - timedelta(days=2)) == 1
    assert list(HeldUpload.objects.all()) == [new]
    assert not old.file.storage.exists(old.file.name) and new.file.storage.exists(new.file.name)


def test_who_may_open_what():
    make_region(), make_region("35.07")
    owner, teller = make_person(), make_person(role="teller")
    agency, elsewhere = make_person(role="agency_officer"), make_person(role="teller", region="35.07")
    paper = documents.store(picture(), region_id="35.73", purpose="paper", by=agency, subject=owner)
    for person, may in (
        (owner, True),
        (teller, True),
        (agency, True),
        (elsewhere, False),
        (make_person(), False),
    ):
        assert Document.objects.visible_to(person).filter(pk=paper.pk).exists() is may


def test_a_refusal_after_storing_leaves_neither_row_nor_file(dewi):
    with documents.together():
        kept = keep(picture(), dewi)
    with pytest.raises(Refused, match="no"), documents.together():
        with documents.together():
            gone = keep(picture(), dewi)
        raise Refused("no")
    assert list(Document.objects.all()) == [kept]
    storage = kept.file.storage
    assert storage.exists(kept.file.name) and not storage.exists(gone.file.name)


def test_a_refusal_names_the_file(dewi):
    with pytest.raises(Refused, match=r"^surat\.docx: Only PDF"):
        keep(ContentFile(b"PK", name="surat.docx"), dewi)
    with pytest.raises(Refused, match=r"^surat\.pdf: This is not a photo"):
        documents.hold(pdf(name="surat.pdf"), by=dewi, pictures=True)
