"""Whether a coupon can be used here, now, on this bill; and if not, in which words."""

from collections.abc import Sequence
from contextlib import nullcontext
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coupons.calendar import day_of, said_days, said_hours, said_weekdays
from coupons.models import Coupon, CouponKind, CouponState
from coupons.terms import Line, counting, shares
from merchants.models import Merchant, Service, Shop
from portal.kernel.dates import date_and_time
from portal.kernel.money import format_money
from portal.kernel.refused import Refused


class NotUsable(Refused):
    """``kind``: how the counter shows it, ``check`` where something can be done about it on the spot."""

    kind = "refuse"


class OtherMerchant(NotUsable):
    sentence = _("This coupon belongs to %(merchant)s.")


class AlreadyUsed(NotUsable):
    status = 409
    sentence = _("Already redeemed on %(when)s by %(who)s.")


class Revoked(NotUsable):
    sentence = _("The shop has cancelled this coupon.")


class Reserved(NotUsable):
    sentence = _("This coupon is reserved until %(when)s. Its holder can take it back.")


class NotYetValid(NotUsable):
    sentence = _("This coupon is valid from %(when)s.")


class Expired(NotUsable):
    sentence = _("This coupon expired on %(when)s.")


class OtherOutlet(NotUsable):
    sentence = _("This coupon holds only at %(shops)s.")


class NotToday(NotUsable):
    sentence = _("Not today: this coupon holds on %(days)s.")


class NotNow(NotUsable):
    sentence = _("Not at this hour: this coupon holds from %(hours)s.")


class BlackedOut(NotUsable):
    sentence = _("Not today: this coupon doesn’t hold on %(days)s.")


class ClaimedMeanwhile(NotUsable):
    """From paper on the counter to somebody's coupon, since it was scanned there."""

    status = 409
    kind = "check"
    sentence = _("Somebody has claimed this coupon just now. Scan it again to see whose it is.")


class HadEnough(NotUsable):
    kind = "check"
    sentence = _("This customer has had as many of these coupons as one person can have.")


class BelowMinimum(NotUsable):
    kind = "check"
    sentence = _("This coupon needs a bill of %(minimum)s; this one is %(bill)s, %(short)s short.")


class NothingFits(NotUsable):
    kind = "check"
    sentence = _("This coupon is for %(services)s. Choose it above the amount.")


def check_usable(coupon: Coupon, *, moment: datetime, merchant: Merchant, shop: Shop | None = None) -> None:
    """What doesn't depend on the bill. Valid from the first moment on, no longer at the last."""
    if coupon.merchant_id != merchant.pk:
        raise OtherMerchant(merchant=coupon.programme.merchant.name)
    if coupon.state == CouponState.REDEEMED:
        used = coupon.redemptions.filter(undone_at=None).select_related("by", "shop").latest("pk")
        raise AlreadyUsed(when=_said(used.redeemed_at, used.shop), who=used.by.says())
    if coupon.state == CouponState.REVOKED:
        raise Revoked
    if moment < coupon.valid_from:
        raise NotYetValid(when=_said(coupon.valid_from, shop))
    if moment >= coupon.valid_until:
        raise Expired(when=_said(coupon.valid_until, shop))
    if coupon.held_until and coupon.is_held_at(moment):
        raise Reserved(when=_said(coupon.held_until, shop))
    if shop:
        _judge_place_and_time(coupon, shop, moment)


def _judge_place_and_time(coupon: Coupon, shop: Shop, moment: datetime) -> None:
    terms = coupon.terms
    if terms.shops and shop.pk not in terms.shops:
        names = Shop.objects.filter(pk__in=terms.shops).order_by("pk")
        raise OtherOutlet(shops=", ".join(one.title for one in names))
    day = day_of(terms, moment.astimezone(ZoneInfo(shop.time_zone)))
    if day is None:
        raise NotNow(hours=said_hours(terms))
    if terms.weekdays and day.weekday() not in terms.weekdays:
        raise NotToday(days=said_weekdays(terms))
    if terms.has_blackouts:
        for closed in terms.blackouts.filter(starts_on__lte=day, ends_on__gte=day):
            raise BlackedOut(days=said_days(closed.starts_on, closed.ends_on))


def _said(moment: datetime, shop: Shop | None = None) -> str:
    with timezone.override(ZoneInfo(shop.time_zone)) if shop else nullcontext():
        return date_and_time(moment)


def priced(coupon: Coupon, lines: Sequence[Line]) -> list[int]:
    """Off each line, in minor units; or why nothing is."""
    services = coupon.terms.services
    bill = counting(coupon, lines, services)
    if services and not any(line.service in services for line in lines):
        raise NothingFits(services=named(services))
    if bill < coupon.minimum:
        raise BelowMinimum(
            minimum=format_money(coupon.minimum),
            bill=format_money(bill),
            short=format_money(coupon.minimum - bill),
        )
    return shares(coupon, lines, services, coupon.left if coupon.kind == CouponKind.VALUE else None)


def named(services: Sequence[int]) -> str:
    """The services' names, each once: a chain's outlets have them under several keys."""
    found = Service.objects.filter(pk__in=services).order_by("pk")
    return ", ".join(dict.fromkeys(service.title for service in found))


def quote(
    coupon: Coupon, *, bill: int, moment: datetime, merchant: Merchant, shop: Shop | None = None
) -> int:
    """The discount, in minor units, that the coupon gives on the bill now; or why it gives none."""
    check_usable(coupon, moment=moment, merchant=merchant, shop=shop)
    return sum(priced(coupon, [Line(bill)]))
