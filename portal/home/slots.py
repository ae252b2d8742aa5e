"""What the front door adds to the staff's own page: deliveries that gave up."""

from django.db.models import Count, Min
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from portal.kernel.dates import span
from portal.kernel.models import Delivery
from portal.kernel.slots import fills


@fills("staff.queues")
def parked(request: HttpRequest, **inputs: object) -> str:
    """Events that a listener refused ten times; somebody has to look at the reason."""
    if not request.user.has_perm("kernel.view_delivery"):
        return ""
    rows = Delivery.objects.filter(parked_at__isnull=False)
    found = rows.aggregate(waiting=Count("pk"), oldest=Min("parked_at"))
    oldest = span(timezone.now() - found["oldest"]) if found["oldest"] else ""
    context = {"waiting": found["waiting"], "oldest": oldest}
    return render_to_string("home/parked.html", context, request=request)
