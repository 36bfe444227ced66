"""Forms read what people type."""

import base64
import io
import time

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import Context, Template
from django.utils.datastructures import MultiValueDict
from PIL import Image, ImageDraw

from mbois.refused import Refused
from mbois.web import choices
from mbois.web.forms import (
    DayField,
    FilesField,
    Form,
    MoneyField,
    PaperField,
    PhoneField,
    Point,
    PointField,
    SearchChoiceField,
    SignatureField,
)
from mbois.web.forms.fields import read_money


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1500000", 1_500_000),
        ("1.500.000", 1_500_000),
        ("Rp 1.500.000", 1_500_000),
        ("Rp1,500,000", 1_500_000),
        ("rp. 1.500.000,-", 1_500_000),
        ("Rp 1.500.000,00", 1_500_000),
        ("1,500,000.00", 1_500_000),
        ("1 500 000", 1_500_000),
        ("Rp\u00a01.500.000", 1_500_000),
        ("1.500.000" + " " * 60 + "abc", None),
        ("1" + " " * 900 + "x", None),
        ("9" * 61, None),
        ("500rb", 500_000),
        ("2,5 juta", 2_500_000),
        ("2.5jt", 2_500_000),
        ("1,25 juta", 1_250_000),
        ("0", 0),
        ("1.500", 1_500),
        ("1.5", None),
        ("1.500.00", None),
        ("1.500.000,50", None),
        ("15.00.000", None),
        ("-5", None),
        ("abc", None),
        ("١٢٣", None),
        ("1e6", None),
        ("", None),
    ],
)
def test_money_is_read_as_people_write_it(typed: str, amount: int | None) -> None:
    begun = time.process_time()
    assert read_money(typed) == amount
    assert time.process_time() - begun < 1


class Asked(Form):
    amount = MoneyField(label="Amount", min_value=1_000_000, max_value=10_000_000, help_text="Whole rupiah.")
    phone = PhoneField(label="Phone", required=False)
    day = DayField(label="Day", required=False)


@pytest.mark.parametrize("typed", ["9999-12-31", "2201-01-01", "1899-12-31", "0001-01-01"])
def test_a_day_in_another_age_is_none(typed: str) -> None:
    assert Asked({"amount": "2000000", "day": typed}).errors["day"] == ["That day is too far away."]


def test_money_outside_its_limits_says_which() -> None:
    form = Asked({"amount": "500.000"})
    assert form.errors["amount"] == ["At least Rp\u00a01,000,000."]


def test_what_was_typed_stays() -> None:
    html = Template("{% form_fields form %}").render(Context({"form": Asked({"amount": "satu juta"})}))
    assert 'value="satu juta"' in html
    assert 'aria-describedby="id_amount_helptext id_amount_error"' in html
    assert 'href="#id_amount"' in html


def test_a_refusal_stands_beside_its_field_or_on_top() -> None:
    form = Asked({"amount": "2000000"})
    assert form.is_valid()
    form.refuse(Refused("More than is left.", field="amount"))
    assert form.errors["amount"] == ["More than is left."]
    form.refuse(Refused("Closed.", field="elsewhere"))
    assert form.non_field_errors() == ["Closed."]


@pytest.mark.parametrize("typed", ["0812-3456-7890", "+62 812 3456 7890", "6281234567890", "081234567890"])
def test_a_phone_number_is_one_however_typed(typed: str) -> None:
    form = Asked({"amount": "2000000", "phone": typed})
    assert form.is_valid(), form.errors
    assert str(form.cleaned_data["phone"]) == "+6281234567890"


@pytest.mark.parametrize("typed", ["2026-12-31", "31-12-2026", "31/12/2026", "31.12.2026"])
def test_a_day_is_read_in_the_usual_ways(typed: str) -> None:
    form = Asked({"amount": "2000000", "day": typed})
    assert form.is_valid() and form.cleaned_data["day"].isoformat() == "2026-12-31"


class Signed(forms.Form):
    signature = SignatureField()


def _drawn(
    colour: str | tuple[int, ...],
    size: tuple[int, int] = (300, 120),
    line: tuple[int, ...] = (20, 80, 280, 40),
) -> str:
    """What the pad sends: a transparent picture with a line in this colour."""
    picture = Image.new("RGBA", size, (0, 0, 0, 0))
    ImageDraw.Draw(picture).line(line, fill=colour, width=3)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()


DRAWN = _drawn("#1d2b3a")


def test_a_drawn_signature_is_a_file() -> None:
    form = Signed({"signature": DRAWN})
    assert form.is_valid() and form.cleaned_data["signature"].content_type == "image/png"


def test_a_photo_does_as_well() -> None:
    photo = SimpleUploadedFile("thumb.jpg", b"x", "image/jpeg")
    form = Signed({"signature": ""}, {"signature_photo": photo})
    assert form.is_valid() and form.cleaned_data["signature"].name == "thumb.jpg"


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "data:image/png;base64,!!",
        "data:text/html;base64,AAAA",
        "x",
        "data:image/png;base64," + base64.b64encode(b"\x89PNG\r\n\x1a\n rest").decode(),
        _drawn("white"),
        _drawn((0, 0, 0, 0)),
        _drawn("#1d2b3a", (5_000, 10)),
        _drawn("#1d2b3a", line=(150, 60, 154, 62)),
    ],
)
def test_no_signature_is_told(sent: str) -> None:
    assert Signed({"signature": sent}).errors["signature"]


class Placed(forms.Form):
    position = PointField(required=False)


@pytest.mark.parametrize(
    ("latitude", "longitude", "point"),
    [
        ("-7.9826", "112.6308", Point(-7.9826, 112.6308)),
        ("-7,98", "112,63", Point(-7.98, 112.63)),
        ("", "", None),
    ],
)
def test_a_point_is_two_numbers(latitude: str, longitude: str, point: Point | None) -> None:
    form = Placed({"position_lat": latitude, "position_lon": longitude})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["position"] == point


@pytest.mark.parametrize(
    ("latitude", "longitude", "reason"),
    [
        ("0", "0", "outside"),
        ("-7.98", "", "both numbers"),
        ("x", "y", "in numbers"),
        ("x", "", "in numbers"),
        ("nan", "112.6", "outside"),
    ],
)
def test_a_point_elsewhere_or_half_is_refused(latitude: str, longitude: str, reason: str) -> None:
    form = Placed({"position_lat": latitude, "position_lon": longitude})
    assert reason in form.errors["position"][0]


VILLAGES = {"1": "Kauman", "2": "Kasin", "3": "Sisir"}
choices.register(
    "test-villages",
    choices.Source(
        search=lambda text: [
            choices.Option(key, name) for key, name in VILLAGES.items() if text.lower() in name.lower()
        ],
        find=lambda value: choices.Option(value, VILLAGES[value]) if value in VILLAGES else None,
    ),
)


class Village(forms.Form):
    village = SearchChoiceField(source="test-villages")


@pytest.mark.parametrize(
    ("sent", "value"),
    [
        ({"village": "1", "village_text": "Kauman"}, "1"),
        ({"village": "", "village_text": "sis"}, "3"),
        ({"village_text": "kauman"}, "1"),
        ({"village_text": "ka", "village_pick": "2"}, "2"),
    ],
)
def test_a_village_is_found_by_value_or_by_text(sent: dict[str, str], value: str) -> None:
    form = Village(sent)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["village"] == value


def test_several_that_fit_are_offered() -> None:
    form = Village({"village_text": "ka"})
    assert form.errors["village"] == ["Several fit. Choose one of them."]
    assert 'value="2"' in str(form["village"])


def test_one_that_is_not_there_is_told() -> None:
    assert "Try another word" in Village({"village": "99", "village_text": "zzz"}).errors["village"][0]


class Papers(forms.Form):
    paper = PaperField(required=False, largest=1024 * 1024)
    several = FilesField(required=False, most=2)


def test_too_large_a_file_is_refused_by_name() -> None:
    form = Papers({}, {"paper": SimpleUploadedFile("big.pdf", b"x" * (1024 * 1024 + 1))})
    assert "big.pdf" in form.errors["paper"][0]


def test_several_files_come_as_a_list() -> None:
    files = MultiValueDict({"several": [SimpleUploadedFile(f"{n}.pdf", b"x") for n in range(3)]})
    assert "At most 2" in Papers({}, files).errors["several"][0]
    files.setlist("several", files.getlist("several")[:2])
    form = Papers({}, files)
    assert form.is_valid() and len(form.cleaned_data["several"]) == 2


class Plain(Form):
    workers = forms.IntegerField(min_value=0, max_value=100_000)
    email = forms.EmailField()
    name = forms.CharField(max_length=5)


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("workers", "2.5", "Enter a whole number, for example 12."),
        ("workers", "-1", "At least 0."),
        ("workers", "100001", "At most 100,000."),
        ("workers", "", "Please fill this in."),
        ("email", "sri@", "Enter an e-mail address such as nama@contoh.id."),
        ("name", "abcdefg", "At most 5 characters; this has 7."),
    ],
)
def test_a_form_speaks_plainly(field: str, typed: str, sentence: str) -> None:
    assert Plain({field: typed}).errors[field] == [sentence]
