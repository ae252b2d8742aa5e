"""Paying from the card: what was paid in and the bonus, in one step."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from loyalty.actions.stored_value import OtherMerchant
from loyalty.events import BalancePaid
from loyalty.models import Card, EntryKind, SpendOrder, StoredValueTerms
from loyalty.value.ledger import Paid, Posting, pay
from merchants.models import Shop
from portal.kernel.db import retry_on_deadlock
from portal.kernel.events import publish
from portal.kernel.models import User
from portal.kernel.refused import Refused


@retry_on_deadlock
@transaction.atomic
def pay_with_balance(
    card: Card,
    amount: int,
    *,
    key: UUID,
    shop: Shop,
    by: User | None,
    document: str = "",
    moment: datetime | None = None,
) -> Paid:
    """Pay ``amount`` minor units from the card, in the order that the terms state. Keyed as ``earn`` is.

    The holder's consent is the caller's to bring (``consume_approval``). Paying is possible when
    topping up no longer is.
    """
    if shop.merchant_id != card.merchant_id:
        raise OtherMerchant
    if amount <= 0:
        raise Refused(_("Enter how much is paid, more than nothing."))
    moment = moment or timezone.now()
    terms = StoredValueTerms.objects.filter(programme=card.programme_id).values_list("spends", flat=True)
    asked = Posting(
        card=card,
        amount=-amount,
        kind=EntryKind.SPENT,
        key=key,
        moment=moment,
        shop_id=shop.pk,
        by_id=by.pk if by else None,
        document=document,
    )
    paid = pay(asked, terms.first() or SpendOrder.PRINCIPAL)
    if paid.is_replay:
        return paid
    publish(
        BalancePaid(
            card_id=card.pk,
            merchant_id=card.merchant_id,
            shop_id=shop.pk,
            amount=amount,
            balance=paid.balance,
            key=str(key),
            on=moment.isoformat(),
        )
    )
    return paid
