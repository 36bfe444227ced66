"""The room of the market."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MarketConfig(AppConfig):
    name = "mbois.market"
    label = "market"

    def ready(self) -> None:
        from mbois import invariants
        from mbois.enterprises.merge import register_relation
        from mbois.market.invariants import INVARIANTS

        invariants.register(*INVARIANTS)
        register_relation("market.Product.enterprise", how="move", title=_("Products"))
        register_relation("market.Order.enterprise", how="move", title=_("Orders"))
        register_relation("market.Connection.enterprise", how="move", title=_("Shops at marketplaces"))
        register_relation("market.SalesFile.enterprise", how="move", title=_("Sales reports"))
        register_relation("market.CreativeJob.enterprise", how="move", title=_("Jobs at the creative desk"))
        register_relation("market.Campaign.enterprise", how="move", title=_("Campaigns"))
        register_relation("market.CampaignSeller.enterprise", how="move", title=_("Parts in campaigns"))
        register_relation("market.TrackedLink.enterprise", how="move", title=_("Links of campaigns"))
        # one per enterprise: where both have one, the loser's stays with it and is no longer shown
        register_relation("market.Shop.enterprise", how="move", title=_("Shop page"))

        from mbois.market import frame, frame_desk, proofs
        from mbois.market.changes import on_change
        from mbois.market.round_tasks import wake

        frame.register()
        frame_desk.register()
        proofs.register()
        on_change(wake)
