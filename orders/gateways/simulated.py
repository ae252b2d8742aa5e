"""A provider that takes no money: its cashier's page belongs to the portal. For the demo and for tests.

Everything else is as with a real one: notices are signed over the raw body and carry a time, and
what they say is confirmed by asking back before anything is credited.
"""

import hashlib
import hmac
import json
import time
from collections.abc import Mapping

from django.conf import settings
from django.urls import reverse

from orders.gateways.interface import Forged, Gateway, Notice
from orders.models import Payment, SimulatedDecision

GOOD_FOR_S = 300
SIGNATURE, SENT_AT = "X-Signature", "X-Sent-At"


class Simulated(Gateway):
    name = "simulated"

    def begin(self, payment: Payment) -> str:
        return reverse("orders:simulated_cashier", args=[payment.token])

    def read(self, body: bytes, headers: Mapping[str, str]) -> Notice:
        sent_at = headers.get(SENT_AT, "")
        if not hmac.compare_digest(headers.get(SIGNATURE, ""), signature(body, sent_at)):
            raise Forged("signature")
        if not sent_at.isdigit() or abs(time.time() - int(sent_at)) > GOOD_FOR_S:
            raise Forged("time")
        try:
            return Notice(**json.loads(body))
        except (ValueError, TypeError):
            raise Forged("content") from None

    def ask(self, payment: Payment) -> bool | None:
        decided = SimulatedDecision.objects.filter(payment=payment).first()
        return decided.paid if decided else None


def signature(body: bytes, sent_at: str) -> str:
    key = hashlib.sha256(f"simulated-gateway:{settings.SECRET_KEY}".encode()).digest()
    return hmac.new(key, sent_at.encode() + b"." + body, hashlib.sha256).hexdigest()


def notice_of(payment: Payment, *, paid: bool) -> tuple[bytes, dict[str, str]]:
    """What the provider sends: body and headers."""
    facts = {
        "event": f"{payment.token}-{'paid' if paid else 'refused'}",
        "token": payment.token,
        "paid": paid,
        "amount": payment.amount,
        "currency": payment.currency,
    }
    body, sent_at = json.dumps(facts).encode(), str(int(time.time()))
    return body, {SENT_AT: sent_at, SIGNATURE: signature(body, sent_at)}
