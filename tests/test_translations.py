"""Every text has its Indonesian, and nothing else is in the files."""

import pytest

from mbois.web import translations


@pytest.mark.parametrize("room", translations.rooms())
def test_a_room_is_complete_in_indonesian(room: str) -> None:
    assert translations.problems(room) == []


def test_texts_are_found_in_code_and_templates() -> None:
    english = {text.english for text in translations.texts("web")}
    assert "Skip to content" in english  # a template
    assert "Enter an amount of money, for example 1.500.000." in english  # code
