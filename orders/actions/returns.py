"""Goods that come back take along the points that they earned, and a whole sale all that hung on it."""

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from loyalty.actions import claw_back
from loyalty.cards.merging import card_instead
from loyalty.models import Card, ValueKind
from loyalty.terms import Bought, terms_of
from merchants.models import Customer, Merchant, Shop
from orders.actions.sales import MOST, NotOurs
from orders.actions.whole_returns import restore
from orders.events import GoodsTakenBack
from orders.models import Purchase, PurchaseLine, Return
from orders.returning import Left, left_of
from portal.kernel.db import retry_on_deadlock
from portal.kernel.events import publish
from portal.kernel.models import User
from portal.kernel.money import format_money
from portal.kernel.refused import KeyReused, Refused


class WrongAmount(Refused):
    sentence = _("Enter what was paid back, more than nothing.")


class OwnReturn(Refused):
    sentence = _("You can't take back goods on your own card. Ask a colleague to do it.")


class MoreThanPaid(Refused):
    sentence = _("Of this sale %(left)s can still be paid back at most.")


class SaleUndone(Refused):
    status = 409
    sentence = _("This sale was undone already: nothing of it is left to take back.")


class PaidByPass(Refused):
    sentence = _("A visit of a pass paid for this: nothing was paid that could be paid back.")


def take_back_goods(
    *,
    merchant: Merchant,
    shop: Shop,
    amount: int | None,
    key: UUID,
    by: User,
    card: Card | None = None,
    line: PurchaseLine | None = None,
    quantity: int = 1,
    reason: str = "",
    moment: datetime | None = None,
) -> Return:
    """Note that ``amount`` minor units were paid back. The same key notes it once, however often it comes.

    ``line``: what of which sale came back; no ``amount`` means all that is left of it. It takes the share of
    the points that it earned, and the last goods of a sale take all that is left of them: a sale that comes
    back whole leaves nothing behind, but for its visit. Without a line the card's terms of today decide what
    ``quantity`` such goods would earn. What the card no longer has of the points, it owes.
    Locks: the purchase, then the card's accounts.
    """
    _judge(merchant, shop, amount, card, line, by)
    if line:
        card = line.purchase.card and card_instead(line.purchase.card)
    asked = (shop.pk, amount, card.pk if card else None, line.pk if line else None)
    facts = {"merchant": merchant, "shop": shop, "card": card, "key": key, "by": by, "line": line}
    if earlier := _replayed(merchant, key, asked):
        return earlier
    taken = Return(**facts, amount=amount or 0, reason=reason[:120], made_at=moment or timezone.now())
    try:
        return _take_back(taken, amount, quantity)
    except (IntegrityError, Refused):  # the other attempt came first
        if earlier := _replayed(merchant, key, asked):
            return earlier
        raise


def _judge(
    merchant: Merchant,
    shop: Shop,
    amount: int | None,
    card: Card | None,
    line: PurchaseLine | None,
    by: User,
) -> None:
    if (amount is None and line is None) or (amount is not None and not 0 < amount <= MOST):
        raise WrongAmount
    if shop.merchant_id != merchant.pk or (card and card.merchant_id != merchant.pk):
        raise NotOurs
    if line and line.purchase.merchant_id != merchant.pk:
        raise NotOurs
    customer = line.purchase.customer if line else card.customer if card else None
    if customer and customer.is_person(by):
        raise OwnReturn


def _replayed(
    merchant: Merchant, key: UUID, asked: tuple[int, int | None, int | None, int | None]
) -> Return | None:
    earlier = Return.objects.of(merchant).in_full().filter(key=key).first()
    if earlier is None:
        return None
    shop, amount, card, line = asked
    same_goods = earlier.line_id == line and (line is not None or earlier.card_id == card)
    if not same_goods or earlier.shop_id != shop or amount not in (None, earlier.amount):
        raise KeyReused
    return earlier


@retry_on_deadlock
@transaction.atomic
def _take_back(taken: Return, amount: int | None, quantity: int) -> Return:
    sale = Purchase.objects.locked().get(pk=taken.line.purchase_id) if taken.line else None
    if sale and taken.line:
        left = _left(sale, taken.line, amount)
        taken.amount = left.line if amount is None else amount
        taken.points = left.points_of(taken.amount)
        taken.customer_id = sale.customer_id
    elif taken.card:
        taken.points = _points_today(taken, quantity)
        taken.customer_id = taken.card.customer_id
    if taken.customer_id:
        Customer.objects.filter(pk=taken.customer_id).update(spent=F("spent") - taken.amount)
    _claw(taken, sale)
    taken.pk = None  # tried again after a deadlock, it is a new row again
    taken.save(force_insert=True)
    if sale and left.sale == taken.amount:
        restore(sale, key=taken.key, by=taken.by, reason=taken.reason, moment=taken.made_at)
    _tell(taken)
    return taken


def _left(sale: Purchase, line: PurchaseLine, amount: int | None) -> Left:
    if sale.undone_at:
        raise SaleUndone
    if sale.tenders.filter(kind=ValueKind.VISITS).exists():
        raise PaidByPass
    left = left_of(sale, line)
    if not left.line or (amount or 0) > left.line:
        raise MoreThanPaid(left=format_money(left.line, exact=True))
    return left


def _points_today(taken: Return, quantity: int) -> int:
    day = taken.made_at.astimezone(ZoneInfo(taken.shop.time_zone)).date()
    terms = terms_of(taken.card, day)  # type: ignore[arg-type]
    return terms.points_without_receipt(Bought(taken.amount, quantity))


def _claw(taken: Return, sale: Purchase | None) -> None:
    if not taken.card or not taken.points:
        return
    facts: dict[str, Any] = {"key": taken.key, "shop": taken.shop, "by": taken.by, "moment": taken.made_at}
    earned = sale.entry if sale and sale.card_id == taken.card_id else None
    claw_back(
        taken.card,
        taken.points,
        earned=earned,
        **facts,
        document=f"return:{taken.key}"[:40],
        note=taken.reason,
    )


def _tell(taken: Return) -> None:
    publish(
        GoodsTakenBack(
            return_id=taken.pk,
            merchant_id=taken.merchant_id,
            shop_id=taken.shop_id,
            customer_id=taken.customer_id,
            user_id=taken.card.customer.user_id if taken.card else None,
            amount=taken.amount,
            points=taken.points,
            made_at=taken.made_at.isoformat(),
        )
    )
