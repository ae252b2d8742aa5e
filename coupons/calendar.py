"""On which day and at which hour a coupon holds: judged by the clock on the shop's wall."""

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from coupons.models import CouponTerms


def day_of(terms: CouponTerms, local: datetime) -> date | None:
    """The day that the moment counts for; None outside the hours. ``local``: in the shop's own zone.

    Hours past midnight belong to the evening on which they began: with Fridays from 20:00 until 02:00 a
    Saturday's 01:00 counts as Friday. Wall clocks decide: an hour that the end of summer time repeats
    holds both times, one that its beginning leaves out never comes.
    """
    clock, today = local.time(), local.date()
    if terms.opens is None or terms.closes is None:
        return today
    if terms.opens < terms.closes:
        return today if terms.opens <= clock < terms.closes else None
    if clock >= terms.opens:
        return today
    return today - timedelta(days=1) if clock < terms.closes else None


def said_weekdays(terms: CouponTerms) -> str:
    return _(", ").join(str(WEEKDAYS_ABBR[day]) for day in sorted(terms.weekdays))


def said_hours(terms: CouponTerms) -> str:
    """``14:00–17:00``; past midnight says so."""
    if terms.opens is None or terms.closes is None:
        return ""
    said = f"{terms.opens:%H:%M}–{terms.closes:%H:%M}"
    return _("%(hours)s (next day)") % {"hours": said} if terms.closes <= terms.opens else said


def said_days(first: date, last: date) -> str:
    """``25 Dec`` or ``10 Feb – 16 Feb``, in the active language."""
    days = [date_format(day, "MONTH_DAY_FORMAT") for day in (first, last)]
    return days[0] if first == last else " – ".join(days)


def today_at(zone: str) -> date:
    with timezone.override(zone):
        return timezone.localdate()
