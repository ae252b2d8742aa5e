from complaints.models.causes import (
    OPEN_PREVENTIONS,
    Cause,
    EffectCheck,
    Finding,
    Outcome,
    Prevention,
    PreventionQuerySet,
    PreventionState,
)
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
from complaints.models.macro import Macro
from complaints.models.misconduct import (
    Conduct,
    MisconductLook,
    MisconductNote,
    MisconductReply,
    MisconductReport,
)
from complaints.models.past import CaseImport, PastCase
from complaints.models.remedies import BY_HAND, Authority, Remedy, RemedyKind, RemedyQuerySet, RemedyState
from complaints.models.story import Escalation, Grading, InternalNote, Reply, Step
from complaints.models.survey import CallBack, Survey

__all__ = [
    "BY_HAND",
    "OPEN_PREVENTIONS",
    "Attachment",
    "Authority",
    "CalendarDay",
    "CallBack",
    "CameBy",
    "CaseImport",
    "Cause",
    "Clock",
    "ClockKind",
    "Complaint",
    "ComplaintQuerySet",
    "Conduct",
    "EffectCheck",
    "Escalation",
    "FileKind",
    "FileLook",
    "Finding",
    "Grade",
    "Grading",
    "InternalNote",
    "Macro",
    "MisconductLook",
    "MisconductNote",
    "MisconductReply",
    "MisconductReport",
    "Outcome",
    "PastCase",
    "Pause",
    "Policy",
    "Prevention",
    "PreventionQuerySet",
    "PreventionState",
    "Reason",
    "Remedy",
    "RemedyKind",
    "RemedyQuerySet",
    "RemedyState",
    "Reply",
    "Step",
    "Survey",
    "Target",
    "Weekday",
    "WorkCalendar",
    "WorkSpan",
]
