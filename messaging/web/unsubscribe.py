"""One click and it stops: without signing in, from a link or from the mail program itself (RFC 8058)."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from messaging import actions
from messaging.consent import read_unsubscribe_token
from messaging.models import Source
from portal.kernel.access import allow, anyone
from portal.kernel.models import User
from portal.kernel.web import render_page


@allow(GET=anyone, POST=anyone)
@csrf_exempt  # a mail program posts without having seen a page; the signed token says what may happen
@never_cache
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """GET only asks, for mail scanners follow every link; POST stops the messages at once."""
    known = read_unsubscribe_token(token)
    person = User.objects.filter(pk=known[0]).first() if known else None
    if known is None or person is None:
        raise Http404
    _person_id, purpose, channel = known
    done = request.method == "POST"
    if done:
        by_program = request.POST.get("List-Unsubscribe") == "One-Click"
        source = Source.MAILBOX if by_program else Source.LINK
        actions.choose(person, {(purpose.value, channel.value): False}, source=source)
    context = {"purpose": purpose, "channel": channel, "done": done}
    return render_page(request, "messaging/unsubscribe.html", context)
