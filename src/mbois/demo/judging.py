"""How good the listings of the demo city are: at once for shops that are connected to a marketplace, by the
worker for everybody else, and once more when the pictures are drawn and can be measured."""

from mbois.market import quality
from mbois.market.models import Connection, Product
from mbois.market.tasks import judge_region

# After the last picture, whose jobs wait behind everything that somebody waits for.
AFTER_PICTURES = -20


def judge_listings() -> int:
    """Judge what is looked at first, and leave the rest to the worker; says how many were judged."""
    count = 0
    for region_id in Product.objects.order_by("region").values_list("region_id", flat=True).distinct():
        sellers = Connection.objects.filter(region=region_id).values("enterprise")
        rows = Product.objects.filter(region=region_id, enterprise__in=sellers)
        keys = list(rows.values_list("pk", flat=True))
        quality.refresh(region_id, keys)
        count += len(keys)
        judge_region.defer(region_id=region_id)
        judge_region.configure(queue="pictures", priority=AFTER_PICTURES).defer(region_id=region_id)
    return count
