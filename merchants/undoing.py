"""Who may still undo what was done at a counter: sales, top-ups."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from merchants.models import Role, Shop, StaffMember
from portal.kernel.models import User
from portal.kernel.refused import Refused

UNDO_WINDOW = timedelta(minutes=5)


class TooLate(Refused):
    sentence = _(
        "A cashier can undo what they did themselves for five minutes. After that a manager can,"
        " until the day ends."
    )


class DayIsOver(Refused):
    sentence = _("A manager can undo this only on its own day.")


def judge_undo(shop: Shop, *, made_by: int | None, made_at: datetime, by: User, moment: datetime) -> None:
    """Five minutes for the cashier who did it; the shop's calendar day for a manager."""
    if made_by == by.pk and moment - made_at <= UNDO_WINDOW:
        return
    work = StaffMember.objects.current().filter(merchant=shop.merchant_id, user=by).first()
    if work is None or not Role(work.role).covers(Role.MANAGER):
        raise TooLate
    zone = ZoneInfo(shop.time_zone)
    if moment.astimezone(zone).date() != made_at.astimezone(zone).date():
        raise DayIsOver
