"""What of a sale can still come back, and which points go with it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from loyalty.models import Card, ValueKind
from orders.models import Purchase, PurchaseLine, Tender

TAKEN_BACK_WITHIN = timedelta(days=90)
LATEST = 12  # lines of sales to choose from


@dataclass(frozen=True)
class Left:
    """Of one line and of its whole sale: money in minor units that can still be paid back, and points."""

    line: int
    sale: int
    paid: int
    earned: int
    sale_points: int

    def points_of(self, amount: int) -> int:
        """Those that go with ``amount``: the line's by share, half a point counts as one; with the last of
        the sale's goods all that are left of the sale's."""
        if amount == self.sale:
            return self.sale_points
        back = self.paid - self.line
        return self._share(back + amount) - self._share(back)

    def _share(self, back: int) -> int:
        return (2 * self.earned * back + self.paid) // (2 * self.paid)


def left_of(sale: Purchase, line: PurchaseLine) -> Left:
    """Whoever writes by it holds the sale's row."""
    lines = {one.pk: one for one in _with_back(PurchaseLine.objects.filter(purchase=sale))}
    mine = lines[line.pk]
    left = {one.pk: one.paid - one.back for one in lines.values()}
    points = sale.points - sum(one.taken for one in lines.values())
    return Left(left[line.pk], sum(left.values()), mine.paid, mine.points, points)


def returnable(card: Card, moment: datetime, *, chosen: int | None = None) -> list[PurchaseLine]:
    """What the card's holder bought lately and may bring back, the latest first, each with ``left``.

    ``chosen``: shown even when nothing is left of it: the form may be the same one, sent again.
    """
    sold = PurchaseLine.objects.filter(
        purchase__customer=card.customer_id, purchase__made_at__gte=moment - TAKEN_BACK_WITHIN
    ).select_related("purchase__card__customer", "purchase__customer", "service")
    rows = _with_back(sold).annotate(left=F("amount") - F("discount") - F("back"))
    by_pass = Tender.objects.filter(purchase=OuterRef("purchase"), kind=ValueKind.VISITS)
    rows = rows.exclude(Exists(by_pass))
    rows = rows.filter(Q(left__gt=0, purchase__undone_at=None) | Q(pk=chosen))
    return list(rows.order_by("-purchase__made_at", "-purchase", "pk")[:LATEST])


def _with_back(lines: QuerySet[PurchaseLine]) -> QuerySet[Any]:
    """Adds ``back``, money, and ``taken``, points, of what came back of each."""
    return lines.annotate(back=Coalesce(Sum("returns__amount"), 0), taken=Coalesce(Sum("returns__points"), 0))
