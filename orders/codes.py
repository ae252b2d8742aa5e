"""A card or coupon scanned by somebody who works for its merchant opens the counter with it."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from coupons.models import Coupon
from loyalty.models import Card
from merchants.models import StaffMember
from portal.kernel.codes import resolves


def _counter(request: HttpRequest, thing: Card | Coupon | None) -> str | None:
    user = request.user
    if thing is None or not user.is_authenticated or thing.customer.user_id == user.pk:
        return None
    work = StaffMember.objects.current().filter(merchant=thing.merchant_id, user=user)
    if (member := work.select_related("merchant").first()) is None:
        return None
    return f"{reverse('orders:counter', args=[member.merchant.slug])}?{urlencode({'code': thing.token})}"


@resolves("card")
def card_to_the_counter(request: HttpRequest, ref: int) -> str | None:
    return _counter(request, Card.objects.select_related("customer").filter(pk=ref).first())


@resolves("coupon")
def coupon_to_the_counter(request: HttpRequest, ref: int) -> str | None:
    return _counter(request, Coupon.objects.select_related("customer").filter(pk=ref).first())
