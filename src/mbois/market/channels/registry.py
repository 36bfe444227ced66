"""The marketplaces there are, and the app by which each knows us."""

import os
from functools import cache

from mbois.market.channels.base import App, Platform
from mbois.market.channels.lazada.channel import Lazada
from mbois.market.channels.shopee.channel import Shopee
from mbois.market.channels.tokopedia_shop.channel import TokopediaShop

PLATFORMS: dict[str, Platform] = {
    platform.key: platform for platform in (Shopee(), TokopediaShop(), Lazada())
}


def app_of(key: str) -> App | None:
    """The app of this installation at a platform: MBOIS_SHOPEE_URL, MBOIS_SHOPEE_KEY and
    MBOIS_SHOPEE_SECRET, and so on. None where the city has none."""
    return _app(
        key,
        os.environ.get(f"MBOIS_{key.upper()}_URL", ""),
        os.environ.get(f"MBOIS_{key.upper()}_KEY", ""),
        os.environ.get(f"MBOIS_{key.upper()}_SECRET", ""),
    )


@cache
def _app(key: str, url: str, app_key: str, secret: str) -> App | None:
    return App(url.rstrip("/"), app_key, secret) if url and app_key and secret else None


def simulated(key: str) -> bool:
    """Whether the platform of this installation is a simulator on this machine."""
    return os.environ.get(f"MBOIS_{key.upper()}_SIMULATED", "") == "1"
