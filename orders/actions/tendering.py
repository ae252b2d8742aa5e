"""What the holder agreed to is used up with the sale: money from the card, or points."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from loyalty.actions import (
    approve_by_code,
    consume_approval,
    give_visit_back,
    pay_with_balance,
    reverse,
)
from loyalty.actions.rewards import redeem_reward
from loyalty.models import Approval, Card, Entry, Reward, RewardVoucher, Value, ValueKind
from merchants.models import Shop
from orders.models import Purchase, Tender
from portal.kernel.db import FIRST_KEY, retry_on_deadlock
from portal.kernel.models import User
from portal.kernel.refused import Refused


class OtherCard(Refused):
    sentence = _("This approval was given for another card, or for points.")


class NotAgreed(Refused):
    sentence = _(
        "The customer has to agree to using points: scan the code on the phone again, or ask with the PIN."
    )


class NothingToCharge(Refused):
    sentence = _("There is nothing left to pay from the balance.")


def charge(
    card: Card,
    approval: Approval,
    amount: int,
    *,
    key: UUID,
    shop: Shop,
    by: User,
    document: str,
    moment: datetime,
) -> list[Tender]:
    """Take all of ``amount`` from the card. Gives back the rows for the purchase that is written next."""
    if approval.card_id != card.pk or approval.value != Value.MONEY:
        raise OtherCard
    if not amount:
        raise NothingToCharge
    consume_approval(approval, amount, key=key, shop=shop, by=by, moment=moment)
    paid = pay_with_balance(card, amount, key=key, shop=shop, by=by, document=document, moment=moment)
    keys = [found for found in (paid.principal_id, paid.bonus_id) if found]
    return [
        Tender(
            merchant_id=card.merchant_id,
            purchase_id=FIRST_KEY,
            kind=entry.account.kind,
            amount=entry.size,
            entry=entry,
            approval=approval,
        )
        for entry in Entry.objects.filter(pk__in=keys).select_related("account").order_by("pk")
    ]


def agree_to_points(
    card: Card,
    approval: Approval | None,
    proof: str,
    points: int,
    *,
    key: UUID,
    shop: Shop,
    by: User,
    moment: datetime,
) -> None:
    """Use up the holder's agreement to spend points: one given with the PIN, or the code that turns.

    ``proof``: what the holder's phone wrote behind the token that was scanned. Without either, refused.
    """
    if approval is None or approval.value != Value.POINTS:
        if not proof:
            raise NotAgreed
        approval = approve_by_code(card, proof, points, key=key, shop=shop, by=by, moment=moment)
    if approval.card_id != card.pk:
        raise OtherCard
    consume_approval(approval, points, key=key, shop=shop, by=by, moment=moment)


@retry_on_deadlock
@transaction.atomic
def exchange_at_counter(
    reward: Reward,
    card: Card,
    approval: Approval | None,
    *,
    key: UUID,
    shop: Shop,
    by: User,
    moment: datetime,
) -> RewardVoucher:
    """Points for a reward that is handed over at once, to which the holder has agreed. Keyed as a sale is."""
    facts: dict[str, Any] = {"key": key, "shop": shop, "by": by, "moment": moment}
    agree_to_points(card, approval, "", reward.cost, **facts)
    return redeem_reward(reward, card, handed_over=True, **facts)


def give_back(purchase: Purchase, *, key: UUID, by: User, reason: str, moment: datetime) -> None:
    """What was paid from the card goes back onto it, into the lots it came from."""
    for tender in purchase.tenders.select_related("entry__account__card").order_by("pk"):
        if tender.kind == ValueKind.VISITS:
            give_visit_back(tender.entry.pass_visit, key=key, by=by, note=reason, moment=moment)
            continue
        reverse(tender.entry, key=key, by=by, note=reason, moment=moment)
