"""What complaints add to the pages of the apps below: the way to report a problem, and the staff's queue."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

import complaints.kinds  # noqa: F401 - registers them in every process
from complaints.queue import standing
from consumers.models import Review
from coupons.models import Coupon
from merchants.models import Shop
from orders.models import Purchase
from portal.kernel.dates import span
from portal.kernel.slots import fills


def _way(href: str) -> SafeString:
    return format_html('<a class="button" data-kind="quiet" href="{}">{}</a>', href, _("Report a problem"))


@fills("report.elsewhere")
@fills("storefront.actions")
def report_shop(request: HttpRequest, shop: Shop, **inputs: object) -> SafeString:
    return _way(reverse("complaints:report", args=[shop.slug]))


@fills("review.complaint")
def report_what_was_reviewed(request: HttpRequest, review: Review, **inputs: object) -> SafeString | str:
    """One's own words become a case: the form opens filled in."""
    if review.person_id != request.user.pk:
        return ""
    return _way(f"{reverse('complaints:report', args=[review.shop.slug])}?review={review.token}")


@fills("receipt.actions")
def report_purchase(request: HttpRequest, purchase: Purchase, **inputs: object) -> SafeString | str:
    """Only for the person who bought: a cashier looking at the receipt has nothing to report here."""
    customer = purchase.customer
    if not customer or customer.user_id is None or customer.user_id != request.user.pk:
        return ""
    return _way(f"{reverse('complaints:report', args=[purchase.shop.slug])}?purchase={purchase.token}")


@fills("coupon.actions")
def report_coupon(request: HttpRequest, coupon: Coupon, **inputs: object) -> SafeString | str:
    """About the shop that redeemed it, or else one where it can be used; only for who holds it."""
    shop = _shop_of(coupon)
    if shop is None or coupon.customer is None or coupon.customer.user_id != request.user.pk:
        return ""
    return _way(f"{reverse('complaints:report', args=[shop.slug])}?coupon={coupon.token}")


def _shop_of(coupon: Coupon) -> Shop | None:
    if used := coupon.redemptions.select_related("shop").order_by("-pk").first():
        return used.shop
    listed = coupon.merchant.shops.listed().order_by("pk")
    return (listed.filter(pk__in=coupon.terms.shops) if coupon.terms.shops else listed).first()


@fills("staff.queues")
def queue(request: HttpRequest, **inputs: object) -> SafeString | str:
    """How the queue stands, for those who may see it."""
    if not request.user.has_perm("complaints.view_complaint"):
        return ""
    moment = timezone.now()
    stands = standing(request.user, moment)  # type: ignore[arg-type]
    oldest = span(moment - stands.oldest) if stands.oldest else ""
    first_call = span(moment - stands.first_call) if stands.first_call else ""
    context = {"standing": stands, "oldest": oldest, "first_call": first_call}
    return render_to_string("complaints/_queue.html", context, request=request)
