"""One sale at the counter: the coupon used, the points earned, the customer's sums, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import F, Model
from django.db.models.functions import Coalesce, Greatest, Least
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coupons.actions import redeem
from coupons.models import Coupon, Redemption
from coupons.terms import Line
from loyalty.actions import counted, earn, spend
from loyalty.actions.stamps import stamp_sale
from loyalty.models import Approval, Card, Entry, Value
from loyalty.terms import Terms, terms_of
from merchants.models import Customer, Merchant, Service, Shop
from orders.actions.pricing import Price, price
from orders.actions.tendering import agree_to_points, charge
from orders.events import PurchaseConfirmed
from orders.models import Purchase, PurchaseLine, Saving, SavingKind
from portal.kernel.codes import new_code
from portal.kernel.db import FIRST_KEY, Statement, at_once, change, insertion, retry_on_deadlock
from portal.kernel.events import publish
from portal.kernel.models import User
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

    @property
    def line(self) -> Line:
        """As a coupon sees it."""
        return Line(self.amount, self.quantity, self.service.pk if self.service else None)


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
    use_points: bool = False
    approval: Approval | None = None
    proof: str = ""

    @property
    def pays(self) -> bool:
        """Whether the balance is to be charged."""
        return self.approval is not None and self.approval.value == Value.MONEY

    @property
    def lines(self) -> Sequence[Item]:
        return self.items or [Item("", self.bill)]


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
    use_points: bool = False,
    approval: Approval | None = None,
    proof: str = "",
    moment: datetime | None = None,
) -> Purchase:
    """Confirm a sale of ``bill`` minor units. The same key rings up once, however often it comes.

    Points are earned on what is paid after all that coupon, level and, with ``use_points``, the card's own
    points take off. ``approval``: what the holder agreed to, either using points or paying all of it from
    the card's balance; ``proof``, of the turning code, agrees to points too. Locks: programme and coupon,
    approval, then the card's accounts.
    The unique key tells a replay: each verb below knows its own, and whatever turns the second attempt
    away, what the first one wrote is shown, or refused when this one asks for something else.
    """
    asked: dict[str, Any] = {"merchant": merchant, "shop": shop, "bill": bill, "key": key, "by": by}
    agreed: dict[str, Any] = {"use_points": use_points, "approval": approval, "proof": proof}
    sale = Sale(**asked, **agreed, items=items, card=card, coupon=coupon)
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
    whose: dict[str, Any] = {
        "lines": [item.line for item in sale.lines],
        "customer": card.customer if card else None,
    }
    used = redeem(coupon, bill=sale.bill, **whose, **facts) if coupon else None
    terms = terms_of(card, moment.astimezone(ZoneInfo(sale.shop.time_zone)).date()) if card else None
    due = price(
        sale.lines,
        coupon=used.shares if used else [],
        terms=terms,
        use_points=sale.use_points,
        alone=bool(used and not used.coupon.terms.stacks),
    )
    if card and due.quote:
        agree_to_points(card, sale.approval, sale.proof, due.quote.points, **facts)
    facts["document"] = f"sale:{sale.key}"[:40]
    spent = (
        spend(card, due.quote.points, **facts | {"key": spending_key(sale.key)})
        if card and due.quote
        else None
    )
    earned = earn(card, due.earns, waits=terms.waits, **facts) if card and terms and due.earns else None
    tenders = charge(card, sale.approval, due.paid, **facts) if card and sale.approval and sale.pays else []
    beside: list[Sequence[Model]] = [_savings(sale, due, terms, spent), tenders]
    purchase = _write(sale, due, used, earned, beside, moment)
    if card and terms:
        stamp_sale(card, terms, due.bought, key=sale.key, shop=sale.shop, by=sale.by, moment=moment)
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
    used_points = earlier.savings.filter(kind=SavingKind.POINTS).exists()
    if (used_points and not sale.use_points) or earlier.tenders.exists() != sale.pays:
        raise KeyReused
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


def spending_key(sale: UUID) -> UUID:
    """A sale may take points and give points on one account, where each step needs a key of its own."""
    return uuid5(sale, "points used")


def _savings(sale: Sale, due: Price, terms: Terms | None, spent: Entry | None) -> list[Saving]:
    """What the card took off, for the purchase that is written in the same statement."""
    level = terms.level if terms else {}
    said = {"said": level.get("name", ""), "said_en": level.get("name_en", "")}
    whose = {"merchant": sale.merchant, "purchase_id": FIRST_KEY}
    savings = [
        Saving(kind=SavingKind.LEVEL, amount=due.level, **said, **whose),
        Saving(kind=SavingKind.POINTS, amount=due.points_off, entry=spent, **whose),
    ]
    return [saving for saving in savings if saving.amount]


def _write(
    sale: Sale,
    due: Price,
    used: Redemption | None,
    earned: Entry | None,
    beside: Sequence[Sequence[Model]],
    moment: datetime,
) -> Purchase:
    holder = sale.card or sale.coupon
    purchase = Purchase(
        merchant=sale.merchant,
        shop=sale.shop,
        customer=holder.customer if holder else None,
        card=sale.card,
        token=new_code(16),
        bill=sale.bill,
        discount=due.discount,
        paid=due.paid,
        points=earned.amount if earned else 0,
        redemption=used,
        entry=earned,
        key=sale.key,
        by=sale.by,
        made_at=moment,
    )
    purchase.pk = at_once(insertion([purchase]), insertion(_lines(sale, due)), *_sums(sale, purchase, beside))
    purchase._state.adding = False
    return purchase


def _sums(sale: Sale, purchase: Purchase, beside: Sequence[Sequence[Model]]) -> list[Statement]:
    """What goes with the sale: the customer's running sums, savings, tenders, what counts for the level."""
    sums = [_visit(purchase, purchase.customer_id)] if purchase.customer_id else []
    sums += [insertion(rows) for rows in beside if rows]
    if sale.card:
        facts: dict[str, Any] = {"shop": sale.shop, "key": sale.key, "moment": purchase.made_at}
        sums.append(counted(sale.card, paid=purchase.paid, points=purchase.points, **facts))
    return sums


def _lines(sale: Sale, due: Price) -> list[PurchaseLine]:
    """All that was taken off shared over the lines, for the purchase written in the same statement."""
    return [
        PurchaseLine(
            purchase_id=FIRST_KEY,
            service=item.service,
            said=item.said,
            quantity=item.quantity,
            amount=item.amount,
            discount=share.discount,
            level_off=share.level,
            points_off=share.points,
            points=share.earned,
        )
        for item, share in zip(sale.lines, due.lines, strict=True)
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
