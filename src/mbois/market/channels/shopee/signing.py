"""How Shopee's Open Platform v2 signs.

A request: HMAC-SHA256 with the partner key over partner_id, path, timestamp and, for calls on behalf of
a shop or a merchant, access_token and shop_id or merchant_id, one after the other. A push:
HMAC-SHA256 over the address it was sent to, a bar and the raw body.
"""

from collections.abc import Mapping

from mbois.market.channels.digests import digest, matches


def sign(*, secret: str, path: str, params: Mapping[str, str], body: str = "") -> str:
    """64 lower-case hexadecimal digits. The body and other parameters are no part of it."""
    values = [params.get("partner_id"), path, params.get("timestamp"), params.get("access_token")]
    values.append(params.get("shop_id") or params.get("merchant_id"))
    return digest(secret, "".join(str(value) for value in values if value not in (None, "")).encode())


def verify_webhook(*, secret: str, url: str, app_key: str, raw_body: bytes, authorization: str) -> bool:
    """Whether a push came from Shopee; `url` is the address registered there, as it is written there."""
    return matches(secret, url.encode("utf-8", "surrogatepass") + b"|" + raw_body, authorization)
