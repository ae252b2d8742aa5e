"""Google Wallet: a link that carries the card as a signed token (JWT, RFC 7519; RS256, RFC 7518), and the
newest of it sent later as a service account.

Fields: https://developers.google.com/wallet/retail/loyalty-cards/rest
"""

import base64
import json
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import httpx
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from django.conf import settings
from django.templatetags.static import static
from google.auth.transport.requests import Request
from google.oauth2.service_account import Credentials

from loyalty.wallets import NotTold
from loyalty.wallets.face import PassFace

SAVE = "https://pay.google.com/gp/v/save/"
SCOPE = "https://www.googleapis.com/auth/wallet_object.issuer"
SECONDS = 10
NOT_FOUND, REFUSED = 404, 400
KEPT = ("id", "classId")  # of an object that is there, these never change


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


def update(face: PassFace) -> None:
    """What the card shows now. One that nobody has added is not there yet, and comes whole when it is.
    Raises NotTold."""
    body = {name: value for name, value in _object(face, face.merchant).items() if name not in KEPT}
    address = f"{settings.GOOGLE_WALLET_API}/walletobjects/v1/loyaltyObject/{_object_id(face)}"
    headers = {"Authorization": f"Bearer {_token()}"}
    answer = httpx.patch(address, json=body, headers=headers, timeout=SECONDS, trust_env=False)
    if answer.status_code >= REFUSED and answer.status_code != NOT_FOUND:
        raise NotTold(f"HTTP {answer.status_code}")


def _token() -> str:
    """Asked for once an hour: the service account signs for it with its key."""
    signer = _signer(settings.GOOGLE_WALLET_ACCOUNT, settings.GOOGLE_WALLET_KEY, settings.GOOGLE_TOKEN_URL)
    if not signer.valid:
        signer.refresh(partial(Request(), timeout=SECONDS))
    return str(signer.token)


@lru_cache(maxsize=2)
def _signer(account: str, key: str, token_url: str) -> Credentials:
    facts = {"client_email": account, "private_key": Path(key).read_text(), "token_uri": token_url}
    return Credentials.from_service_account_info(facts, scopes=[SCOPE])


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
        "id": _object_id(face),
        "classId": _class_id(merchant),
        "state": "INACTIVE" if face.is_void else "ACTIVE",
        "accountId": face.number,
        "accountName": face.holder,
        "barcode": {"type": "QR_CODE", "value": face.code, "alternateText": face.number},
        "loyaltyPoints": {"label": face.points_word, "balance": {"int": face.points}},
        "textModulesData": [
            {"id": fact.key, "header": fact.label, "body": fact.value}
            for fact in (*face.facts, *face.small_print)
        ],
    }


def _object_id(face: PassFace) -> str:
    return f"{settings.GOOGLE_WALLET_ISSUER}.{face.serial}"


def _signed(claims: dict[str, Any]) -> str:
    head = _part({"alg": "RS256", "typ": "JWT"})
    text = f"{head}.{_part(claims)}"
    key: Any = serialization.load_pem_private_key(Path(settings.GOOGLE_WALLET_KEY).read_bytes(), None)
    return f"{text}.{_plain(key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


def _part(content: dict[str, Any]) -> str:
    return _plain(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode())


def _plain(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
