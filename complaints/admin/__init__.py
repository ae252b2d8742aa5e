"""The desk of those who answer complaints: the queue, and one case with everything beside it."""

from complaints.admin.calendars import CalendarAdmin, PolicyAdmin
from complaints.admin.causes import CauseAdmin, EffectAdmin, PreventionAdmin
from complaints.admin.changelist import ComplaintAdmin, HistoryAdmin
from complaints.admin.misconduct import MisconductAdmin
from complaints.admin.remedies import AuthorityAdmin, RemedyAdmin

__all__ = [
    "AuthorityAdmin",
    "CalendarAdmin",
    "CauseAdmin",
    "ComplaintAdmin",
    "EffectAdmin",
    "HistoryAdmin",
    "MisconductAdmin",
    "PolicyAdmin",
    "PreventionAdmin",
    "RemedyAdmin",
]
