"""What messaging offers to other apps' pages: ``{% slot "push.offer" purpose="coupons" %}``."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from messaging.endpoints import application_server_key
from messaging.models import PushSubscription
from portal.kernel.slots import fills


@fills("push.offer")
def offer_push(request: HttpRequest, purpose: str = "") -> str:
    """A button after a claim or a booking: "tell me before it expires". Pressing it is the consent."""
    key = application_server_key()
    if not key or not request.user.is_authenticated:
        return ""
    bound = PushSubscription.objects.filter(person=request.user, session=request.session.session_key).exists()
    context = {"push_key": key, "push_bound": bound, "purpose": purpose}
    return render_to_string("messaging/push_box.html", context, request=request)
