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
from complaints.models.complaint import CameBy, Complaint, ComplaintQuerySet, Grade, Reason
from complaints.models.files import Attachment, FileKind, FileLook
from complaints.models.misconduct import (
    Conduct,
    MisconductLook,
    MisconductNote,
    MisconductReply,
    MisconductReport,
)
from complaints.models.story import Escalation, Grading, InternalNote, Reply, Step

__all__ = [
    "Attachment",
    "CalendarDay",
    "CameBy",
    "Clock",
    "ClockKind",
    "Complaint",
    "ComplaintQuerySet",
    "Conduct",
    "Escalation",
    "FileKind",
    "FileLook",
    "Grade",
    "Grading",
    "InternalNote",
    "MisconductLook",
    "MisconductNote",
    "MisconductReply",
    "MisconductReport",
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
