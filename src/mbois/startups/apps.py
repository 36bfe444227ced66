"""The room of calls, cohorts, milestones, demo day."""

from django.apps import AppConfig


class StartupsConfig(AppConfig):
    name = "mbois.startups"
    label = "startups"
