"""What the text message provider reports back: numbers that are none, and people who answer R."""

import json
import time

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from messaging import actions
from messaging.channels.gateway import is_genuine
from messaging.consent import proof_of
from messaging.models import ADVERTISING, Channel, Source
from portal.kernel.access import allow, anyone
from portal.kernel.models import User

LONGEST = 10_000
OPT_OUT = frozenset({"R", "T", "TD", "N", "STOP", "退订", "拒收"})


@allow(POST=anyone)
@csrf_exempt  # a machine; its signature says who it is
@never_cache
def sms_report(request: HttpRequest) -> HttpResponse:
    """``{"to": "+86…", "status": "unknown_number"}`` or ``{"from": "+86…", "text": "R"}``. Twice is once."""
    stamp, said = request.headers.get("X-Timestamp", ""), request.headers.get("X-Signature", "")
    if len(request.body) > LONGEST or not is_genuine(stamp, request.body, said, time.time()):
        raise Http404
    try:
        report = json.loads(request.body)
    except ValueError:
        return HttpResponse(status=400)
    if not isinstance(report, dict):
        return HttpResponse(status=400)
    if report.get("status") == "unknown_number":
        actions.mark_dead(Channel.SMS, str(report.get("to", "")), "reported by the provider")
    elif str(report.get("text", "")).strip().upper() in OPT_OUT:
        _stop(str(report.get("from", "")), proof_of(request.body.decode(errors="replace")))
    return HttpResponse(status=204)


def _stop(phone: str, proof: str) -> None:
    """No advertising by text message any more, from anybody; somebody unknown is none of ours."""
    wishes = {(purpose.value, Channel.SMS.value): False for purpose in ADVERTISING}
    if person := User.objects.with_phone(phone).first():
        actions.choose(person, wishes, source=Source.REPLY, proof=proof)
