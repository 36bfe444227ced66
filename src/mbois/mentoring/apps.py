"""The room of mentoring."""

from django.apps import AppConfig


class MentoringConfig(AppConfig):
    name = "mbois.mentoring"
    label = "mentoring"
