"""Whether an offer makes sense: the rules of its tables, in words that say what to do."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from coupons.groups import groups
from coupons.models import MOST_USES, Audience, CouponKind, CouponProgramme
from merchants.models import Merchant, Service, Shop
from portal.kernel.refused import Refused

#: By kind, which parts of the face it has; all others must be empty.
PARTS: dict[str, tuple[str, ...]] = {
    CouponKind.AMOUNT: ("amount_off",),
    CouponKind.PERCENT: ("percent_off", "most_off"),
    CouponKind.FIXED: ("price", "item"),
    CouponKind.GIFT: ("item",),
    CouponKind.VOUCHER: ("item",),
    CouponKind.VALUE: ("amount_off",),
}
ALL_PARTS = ("amount_off", "percent_off", "most_off", "price", "item")
LARGEST = 10_000_000  # minor units: nobody gives away more than 100,000 yuan by coupon


def judge(programme: CouponProgramme, rules: dict[str, Any], blackouts: Sequence[tuple[date, date]]) -> None:
    """Raises Refused with the first thing that is wrong."""
    _judge_face(programme)
    _judge_numbers(programme)
    _judge_rules(programme, rules)
    _judge_tenant(programme.merchant, rules)
    if any(last < first for first, last in blackouts):
        raise Refused(_("A day without coupons ends before it begins. Turn the two days around."))


def _judge_face(programme: CouponProgramme) -> None:
    has = PARTS[programme.kind]
    if any(getattr(programme, part) not in (None, "") for part in ALL_PARTS if part not in has):
        raise Refused(_("A coupon takes off one thing only. Choose what it takes off again."))
    if "amount_off" in has and not 0 < (programme.amount_off or 0) <= LARGEST:
        raise Refused(_("Enter how much the coupon takes off."))
    if "percent_off" in has and not 1 <= (programme.percent_off or 0) <= 100:
        raise Refused(_("Enter a percentage between 1 and 100."))
    if "price" in has and programme.price is None:
        raise Refused(_("Enter the price with the coupon."))
    if "item" in has and not programme.item.strip():
        raise Refused(_("Say what people get."))


def _judge_numbers(programme: CouponProgramme) -> None:
    if programme.stock < 1 or programme.per_person < 1:
        raise Refused(_("Enter at least one coupon in stock and one per person."))
    if not 1 <= programme.uses <= MOST_USES or (programme.kind == CouponKind.VALUE and programme.uses > 1):
        raise Refused(_("A pack has between 1 and %(most)d uses.") % {"most": MOST_USES})
    if programme.ends_at <= programme.starts_at:
        raise Refused(_("The end must be later than the start."))


def _judge_rules(programme: CouponProgramme, rules: dict[str, Any]) -> None:
    if programme.kind == CouponKind.FIXED and not rules.get("services"):
        raise Refused(_("Choose the services that have this price."))
    if programme.kind == CouponKind.VOUCHER and not rules.get("services"):
        raise Refused(_("Choose the services that the voucher is for."))
    if (rules.get("opens") is None) != (rules.get("closes") is None):
        raise Refused(_("Hours need a beginning and an end."))
    if rules.get("opens") is not None and rules["opens"] == rules["closes"]:
        raise Refused(_("The hours begin and end at the same time. Leave both empty for the whole day."))
    if (rules.get("audience") == Audience.LEVELS) != bool(rules.get("levels")):
        raise Refused(_("Choose the levels that the offer is for."))
    if (rules.get("audience") == Audience.SEGMENT) != bool(rules.get("segment")):
        raise Refused(_("Choose the segment or list that the offer is for."))


def _judge_tenant(merchant: Merchant, rules: dict[str, Any]) -> None:
    """Outlets and services are lists of keys: none may be another merchant's."""
    shops, services = set(rules.get("shops", ())), set(rules.get("services", ()))
    if shops and Shop.objects.filter(merchant=merchant, pk__in=shops).count() != len(shops):
        raise Refused(_("One of these shops isn’t yours any more. Choose again."))
    if services and Service.objects.filter(shop__merchant=merchant, pk__in=services).count() != len(services):
        raise Refused(_("One of these services isn’t on your price list any more. Choose again."))
    judge_segment(merchant, rules.get("segment"))


def judge_segment(merchant: Merchant, segment: int | None) -> None:
    """When it is drafted and again when it is published: it may have been put away meanwhile."""
    if segment is not None:
        groups().check(merchant, segment)
