"""What the signatures of all marketplaces share: a keyed digest, and comparing in constant time."""

import hashlib
import hmac


def digest(secret: str, message: bytes) -> str:
    """HMAC-SHA256 as 64 lower-case hexadecimal digits."""
    return hmac.new(_bytes(secret), message, hashlib.sha256).hexdigest()


def matches(secret: str, message: bytes, authorization: str, *, any_case: bool = False) -> bool:
    """Whether `authorization` is the digest of the message; never where there is no secret."""
    if not secret or not isinstance(authorization, str):
        return False
    given = authorization.lower() if any_case else authorization
    return hmac.compare_digest(digest(secret, message).encode(), _bytes(given))


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
