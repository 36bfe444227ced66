"""Every text has its Indonesian, and nothing else is in the files."""

import pytest

from mbois.web import translations


@pytest.mark.parametrize("room", translations.rooms())
def test_a_room_is_complete_in_indonesian(room: str) -> None:
    assert translations.problems(room) == []
