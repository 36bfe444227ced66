"""People for tests."""

import io
from itertools import count

from django.core.files.base import ContentFile
from PIL import Image

from mbois.people.models import Membership, Organisation, Person, Role
from mbois.places.models import Area, Region

NAMES = {"35.73": "Kota Malang", "35.07": "Kabupaten Malang", "35.79": "Kota Batu"}
KINDS = {
    Role.VILLAGE_OFFICER: "village",
    Role.FIELD_OFFICER: "bank",
    Role.APPROVER: "bank",
    Role.TELLER: "bank",
    Role.ASSESSOR: "baznas",
}
_number = count(1)


def make_region(code: str = "35.73") -> Region:
    """A region, made once."""
    return Region.objects.get_or_create(code=code, defaults={"name": NAMES.get(code, code)})[0]


def make_organisation(region: str = "35.73", kind: str = "agency") -> Organisation:
    """An organisation of a kind in a region, made once."""
    return Organisation.objects.get_or_create(
        region=make_region(region), name=f"{kind.title()} {region}", defaults={"kind": kind}
    )[0]


def make_person(
    name: str = "",
    *,
    role: str | None = None,
    region: str = "35.73",
    area: str | None = None,
    password: str | None = None,
    **fields: object,
) -> Person:
    """A person with an account; with a role, a member of an organisation of the region.

    A phone is given unless phone or e-mail is among the fields; `area` is made the member's area
    (it must exist)."""
    number = next(_number)
    if "phone" not in fields and "email" not in fields:
        fields["phone"] = f"+6281234{number:06d}"
        fields.setdefault("phone_verified", True)
    person = Person.objects.create_user(name=name or f"Person {number}", password=password, **fields)
    if role:
        join(person, role, region=region, area=area)
    return person


def join(person: Person, role: str, *, region: str = "35.73", area: str | None = None) -> Membership:
    """Make a person a member of the region's organisation that fits the role."""
    person.__dict__.pop("memberships_now", None)
    person.__dict__.pop("roles", None)
    return Membership.objects.create(
        person=person,
        role=role,
        region=make_region(region),
        area=Area.objects.get(pk=area) if area else None,
        organisation=make_organisation(region, KINDS.get(Role(role), "agency")),
    )


def picture(
    kind: str = "JPEG", *, size: tuple[int, int] = (60, 40), name: str = "photo.jpg", **options: object
) -> ContentFile:
    """An upload with a picture."""
    output = io.BytesIO()
    Image.new("RGB", size, "teal").save(output, kind, **options)
    return ContentFile(output.getvalue(), name=name)


def pdf(
    *, inside: bytes = b"", trailer: bytes = b"", end: bytes = b"", name: str = "paper.pdf"
) -> ContentFile:
    """An upload with a small good PDF; `inside`, `trailer` and `end` add to it."""
    body = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R " + inside + b">>\nendobj\n"
    body += b"2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\n"
    start = len(body)
    body += b"xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Root 1 0 R /Size 3 " + trailer + b">>\n"
    return ContentFile(body + b"startxref\n%d\n%%%%EOF\n" % start + end, name=name)
