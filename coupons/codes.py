"""Where the codes of coupons and offers lead: the holder to the ticket, everybody else to the offer or, with
paper in hand, to the page that claims it."""

from django.http import HttpRequest
from django.urls import reverse

from coupons.models import Coupon, CouponProgramme
from portal.kernel.codes import resolves


@resolves("coupon")
def to_the_ticket(request: HttpRequest, ref: int) -> str | None:
    coupon = Coupon.objects.select_related("programme", "customer").filter(pk=ref).first()
    if coupon is None:
        return None
    if request.user.is_authenticated and coupon.customer and coupon.customer.user_id == request.user.pk:
        return reverse("coupons:ticket", args=[coupon.token])
    if coupon.batch_id:
        return reverse("coupons:paper", args=[coupon.token])
    return reverse("coupons:offer", args=[coupon.programme.token])


@resolves("programme")
def to_the_offer(request: HttpRequest, ref: int) -> str | None:
    programme = CouponProgramme.objects.filter(pk=ref).first()
    return reverse("coupons:offer", args=[programme.token]) if programme else None
