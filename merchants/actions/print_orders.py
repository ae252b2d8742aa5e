"""Moving an order of printed matter on: shared by the apps that have something printed."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from merchants.models.print_order import MOVES, OrderState, PlatformPrintOrder
from portal.kernel.models import User
from portal.kernel.refused import Refused


class CantMove(Refused):
    sentence = _("The order can’t go from “%(state)s” to “%(to)s”.")


class SayWhy(Refused):
    sentence = _("Say why: the merchant reads it.")


@transaction.atomic
def move_print_order(order: PlatformPrintOrder, to: OrderState, *, by: User, reason: str = "") -> bool:
    """To a state that may follow the present one. There already: nothing happens, and the answer is no.

    ``order`` is held until the caller's transaction ends, and is as the database has it afterwards.
    """
    rows: Any = type(order)._default_manager
    order.refresh_from_db(from_queryset=rows.select_for_update(of=("self",), no_key=True))
    if order.state == to:
        return False
    if to not in MOVES[order.state]:
        raise CantMove(state=order.get_state_display(), to=to.label)
    if to == OrderState.REFUSED and not reason.strip():
        raise SayWhy
    order.state, order.reason, order.moved_by, order.moved_at = to, reason.strip(), by, timezone.now()
    order.save(update_fields=["state", "reason", "moved_by", "moved_at"])
    return True
