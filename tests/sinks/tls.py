"""Whom does a mailer trust on loopback? A certificate made for this run, and the contexts for both sides."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime
from functools import cache
from ipaddress import IPv4Address
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.sinks.behaviour import LOOPBACK


@cache
def _certificate() -> tuple[bytes, bytes]:
    """A self-signed certificate for 127.0.0.1 that every clock of this century accepts, and its key; both PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sink.example.com")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2000, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2099, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address(LOOPBACK))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return certificate.public_bytes(serialization.Encoding.PEM), private


def server_tls() -> ssl.SSLContext:
    """For a sink."""
    certificate, key = _certificate()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with TemporaryDirectory() as folder:  # ssl reads its own side from a file only
        file = Path(folder) / "both.pem"
        file.write_bytes(key + certificate)
        context.load_cert_chain(file)
    return context


def client_tls() -> ssl.SSLContext:
    """For a mailer that trusts the sink."""
    certificate, _ = _certificate()
    return ssl.create_default_context(cadata=certificate.decode("ascii"))
