"""What a merchant sees of the complaints about its shops: what is said, never who says it."""

from django.http import HttpRequest, HttpResponse

from complaints.models import Complaint
from merchants.models import Role
from merchants.web.access import merchant_staff
from portal.kernel.access import allow
from portal.kernel.web import page_of, render_page


@allow(GET=merchant_staff(Role.MANAGER))
def of_merchant(request: HttpRequest, merchant: str) -> HttpResponse:
    """Newest first; the conversation between the person and the portal stays between the two."""
    about = Complaint.objects.about(request.merchant).select_related("shop", "purchase", "person")  # type: ignore[attr-defined]
    only_open = "open" in request.GET
    page = page_of(about.still_open() if only_open else about, request)
    return render_page(request, "complaints/of_merchant.html", {"page": page, "only_open": only_open})
