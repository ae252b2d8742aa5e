"""What consumers see, shown to a merchant before it is published."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from consumers.models import Review
from consumers.web.storefront import about
from merchants.along import goes_along
from merchants.models import Shop
from portal.kernel.slots import fills


@fills("shop.preview")
def preview(request: HttpRequest, *, shop: Shop, **inputs: Any) -> str:
    """The storefront as it will look, from the same template."""
    return render_to_string("consumers/about_shop.html", about(shop, None), request)


# A shop's reviews are about the place: they follow it into the listing that it is merged into.
goes_along(Review)
