"""The room of mentoring."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MentoringConfig(AppConfig):
    name = "mbois.mentoring"
    label = "mentoring"

    def ready(self) -> None:
        from mbois import invariants
        from mbois.enterprises.merge import register_relation
        from mbois.mentoring import frame
        from mbois.mentoring.invariants import INVARIANTS

        invariants.register(*INVARIANTS)
        register_relation("mentoring.Diagnosis.enterprise", how="move", title=_("Diagnoses"))
        register_relation("mentoring.Mentorship.enterprise", how="move", title=_("Mentorships"))
        register_relation("mentoring.CashEntry.enterprise", how="move", title=_("Entries of the cash book"))
        frame.register()
