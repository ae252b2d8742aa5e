"""Apple Wallet: a pass is a ZIP of pictures, pass.json, a manifest of SHA-1 sums and its detached signature.

Format: Apple's "Wallet Passes", https://developer.apple.com/documentation/walletpasses.
"""

import hashlib
import io
import json
import zipfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.serialization import pkcs7
from django.conf import settings
from django.urls import reverse
from PIL import Image, ImageDraw, ImageFont

from loyalty.look.contrast import parse
from loyalty.wallets.face import PassFace

MIME = "application/vnd.apple.pkpass"
ICONS = {"icon.png": 29, "icon@2x.png": 58, "icon@3x.png": 87}
LOGOS = {"logo.png": 50, "logo@2x.png": 100}


def is_configured() -> bool:
    return bool(
        settings.APPLE_PASS_TYPE
        and settings.APPLE_PASS_TEAM
        and settings.APPLE_PASS_CERTIFICATE
        and settings.APPLE_PASS_KEY
        and settings.APPLE_PASS_AUTHORITY
    )


def pkpass(face: PassFace) -> bytes:
    """The whole file, signed."""
    files = {"pass.json": json.dumps(told(face), ensure_ascii=False).encode()}
    files |= {name: _icon(face, side) for name, side in (ICONS | LOGOS).items()}
    sums = {name: hashlib.sha1(content, usedforsecurity=False).hexdigest() for name, content in files.items()}
    manifest = json.dumps(sums, sort_keys=True).encode()
    files |= {"manifest.json": manifest, "signature": _signed(manifest)}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def told(face: PassFace) -> dict[str, Any]:
    """pass.json: a store card with the points on top, the square below, the rest on its back."""
    square = {
        "format": "PKBarcodeFormatQR",
        "message": face.code,
        "messageEncoding": "iso-8859-1",
        "altText": face.number,
    }
    return {
        "formatVersion": 1,
        "passTypeIdentifier": settings.APPLE_PASS_TYPE,
        "teamIdentifier": settings.APPLE_PASS_TEAM,
        "serialNumber": face.serial,
        "organizationName": face.shop,
        "description": face.name,
        "logoText": face.shop,
        "foregroundColor": _rgb(face.ink),
        "labelColor": _rgb(face.ink),
        "backgroundColor": _rgb(face.ground),
        "sharingProhibited": True,
        "voided": face.is_void,
        "barcodes": [square],
        "storeCard": {
            "headerFields": [{"key": "points", "label": face.points_word, "value": face.points}],
            "secondaryFields": [{"key": "name", "label": face.name, "value": face.holder}],
            "auxiliaryFields": [asdict(fact) for fact in face.facts],
            "backFields": [asdict(fact) for fact in face.small_print],
        },
        **_kept_fresh(face),
    }


def _kept_fresh(face: PassFace) -> dict[str, str]:
    """Where the phone asks for the newest; phones ask by HTTPS alone."""
    if not settings.SITE_URL.startswith("https://"):
        return {}
    address = f"{settings.SITE_URL}{reverse('loyalty:apple_log').removesuffix('v1/log')}"
    return {"webServiceURL": address, "authenticationToken": face.secret}


def _rgb(colour: str) -> str:
    return "rgb({}, {}, {})".format(*parse(colour))


def _signed(manifest: bytes) -> bytes:
    """Detached PKCS #7 (RFC 2315) over the manifest, with Apple's intermediate certificate beside ours."""
    key: Any = serialization.load_pem_private_key(Path(settings.APPLE_PASS_KEY).read_bytes(), None)
    builder = (
        pkcs7.PKCS7SignatureBuilder()
        .set_data(manifest)
        .add_signer(_certificate(settings.APPLE_PASS_CERTIFICATE), key, hashes.SHA256())
        .add_certificate(_certificate(settings.APPLE_PASS_AUTHORITY))
    )
    options = [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary]
    return builder.sign(serialization.Encoding.DER, options)


def _certificate(path: str) -> x509.Certificate:
    return x509.load_pem_x509_certificate(Path(path).read_bytes())


def _icon(face: PassFace, side: int) -> bytes:
    """The shop's first letter on the card's colour; drawn large and made small, so that edges are smooth."""
    large = side * 4
    picture = Image.new("RGBA", (large, large), (0, 0, 0, 0))
    pen = ImageDraw.Draw(picture)
    pen.rounded_rectangle((0, 0, large - 1, large - 1), large // 5, fill=face.ground)
    if Path(settings.CJK_FONT).exists():
        font = ImageFont.truetype(settings.CJK_FONT, large * 6 // 10)
        pen.text((large / 2, large / 2), face.shop[:1], font=font, fill=face.ink, anchor="mm")
    out = io.BytesIO()
    picture.resize((side, side), Image.Resampling.LANCZOS).save(out, "PNG")
    return out.getvalue()
