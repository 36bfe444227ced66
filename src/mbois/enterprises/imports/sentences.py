"""What is said about a line is kept in every language: who reads it may speak another than who sent the file."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from django.conf import settings
from django.utils.translation import get_language, override

# In one language. Every field of a line can be wrong at once.
LONGEST = 2000
Sentence = Callable[[], str]


def in_every_language(
    sentences: Mapping[int, Sentence], here: Mapping[int, str] = MappingProxyType({})
) -> dict[int, dict[str, str]]:
    """Each sentence as {"id": "…", "en": "…"}, by the key of its line. It is made anew for each language,
    so that what it takes from the rules of other rooms is said in that language too; `here` is what has
    been said already in the active one."""
    active = get_language()
    said: dict[int, dict[str, str]] = {key: {} for key in sentences}
    for language, _name in settings.LANGUAGES:
        with override(language):
            for key, sentence in sentences.items():
                text = here[key] if language == active and key in here else sentence()
                said[key][language] = text[:LONGEST]
    return said
