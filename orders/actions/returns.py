"""Goods that come back without the receipt of their sale: the points of their price come back, too."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from loyalty.actions import claw_back
from loyalty.models import Card
from merchants.models import Customer, Merchant, Shop
from orders.actions.sales import MOST, NotOurs
from orders.events import GoodsTakenBack
from orders.models import Return
from portal.kernel.db import retry_on_deadlock
from portal.kernel.events import publish
from portal.kernel.models import User
from portal.kernel.refused import KeyReused, Refused


class WrongAmount(Refused):
    sentence = _("Enter what was paid back, more than nothing.")


class OwnReturn(Refused):
    sentence = _("You can't take back goods on your own card. Ask a colleague to do it.")


def take_back_goods(
    *,
    merchant: Merchant,
    shop: Shop,
    amount: int,
    key: UUID,
    by: User,
    card: Card | None = None,
    reason: str = "",
    moment: datetime | None = None,
) -> Return:
    """Note that ``amount`` minor units were paid back. The same key notes it once, however often it comes.

    The points are those that the programme gives for such an amount now: nobody knows which sale it was.
    What the card no longer has of them, it owes. The visit itself stays counted. Locks: the card's accounts.
    """
    asked = (shop.pk, amount, card.pk if card else None)
    _judge(merchant, shop, amount, card, by)
    facts = {"merchant": merchant, "shop": shop, "card": card, "amount": amount, "key": key, "by": by}
    if earlier := _replayed(merchant, key, asked):
        return earlier
    try:
        return _take_back(Return(**facts, reason=reason[:120], made_at=moment or timezone.now()))
    except (IntegrityError, KeyReused):  # the other attempt came first
        if earlier := _replayed(merchant, key, asked):
            return earlier
        raise


def _judge(merchant: Merchant, shop: Shop, amount: int, card: Card | None, by: User) -> None:
    if not 0 < amount <= MOST:
        raise WrongAmount
    if shop.merchant_id != merchant.pk or (card and card.merchant_id != merchant.pk):
        raise NotOurs
    if card and card.customer.is_person(by):
        raise OwnReturn


def _replayed(merchant: Merchant, key: UUID, asked: tuple[int, int, int | None]) -> Return | None:
    earlier = Return.objects.of(merchant).in_full().filter(key=key).first()
    if earlier and (earlier.shop_id, earlier.amount, earlier.card_id) != asked:
        raise KeyReused
    return earlier


@retry_on_deadlock
@transaction.atomic
def _take_back(taken: Return) -> Return:
    card = taken.card
    if card:
        taken.customer_id = card.customer_id
        taken.points = card.programme.points_for(taken.amount)
        Customer.objects.filter(pk=card.customer_id).update(spent=F("spent") - taken.amount)
    if card and taken.points:
        claw_back(
            card,
            taken.points,
            key=taken.key,
            shop=taken.shop,
            by=taken.by,
            document=f"return:{taken.key}"[:40],
            note=taken.reason,
            moment=taken.made_at,
        )
    taken.pk = None  # tried again after a deadlock, it is a new row again
    taken.save(force_insert=True)
    _tell(taken)
    return taken


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
