"""Tickets that a phone can check without a line: each QR code carries a signature.

ECDSA over P-256 with SHA-256: what every browser of the last ten years can verify. A door phone gets the
public key only, so that a lost one recognises tickets and makes none. The private key of an activity
follows from the installation's key; it is stored nowhere.
"""

import base64
import hashlib
import io
from functools import lru_cache

import segno
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from mbois.agenda.codes import ticket_in

MARK = "MBOIS1"
# The same ticket has the same code whenever it is shown (RFC 6979).
_ALWAYS_THE_SAME = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)
_ORDER = int("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551", 16)


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@lru_cache(maxsize=512)
def _private(activity: str) -> ec.EllipticCurvePrivateKey:
    """The key that signs the tickets of one activity (by its code)."""
    seed = HKDF(
        algorithm=hashes.SHA256(), length=48, salt=None, info=b"mbois agenda tickets " + activity.encode()
    ).derive(base64.b64decode(settings.IDENTITY_KEY))
    return ec.derive_private_key(int.from_bytes(seed, "big") % (_ORDER - 1) + 1, ec.SECP256R1())


def public_key(activity: str) -> dict[str, str]:
    """The public key of an activity's tickets, as a JSON Web Key that browsers import."""
    numbers = _private(activity).public_key().public_numbers()
    return {
        "kty": "EC",
        "crv": "P-256",
        "x": _text(numbers.x.to_bytes(32, "big")),
        "y": _text(numbers.y.to_bytes(32, "big")),
    }


def payload(activity: str, code: str) -> str:
    """What the QR code of a ticket says: `MBOIS1.G-3573-K7M2X9.K7M2X9BCDF.<signature>`."""
    said = f"{MARK}.{activity}.{code}"
    r, s = decode_dss_signature(_private(activity).sign(said.encode(), _ALWAYS_THE_SAME))
    return f"{said}.{_text(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


def read(text: str) -> tuple[str, str, bool]:
    """Activity's code, ticket's code and whether our signature stands under it, from what was scanned.
    A code typed by hand has neither activity nor signature; nonsense has nothing."""
    parts = text.strip().split(".")
    if len(parts) != 4 or parts[0] != MARK:
        return "", ticket_in(text), False
    activity, code, signature = parts[1], parts[2], parts[3]
    try:
        raw = base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
        if len(raw) != 64:
            raise InvalidSignature
        der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
        _private(activity).public_key().verify(
            der, f"{MARK}.{activity}.{code}".encode(), ec.ECDSA(hashes.SHA256())
        )
    except (InvalidSignature, ValueError):
        return activity, code, False
    return activity, code, True


def mark_of(code: str, door: str) -> str:
    """What a door phone keeps of a ticket's code: enough to know one that is typed, not to make one."""
    return hashlib.sha256(f"{door}:{code}".encode()).hexdigest()[:12]


def qr_svg(text: str, *, title: str = "") -> SafeString:
    """A QR code as an SVG element, black on white also in the dark."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, svgns=True, border=3, light="#fff", dark="#000", omitsize=True,
        svgclass="qr", lineclass=None, title=title or None,
    )  # fmt: skip
    return mark_safe(out.getvalue().decode())
