"""The desk of those who answer complaints: the queue, and one case with everything beside it."""

from complaints.admin.changelist import ComplaintAdmin, HistoryAdmin

__all__ = ["ComplaintAdmin", "HistoryAdmin"]
