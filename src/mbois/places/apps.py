"""The room of places."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "mbois.places"
    label = "places"
