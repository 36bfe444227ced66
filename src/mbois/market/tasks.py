"""What the worker does for the market."""

from django.db.models import Exists, OuterRef
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from mbois import clock
from mbois.market import pictures, quality
from mbois.market.actions import desk, visits
from mbois.market.actions.dressing import pictures_to_keep
from mbois.market.actions.forgetting import forget_buyers
from mbois.market.actions.orders import expire_orders
from mbois.market.models import Picture, Product, ProductPhoto, VersionPhoto


@app.task(queue="pictures", retry=RetryStrategy(max_attempts=4, exponential_wait=5))
def make_renditions(region_id: str, picture_id: int) -> None:
    """Make the sizes and formats pages show of a picture."""
    picture = Picture.objects.filter(region=region_id, pk=picture_id).first()
    if picture is None or picture.made_at is not None:
        return
    pictures.make_renditions(picture)
    if picture.sharpness is None:
        pictures.measure(picture)
    Picture.objects.filter(region=region_id, pk=picture_id).update(made_at=clock.now())


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="market_expire_orders")
def release_unconfirmed(timestamp: int) -> None:
    """Let go of stock kept for orders that nobody confirmed in time."""
    expire_orders()


@app.periodic(cron="20 19 * * *")  # 02:20 in Malang
@app.task(queueing_lock="market_unused_pictures")
def forget_unused_pictures(timestamp: int) -> None:
    """Remove pictures that no product shows any more, none delivered and none that an undo brings back."""
    used = ProductPhoto.objects.filter(region=OuterRef("region"), picture=OuterRef("pk"))
    delivered = VersionPhoto.objects.filter(region=OuterRef("region"), picture=OuterRef("pk"))
    kept = pictures_to_keep()
    for picture in Picture.objects.filter(~Exists(used), ~Exists(delivered))[: 500 + len(kept)]:
        if (picture.region_id, picture.pk) not in kept:
            pictures.forget(picture)


@app.periodic(cron="10 19 * * *")  # 02:10 in Malang
@app.task(queueing_lock="market_forget_buyers", queue="night")
def forget_old_buyers(timestamp: int) -> None:
    """Erase what buyers told of themselves a year ago."""
    forget_buyers()


@app.periodic(cron="30 23 * * *")  # 06:30 in Malang
@app.task(queueing_lock="market_creative_desk")
def look_at_the_desk(timestamp: int) -> None:
    """Late jobs go back to everybody; whose day is tomorrow is told."""
    desk.return_late()
    desk.remind()


@app.periodic(cron="5 17 * * *")  # 00:05 in Malang
@app.task(queueing_lock="market_forget_visitors")
def forget_visitors(timestamp: int) -> None:
    """Throw away what told one visitor from another yesterday."""
    visits.forget_visitors()


@app.task(name="market.judge")
def judge_again(region_id: str, products: list[int]) -> None:
    """Judge the listings of these products anew."""
    quality.refresh(region_id, products)


@app.task(name="market.judge_region", queue="night")
def judge_region(region_id: str) -> None:
    """Judge every product of a region anew."""
    quality.refresh_all(region_id)


@app.periodic(cron="40 19 * * *")  # 02:40 in Malang
@app.task(queueing_lock="market_judge_all", queue="night")
def judge_all(timestamp: int) -> None:
    """Judge every product anew: licences end, pictures were measured, rules change."""
    for region_id in Product.objects.order_by().values_list("region_id", flat=True).distinct():
        judge_region.configure(queueing_lock=f"market_judge_{region_id}").defer(region_id=region_id)
