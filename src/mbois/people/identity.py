"""Identity numbers: sealed at rest, searched by a keyed hash, shown masked."""

import base64
import hashlib
import hmac
import os
from functools import cache

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


@cache
def _key(purpose: bytes) -> bytes:
    """A key of 32 bytes for one purpose, derived from the installation's identity key."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(
        base64.b64decode(settings.IDENTITY_KEY)
    )


@cache
def _box() -> AESGCM:
    return AESGCM(_key(b"seal"))


def seal(number: str) -> str:
    """Encrypt (AES-256-GCM, random nonce). The same number never looks the same twice."""
    nonce = os.urandom(12)
    return base64.b64encode(nonce + _box().encrypt(nonce, number.encode(), None)).decode()


def unseal(sealed: str) -> str:
    """The number again. Raises cryptography's InvalidTag when it was tampered with."""
    raw = base64.b64decode(sealed)
    return _box().decrypt(raw[:12], raw[12:], None).decode()


def digest(kind: str, number: str) -> str:
    """A keyed hash by which a sealed number can be found: 64 hexadecimal digits."""
    return hmac.new(_key(b"hash"), f"{kind}:{number}".encode(), hashlib.sha256).hexdigest()


def masked(number: str) -> str:
    """`3573••••••••0001`: enough to recognise, not enough to use."""
    return number[:4] + "•" * max(len(number) - 8, 0) + number[-4:] if len(number) > 8 else "•" * len(number)
