"""One sale at the counter: the coupon used, the points earned, the customer's sums, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Coalesce, Greatest, Least
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coupons.actions import redeem
from coupons.models import Coupon, Redemption
from loyalty.actions import earn
from loyalty.models import Card, Entry
from merchants.models import Customer, Merchant, Service, Shop
from orders.events import PurchaseConfirmed
from orders.models import Purchase, PurchaseLine
from portal.kernel.codes import new_code
from portal.kernel.db import FIRST_KEY, Statement, at_once, change, insertion, retry_on_deadlock
from portal.kernel.events import publish
from portal.kernel.models import User
from portal.kernel.money import split
from portal.kernel.refused import KeyReused, Refused

MOST = 10_000_000  # a counter bill of more than 100,000 yuan is a slip of the finger


class OwnCard(Refused):
    sentence = _("You can't ring up your own card or coupon. Ask a colleague to do it.")


class WrongBill(Refused):
    sentence = _("Enter the amount of the bill, more than nothing.")


class NotOurs(Refused):
    sentence = _("The shop, card and coupon must belong to the same merchant.")


@dataclass(frozen=True)
class Item:
    """A line of the bill; ``amount`` in minor units for the whole quantity."""

    said: str
    amount: int
    quantity: int = 1
    service: Service | None = None


@dataclass(frozen=True, kw_only=True)
class Sale:
    """What the cashier asks for."""

    merchant: Merchant
    shop: Shop
    bill: int
    key: UUID
    by: User
    card: Card | None = None
    coupon: Coupon | None = None
    items: Sequence[Item] = ()


def ring_up(
    *,
    merchant: Merchant,
    shop: Shop,
    bill: int,
    key: UUID,
    by: User,
    card: Card | None = None,
    coupon: Coupon | None = None,
    items: Sequence[Item] = (),
    moment: datetime | None = None,
) -> Purchase:
    """Confirm a sale of ``bill`` minor units. The same key rings up once, however often it comes.

    Points are earned on what is paid after the discount. Locks: programme and coupon, then card.
    The unique key tells a replay: each verb below knows its own, and whatever turns the second attempt
    away, what the first one wrote is shown, or refused when this one asks for something else.
    """
    sale = Sale(
        merchant=merchant, shop=shop, bill=bill, key=key, by=by, card=card, coupon=coupon, items=items
    )
    try:
        return _ring_up(sale, moment or timezone.now())
    except (IntegrityError, Refused):
        if earlier := _replayed(sale):
            return earlier
        raise


@retry_on_deadlock
@transaction.atomic
def _ring_up(sale: Sale, moment: datetime) -> Purchase:
    _judge(sale)
    card, coupon = sale.card, sale.coupon
    facts: dict[str, Any] = {"key": sale.key, "shop": sale.shop, "by": sale.by, "moment": moment}
    used = redeem(coupon, bill=sale.bill, **facts) if coupon else None
    paid = sale.bill - (used.discount if used else 0)
    points = card.programme.points_for(paid) if card else 0
    earned = earn(card, points, document=f"sale:{sale.key}"[:40], **facts) if card and points else None
    purchase = _write(sale, used, earned, moment)
    _tell(purchase)
    return purchase


def _replayed(sale: Sale) -> Purchase | None:
    """What an earlier attempt with this key wrote; refused when it asked for something else."""
    rows = Purchase.objects.of(sale.merchant).select_related("redemption", "customer", "shop")
    earlier = rows.filter(key=sale.key).first()
    if earlier is None:
        return None
    used = earlier.redemption.coupon_id if earlier.redemption else None
    was = (earlier.shop_id, earlier.bill, earlier.card_id, used)
    if was != (sale.shop.pk, sale.bill, sale.card and sale.card.pk, sale.coupon and sale.coupon.pk):
        raise KeyReused
    return earlier


def _judge(sale: Sale) -> None:
    if not 0 < sale.bill <= MOST or (sale.items and sum(item.amount for item in sale.items) != sale.bill):
        raise WrongBill
    # a foreign coupon is left to its own verb, which says whose it is
    if sale.shop.merchant_id != sale.merchant.pk or (sale.card and sale.card.merchant_id != sale.merchant.pk):
        raise NotOurs
    for holder in (sale.card and sale.card.customer, sale.coupon and sale.coupon.customer):
        if holder and holder.is_person(sale.by):
            raise OwnCard


def _write(sale: Sale, used: Redemption | None, earned: Entry | None, moment: datetime) -> Purchase:
    discount = used.discount if used else 0
    holder = sale.card or sale.coupon
    purchase = Purchase(
        merchant=sale.merchant,
        shop=sale.shop,
        customer=holder.customer if holder else None,
        card=sale.card,
        token=new_code(16),
        bill=sale.bill,
        discount=discount,
        paid=sale.bill - discount,
        points=earned.amount if earned else 0,
        redemption=used,
        entry=earned,
        key=sale.key,
        by=sale.by,
        made_at=moment,
    )
    counted = [_visit(purchase, purchase.customer_id)] if purchase.customer_id else []
    purchase.pk = at_once(insertion([purchase]), insertion(_lines(sale, discount)), *counted)
    purchase._state.adding = False
    return purchase


def _lines(sale: Sale, discount: int) -> list[PurchaseLine]:
    """The discount shared over the lines, for the purchase that is written in the same statement."""
    items = sale.items or [Item("", sale.bill)]
    shares = split(discount, [item.amount for item in items])
    return [
        PurchaseLine(
            purchase_id=FIRST_KEY,
            service=item.service,
            said=item.said,
            quantity=item.quantity,
            amount=item.amount,
            discount=share,
        )
        for item, share in zip(items, shares, strict=True)
    ]


def _visit(purchase: Purchase, customer_id: int) -> Statement:
    """The running sums that care and analytics read, moved by the database, never read first."""
    return change(
        Customer.objects.filter(pk=customer_id),
        visits=F("visits") + 1,
        spent=F("spent") + purchase.paid,
        first_visit_at=Least(Coalesce("first_visit_at", purchase.made_at), purchase.made_at),
        last_visit_at=Greatest(Coalesce("last_visit_at", purchase.made_at), purchase.made_at),
    )


def _tell(purchase: Purchase) -> None:
    publish(
        PurchaseConfirmed(
            purchase_id=purchase.pk,
            merchant_id=purchase.merchant_id,
            shop_id=purchase.shop_id,
            customer_id=purchase.customer_id,
            user_id=purchase.customer.user_id if purchase.customer else None,
            bill=purchase.bill,
            discount=purchase.discount,
            paid=purchase.paid,
            points=purchase.points,
            made_at=purchase.made_at.isoformat(),
        )
    )
