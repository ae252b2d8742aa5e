"""What a coupon takes off the lines of a bill: pure arithmetic, rounded once, never more than there is."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from coupons.models import CouponKind
from portal.kernel.money import split

OF_ONE = (CouponKind.FIXED, CouponKind.GIFT, CouponKind.VOUCHER)  # they concern one piece, not the sum


class Face(Protocol):
    """What a coupon and its programme have in common; amounts in minor units."""

    kind: str
    amount_off: int | None
    percent_off: int | None
    most_off: int | None
    price: int | None
    minimum: int


@dataclass(frozen=True)
class Line:
    """A line of the bill; ``amount`` in minor units for the whole quantity, ``service`` its key if any."""

    amount: int
    quantity: int = 1
    service: int | None = None


def discount_on(face: Face, bill: int) -> int:
    """Minor units off a sum in minor units: a percentage is rounded half up, nothing exceeds the sum."""
    if face.kind in (CouponKind.AMOUNT, CouponKind.VALUE):
        off = face.amount_off or 0
    else:
        off = (2 * bill * (face.percent_off or 0) + 100) // 200
    if face.most_off is not None:
        off = min(off, face.most_off)
    return min(off, bill)


def fitting(lines: Sequence[Line], services: Collection[int]) -> list[int]:
    """Of each line what the coupon may take off from: all of it, or nothing where another service stands."""
    return [line.amount if not services or line.service in services else 0 for line in lines]


def counting(face: Face, lines: Sequence[Line], services: Collection[int]) -> int:
    """What is held against the minimum: the lines that fit, or the whole bill beside one piece."""
    return sum(line.amount for line in lines) if face.kind in OF_ONE else sum(fitting(lines, services))


def shares(
    face: Face, lines: Sequence[Line], services: Collection[int] = (), left: int | None = None
) -> list[int]:
    """Off each line, in minor units; ``left``: what a value coupon still has.

    Shared in proportion over the lines that fit, remainders to the largest. Something free and a voucher
    take off one piece (the cheapest, the dearest that fits); a fixed price what the dearest costs beyond it.
    """
    fits = fitting(lines, services)
    if face.kind in OF_ONE:
        return _of_one(face, lines, fits if services else [0] * len(lines))
    off = discount_on(face, sum(fits))
    if face.kind == CouponKind.VALUE and left is not None:
        off = min(off, left)
    return split(off, fits) if off else [0] * len(lines)


def _of_one(face: Face, lines: Sequence[Line], fits: list[int]) -> list[int]:
    pieces = {
        place: line.amount // line.quantity
        for place, line in enumerate(lines)
        if fits[place] and line.quantity
    }
    taken = [0] * len(lines)
    if pieces:
        choose = min if face.kind == CouponKind.GIFT else max
        place = choose(pieces, key=lambda one: pieces[one])
        taken[place] = max(0, pieces[place] - (face.price or 0))
    return taken
