"""Where the codes of coupons and offers lead: the holder to the ticket, everybody else to the offer or, with
paper in hand, to the page that claims it."""

from django.http import HttpRequest
from django.urls import reverse

from coupons.models import Coupon, CouponProgramme, Via
from portal.kernel.codes import resolves
from portal.kernel.via import marked


def way_to(token: str, way: str) -> str:
    """The offer's page, with the mark of the way on which people are led there."""
    return marked(reverse("coupons:offer", args=[token]), way)


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
    """These codes hang on the wall."""
    programme = CouponProgramme.objects.filter(pk=ref).first()
    return way_to(programme.token, Via.POSTER) if programme else None
