"""Undoing a sale: nothing is deleted, counter-entries stand beside what they undo."""

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F, Max, Min, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coupons.actions import undo_redemption
from loyalty.actions import reverse
from merchants.models import Customer, Role, StaffMember
from orders.events import PurchaseUndone
from orders.models import Purchase
from portal.kernel.db import retry_on_deadlock
from portal.kernel.events import publish
from portal.kernel.models import User
from portal.kernel.refused import Refused

UNDO_WINDOW = timedelta(minutes=5)


class TooLate(Refused):
    sentence = _(
        "A cashier can undo their own sale for five minutes. After that a manager can, until the day ends."
    )


class DayIsOver(Refused):
    sentence = _("A manager can undo a sale only on its own day.")


@retry_on_deadlock
@transaction.atomic
def undo(purchase: Purchase, *, by: User, reason: str, key: UUID, moment: datetime | None = None) -> Purchase:
    """Give the coupon back, take the points back, set the customer's sums right. Undoing twice is once."""
    moment = moment or timezone.now()
    purchase = Purchase.objects.locked().get(pk=purchase.pk)
    if purchase.undone_at:
        return purchase
    _judge(purchase, by, moment)
    if purchase.redemption:
        undo_redemption(purchase.redemption, by=by, moment=moment)
    if purchase.entry:
        reverse(purchase.entry, key=key, by=by, note=reason, moment=moment)
    purchase.undone_at, purchase.undone_by, purchase.undo_reason = moment, by, reason[:120]
    purchase.save(update_fields=["undone_at", "undone_by", "undo_reason"])
    _uncount_visit(purchase)
    _tell(purchase)
    return purchase


def _judge(purchase: Purchase, by: User, moment: datetime) -> None:
    """Five minutes for the cashier who rang it up; the shop's calendar day for a manager."""
    if purchase.by_id == by.pk and moment - purchase.made_at <= UNDO_WINDOW:
        return
    work = StaffMember.objects.current().filter(merchant=purchase.merchant_id, user=by).first()
    if work is None or not Role(work.role).covers(Role.MANAGER):
        raise TooLate
    zone = ZoneInfo(purchase.shop.time_zone)
    if moment.astimezone(zone).date() != purchase.made_at.astimezone(zone).date():
        raise DayIsOver


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
