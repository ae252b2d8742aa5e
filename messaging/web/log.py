"""What was sent to me lately, and what was not and why."""

from django.http import HttpResponse
from django.views.decorators.cache import never_cache

from messaging.kinds import known_kinds
from messaging.models import Dispatch, Reason, State
from messaging.web.inbox import Line
from portal.kernel.access import SignedInRequest, allow, signed_in
from portal.kernel.web import page_of, render_page


class Way(Line):
    """A message on one way to the reader, in words."""

    def __init__(self, dispatch: Dispatch) -> None:
        super().__init__(dispatch.message)
        self.channel = dispatch.get_channel_display()
        self.at = dispatch.sent_at or dispatch.created_at
        self.reason = Reason(dispatch.reason).label
        self.is_sent = dispatch.state == State.SENT
        self.waits = dispatch.state in (State.QUEUED, State.CLAIMED, State.SENDING)


@allow(GET=signed_in)
@never_cache
def log(request: SignedInRequest) -> HttpResponse:
    mine = Dispatch.objects.filter(message__person=request.user, message__kind__in=known_kinds())
    page = page_of(mine.select_related("message"), request, size=50)
    context = {"lines": [Way(dispatch) for dispatch in page], "more": page.more}
    return render_page(request, "messaging/log.html", context)
