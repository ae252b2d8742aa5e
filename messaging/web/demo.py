"""The demo has no telephone: what would have been texted is shown here. Nowhere but in a demo."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from messaging.models import SentText
from portal.kernel.access import allow, anyone
from portal.kernel.web import render_page


@allow(GET=anyone)
@never_cache
def texts(request: HttpRequest) -> HttpResponse:
    if not settings.PORTAL_DEMO:
        raise Http404
    latest = SentText.objects.order_by("-pk")[:30]
    return render_page(request, "messaging/demo_texts.html", {"texts": latest})
