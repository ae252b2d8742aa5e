"""A bill paid from the member's card: the approval is used and the money taken with the sale."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from loyalty.actions import consume_approval, pay_with_balance, reverse
from loyalty.models import Approval, Card, Entry, Value
from merchants.models import Shop
from orders.models import Purchase, Tender
from portal.kernel.db import FIRST_KEY
from portal.kernel.models import User
from portal.kernel.refused import Refused


class OtherCard(Refused):
    sentence = _("This approval was given for another card, or for points.")


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


def give_back(purchase: Purchase, *, key: UUID, by: User, reason: str, moment: datetime) -> None:
    """What was paid from the card goes back onto it, into the lots it came from."""
    for tender in purchase.tenders.select_related("entry__account__card").order_by("pk"):
        reverse(tender.entry, key=key, by=by, note=reason, moment=moment)
