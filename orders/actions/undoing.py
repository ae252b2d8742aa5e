"""Undoing a sale: nothing is deleted, counter-entries stand beside what they undo."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, Max, Min, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coupons.actions import undo_redemption
from loyalty.actions import reverse, take_back_counted
from loyalty.actions.stamps import unstamp
from merchants.models import Customer
from merchants.undoing import judge_undo
from orders.actions.sales import spending_key
from orders.actions.tendering import give_back
from orders.events import PurchaseUndone
from orders.models import Purchase, Return, SavingKind
from portal.kernel.db import retry_on_deadlock
from portal.kernel.events import publish
from portal.kernel.models import User
from portal.kernel.refused import Refused


class GoodsCameBack(Refused):
    status = 409
    sentence = _("Goods of this sale were taken back already. Take back the rest of it the same way.")


@retry_on_deadlock
@transaction.atomic
def undo(purchase: Purchase, *, by: User, reason: str, key: UUID, moment: datetime | None = None) -> Purchase:
    """Give the coupon back, take the points back, set the customer's sums right. Undoing twice is once."""
    moment = moment or timezone.now()
    purchase = Purchase.objects.locked().get(pk=purchase.pk)
    if purchase.undone_at:
        return purchase
    if Return.objects.filter(line__purchase=purchase).exists():
        raise GoodsCameBack
    judge_undo(purchase.shop, made_by=purchase.by_id, made_at=purchase.made_at, by=by, moment=moment)
    give_back(purchase, key=key, by=by, reason=reason, moment=moment)
    if purchase.redemption:
        undo_redemption(purchase.redemption, by=by, moment=moment)
    for saving in purchase.savings.filter(kind=SavingKind.POINTS).select_related("entry__account__card"):
        if saving.entry:
            reverse(saving.entry, key=spending_key(key), by=by, note=reason, moment=moment)
    if purchase.entry:
        reverse(purchase.entry, key=key, by=by, note=reason, moment=moment)
    if purchase.card_id:
        unstamp(purchase.merchant, key=purchase.key, by=by, moment=moment)
        take_back_counted(purchase.merchant, key=purchase.key)
    purchase.undone_at, purchase.undone_by, purchase.undo_reason = moment, by, reason[:120]
    purchase.save(update_fields=["undone_at", "undone_by", "undo_reason"])
    _uncount_visit(purchase)
    _tell(purchase)
    return purchase


def _uncount_visit(purchase: Purchase) -> None:
    if purchase.customer_id is None:
        return
    standing = Purchase.objects.of(purchase.merchant).filter(Q(customer=purchase.customer_id)).standing()
    ends = standing.aggregate(first=Min("made_at"), last=Max("made_at"))
    Customer.objects.filter(pk=purchase.customer_id).update(
        visits=F("visits") - 1,
        spent=F("spent") - purchase.paid,
        first_visit_at=ends["first"],
        last_visit_at=ends["last"],
    )


def _tell(purchase: Purchase) -> None:
    publish(
        PurchaseUndone(
            purchase_id=purchase.pk,
            merchant_id=purchase.merchant_id,
            shop_id=purchase.shop_id,
            customer_id=purchase.customer_id,
            user_id=purchase.customer.user_id if purchase.customer else None,
            paid=purchase.paid,
            points=purchase.points,
            undone_at=purchase.undone_at.isoformat() if purchase.undone_at else "",
        )
    )
