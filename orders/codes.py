"""A card or coupon scanned by somebody who works for its merchant opens the counter with it."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from coupons.models import Coupon
from loyalty.models import Approval, Card, CardMedium
from merchants.models import StaffMember
from portal.kernel.codes import resolves, split_code


def _holder_of(thing: Card | Coupon | Approval) -> int | None:
    customer = thing.card.customer if isinstance(thing, Approval) else thing.customer
    return customer.user_id if customer else None


def _counter(request: HttpRequest, thing: Card | Coupon | Approval | None) -> str | None:
    return _till(request, thing.merchant_id, _holder_of(thing), thing.token) if thing else None


def _till(request: HttpRequest, merchant_id: int, holder_id: int | None, token: str) -> str | None:
    user = request.user
    if not user.is_authenticated or holder_id == user.pk:
        return None
    work = StaffMember.objects.current().filter(merchant=merchant_id, user=user)
    if (member := work.select_related("merchant").first()) is None:
        return None
    scanned = request.resolver_match.kwargs.get("token", "") if request.resolver_match else ""
    code = token + split_code(scanned)[1]  # a phone's proof may stand behind it
    return f"{reverse('orders:counter', args=[member.merchant.slug])}?{urlencode({'code': code})}"


@resolves("card")
def card_to_the_counter(request: HttpRequest, ref: int) -> str | None:
    return _counter(request, Card.objects.select_related("customer").filter(pk=ref).first())


@resolves("medium")
def printed_card_to_the_counter(request: HttpRequest, ref: int) -> str | None:
    """Also one that is nobody's yet: the counter says what to do with it."""
    medium = CardMedium.objects.select_related("card__customer").filter(pk=ref).first()
    holder = medium.card.customer.user_id if medium and medium.card else None
    return _till(request, medium.merchant_id, holder, medium.token) if medium else None


@resolves("coupon")
def coupon_to_the_counter(request: HttpRequest, ref: int) -> str | None:
    return _counter(request, Coupon.objects.select_related("customer").filter(pk=ref).first())


@resolves("approval")
def approval_to_the_counter(request: HttpRequest, ref: int) -> str | None:
    return _counter(request, Approval.objects.select_related("card__customer").filter(pk=ref).first())
