"""What happens here that rooms above may want to know."""

from django.dispatch import Signal

# A signed-in person chose a language: sender is the person's class; person, language
language_chosen = Signal()
