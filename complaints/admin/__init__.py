"""The desk of those who answer complaints: the queue, and one case with everything beside it."""

from complaints.admin.calendars import CalendarAdmin, PolicyAdmin
from complaints.admin.changelist import ComplaintAdmin, HistoryAdmin
from complaints.admin.misconduct import MisconductAdmin

__all__ = ["CalendarAdmin", "ComplaintAdmin", "HistoryAdmin", "MisconductAdmin", "PolicyAdmin"]
