"""What the worker does for the market."""

from django.db.models import Exists, OuterRef
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from mbois import clock
from mbois.market import pictures
from mbois.market.actions.orders import expire_orders
from mbois.market.models import Picture, ProductPhoto


@app.task(queue="pictures", retry=RetryStrategy(max_attempts=4, exponential_wait=5))
def make_renditions(region_id: str, picture_id: int) -> None:
    """Make the sizes and formats pages show of a picture."""
    picture = Picture.objects.filter(region=region_id, pk=picture_id).first()
    if picture is None or picture.made_at is not None:
        return
    pictures.make_renditions(picture)
    Picture.objects.filter(region=region_id, pk=picture_id).update(made_at=clock.now())


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="market_expire_orders")
def release_unconfirmed(timestamp: int) -> None:
    """Let go of stock kept for orders that nobody confirmed in time."""
    expire_orders()


@app.periodic(cron="20 19 * * *")  # 02:20 in Malang
@app.task(queueing_lock="market_unused_pictures")
def forget_unused_pictures(timestamp: int) -> None:
    """Remove pictures that no product shows any more."""
    used = ProductPhoto.objects.filter(region=OuterRef("region"), picture=OuterRef("pk"))
    for picture in Picture.objects.filter(~Exists(used))[:500]:
        pictures.forget(picture)
