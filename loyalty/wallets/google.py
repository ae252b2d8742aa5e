"""Google Wallet: a link that carries the card as a signed token (JWT, RFC 7519; RS256, RFC 7518).

Fields: https://developers.google.com/wallet/retail/loyalty-cards/rest
"""

import base64
import json
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from django.conf import settings
from django.templatetags.static import static

from loyalty.wallets.face import PassFace

SAVE = "https://pay.google.com/gp/v/save/"


def is_configured() -> bool:
    return bool(
        settings.GOOGLE_WALLET_ISSUER and settings.GOOGLE_WALLET_ACCOUNT and settings.GOOGLE_WALLET_KEY
    )


def save_link(face: PassFace, *, merchant: str, now: int) -> str:
    """``now`` in seconds since 1970. The person follows the link and Google adds the card."""
    claims = {
        "iss": settings.GOOGLE_WALLET_ACCOUNT,
        "aud": "google",
        "typ": "savetowallet",
        "iat": now,
        "origins": [settings.SITE_URL],
        "payload": {"loyaltyClasses": [_class(face, merchant)], "loyaltyObjects": [_object(face, merchant)]},
    }
    return SAVE + _signed(claims)


def _class_id(merchant: str) -> str:
    return f"{settings.GOOGLE_WALLET_ISSUER}.{merchant}"


def _class(face: PassFace, merchant: str) -> dict[str, Any]:
    logo = f"{settings.SITE_URL}{static('icons/icon-512.png')}"
    return {
        "id": _class_id(merchant),
        "issuerName": face.shop,
        "programName": face.name,
        "programLogo": {"sourceUri": {"uri": logo}},
        "hexBackgroundColor": face.ground,
        "reviewStatus": "UNDER_REVIEW",
    }


def _object(face: PassFace, merchant: str) -> dict[str, Any]:
    return {
        "id": f"{settings.GOOGLE_WALLET_ISSUER}.{face.serial}",
        "classId": _class_id(merchant),
        "state": "INACTIVE" if face.is_void else "ACTIVE",
        "accountId": face.number,
        "accountName": face.holder,
        "barcode": {"type": "QR_CODE", "value": face.code, "alternateText": face.number},
        "loyaltyPoints": {"label": face.points_word, "balance": {"int": face.points}},
    }


def _signed(claims: dict[str, Any]) -> str:
    head = _part({"alg": "RS256", "typ": "JWT"})
    text = f"{head}.{_part(claims)}"
    key: Any = serialization.load_pem_private_key(Path(settings.GOOGLE_WALLET_KEY).read_bytes(), None)
    return f"{text}.{_plain(key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


def _part(content: dict[str, Any]) -> str:
    return _plain(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode())


def _plain(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
