"""Using a coupon at the counter: once, at its own merchant, within its dates and above its minimum."""

from contextlib import nullcontext
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coupons.events import CouponRedeemed, RedemptionUndone
from coupons.models import Coupon, CouponProgramme, CouponState, Redemption
from coupons.terms import discount_on
from merchants.models import Merchant, Shop
from portal.kernel.dates import date_and_time
from portal.kernel.db import at_once, change, insertion, retry_on_deadlock
from portal.kernel.events import publish
from portal.kernel.models import User
from portal.kernel.money import format_money
from portal.kernel.refused import KeyReused, Refused


class OtherMerchant(Refused):
    sentence = _("This coupon belongs to %(merchant)s.")


class AlreadyUsed(Refused):
    status = 409
    sentence = _("Already redeemed on %(when)s by %(who)s.")


class Revoked(Refused):
    sentence = _("The shop has cancelled this coupon.")


class NotYetValid(Refused):
    sentence = _("This coupon is valid from %(when)s.")


class Expired(Refused):
    sentence = _("This coupon expired on %(when)s.")


class BelowMinimum(Refused):
    sentence = _("This coupon needs a bill of %(minimum)s; this one is %(bill)s, %(short)s short.")


def quote(coupon: Coupon, *, bill: int, moment: datetime, merchant: Merchant) -> int:
    """The discount, in minor units, that the coupon gives on the bill now; or why it gives none."""
    check_usable(coupon, moment=moment, merchant=merchant)
    if bill < coupon.minimum:
        raise BelowMinimum(
            minimum=format_money(coupon.minimum),
            bill=format_money(bill),
            short=format_money(coupon.minimum - bill),
        )
    return discount_on(coupon, bill)


def check_usable(coupon: Coupon, *, moment: datetime, merchant: Merchant) -> None:
    """What doesn't depend on the bill. Valid from the first moment on, no longer at the last."""
    if coupon.merchant_id != merchant.pk:
        raise OtherMerchant(merchant=coupon.programme.merchant.name)
    if coupon.state == CouponState.REDEEMED:
        used = coupon.redemptions.filter(undone_at=None).select_related("by", "shop").get()
        raise AlreadyUsed(when=_said(used.redeemed_at, used.shop), who=used.by.says())
    if coupon.state == CouponState.REVOKED:
        raise Revoked
    if moment < coupon.valid_from:
        raise NotYetValid(when=_said(coupon.valid_from))
    if moment >= coupon.valid_until:
        raise Expired(when=_said(coupon.valid_until))


def _said(moment: datetime, shop: Shop | None = None) -> str:
    with timezone.override(ZoneInfo(shop.time_zone)) if shop else nullcontext():
        return date_and_time(moment)


@retry_on_deadlock
@transaction.atomic
def redeem(
    coupon: Coupon, *, bill: int, shop: Shop, by: User, key: UUID, moment: datetime | None = None
) -> Redemption:
    """Use the coupon on a bill in minor units. The same key redeems once; others learn who was first."""
    moment = moment or timezone.now()
    coupon = Coupon.objects.locked().get(pk=coupon.pk)
    if earlier := Redemption.objects.filter(key=key).first():
        if (earlier.coupon_id, earlier.bill, earlier.shop_id) != (coupon.pk, bill, shop.pk):
            raise KeyReused
        return earlier
    if shop.merchant is None:
        raise OtherMerchant(merchant=coupon.programme.merchant.name)
    discount = quote(coupon, bill=bill, moment=moment, merchant=shop.merchant)
    return _use(
        coupon, Redemption(shop=shop, by=by, bill=bill, discount=discount, key=key, redeemed_at=moment)
    )


def _use(coupon: Coupon, redemption: Redemption) -> Redemption:
    """Besides the lock held: the change is conditional, and a unique row stands behind it."""
    taken = Coupon.objects.filter(pk=coupon.pk, state=CouponState.CLAIMED).update(state=CouponState.REDEEMED)
    if not taken:
        raise AlreadyUsed(when="", who="")
    redemption.merchant_id, redemption.coupon = coupon.merchant_id, coupon
    counted = change(CouponProgramme.objects.filter(pk=coupon.programme_id), redeemed=F("redeemed") + 1)
    redemption.pk = at_once(insertion([redemption]), counted)
    redemption._state.adding = False
    coupon.state = CouponState.REDEEMED
    publish(
        CouponRedeemed(
            coupon_id=coupon.pk,
            redemption_id=redemption.pk,
            programme_id=coupon.programme_id,
            merchant_id=coupon.merchant_id,
            shop_id=redemption.shop_id,
            customer_id=coupon.customer_id,
            user_id=coupon.customer.user_id,
            discount=redemption.discount,
        )
    )
    return redemption


@retry_on_deadlock
@transaction.atomic
def undo_redemption(redemption: Redemption, *, by: User, moment: datetime | None = None) -> Redemption:
    """Give the coupon back to its holder; the redemption stays, marked. Undoing twice is once."""
    coupon = Coupon.objects.locked().get(pk=redemption.coupon_id)
    standing = Redemption.objects.filter(pk=redemption.pk, undone_at=None)
    if standing.update(undone_at=moment or timezone.now()):
        CouponProgramme.objects.filter(pk=coupon.programme_id).update(redeemed=F("redeemed") - 1)
        Coupon.objects.filter(pk=coupon.pk).update(state=CouponState.CLAIMED)
        publish(
            RedemptionUndone(
                redemption_id=redemption.pk,
                coupon_id=coupon.pk,
                programme_id=coupon.programme_id,
                merchant_id=coupon.merchant_id,
            )
        )
    redemption.refresh_from_db(fields=["undone_at"])
    return redemption
