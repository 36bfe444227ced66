"""What nobody sees is no answer, wherever it comes in."""

import pytest
from django import forms
from pydantic import TypeAdapter

from mbois.api_schemas import Text
from mbois.financing.forms.fieldwork import NeighboursInput
from mbois.people.names import clean_person_name
from mbois.web.forms import Form
from mbois.written import seen

NOTHING = ["\u200b", "\u200b \u2060", "\ufeff", "\u2800\u2800", "\u3164", "\u200d", "\x07", "\u00ad\u200e"]


class Reason(Form):
    reason = forms.CharField(max_length=40)
    password = forms.CharField(widget=forms.PasswordInput, required=False)


@pytest.mark.parametrize("text", NOTHING)
def test_invisible_signs_are_no_answer(text: str) -> None:
    assert not seen(text).strip()
    form = Reason({"reason": text})
    assert not form.is_valid() and "reason" in form.errors
    assert TypeAdapter(Text).validate_python(text).strip() == ""


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Ibu\u200b Sri", "Ibu Sri"),
        ("abc\u202egpj.exe", "abcgpj.exe"),
        ("baris satu\nbaris dua\t!", "baris satu\nbaris dua\t!"),
        ("👩\u200d🍳 Mbok Yem", "👩\u200d🍳 Mbok Yem"),
        ("Café ☕ قهوة", "Café ☕ قهوة"),
    ],
)
def test_what_is_seen_stays(text: str, read: str) -> None:
    assert seen(text) == read
    form = Reason({"reason": text, "password": f"{text}\u200b"})
    assert form.is_valid() and form.cleaned_data["reason"] == read
    assert form.cleaned_data["password"] == f"{text}\u200b"
    assert TypeAdapter(Text).validate_python(text) == read


def test_a_name_cannot_turn_the_line_around() -> None:
    assert clean_person_name("Sri \u202eWahyuni\u200b") == "Sri Wahyuni"


def test_nul_is_still_refused() -> None:
    assert not Reason({"reason": "a\x00b"}).is_valid()
    with pytest.raises(ValueError, match="NUL"):
        TypeAdapter(Text).validate_python("a\x00b")


def test_what_a_neighbour_says_can_be_read() -> None:
    told = {"neighbour_name": ["Bu RT", "\u200b"], "neighbour_word": ["\u200b", "\u2800"]}
    assert NeighboursInput().value_from_datadict(told, {}, "neighbours") == [{"name": "Bu RT", "word": ""}]
