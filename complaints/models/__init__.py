from complaints.models.clock import (
    CalendarDay,
    Clock,
    ClockKind,
    Pause,
    Policy,
    Target,
    Weekday,
    WorkCalendar,
    WorkSpan,
)
from complaints.models.complaint import Complaint, ComplaintQuerySet, Grade, Reason
from complaints.models.files import Attachment, FileKind, FileLook
from complaints.models.story import Escalation, Grading, InternalNote, Reply, Step

__all__ = [
    "Attachment",
    "CalendarDay",
    "Clock",
    "ClockKind",
    "Complaint",
    "ComplaintQuerySet",
    "Escalation",
    "FileKind",
    "FileLook",
    "Grade",
    "Grading",
    "InternalNote",
    "Pause",
    "Policy",
    "Reason",
    "Reply",
    "Step",
    "Target",
    "Weekday",
    "WorkCalendar",
    "WorkSpan",
]
