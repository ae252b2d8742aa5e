"""What merchants add to pages of the front door: the staff's queue of claims."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from merchants.models import ListingClaim
from portal.kernel.dates import span
from portal.kernel.slots import fills


@fills("staff.queues")
def waiting_claims(request: HttpRequest, **inputs: object) -> str:
    """How many claims wait and for how long the oldest does; leads to the queue."""
    if not request.user.has_perm("merchants.view_listingclaim"):
        return ""
    waiting = ListingClaim.objects.waiting().order_by("created_at", "pk")
    oldest = waiting.values_list("created_at", flat=True).first()
    context = {"waiting": waiting.count(), "oldest": span(timezone.now() - oldest) if oldest else ""}
    return render_to_string("merchants/admin/queue.html", context, request=request)
