"""Certificates for passes that nobody else trusts, made for tests."""

from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from django.utils import timezone


@cache
def key_of(name: str) -> rsa.RSAPrivateKey:
    """Primes are dear to find: all tests of a process share them."""
    return rsa.generate_private_key(65537, 2048)


def throw_away(folder: Path, name: str, issuer: Any = None, signer: Any = None) -> tuple[Any, Any]:
    """A certificate for this test alone, with its key, as PEM files."""
    key = key_of(name)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = timezone.now()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(signer or key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    bare = serialization.NoEncryption()
    (folder / f"{name}.pem").write_bytes(certificate.public_bytes(pem))
    (folder / f"{name}.key").write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, bare))
    return certificate, key


def configure(settings: Any, folder: Path) -> None:
    """Switch both wallets on."""
    authority, key = throw_away(folder, "authority")
    throw_away(folder, "pass", authority, key)
    throw_away(folder, "localhost", authority, key)  # whom pushes are sent to
    settings.APPLE_PUSH_AUTHORITY = str(folder / "authority.pem")
    settings.APPLE_PASS_TYPE, settings.APPLE_PASS_TEAM = "pass.example.corner", "TEAM123456"
    settings.APPLE_PASS_CERTIFICATE = str(folder / "pass.pem")
    settings.APPLE_PASS_KEY = str(folder / "pass.key")
    settings.APPLE_PASS_AUTHORITY = str(folder / "authority.pem")
    settings.GOOGLE_WALLET_ISSUER = "3388000000012345678"
    settings.GOOGLE_WALLET_ACCOUNT = "wallet@example.iam.gserviceaccount.com"
    settings.GOOGLE_WALLET_KEY = str(folder / "pass.key")
