"""What the law asks of those who mediate complaints, as profiles; none applies unless the settings say so.

The numbers bind authorities, not platforms. A profile lets the desk see how long a case has been known
when a person asks what an authority would have done by now. Laws change: each counter says where its
number was read, when, and what of it could not be read in the law itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from complaints.clocks.worktime import WorkTime
from complaints.models import Complaint, WorkCalendar
from complaints.states import ComplaintState


@dataclass(frozen=True)
class Counter:
    """So many days from when a case entered a state; ``until`` are the states that end it.

    It counts for cases filed from ``begins`` and before ``ends``. ``doubt`` is what nobody has confirmed.
    """

    name: Any
    days: int
    are_working: bool
    since: str
    until: tuple[str, ...]
    source: str
    begins: date
    ends: date | None = None
    doubt: Any = ""

    def holds_on(self, day: date) -> bool:
        return self.begins <= day and (self.ends is None or day < self.ends)

    def due(self, entered: datetime, work: WorkTime) -> datetime:
        """The end of the last day; a calendar day ends at midnight of the shop's clock."""
        if self.are_working:
            return work.day_after(entered, self.days)
        return work.midnight_after(entered, self.days)


READ_ON = date(2026, 11, 23)
LAW = "《消费者权益保护法》 (2013)"
ORDER_20 = "《市场监督管理投诉举报处理暂行办法》 (SAMR Order 20, 2019)"
ORDER_121 = "《市场监督管理投诉举报处理办法》 (SAMR Order 121)"
FIRST_DAY_20, FIRST_DAY_121 = date(2020, 1, 1), date(2026, 4, 15)  # the one repealed the other
ACCEPTANCE = (_("Decide on acceptance"), (ComplaintState.ACKNOWLEDGED,))
MEDIATION = (
    _("End of mediation without agreement"),
    (
        ComplaintState.ACCEPTED,
        ComplaintState.RESOLVED,
        ComplaintState.CONFIRMED,
        ComplaintState.CLOSED,
    ),
)
PROFILES: dict[str, tuple[Counter, ...]] = {
    "": (),
    "cn": (
        Counter(
            ACCEPTANCE[0],
            7,
            True,
            ComplaintState.RECEIVED,
            ACCEPTANCE[1],
            f"{ORDER_20}, art. 14",
            FIRST_DAY_20,
            FIRST_DAY_121,
        ),
        Counter(
            MEDIATION[0],
            45,
            True,
            ComplaintState.ACKNOWLEDGED,
            MEDIATION[1],
            f"{ORDER_20}, art. 21",
            FIRST_DAY_20,
            FIRST_DAY_121,
        ),
        Counter(
            ACCEPTANCE[0],
            7,
            True,
            ComplaintState.RECEIVED,
            ACCEPTANCE[1],
            f"{LAW}, art. 46",
            FIRST_DAY_121,
            doubt=_(
                "The law asks for an answer within 7 working days. Which number Order 121 itself gives for "
                "the acceptance could not be read; some who work with it count 10 working days."
            ),
        ),
        Counter(
            MEDIATION[0],
            60,
            False,
            ComplaintState.ACKNOWLEDGED,
            MEDIATION[1],
            f"{ORDER_121}, art. 23 (1) no. 5",
            FIRST_DAY_121,
            doubt=_(
                "Read in a reprint of the official form for ending a mediation, not in the order itself. "
                "Whether time for tests and appraisals is left out was not found."
            ),
        ),
    ),
}


@dataclass(frozen=True)
class Counted:
    counter: Counter
    due_at: datetime
    met_at: datetime | None


def counted(complaint: Complaint) -> list[Counted]:
    """The profile's counters of a case; they never stand still."""
    counters = _of(complaint)
    if not counters:
        return []
    entered: dict[str, datetime] = {}
    for state, at in complaint.steps.order_by("pk").values_list("after", "at"):
        entered.setdefault(state, at)
    calendar = WorkCalendar.objects.filter(policies__isnull=False).latest("policies__pk")
    work = calendar.worktime(complaint.shop.time_zone)
    return [
        Counted(
            counter,
            counter.due(entered[counter.since], work),
            min((entered[state] for state in counter.until if state in entered), default=None),
        )
        for counter in counters
        if counter.since in entered
    ]


def _of(complaint: Complaint) -> list[Counter]:
    """Those of the law that stood when the case was filed, by the shop's own day."""
    filed = complaint.filed_at.astimezone(ZoneInfo(complaint.shop.time_zone)).date()
    return [one for one in PROFILES[settings.COMPLAINT_PROFILE] if one.holds_on(filed)]


@dataclass(frozen=True)
class Known:
    """A profile as staff read of it: its counters, and whether it is the one that is chosen."""

    name: str
    counters: tuple[Counter, ...]
    is_chosen: bool


def known_profiles() -> Iterable[Known]:
    chosen = settings.COMPLAINT_PROFILE
    return [Known(name, counters, name == chosen) for name, counters in PROFILES.items() if name]
