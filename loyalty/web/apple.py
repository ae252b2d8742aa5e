"""What Apple Wallet asks of who made a pass: to be told of changes, which ones there were, the newest pass.

Statuses and bodies: https://developer.apple.com/documentation/walletpasses/adding-a-web-service-to-update-passes
"""

import json
import logging
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.http import http_date, parse_http_date_safe
from django.views.decorators.csrf import csrf_exempt

from loyalty.actions.wallets import register_device, unregister_device
from loyalty.models import WalletPass
from loyalty.wallets import apple
from loyalty.wallets.face import fresh_face
from portal.kernel.access import allow, anyone
from portal.kernel.limits import Limit, take, used_up
from portal.kernel.web import client_address

logger = logging.getLogger(__name__)
WRONG = Limit("wrong secrets of passes", most=60, seconds=3600)
ASKED = Limit("which passes have changed", most=600, seconds=3600)
LOGS = Limit("logs of phones", most=60, seconds=3600)
MOST_BYTES, MOST_LINES, LINE = 10_000, 20, 300
LONGEST_DEVICE, LONGEST_TOKEN = 100, 200
#: Who asked while a change was being written asks for it once more; the pass itself says when it is the same.
OVERLAP = timedelta(seconds=60)


@allow(POST=anyone, DELETE=anyone)
@csrf_exempt  # a phone sends no page's form; the pass's secret says who asks
def registration(request: HttpRequest, device: str, kind: str, serial: str) -> HttpResponse:
    """The phone wants to hear of changes (201; 200 when it did already), or no longer (200)."""
    found = _proven(request, kind, serial)
    if isinstance(found, HttpResponse):
        return found
    if request.method == "DELETE":
        unregister_device(found, device)
        return HttpResponse()
    token = _push_token(request)
    if not token or len(device) > LONGEST_DEVICE:
        return HttpResponse(status=400)
    return HttpResponse(status=201 if register_device(found, device, token) else 200)


def _proven(request: HttpRequest, kind: str, serial: str) -> WalletPass | HttpResponse:
    """The pass, when the request carries its secret; an unknown serial and a wrong secret are one answer."""
    if not apple.is_configured():
        raise Http404
    address = client_address(request)
    if used_up(WRONG, address):
        return HttpResponse(status=429)
    scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    found = WalletPass.objects.apple().filter(medium__token=serial).select_related("medium").first()
    known = found.secret if found and kind == settings.APPLE_PASS_TYPE else ""
    if scheme != "ApplePass" or not known or not secrets.compare_digest(known.encode(), secret.encode()):
        take(WRONG, address)
        return HttpResponse(status=401)
    return found  # type: ignore[return-value]


def _push_token(request: HttpRequest) -> str:
    said = _json(request)
    token = said.get("pushToken") if isinstance(said, dict) else None
    return token if isinstance(token, str) and len(token) <= LONGEST_TOKEN and token.isalnum() else ""


def _json(request: HttpRequest) -> Any:
    if int(request.headers.get("Content-Length") or 0) > MOST_BYTES:
        return None
    try:
        return json.loads(request.body)
    except ValueError:
        return None


@allow(GET=anyone)
def changed(request: HttpRequest, device: str, kind: str) -> HttpResponse:
    """Serials of the device's passes that have changed since the tag that it was given last; 204 for none."""
    if not apple.is_configured():
        raise Http404
    if not take(ASKED, client_address(request)):
        return HttpResponse(status=429)
    now = timezone.now()
    rows = (
        WalletPass.objects.apple().on(device)
        if kind == settings.APPLE_PASS_TYPE
        else WalletPass.objects.none()
    )
    if since := _tag(request.GET.get("passesUpdatedSince", "")):
        rows = rows.filter(changed_at__gt=since - OVERLAP)
    serials = list(rows.order_by("pk").values_list("medium__token", flat=True)[:1000])
    if not serials:
        return HttpResponse(status=204)
    return JsonResponse({"serialNumbers": serials, "lastUpdated": str(int(now.timestamp()))})


def _tag(text: str) -> datetime | None:
    """Seconds since 1970, as ``changed`` gave them; anything else is no tag."""
    return datetime.fromtimestamp(int(text), UTC) if text.isdecimal() and len(text) <= 11 else None


@allow(GET=anyone)
def newest(request: HttpRequest, kind: str, serial: str) -> HttpResponse:
    """The pass as it is now; 304 when the phone has it. A revoked one comes too, and says that it is void."""
    found = _proven(request, kind, serial)
    if isinstance(found, HttpResponse):
        return found
    stamp = int(found.changed_at.timestamp())
    since = parse_http_date_safe(request.headers.get("If-Modified-Since", ""))
    if since is not None and stamp <= since:
        answer = HttpResponse(status=304)
    else:
        answer = HttpResponse(apple.pkpass(fresh_face(found.medium)), content_type=apple.MIME)
    answer["Last-Modified"] = http_date(stamp)
    answer["Cache-Control"] = "private, no-cache"
    return answer


@allow(POST=anyone)
@csrf_exempt  # a phone sends no page's form, and nothing is changed
def log(request: HttpRequest) -> HttpResponse:
    """What went wrong on the phone, for our own log: a few short lines, of each address only so many."""
    if not apple.is_configured():
        raise Http404
    if not take(LOGS, client_address(request)):
        return HttpResponse(status=429)
    said = _json(request)
    lines = said.get("logs") if isinstance(said, dict) else None
    for line in lines[:MOST_LINES] if isinstance(lines, list) else ():
        logger.warning("Apple Wallet: %s", str(line)[:LINE].replace("\n", " "))
    return HttpResponse()
