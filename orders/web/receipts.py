"""What a customer keeps of a purchase."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from orders.models import Purchase
from portal.kernel.access import SignedInRequest, allow, anyone, signed_in
from portal.kernel.web import page_of, render_page


@allow(GET=anyone)
def receipt(request: HttpRequest, token: str) -> HttpResponse:
    """Open to whoever holds its unguessable address, as a slip of paper is."""
    sale = get_object_or_404(
        Purchase.objects.in_full().prefetch_related(
            "lines__service", "lines__returns", "savings__entry", "tenders"
        ),
        token=token,
    )
    response = render_page(request, "orders/receipt.html", {"sale": sale, "shop": sale.shop})
    response["Cache-Control"] = "no-store, private"
    response["X-Robots-Tag"] = "noindex"
    return response


@allow(GET=signed_in)
def purchases(request: SignedInRequest) -> HttpResponse:
    """The person's purchases at all merchants, newest first."""
    mine = Purchase.objects.made_by(request.user).in_full().order_by("-pk")
    return render_page(
        request, "orders/purchases.html", {"page": page_of(mine, request)}, fragment="purchases"
    )
