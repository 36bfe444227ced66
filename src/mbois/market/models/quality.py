"""How good a product's listings are, kept beside it so that lists can be sorted by it."""

from django.db import models

from mbois import clock
from mbois.market.models.products import Product
from mbois.places.owned import Owned, RegionForeignKey


class Quality(Owned):
    """What the rules of each channel said of a product when it was last judged.

    The product's own page judges anew; this is what lists read, and what tells what mending has brought.
    """

    product = RegionForeignKey(Product, on_delete=models.CASCADE, related_name="quality")
    # 0 to 100 by channel: {"shop": 72, "shopee": 60}
    scores = models.JSONField(default=dict)
    # The channels that do not take it as it is.
    blocked = models.JSONField(default=list)
    # What was found at any of them: codes of `channels.findings`.
    found = models.JSONField(default=list)
    # The same three before the last mending, and when that was.
    before = models.JSONField(default=dict)
    mended_at = models.DateTimeField(null=True, blank=True)
    judged_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["region", "product"], name="quality_once_a_product")]

    def __str__(self) -> str:
        return f"{self.product_id}: {self.scores}"
