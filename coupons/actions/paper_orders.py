"""Having the platform print a batch: asked for by the merchant, moved on by our staff."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coupons.actions.paper import NotRunning
from coupons.events import PaperOrderMoved
from coupons.models import Coupon, PaperBatch, PaperOrder, ProgrammeState
from merchants.actions.print_orders import move_print_order
from merchants.models import Shop
from merchants.models.print_order import OrderState
from portal.kernel.events import publish
from portal.kernel.models import User
from portal.kernel.refused import Refused


class NothingToPrint(Refused):
    status = 409
    sentence = _("All coupons of this batch are claimed, used or cancelled: there is nothing to print.")


class NowhereToSend(Refused):
    sentence = _("This outlet has no address. Give it one, or choose another.")


@transaction.atomic
def ask_for_paper(
    batch: PaperBatch, shop: Shop, *, wish: str = "", by: User, moment: datetime | None = None
) -> PaperOrder:
    """Ask for the batch, sent to one of the merchant's outlets. A batch is ordered once.

    The address is copied: the parcel goes where it was asked to go.
    """
    rows = PaperBatch.objects.select_for_update(of=("self",), no_key=True).select_related("programme")
    batch = rows.get(pk=batch.pk)
    if there := PaperOrder.objects.filter(batch=batch).first():
        return there
    if shop.merchant_id != batch.merchant_id or not shop.address:
        raise NowhereToSend
    programme = batch.programme
    if programme.state != ProgrammeState.PUBLISHED or (moment or timezone.now()) >= programme.ends_at:
        raise NotRunning
    _check_something_is_left(batch)
    address = " · ".join(part for part in (shop.name, shop.address, shop.phone) if part)[:200]
    return PaperOrder.objects.create(
        merchant_id=batch.merchant_id, batch=batch, address=address, wish=wish.strip(), asked_by=by
    )


@transaction.atomic
def move_paper_order(order: PaperOrder, to: OrderState, *, by: User, reason: str = "") -> PaperOrder:
    """To a state that may follow the present one; the merchant is told. There already: nothing happens."""
    if move_print_order(order, to, by=by, reason=reason):
        if to == OrderState.PRINTING:
            _check_something_is_left(order.batch)
        publish(PaperOrderMoved(order_id=order.pk, merchant_id=order.merchant_id, state=to.value))
    return order


def _check_something_is_left(batch: PaperBatch) -> None:
    """Asked again as it goes into print: it may have been cancelled meanwhile."""
    if not Coupon.objects.filter(batch=batch).nobodys().exists():
        raise NothingToPrint
