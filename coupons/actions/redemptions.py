"""Using a coupon at the counter: as often as it allows, at its own merchant, within its terms."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from coupons.actions.turns import free_turn
from coupons.events import CouponRedeemed, RedemptionUndone
from coupons.judging import AlreadyUsed, ClaimedMeanwhile, HadEnough, OtherMerchant, check_usable, priced
from coupons.models import Coupon, CouponKind, CouponProgramme, CouponState, Redemption
from coupons.terms import Line, shares
from merchants.models import Customer, Shop
from portal.kernel.db import at_once, change, insertion, retry_on_deadlock
from portal.kernel.events import publish
from portal.kernel.models import User
from portal.kernel.refused import KeyReused


@retry_on_deadlock
@transaction.atomic
def redeem(
    coupon: Coupon,
    *,
    bill: int,
    shop: Shop,
    by: User,
    key: UUID,
    lines: Sequence[Line] = (),
    customer: Customer | None = None,
    moment: datetime | None = None,
) -> Redemption:
    """Use the coupon on a bill in minor units. The same key redeems once; others learn who was first.

    ``lines`` add up to the bill; ``redemption.shares`` tells what is off each. ``customer``: whose a paper
    coupon becomes that was nobody's. The terms are judged at ``moment``, when the customer committed.
    """
    moment, lines, seen_with = moment or timezone.now(), lines or [Line(bill)], coupon.customer_id
    coupon = Coupon.objects.hold(coupon.pk)
    if earlier := Redemption.objects.filter(key=key).first():
        if (earlier.coupon_id, earlier.bill, earlier.shop_id) != (coupon.pk, bill, shop.pk):
            raise KeyReused
        earlier.shares = shares(coupon, lines, coupon.terms.services, earlier.discount)
        return earlier
    if shop.merchant is None:
        raise OtherMerchant(merchant=coupon.programme.merchant.name)
    check_usable(coupon, moment=moment, merchant=shop.merchant, shop=shop)
    if seen_with is None and coupon.customer and coupon.customer != customer:
        raise ClaimedMeanwhile
    off = priced(coupon, lines)
    facts: dict[str, Any] = {"bill": bill, "discount": sum(off), "key": key, "redeemed_at": moment}
    if customer and not coupon.customer:
        _bind(coupon, customer, moment)
    used = _use(coupon, Redemption(shop=shop, by=by, turn=_next_turn(coupon), **facts))
    used.shares = off
    return used


def _bind(coupon: Coupon, customer: Customer, moment: datetime) -> None:
    """One on paper becomes the customer's as it is used; ``_use`` writes it."""
    turn = free_turn(coupon.programme, customer)
    if turn is None:
        raise HadEnough
    coupon.customer, coupon.ordinal, coupon.claimed_at = customer, turn, moment


def _next_turn(coupon: Coupon) -> int:
    """The lowest that no standing use has: one that was undone is free again. Under the coupon's lock."""
    if not coupon.times:
        return 1
    taken = set(coupon.redemptions.filter(undone_at=None).values_list("turn", flat=True))
    return next(turn for turn in range(1, len(taken) + 2) if turn not in taken)


def _use(coupon: Coupon, redemption: Redemption) -> Redemption:
    """Besides the lock held: the change is conditional, and a unique row stands behind it."""
    is_value = coupon.kind == CouponKind.VALUE
    spent = redemption.discount if is_value else 0
    was = {"state": coupon.state, "times": coupon.times, "spent": coupon.spent}
    coupon.times, coupon.spent = coupon.times + 1, coupon.spent + spent
    if coupon.left == 0:
        now = CouponState.REDEEMED
    elif coupon.customer and coupon.state in (CouponState.HELD, CouponState.ISSUED):
        now = CouponState.CLAIMED
    else:
        now = CouponState(coupon.state)
    facts = {name: getattr(coupon, name) for name in ("times", "spent", "customer", "ordinal", "claimed_at")}
    facts |= {"held_until": None, "hold_key": None}
    taken = Coupon.objects.filter(pk=coupon.pk, **was).update(state=now, **facts)
    if not taken:
        raise AlreadyUsed(when="", who="")
    redemption.merchant_id, redemption.coupon = coupon.merchant_id, coupon
    whole = int(now == CouponState.REDEEMED)
    counted = change(CouponProgramme.objects.filter(pk=coupon.programme_id), redeemed=F("redeemed") + whole)
    redemption.pk = at_once(insertion([redemption]), counted)
    redemption._state.adding = False
    coupon.state = now
    _tell(coupon, redemption)
    return redemption


def _tell(coupon: Coupon, redemption: Redemption) -> None:
    publish(
        CouponRedeemed(
            coupon_id=coupon.pk,
            redemption_id=redemption.pk,
            programme_id=coupon.programme_id,
            merchant_id=coupon.merchant_id,
            shop_id=redemption.shop_id,
            customer_id=coupon.customer_id,
            user_id=coupon.customer.user_id if coupon.customer else None,
            discount=redemption.discount,
        )
    )


@retry_on_deadlock
@transaction.atomic
def undo_redemption(redemption: Redemption, *, by: User, moment: datetime | None = None) -> Redemption:
    """Give back just what this use took; the redemption stays, marked. Undoing twice is once."""
    coupon = Coupon.objects.hold(redemption.coupon_id)
    standing = Redemption.objects.filter(pk=redemption.pk, undone_at=None)
    if standing.update(undone_at=moment or timezone.now()):
        was_whole = coupon.state == CouponState.REDEEMED
        spent = redemption.discount if coupon.kind == CouponKind.VALUE else 0
        CouponProgramme.objects.filter(pk=coupon.programme_id).update(redeemed=F("redeemed") - int(was_whole))
        Coupon.objects.filter(pk=coupon.pk).update(
            state=CouponState.RETURNED if was_whole else coupon.state,
            times=F("times") - 1,
            spent=F("spent") - spent,
        )
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
