"""Plays the invoices of a journal at a counter: a sale is rung up, goods that came back are taken back.

Every key is derived from the invoice's number, so that an invoice played again is the same sale: a run
that was killed is simply started anew, and the order of the invoices changes nobody's points.
"""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from loyalty.actions import enrol, open_programme
from loyalty.models import Account, Card, Programme, ValueKind
from merchants.actions import open_merchant, open_shop
from merchants.models import Category, Merchant, Role, Shop, StaffMember
from orders.actions import Item, ring_up, take_back_goods
from orders.models import Purchase, Return
from orders.retail import Invoice
from portal.kernel.models import User

SPACE = uuid.UUID("0d0c4f0e-7d55-4b53-8a44-6f3d0f0f5c11")  # of names that invoices are keyed in
OWNER = "replay@example.invalid"
PHONE = "+999{:0>11}"  # a country code that nobody has: no message ever reaches anybody


@dataclass(frozen=True)
class Counter:
    """Where the invoices are played: one shop, one programme, one pair of hands."""

    shop: Shop
    programme: Programme
    by: User

    @property
    def merchant(self) -> Merchant:
        return self.programme.merchant


def counter_for_replays() -> Counter:
    """A merchant of its own, opened the first time. Its points never expire: time plays no part."""
    owner = User.objects.with_email(OWNER).first()
    owner = owner or User.objects.create_user(email=OWNER, name="Replayed sales")
    work = (
        StaffMember.objects.current().filter(user=owner, role=Role.OWNER).select_related("merchant").first()
    )
    merchant = work.merchant if work else open_merchant(owner, name="Replayed sales")
    shop = open_shop(
        owner,
        name="Replayed sales",
        category=_any_category(),
        key=uuid.uuid5(SPACE, "shop"),
        merchant=merchant,
    )
    programme = Programme.objects.of(merchant.pk).select_related("merchant").first()
    return Counter(shop, programme or open_programme(merchant, by=owner, name="Replayed sales"), owner)


def _any_category() -> Category:
    return Category.objects.filter(is_sellable=True, is_discovery_only=False).order_by("pk")[0]


def play(invoices: Iterable[Invoice], counter: Counter, step: Callable[[], object] = lambda: None) -> None:
    """``step`` is called after each invoice, for a progress bar."""
    cards: dict[str, Card] = {}
    for invoice in invoices:
        if invoice.customer and invoice.customer not in cards:
            phone = PHONE.format(invoice.customer)
            cards[invoice.customer] = enrol(counter.programme, phone, name=invoice.customer, by=counter.by)
        _play(invoice, counter, cards.get(invoice.customer))
        step()


def _play(invoice: Invoice, counter: Counter, card: Card | None) -> Purchase | Return:
    facts: dict[str, Any] = {
        "merchant": counter.merchant,
        "shop": counter.shop,
        "by": counter.by,
        "card": card,
        "key": uuid.uuid5(SPACE, invoice.number),
        "moment": invoice.moment,
    }
    if invoice.amount < 0:
        return take_back_goods(amount=-invoice.amount, reason=f"Invoice {invoice.number}", **facts)
    items = [Item(line.said, line.amount, abs(line.quantity)) for line in invoice.lines]
    return ring_up(bill=invoice.amount, items=items, **facts)


def net_points(counter: Counter) -> dict[str, int]:
    """By customer: the points on the card less the points it owes."""
    net: dict[str, int] = {}
    found = Account.objects.filter(card__programme=counter.programme).select_related("card__customer")
    for account in found.filter(kind__in=(ValueKind.POINTS, ValueKind.DEBT)):
        name = str(account.card.customer.name)
        sign = -1 if account.kind == ValueKind.DEBT else 1
        net[name] = net.get(name, 0) + sign * account.balance
    return net
