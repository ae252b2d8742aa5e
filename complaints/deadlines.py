"""When the next answer is promised: so many working days of the shop's place, by six in the evening.

Working days are Monday to Friday; public holidays are not known yet, so a promise may fall on one.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from complaints.states import ComplaintState

END_OF_DAY = time(18)
SHOP_ANSWERS_WITHIN = 1  # working days that a shop has when it is asked
PERSON_ANSWERS_WITHIN = 5  # after these we look at the case again without an answer
SATURDAY = 5


def in_working_days(days: int, moment: datetime, zone: ZoneInfo) -> datetime:
    """18:00 on the ``days``-th working day after ``moment``'s.

    What comes in after 18:00 or at the weekend counts as coming in on the next working day.
    """
    local = moment.astimezone(zone)
    day = local.date()
    if local.time() >= END_OF_DAY:
        day += timedelta(days=1)
    day = _working(day)
    for _ in range(days):
        day = _working(day + timedelta(days=1))
    return datetime.combine(day, END_OF_DAY, tzinfo=zone)


def _working(day: date) -> date:
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    return day


def due_after(state: str, reason: str, moment: datetime, zone: str) -> datetime:
    """When the person hears from us next if the complaint enters ``state`` at ``moment``."""
    days = {
        ComplaintState.AWAITING_MERCHANT: SHOP_ANSWERS_WITHIN,
        ComplaintState.AWAITING_CONSUMER: PERSON_ANSWERS_WITHIN,
        ComplaintState.PROPOSED: PERSON_ANSWERS_WITHIN,
    }.get(ComplaintState(state), settings.COMPLAINT_ANSWER_DAYS[reason])
    return in_working_days(days, moment, ZoneInfo(zone))
