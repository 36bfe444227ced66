"""The room of the creative centre: spaces, equipment, bookings."""

from django.apps import AppConfig


class HubConfig(AppConfig):
    name = "mbois.hub"
    label = "hub"

    def ready(self) -> None:
        from mbois import invariants
        from mbois.hub import frame
        from mbois.hub.invariants import INVARIANTS
        from mbois.hub.venue import SpacesOfTheCentre
        from mbois.people import venues

        invariants.register(*INVARIANTS)
        venues.register(SpacesOfTheCentre())
        frame.register()
