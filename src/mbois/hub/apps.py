"""The room of the creative centre: spaces, equipment, bookings."""

from django.apps import AppConfig


class HubConfig(AppConfig):
    name = "mbois.hub"
    label = "hub"
