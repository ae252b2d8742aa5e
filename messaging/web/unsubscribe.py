"""One click and it stops: without signing in, from a link or from the mail program itself (RFC 8058)."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from messaging import actions
from messaging.consent import proof_of, read_unsubscribe_token
from messaging.models import Source
from portal.kernel.access import allow, anyone
from portal.kernel.models import User
from portal.kernel.web import render_page


@allow(GET=anyone, POST=anyone)
@csrf_exempt  # a mail program posts without having seen a page; the signed token says what may happen
@never_cache
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """GET only asks, for mail scanners follow every link; POST stops the messages at once.

    Where a shop sent it, the page offers to silence this shop alone (``only=shop``).
    """
    known = read_unsubscribe_token(token)
    person = User.objects.filter(pk=known.person_id).first() if known else None
    if known is None or person is None:
        raise Http404
    done, only_shop = request.method == "POST", request.POST.get("only") == "shop"
    said: dict[str, Any] = {"source": _source(request), "proof": proof_of(token)}
    if done and only_shop and known.merchant_id:
        actions.mute(person, known.merchant_id, **said)
    elif done:
        actions.choose(person, {(known.purpose.value, known.channel.value): False}, **said)
    context = {"way_out": known, "done": done, "only_shop": only_shop}
    return render_page(request, "messaging/unsubscribe.html", context)


def _source(request: HttpRequest) -> Source:
    by_program = request.POST.get("List-Unsubscribe") == "One-Click"
    return Source.MAILBOX if by_program else Source.LINK
