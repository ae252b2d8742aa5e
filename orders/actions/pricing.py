"""What a sale comes to: what coupon, level and points take off, line by line, and what it earns."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from loyalty.terms import Bought, Quote, Terms
from portal.kernel.money import split


@dataclass(frozen=True)
class PricedLine:
    """A line's shares of everything that was taken off, in minor units."""

    coupon: int
    level: int
    points: int
    earned: int  # points, not money

    @property
    def discount(self) -> int:
        return self.coupon + self.level + self.points


@dataclass(frozen=True)
class Price:
    """``paid`` = bill − coupon − level − points used; ``earns`` are the points for it."""

    coupon: int
    level: int
    quote: Quote | None
    paid: int
    earns: int
    lines: list[PricedLine] = field(default_factory=list)
    bought: list[Bought] = field(default_factory=list)

    @property
    def points_off(self) -> int:
        return self.quote.amount if self.quote else 0

    @property
    def discount(self) -> int:
        return self.coupon + self.level + self.points_off


def price(
    items: Sequence[Any],
    *,
    coupon: Sequence[int],
    terms: Terms | None,
    use_points: bool,
    alone: bool = False,
) -> Price:
    """The coupon first, then the level's percent of the rest, then points; level and points shared over
    the lines in proportion to what is left of them, remainders to the largest. Points are earned on what
    is paid. ``coupon``: what it takes off each line; ``alone``: then the card takes off nothing.
    """
    amounts = [item.amount for item in items]
    coupons = list(coupon) or [0] * len(amounts)
    left = _less(amounts, coupons)
    level = terms.level_off(sum(left)) if terms and not alone else 0
    levels = _shares(level, left)
    left = _less(left, levels)
    quote = terms.quote(sum(left)) if terms and use_points and not alone else None
    points = _shares(quote.amount if quote else 0, left)
    left = _less(left, points)
    bought = [
        Bought(paid, item.quantity, item.service.pk if item.service else None)
        for item, paid in zip(items, left, strict=True)
    ]
    earned = terms.points_by_line(bought) if terms else [0] * len(bought)
    lines = [PricedLine(*shares) for shares in zip(coupons, levels, points, earned, strict=True)]
    return Price(sum(coupons), level, quote, sum(left), sum(earned), lines, bought)


def _shares(total: int, weights: list[int]) -> list[int]:
    return split(total, weights) if total else [0] * len(weights)


def _less(amounts: list[int], taken: list[int]) -> list[int]:
    return [amount - share for amount, share in zip(amounts, taken, strict=True)]
