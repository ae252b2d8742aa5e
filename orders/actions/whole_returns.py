"""A sale of which everything came back: what else hung on it goes back, too."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from loyalty.actions import reverse, take_back_counted
from loyalty.actions.stamps import FreeOneUsed, StampsGone, unstamp
from loyalty.cards.merging import card_instead
from orders.actions.sales import spending_key
from orders.models import Purchase, SavingKind
from portal.kernel.models import User


def restore(sale: Purchase, *, key: UUID, by: User, reason: str, moment: datetime) -> None:
    """Points that paid a part go back into their lots, stamps and what counted for the level are taken back.

    The caller holds the sale's row. On a card that was merged into another since, only what it earned is
    taken: its lots are closed. Stamps whose free one was handed over stay.
    """
    sale.returned_at = moment
    sale.save(update_fields=["returned_at"])
    if sale.card is None or card_instead(sale.card) != sale.card:
        return
    for saving in sale.savings.filter(kind=SavingKind.POINTS).select_related("entry__account__card"):
        if saving.entry:
            reverse(saving.entry, key=spending_key(key), by=by, note=reason, moment=moment)
    take_back_counted(sale.merchant, key=sale.key)
    _take_stamps(sale, by, moment)


def _take_stamps(sale: Purchase, by: User, moment: datetime) -> None:
    try:
        with transaction.atomic():
            unstamp(sale.merchant, key=sale.key, by=by, moment=moment)
    except (FreeOneUsed, StampsGone):
        return  # the free one was enjoyed already: nobody takes that back
