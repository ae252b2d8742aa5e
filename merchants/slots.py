"""What merchants add to pages of the front door: the staff's queue of claims."""

from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from merchants.models import ListingClaim
from portal.kernel.slots import fills


@fills("staff.queues")
def waiting_claims(request: HttpRequest, **inputs: object) -> SafeString | str:
    """How many claims wait and since when the oldest does; leads to the queue."""
    if not request.user.has_perm("merchants.view_listingclaim"):  # type: ignore[union-attr]
        return ""
    waiting = ListingClaim.objects.waiting().order_by("created_at", "pk")
    count, oldest = waiting.count(), waiting.values_list("created_at", flat=True).first()
    words = ngettext("%(count)d claim waits", "%(count)d claims wait", count) % {"count": count}
    since = _("since %(date)s") % {"date": f"{oldest:%Y-%m-%d}"} if oldest else ""
    return format_html(
        '<li><a href="{}">{}</a> <strong>{}</strong> {}</li>',
        "/staff/merchants/listingclaim/?state__exact=waiting",
        _("Claims to listings"),
        words,
        since,
    )
