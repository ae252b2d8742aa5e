"""Offers that have proven themselves, as starting points: the shop's own trade first."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from coupons.models import CouponKind
from merchants.models import Merchant


@dataclass(frozen=True)
class Preset:
    """A starting point that most shops only have to publish; ``trades`` are top categories, empty is any."""

    slug: str
    icon: str
    title: Any
    says: Any
    values: dict[str, Any]
    days: int
    trades: tuple[str, ...] = field(default=())


PRESETS = [
    Preset(
        "welcome",
        "gift",
        _("A welcome for new guests"),
        _("¥10 off bills from ¥38, for a month"),
        {"kind": CouponKind.AMOUNT, "amount_off": 1000, "minimum": 3800, "stock": 200},
        30,
    ),
    Preset(
        "quiet",
        "clock",
        _("Fill the quiet hours"),
        _("A fifth off, at most ¥30, weekdays from 14:00 to 17:00"),
        {
            "kind": CouponKind.PERCENT,
            "percent_off": 20,
            "most_off": 3000,
            "minimum": 0,
            "stock": 100,
            "weekdays": [0, 1, 2, 3, 4],
            "opens": "14:00",
            "closes": "17:00",
        },
        14,
    ),
    Preset(
        "thanks",
        "heart",
        _("A thank-you for regulars"),
        _("¥5 off, no minimum, for a week"),
        {"kind": CouponKind.AMOUNT, "amount_off": 500, "minimum": 0, "stock": 100},
        7,
    ),
    Preset(
        "topping",
        "tea",
        _("A free topping"),
        _("Something small with every cup, for two weeks"),
        {"kind": CouponKind.GIFT, "item": _("a topping"), "minimum": 0, "stock": 300},
        14,
        ("dining", "groceries"),
    ),
    Preset(
        "friend",
        "user",
        _("Bring a friend"),
        _("¥20 off bills from ¥80; it may be passed on"),
        {
            "kind": CouponKind.AMOUNT,
            "amount_off": 2000,
            "minimum": 8000,
            "stock": 100,
            "is_transferable": True,
        },
        30,
        ("beauty", "fitness", "leisure"),
    ),
    Preset(
        "five-times",
        "ticket",
        _("Five times a tenth off"),
        _("One coupon for five visits within 90 days"),
        {
            "kind": CouponKind.PERCENT,
            "percent_off": 10,
            "uses": 5,
            "minimum": 0,
            "stock": 100,
            "valid_days": 90,
        },
        30,
        ("laundry-care", "cars", "beauty", "pets"),
    ),
]
FIRST_SHOWN = 3  # on a first coupon's card


def preset_called(slug: str) -> Preset | None:
    return next((preset for preset in PRESETS if preset.slug == slug), None)


def presets_for(merchant: Merchant) -> list[Preset]:
    """Those of the merchant's trades first, then those for anybody; none that is for other trades."""
    pairs = merchant.shops.values_list("category__slug", "category__parent__slug")
    trades = {slug for pair in pairs for slug in pair if slug}
    ours = [preset for preset in PRESETS if trades.intersection(preset.trades)]
    return ours + [preset for preset in PRESETS if not preset.trades]
