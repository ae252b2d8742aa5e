"""Cases of a cause before and after something was done about it, and out of how many purchases."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q, QuerySet

from complaints.models import Cause, Complaint, Prevention
from complaints.states import ComplaintState
from orders.models import Purchase

#: These say nothing about how often something went wrong.
_NOT_COUNTED = (ComplaintState.DUPLICATE, ComplaintState.WITHDRAWN)


@dataclass(frozen=True)
class Counted:
    """``of_before`` and ``of_after`` are purchases where there were any in both spans, else days."""

    days: int
    per: str
    before: int
    of_before: int
    after: int
    of_after: int
    all_after: int
    uncoded: int


def counted(prevention: Prevention, today: date) -> Counted:
    """The days from the day after it was done up to yesterday, and as many before that day."""
    done = prevention.done_on or today
    days = max(1, (today - done).days - 1)
    first, middle, last = (
        _midnight(done - timedelta(days=days)),
        _midnight(done),
        _midnight(done + timedelta(days=1)),
    )
    end = _midnight(done + timedelta(days=1 + days))
    cases = Complaint.objects.filter(_about(prevention)).exclude(state__in=_NOT_COUNTED)
    before, after = (
        cases.filter(filed_at__gte=first, filed_at__lt=middle),
        cases.filter(filed_at__gte=last, filed_at__lt=end),
    )
    caused = Q(findings__is_main=True, findings__cause__in=subtree(prevention.cause))
    sold = Purchase.objects.standing().filter(_about(prevention))
    of_before = sold.filter(made_at__gte=first, made_at__lt=middle).count()
    of_after = sold.filter(made_at__gte=last, made_at__lt=end).count()
    is_by_purchases = of_before > 0 and of_after > 0
    return Counted(
        days=days,
        per="purchases" if is_by_purchases else "days",
        before=before.filter(caused).count(),
        of_before=of_before if is_by_purchases else days,
        after=after.filter(caused).count(),
        of_after=of_after if is_by_purchases else days,
        all_after=after.count(),
        uncoded=after.filter(findings=None).count(),
    )


def subtree(cause: Cause) -> list[int]:
    """The cause and all below it; the tree is small and read level by level."""
    found, level = [cause.pk], [cause.pk]
    while level:
        level = list(Cause.objects.filter(parent__in=level).values_list("pk", flat=True))
        found += level
    return found


def caused_by(cause: Cause) -> QuerySet[Complaint]:
    return Complaint.objects.filter(findings__is_main=True, findings__cause__in=subtree(cause))


def _about(prevention: Prevention) -> Q:
    if prevention.shop_id:
        return Q(shop=prevention.shop_id)
    return Q(merchant=prevention.merchant_id) if prevention.merchant_id else Q()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(settings.HOME_TIME_ZONE))
