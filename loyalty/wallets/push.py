"""Apple's push service: an empty notification, over HTTP/2 with the pass's own certificate, after which the
phone asks what has changed.

https://developer.apple.com/documentation/usernotifications/sending-notification-requests-to-apns and
https://developer.apple.com/documentation/walletpasses/adding-a-web-service-to-update-passes
"""

import ssl
from urllib.parse import quote

import httpx
from django.conf import settings

from loyalty.actions.wallets import forget_token
from loyalty.models import WalletPass
from loyalty.wallets import NotTold

TIMEOUT = httpx.Timeout(10, connect=5)
GONE = {(410, "Unregistered"), (400, "BadDeviceToken"), (400, "DeviceTokenNotForTopic")}


def tell_devices(one: WalletPass) -> None:
    """All phones that registered for the pass. Raises NotTold when one of them could not be told now."""
    tokens = list(one.devices.order_by("pk").values_list("push_token", flat=True))
    if not tokens:
        return
    with httpx.Client(http1=False, http2=True, verify=_context(), timeout=TIMEOUT, trust_env=False) as line:
        faults = [fault for token in tokens if (fault := _tell(line, token))]
    if faults:
        raise NotTold(f"{len(faults)} of {len(tokens)}: {faults[0]}")


def _context() -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=settings.APPLE_PUSH_AUTHORITY or None)
    context.load_cert_chain(settings.APPLE_PASS_CERTIFICATE, settings.APPLE_PASS_KEY)
    return context


def _tell(line: httpx.Client, token: str) -> str:
    """What went wrong; empty when the phone is told, or gone and forgotten."""
    address = f"{settings.APPLE_PUSH_URL}/3/device/{quote(token, safe='')}"
    try:
        answer = line.post(address, content=b"{}", headers={"apns-topic": settings.APPLE_PASS_TYPE})
    except httpx.HTTPError as fault:
        return type(fault).__name__
    if answer.status_code == httpx.codes.OK:
        return ""
    reason = _reason(answer)
    if (answer.status_code, reason) in GONE or answer.status_code == httpx.codes.GONE:
        forget_token(token)
        return ""
    return f"HTTP {answer.status_code} {reason}"


def _reason(answer: httpx.Response) -> str:
    try:
        said = answer.json()
    except ValueError:
        return ""
    return str(said.get("reason", ""))[:40] if isinstance(said, dict) else ""
