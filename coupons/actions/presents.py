"""Passing a coupon on: reserved while the link is out, the other person's once it is taken."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coupons.actions.claims import ClaimedEnough
from coupons.actions.turns import free_turn
from coupons.judging import check_usable
from coupons.models import Coupon, CouponState, Present
from merchants.actions import find_or_enrol_customer
from portal.kernel.codes import new_code
from portal.kernel.db import retry_on_deadlock
from portal.kernel.models import User
from portal.kernel.refused import Refused

LASTS = timedelta(hours=24)
FREE: dict[str, Any] = {"state": CouponState.CLAIMED, "held_until": None, "hold_key": None}


class NotYours(Refused):
    sentence = _("This coupon isn’t yours to give.")


class StaysWithYou(Refused):
    sentence = _("By its terms this coupon can’t be passed on.")


class OwnPresent(Refused):
    sentence = _("This is your own present. To use it yourself, take it back on the coupon’s page.")


class TakenAlready(Refused):
    status = 409
    sentence = _("Somebody else has taken it already.")


class NoLongerGiven(Refused):
    sentence = _("This present is no longer given. Ask who sent it to you for a new link.")


@retry_on_deadlock
@transaction.atomic
def give_coupon(coupon: Coupon, *, by: User, key: UUID, moment: datetime | None = None) -> Present:
    """A link for somebody else, good for a day and no longer than the coupon. The same key gives once."""
    moment = moment or timezone.now()
    coupon = Coupon.objects.hold(coupon.pk)
    if earlier := Present.objects.filter(coupon=coupon, key=key).first():
        return earlier
    if coupon.customer is None or coupon.customer.user_id != by.pk:
        raise NotYours
    if not coupon.terms.is_transferable:
        raise StaysWithYou
    check_usable(coupon, moment=moment, merchant=coupon.merchant)
    if coupon.state == CouponState.HELD:  # an earlier link that lapsed
        _let_go(coupon, moment)
    until = min(moment + LASTS, coupon.valid_until)
    facts = {"merchant_id": coupon.merchant_id, "given_by": by, "given_at": moment, "until": until}
    present = Present.objects.create(coupon=coupon, token=new_code(16), key=key, **facts)
    Coupon.objects.filter(pk=coupon.pk).update(state=CouponState.HELD, held_until=until, hold_key=key)
    return present


def _let_go(coupon: Coupon, moment: datetime) -> None:
    Present.objects.open().filter(coupon=coupon).update(withdrawn_at=moment)
    Coupon.objects.filter(pk=coupon.pk, state=CouponState.HELD).update(**FREE)


@retry_on_deadlock
@transaction.atomic
def take_present(present: Present, *, user: User, moment: datetime | None = None) -> Coupon:
    """The coupon becomes this person's, with the terms it has. Whoever comes first; taken twice is once."""
    moment = moment or timezone.now()
    coupon = Coupon.objects.hold(present.coupon_id)
    present = Present.objects.get(pk=present.pk)
    if present.taken_at:
        if present.taken_by_id == user.pk:
            return coupon
        raise TakenAlready
    if present.given_by_id == user.pk:
        raise OwnPresent
    if not present.is_open_at(moment) or coupon.hold_key != present.key:
        raise NoLongerGiven
    customer = find_or_enrol_customer(coupon.programme.merchant, user=user, source="coupon")
    turn = free_turn(coupon.programme, customer)
    if turn is None:
        raise ClaimedEnough
    Coupon.objects.filter(pk=coupon.pk).update(customer=customer, ordinal=turn, **FREE)
    present.taken_by, present.taken_at = user, moment
    present.save(update_fields=["taken_by", "taken_at"])
    coupon.refresh_from_db()
    return coupon


@retry_on_deadlock
@transaction.atomic
def take_back(coupon: Coupon, *, by: User, moment: datetime | None = None) -> Coupon:
    """The link leads nowhere any more, and its holder can use the coupon again. Twice is once."""
    coupon = Coupon.objects.hold(coupon.pk)
    if coupon.customer is None or coupon.customer.user_id != by.pk:
        raise NotYours
    if coupon.state == CouponState.HELD:
        _let_go(coupon, moment or timezone.now())
        coupon.refresh_from_db()
    return coupon


@transaction.atomic
def let_go_of_lapsed(moment: datetime) -> int:
    """Tidy away holds that have run out; they have been none since, whoever looked."""
    lapsed = Coupon.objects.filter(state=CouponState.HELD, held_until__lte=moment)
    keys = list(lapsed.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))
    Present.objects.open().filter(coupon__in=keys).update(withdrawn_at=F("until"))
    return Coupon.objects.filter(pk__in=keys).update(**FREE)
