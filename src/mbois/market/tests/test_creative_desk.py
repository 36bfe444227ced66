"""The creative desk: asked, taken by one, delivered, changed, accepted, undone, called off."""

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import Client
from PIL import Image

from mbois import clock
from mbois.market import desk
from mbois.market.actions import desk as actions
from mbois.market.actions import dressing
from mbois.market.actions.desk import Delivery, Text
from mbois.market.actions.products import update_product
from mbois.market.models import CreativeJob, JobState, Picture, Product, ProductPhoto, seal_of
from mbois.market.tasks import forget_unused_pictures
from mbois.market.tests.factories import make_product
from mbois.people.models import Membership, Notification, Person
from mbois.people.tests.factories import make_person
from mbois.refused import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def picture(
    colour: str = "red", name: str = "a.jpg", size: tuple[int, int] = (1600, 1200)
) -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def make_creator(**fields: Any) -> Person:
    return make_person(role="creator", **fields)


def make_job(product: Product | None = None, *, kind: str = "photos", **fields: Any) -> CreativeJob:
    product = product or make_product()
    told: dict[str, Any] = {
        "wish": "Dari dekat, di atas kain putih",
        "wanted_by": clock.today() + timedelta(days=10),
        "pay": None,
        "by": product.enterprise.owner.person,
    }
    return actions.ask(product.enterprise, [product], kind=kind, **(told | fields))


def delivered(job: CreativeJob, by: Person, *colours: str) -> CreativeJob:
    actions.take(job, by=by)
    product = job.items.get().product
    actions.deliver(job, Delivery(photos={product.pk: [picture(one) for one in colours]}), by=by)
    return CreativeJob.objects.get(pk=job.pk)


def sealed(job: CreativeJob) -> dict[int, str]:
    version = job.versions.last()
    return {one.product.pk: one.seal for one in desk.items_of(job, version)}


def test_photos_go_onto_the_product_and_come_off_again() -> None:
    product, creator = make_product(), make_creator()
    owner = product.enterprise.owner.person
    ProductPhoto.objects.create(
        region_id=product.region_id,
        product=product,
        picture=Picture.objects.create(region_id=product.region_id, key="a" * 64, width=1600, height=1600),
    )
    before = dressing.photo_keys(product)
    job = delivered(make_job(product), creator, "red", "blue")
    new = [one.picture_id for one in job.versions.get().photos.all()]
    dressing.accept(job, by=owner, seen=sealed(job), photos={product.pk: [new[1], before[0], new[0]]})
    assert dressing.photo_keys(product) == [new[1], before[0], new[0]]
    job.refresh_from_db()
    assert job.state == JobState.ACCEPTED
    assert (desk.record_of(creator).done, desk.record_of(creator).dressed) == (1, 1)
    assert dressing.undo(job, by=owner) == 1
    assert dressing.photo_keys(product) == before
    assert desk.record_of(creator).dressed == 0
    with pytest.raises(Refused, match="no longer be undone"):
        dressing.undo(job, by=owner)


def test_a_picture_that_was_taken_off_stays_while_it_can_come_back() -> None:
    product, creator = make_product(), make_creator()
    old = Picture.objects.create(region_id=product.region_id, key="b" * 64, width=1600, height=1600)
    ProductPhoto.objects.create(region_id=product.region_id, product=product, picture=old)
    job = delivered(make_job(product), creator, "red")
    new = job.versions.get().photos.get().picture_id
    dressing.accept(job, by=product.made_by, seen=sealed(job), photos={product.pk: [new]})
    forget_unused_pictures(0)
    dressing.undo(job, by=product.made_by)
    assert dressing.photo_keys(product) == [old.pk]


def test_a_text_replaces_only_what_its_owner_saw() -> None:
    product, creator = make_product(description="lama"), make_creator()
    owner = product.made_by
    job = make_job(product, kind="text")
    actions.take(job, by=creator)
    actions.deliver(job, Delivery(texts={product.pk: Text("Tempe Renyah", "Digoreng tiap pagi")}), by=creator)
    job.refresh_from_db()
    seen = sealed(job)
    update_product(product, by=owner, description="baru")
    with pytest.raises(Refused, match="changed meanwhile"):
        dressing.accept(job, by=owner, seen=seen)
    item = desk.items_of(job, job.versions.get())[0]
    assert item.changed
    dressing.accept(job, by=owner, seen=sealed(job))
    product.refresh_from_db()
    assert (product.name, product.description) == ("Tempe Renyah", "Digoreng tiap pagi")
    dressing.undo(job, by=owner)
    product.refresh_from_db()
    assert product.description == "baru"


def test_undoing_does_not_lose_what_was_written_since() -> None:
    product, creator = make_product(), make_creator()
    job = make_job(product, kind="text")
    actions.take(job, by=creator)
    actions.deliver(job, Delivery(texts={product.pk: Text("Baru", "Baru sekali")}), by=creator)
    job.refresh_from_db()
    dressing.accept(job, by=product.made_by, seen=sealed(job))
    update_product(product, by=product.made_by, description="Milik saya sendiri")
    with pytest.raises(Refused, match="changed since"):
        dressing.undo(job, by=product.made_by)


def test_a_change_is_asked_for_in_words_and_delivered_again() -> None:
    product, creator = make_product(), make_creator()
    job = delivered(make_job(product), creator, "red")
    with pytest.raises(Refused, match="different"):
        actions.ask_for_change(job, words=" ", by=product.made_by)
    actions.ask_for_change(job, words="Lebih terang", by=product.made_by)
    told = Notification.objects.get(person=creator, key="market/job_change")
    assert told.context["words"] == "Lebih terang"
    actions.deliver(job, Delivery(photos={product.pk: [picture("white")]}), by=creator)
    job.refresh_from_db()
    assert [one.answer for one in job.versions.all()] == ["change", ""]
    dressing.accept(job, by=product.made_by, seen=sealed(job), may_be_shown=True)
    assert desk.record_of(creator).versions_each == 2
    assert [one.job.pk for one in desk.portfolio_of(creator)] == [job.pk]
    dressing.allow_showing(job, allowed=False, by=product.made_by)
    assert desk.portfolio_of(creator) == []


def test_the_database_lets_nobody_take_what_somebody_has() -> None:
    job, other = make_job(), make_creator()
    actions.take(job, by=make_creator())
    with pytest.raises(Refused, match="faster"):
        actions.take(job, by=other)
    with pytest.raises(DatabaseError, match="creative_job_is_taken_by_one"), transaction.atomic():
        CreativeJob.objects.filter(pk=job.pk).update(creator=other)
    with pytest.raises(DatabaseError), transaction.atomic():
        CreativeJob.objects.filter(pk=job.pk).update(state="open")
    with pytest.raises(DatabaseError, match="transitions"), transaction.atomic():
        CreativeJob.objects.filter(pk=job.pk).update(state="accepted", ended_at=clock.now())


def test_nobody_is_counted_for_a_job_of_their_own() -> None:
    product = make_product()
    owner = product.made_by
    someone = make_creator()
    Membership.objects.filter(person=someone).update(person=owner)
    job = make_job(product)
    assert Person.objects.get(pk=owner.pk).has_role(product.region_id, "creator")
    with pytest.raises(Refused):
        actions.take(job, by=Person.objects.get(pk=owner.pk))


def test_a_late_job_goes_back_to_everybody() -> None:
    product, creator = make_product(), make_creator()
    job = make_job(product)
    actions.take(job, by=creator)
    with clock.on(clock.today() + timedelta(days=10)):
        assert actions.return_late() == 0
    with clock.on(clock.today() + timedelta(days=11)):
        assert actions.return_late() == 1
        assert actions.return_late() == 0
        job.refresh_from_db()
        assert (job.state, job.creator, job.returned) == ("open", None, 1)
        actions.take(job, by=make_creator())
        job.refresh_from_db()
        assert job.deliver_by > clock.today()
    keys = set(Notification.objects.values_list("person", "key"))
    assert (creator.pk, "market/job_too_late") in keys
    assert (product.made_by.pk, "market/job_given_back") in keys


def test_given_back_and_called_off() -> None:
    product, creator = make_product(), make_creator()
    job = make_job(product)
    actions.take(job, by=creator)
    actions.give_back(job, by=creator)
    with pytest.raises(Refused, match="why"):
        actions.call_off(job, reason="", by=product.made_by)
    actions.call_off(job, reason="Sudah difoto keponakan", by=product.made_by)
    with pytest.raises(Refused):
        actions.take(job, by=creator)


@pytest.mark.parametrize("content", [b"<svg onload=alert(1)>", b"MZ\x90", b""])
def test_what_is_no_photo_is_refused_and_nothing_kept(content: bytes) -> None:
    job, creator = make_job(), make_creator()
    actions.take(job, by=creator)
    product = job.items.get().product
    upload = SimpleUploadedFile("x.jpg", content)
    with pytest.raises(Refused):
        actions.deliver(job, Delivery(photos={product.pk: [picture("red"), upload]}), by=creator)
    job.refresh_from_db()
    assert job.state == "taken" and not job.versions.exists()


def test_creators_see_what_they_need_and_no_more(client: Client) -> None:
    product = make_product()
    owner = product.enterprise.owner
    owner.person.contact_phone = "+6281299988877"
    owner.person.save()
    job, creator, other = make_job(product), make_creator(), make_creator()
    client.force_login(creator)
    page = client.get(job.get_absolute_url()).content.decode()
    assert product.name in page and "8877" not in page
    assert client.get(f"/usaha/{product.enterprise.number}/").status_code == 404
    actions.take(job, by=creator)
    assert "8877" in client.get(job.get_absolute_url()).content.decode()
    client.force_login(other)
    assert client.get(job.get_absolute_url()).status_code == 404
    client.force_login(make_creator(region="35.79"))
    assert client.get(job.get_absolute_url()).status_code == 404


def test_delivered_pictures_are_private_until_accepted(client: Client) -> None:
    job, creator = make_job(), make_creator()
    job = delivered(job, creator, "red")
    address = job.versions.get().photos.get().picture.url(0, "jpg")
    assert client.get(address).status_code == 404
    client.force_login(make_creator())
    assert client.get(address).status_code == 404
    for person in (creator, job.enterprise.owner.person):
        client.force_login(person)
        assert client.get(address).status_code == 200


def test_a_design_is_a_private_file(client: Client) -> None:
    job, creator = make_job(kind="design"), make_creator()
    actions.take(job, by=creator)
    actions.deliver(job, Delivery(files=[picture("red", "logo.jpg")]), by=creator)
    document = job.versions.get().files.get().document
    address = f"{job.get_absolute_url()}berkas/{document.uuid}/"
    client.force_login(make_creator())
    assert client.get(address).status_code == 404
    client.force_login(job.enterprise.owner.person)
    assert client.get(address).status_code == 200
    job.refresh_from_db()
    dressing.accept(job, by=job.enterprise.owner.person, seen={})


def test_an_owner_asks_and_answers_on_pages(client: Client) -> None:
    product, creator = make_product(), make_creator()
    client.force_login(product.made_by)
    where = f"/usaha/{product.enterprise.number}/kreasi/"
    told = {
        "kind": "photos",
        "products": [product.pk],
        "wish": "Foto terang",
        "wanted_by": (clock.today() + timedelta(days=5)).isoformat(),
        "paid": "yes",
        "pay": "",
    }
    assert client.post(f"{where}baru/", told).status_code == 422
    answer = client.post(f"{where}baru/", told | {"pay": "150.000"})
    assert answer.status_code == 302
    job = CreativeJob.objects.get()
    assert job.pay == 150_000
    page = client.get(where)
    assert page.status_code == 200 and "150,000" in page.content.decode()
    delivered(job, creator, "red")
    client.post(f"{job.get_absolute_url()}langkah/", {"verb": "accept", f"seen-{product.pk}": seal_of([])})
    job.refresh_from_db()
    assert job.state == "accepted" and product.photos.count() == 1


def test_a_coordinator_sees_who_waits(client: Client, django_assert_max_num_queries: Any) -> None:
    for _one in range(3):
        make_job()
    client.force_login(make_person(role="coordinator"))
    client.get("/kreasi/")
    with django_assert_max_num_queries(14):
        page = client.get("/kreasi/")
    assert page.content.decode().count("/kreasi/J-") == 3


def test_a_coordinator_is_led_back_to_where_they_may_go(client: Client) -> None:
    job = make_job()
    client.force_login(make_person(role="coordinator"))
    page = client.get(job.get_absolute_url()).content.decode()
    assert 'href="/kreasi/"' in page
    assert f"/usaha/{job.enterprise.number}/kreasi/" not in page
