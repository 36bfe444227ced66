"""The room of calls, cohorts, milestones, demo day."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StartupsConfig(AppConfig):
    name = "mbois.startups"
    label = "startups"

    def ready(self) -> None:
        from mbois import invariants
        from mbois.enterprises.merge import register_relation
        from mbois.people import claims
        from mbois.startups import frame
        from mbois.startups.invariants import INVARIANTS
        from mbois.startups.mine import move

        invariants.register(*INVARIANTS)
        register_relation("startups.Startup.enterprise", how="move", title=_("Startups"))
        claims.register_mover(move)
        frame.register()
