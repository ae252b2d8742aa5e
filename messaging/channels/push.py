"""Web Push: RFC 8030 (delivery), RFC 8291 (encryption), RFC 8292 (VAPID, who we are).

The sending's token is the Topic: a push service that still holds the first copy replaces it by a
repeated one (RFC 8030, 5.4), and the service worker shows both under one tag, so the person sees
the message once whatever became of the first attempt.
"""

import json
import os
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import urllib3
from django.conf import settings
from django.utils.translation import gettext, override
from py_vapid import Vapid02
from pywebpush import WebPusher

from messaging.channels import Answer, Browser, Parcel, Verdict
from messaging.endpoints import is_allowed

CONNECT_SECONDS, READ_SECONDS = 3, 7
TOKEN_SECONDS = 6 * 3600  # RFC 8292 allows at most 24 hours
GONE = (404, 410)
BUSY = (408, 425, 429)


@dataclass(frozen=True)
class Reply:
    """What pywebpush reads of an HTTP answer."""

    status_code: int
    headers: Any
    text: str = ""


class Line:
    """One pool of connections per process, without redirects, retries or proxies of its own.

    pywebpush would follow a redirect of the push service, to wherever it points.
    """

    def __init__(self) -> None:
        self.pool = urllib3.PoolManager(num_pools=20, maxsize=16)
        self.timeout = urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS)

    def post(self, endpoint: str, *, data: bytes, headers: dict[str, str], timeout: Any) -> Reply:
        answer = self.pool.request(
            "POST",
            endpoint,
            body=data,
            headers=dict(headers),
            timeout=self.timeout,
            retries=False,
            redirect=False,
        )
        return Reply(answer.status, answer.headers)


@lru_cache(maxsize=2)
def _line(process: int) -> Line:
    return Line()


@lru_cache(maxsize=1)
def _signer(private_key: str) -> Vapid02:
    return Vapid02.from_string(private_key=private_key)


@lru_cache(maxsize=200)
def _authorization(private_key: str, audience: str, period: int) -> str:
    """One signature per push service and six hours instead of one per message."""
    expires = (period + 2) * TOKEN_SECONDS
    claims = {"aud": audience, "sub": settings.VAPID_CONTACT, "exp": expires}
    return str(_signer(private_key).sign(claims)["Authorization"])


class WebPush:
    networked = True

    def is_set_up(self) -> bool:
        return bool(settings.VAPID_PRIVATE_KEY)

    def send(self, parcel: Parcel) -> Answer:
        """To every browser of the person that does not have it yet."""
        answers = {browser.pk: _post(browser, parcel) for browser in parcel.address}
        reached = tuple(pk for pk, answer in answers.items() if answer.verdict is Verdict.SENT)
        gone = tuple(pk for pk, answer in answers.items() if answer.verdict is Verdict.GONE)
        rest = [answer for pk, answer in answers.items() if pk not in (*reached, *gone)]
        for verdict in (Verdict.UNCLEAR, Verdict.RETRY, Verdict.REFUSED):
            if worst := next((answer for answer in rest if answer.verdict is verdict), None):
                return Answer(verdict, worst.detail, worst.wait, reached, gone)
        return Answer(Verdict.SENT if reached else Verdict.GONE, reached=reached, gone=gone)


def _post(browser: Browser, parcel: Parcel) -> Answer:
    if not is_allowed(browser.endpoint):
        return Answer(Verdict.REFUSED, "endpoint not on the list of push services")
    keys = {"p256dh": browser.p256dh, "auth": browser.auth}
    pusher = WebPusher({"endpoint": browser.endpoint, "keys": keys}, requests_session=_line(os.getpid()))
    try:
        reply = pusher.send(_payload(parcel), _headers(browser, parcel), ttl=parcel.seconds_useful)
    except (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError) as fault:
        return Answer(Verdict.RETRY, type(fault).__name__)
    except urllib3.exceptions.HTTPError as fault:  # the request may have arrived
        return Answer(Verdict.UNCLEAR, type(fault).__name__)
    return _understand(reply)


def _understand(reply: Any) -> Answer:
    status = reply.status_code
    if status in (200, 201, 202, 204):
        return Answer(Verdict.SENT)
    if status in GONE:
        return Answer(Verdict.GONE)
    wait = reply.headers.get("Retry-After", "")
    if status >= 500 or status in BUSY:
        return Answer(Verdict.RETRY, f"HTTP {status}", wait=int(wait) if wait.isdigit() else 0)
    return Answer(Verdict.REFUSED, f"HTTP {status}")


def _payload(parcel: Parcel) -> str:
    """No name, no shop, no amount: it may appear on a locked screen."""
    with override(parcel.language):
        body = gettext("Open to read")
    return json.dumps(
        {
            "title": parcel.headline,
            "body": body,
            "url": parcel.url or "/me/inbox/",
            "tag": parcel.token.hex,
            "lang": parcel.language,
        },
        ensure_ascii=False,
    )


def _headers(browser: Browser, parcel: Parcel) -> dict[str, str]:
    where = urlsplit(browser.endpoint)
    audience = f"{where.scheme}://{where.netloc}"
    period = int(time.time()) // TOKEN_SECONDS
    return {
        "Authorization": _authorization(settings.VAPID_PRIVATE_KEY, audience, period),
        "Topic": parcel.token.hex,  # 32 characters, the most that RFC 8030 allows
        "Urgency": "high" if parcel.urgent else "low" if parcel.bulk else "normal",
    }
