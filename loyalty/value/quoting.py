"""What a card is worth in money when its holder wants it back: the rule, and the facts it needs."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Q, Sum

from loyalty.models import MONEY, Account, Card, Entry, EntryKind, ValueKind

#: What brings money onto a card; its reversals take it off again.
_COMES = (EntryKind.TOPPED_UP, EntryKind.GRANTED, EntryKind.OPENING, EntryKind.MOVED, EntryKind.ADJUSTED)


@dataclass(frozen=True)
class Quote:
    """All in minor units. What is left is refunded by the share of it that was paid in.

    amount = left x paid in / (paid in + bonus), rounded half up, once: whoever paid in 3,000, got 1,000 on
    top and used 3,594 has 406 left, of which three quarters, 304.50, are the holder's own money.
    """

    paid_in: int
    bonus_in: int
    left_principal: int
    left_bonus: int

    @property
    def left(self) -> int:
        return self.left_principal + self.left_bonus

    @property
    def used(self) -> int:
        return self.paid_in + self.bonus_in - self.left

    @property
    def amount(self) -> int:
        whole = self.paid_in + self.bonus_in
        return (2 * self.left * self.paid_in + whole) // (2 * whole) if whole else 0

    @property
    def share(self) -> float:
        """The holder's share of what is left, in percent."""
        whole = self.paid_in + self.bonus_in
        return 100 * self.paid_in / whole if whole else 0.0


def quote_of(card: Card, moment: datetime) -> Quote:
    """Counted since the last time the card was refunded. A bonus that expired counts as never given."""
    accounts = {one.kind: one for one in Account.objects.money().filter(card=card).good_at(moment)}
    entries = Entry.objects.filter(account__in=[one.pk for one in accounts.values()])
    last = entries.filter(kind=EntryKind.REFUNDED).aggregate(last=Max("pk"))["last"] or 0
    counted = Q(kind__in=_COMES) | Q(reverses__kind__in=_COMES) | Q(kind=EntryKind.EXPIRED)
    # used before that refund and given back since: nothing of it was counted yet
    counted |= Q(reverses__kind=EntryKind.SPENT, reverses__lt=last)
    rows = entries.filter(counted, pk__gt=last).values_list("account__kind").annotate(sum=Sum("amount"))
    came = dict(rows.order_by())

    def both(kind: ValueKind) -> tuple[int, int]:
        account = accounts.get(kind)
        if account is None:
            return 0, 0
        return came.get(kind, 0) - (account.balance - account.good), account.good

    (paid_in, left), (bonus_in, left_bonus) = (both(kind) for kind in MONEY)
    return Quote(paid_in, bonus_in, left, left_bonus)
