"""How does SendGrid's Inbound Parse hand over a mail? As a form in raw mode, signed when a key is given."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import datetime

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from onboarding.adapters.mailers.sendgrid_news import SIGNATURE, TIMESTAMP

KEY = ec.generate_private_key(ec.SECP256R1())
PATH = "a-secret-end-of-the-address"
BOUNDARY = "xYzZY-5d1c"


def public_key(key: ec.EllipticCurvePrivateKey = KEY) -> str:
    """As SendGrid shows it when a security policy is made."""
    encoded = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return base64.b64encode(encoded).decode()


def form(raw: bytes, *, spf: str = "pass", dkim: str = "{@example.com : pass}", more: Sequence[str] = ()) -> bytes:
    """The body of a POST; `more` are names of further fields."""
    fields = {
        "headers": b"",
        "dkim": dkim.encode(),
        "email": raw,
        "to": b"welcome@example.com",
        "from": b"whoever it says",
        "sender_ip": b"203.0.113.7",
        "envelope": b'{"to":["welcome@example.com"],"from":"ada@example.com"}',
        "subject": b"Coffee",
        "charsets": b'{"to":"UTF-8","subject":"UTF-8","from":"UTF-8"}',
        "SPF": spf.encode(),
        **dict.fromkeys(more, b""),
    }
    parts = [
        b'--%s\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
        % (BOUNDARY.encode(), name.encode(), value)
        for name, value in fields.items()
    ]
    return b"".join(parts) + b"--%s--\r\n" % BOUNDARY.encode()


def headers(body: bytes, now: datetime, *, key: ec.EllipticCurvePrivateKey | None = None) -> dict[str, str]:
    """The headers of that POST, with lower-case names."""
    given = {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}
    if key is None:
        return given
    stamp = str(int(now.timestamp()))
    signature = key.sign(stamp.encode() + body, ec.ECDSA(hashes.SHA256()))
    return {**given, SIGNATURE: base64.b64encode(signature).decode(), TIMESTAMP: stamp}
