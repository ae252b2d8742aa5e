"""Up to which worth somebody decides alone: rows that staff edit; without a row holds what stands here."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Subquery, Sum
from django.utils import timezone

from complaints.models import Authority, Remedy, RemedyState
from complaints.roles import work_at
from complaints.states import Acting
from merchants.models import Role
from portal.kernel.models import User

#: Alone up to, and goodwill a month each, in minor units of money.
DEFAULTS: dict[str, tuple[int, int]] = {
    Acting.AGENT: (5_000, 20_000),
    Acting.SUPERVISOR: (50_000, 50_000),
    Acting.MANAGER: (500_000, 100_000),
    Acting.MERCHANT: (20_000, 0),
}


def _of(role: str) -> tuple[int, int]:
    row = Authority.objects.filter(role=role).values_list("most", "goodwill").first()
    return row or DEFAULTS.get(role, (0, 0))


def decides_alone(role: str) -> int:
    return _of(role)[0]


def answers_for_merchant(user: User, merchant: int | None, worth: int) -> bool:
    """Whether the merchant gives this on the user's word: the owner everything, a manager up to the limit."""
    works_as = work_at(user, merchant)
    if works_as == Role.OWNER:
        return True
    return works_as == Role.MANAGER and worth <= decides_alone(Acting.MERCHANT)


def goodwill_left(user: User, role: str, moment: datetime) -> int:
    """What is left of the month, as the calendar at home counts months; what was dropped is free again."""
    begins = timezone.localtime(moment, home_zone()).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    given = Remedy.objects.filter(proposed_by=user, is_goodwill=True, proposed_at__gte=begins)
    kept = given.exclude(state=RemedyState.DROPPED).order_by().values("proposed_by")
    used = kept.annotate(sum=Sum("worth")).values("sum")
    most = Authority.objects.filter(role=role).values("goodwill")[:1]
    row = User.objects.filter(pk=user.pk).values_list(Subquery(most), Subquery(used)).get()
    return max(0, (DEFAULTS.get(role, (0, 0))[1] if row[0] is None else row[0]) - (row[1] or 0))


def home_zone() -> ZoneInfo:
    """By whose calendar the months of goodwill are counted."""
    return ZoneInfo(settings.HOME_TIME_ZONE)
