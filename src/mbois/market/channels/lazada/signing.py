"""How the Lazada Open Platform signs.

A request: the parameters sorted by name (without `sign`), each name followed by its value, the path
in front and the body, where there is one, behind; HMAC-SHA256 with the app secret, in upper case.
A push: HMAC-SHA256 over the app key and the raw body.
"""

from collections.abc import Mapping

from mbois.market.channels.digests import digest, matches


def sign(*, secret: str, path: str, params: Mapping[str, str], body: str = "") -> str:
    """64 upper-case hexadecimal digits."""
    pairs = "".join(
        f"{name}{params[name]}" for name in sorted(params) if name != "sign" and params[name] is not None
    )
    return digest(secret, f"{path}{pairs}{body}".encode()).upper()


def verify_webhook(*, secret: str, url: str, app_key: str, raw_body: bytes, authorization: str) -> bool:
    """Whether a push came from Lazada, in whichever case it writes its digits."""
    return matches(secret, app_key.encode("utf-8", "surrogatepass") + raw_body, authorization, any_case=True)
