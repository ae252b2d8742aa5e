"""Text messages through any provider that takes signed JSON over HTTPS; see docs/contact.md for the format.

Each request carries the key, the time, and the HMAC-SHA256 of time and body under the shared secret;
the sending's token is the idempotency id, so that a repeated attempt is one text.
"""

import hashlib
import hmac
import json
import time
from functools import cached_property
from typing import Any
from uuid import UUID

import urllib3
from django.conf import settings

from messaging.channels import Answer, Verdict

CONNECT_SECONDS, READ_SECONDS = 3, 7
LONGEST_SKEW = 300  # seconds between their clock and ours
NO_SUCH_NUMBER = (404, 410)
BUSY = (408, 425, 429)


def signature(stamp: str, body: bytes) -> str:
    return hmac.new(settings.SMS_SECRET.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def is_genuine(stamp: str, body: bytes, said: str, now: float) -> bool:
    """Whether a report comes from who holds the secret, lately."""
    if not settings.SMS_SECRET or not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
        return False
    fresh = abs(now - int(stamp)) <= LONGEST_SKEW
    return hmac.compare_digest(signature(stamp, body).encode(), said.encode()) and fresh


class Gateway:
    networked = True

    @cached_property
    def pool(self) -> urllib3.PoolManager:
        return urllib3.PoolManager(num_pools=2, maxsize=16)

    def send_text(
        self, *, phone: str, template: str, params: dict[str, Any], text: str, language: str, token: UUID
    ) -> Answer:
        said = {
            "id": token.hex,
            "to": phone,
            "template": template,
            "params": {name: str(value) for name, value in params.items()},
            "text": text,
            "language": language,
        }
        body = json.dumps(said, ensure_ascii=False).encode()
        try:
            reply = self._post(body, token)
        except (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError) as fault:
            return Answer(Verdict.RETRY, type(fault).__name__)
        except urllib3.exceptions.HTTPError as fault:  # the request may have arrived
            return Answer(Verdict.UNCLEAR, type(fault).__name__)
        return _understood(reply)

    def _post(self, body: bytes, token: UUID) -> urllib3.BaseHTTPResponse:
        stamp = str(int(time.time()))
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Idempotency-Key": token.hex,
            "X-Key": settings.SMS_KEY,
            "X-Timestamp": stamp,
            "X-Signature": signature(stamp, body),
        }
        waits = urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS)
        return self.pool.request(
            "POST", settings.SMS_URL, body=body, headers=headers, timeout=waits, retries=False, redirect=False
        )


def _understood(reply: urllib3.BaseHTTPResponse) -> Answer:
    status = reply.status
    if status in (200, 201, 202):
        return Answer(Verdict.SENT)
    if status in NO_SUCH_NUMBER:
        return Answer(Verdict.GONE, f"HTTP {status}")
    if status >= 500 or status in BUSY:
        wait = reply.headers.get("Retry-After", "")
        return Answer(Verdict.RETRY, f"HTTP {status}", wait=int(wait) if wait.isdigit() else 0)
    return Answer(Verdict.REFUSED, f"HTTP {status}")
