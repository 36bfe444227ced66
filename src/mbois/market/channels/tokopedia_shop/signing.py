"""How the TikTok Shop API signs, by which Tokopedia & Shop is served.

A request: the parameters sorted by name (without `sign` and `access_token`), each name followed by
its value, the path in front, the body behind, the secret at both ends; HMAC-SHA256 with the secret.
A push: HMAC-SHA256 over the app key and the raw body.
"""

from collections.abc import Mapping

from mbois.market.channels.digests import digest, matches

UNSIGNED = {"sign", "access_token"}


def sign(*, secret: str, path: str, params: Mapping[str, str], body: str = "") -> str:
    """64 lower-case hexadecimal digits."""
    pairs = "".join(
        f"{name}{params[name]}"
        for name in sorted(params)
        if name not in UNSIGNED and params[name] is not None
    )
    return digest(secret, f"{secret}{path}{pairs}{body}{secret}".encode())


def verify_webhook(*, secret: str, url: str, app_key: str, raw_body: bytes, authorization: str) -> bool:
    """Whether a push came from the platform."""
    return matches(secret, app_key.encode("utf-8", "surrogatepass") + raw_body, authorization)
