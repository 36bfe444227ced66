"""Texts that a programme manager writes in two languages."""

from django.utils.translation import get_language


def in_words(indonesian: str, english: str) -> str:
    """The text in the reader's language; Indonesian where there is no English."""
    return english if english and (get_language() or "id").startswith("en") else indonesian
