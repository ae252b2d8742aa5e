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
from complaints.models.complaint import CameBy, Complaint, ComplaintQuerySet, Grade
from complaints.models.duty import Duty
from complaints.models.files import Attachment, CaseTry, FileKind, FileLook
from complaints.models.grades import GradeRule, GradeRules
from complaints.models.macro import Macro
from complaints.models.mail import Mail, Mailbox, MailLook, MailState, MailWhy
from complaints.models.misconduct import (
    Conduct,
    MisconductLook,
    MisconductNote,
    MisconductReply,
    MisconductReport,
)
from complaints.models.past import CaseImport, PastCase
from complaints.models.reason import Reason
from complaints.models.remedies import BY_HAND, Authority, Remedy, RemedyKind, RemedyQuerySet, RemedyState
from complaints.models.story import Escalation, Grading, InternalNote, Reply, Step
from complaints.models.survey import CallBack, Survey
from complaints.models.upload import CaseFile

__all__ = [
    "BY_HAND",
    "OPEN_PREVENTIONS",
    "Attachment",
    "Authority",
    "CalendarDay",
    "CallBack",
    "CameBy",
    "CaseFile",
    "CaseImport",
    "CaseTry",
    "Cause",
    "Clock",
    "ClockKind",
    "Complaint",
    "ComplaintQuerySet",
    "Conduct",
    "Duty",
    "EffectCheck",
    "Escalation",
    "FileKind",
    "FileLook",
    "Finding",
    "Grade",
    "GradeRule",
    "GradeRules",
    "Grading",
    "InternalNote",
    "Macro",
    "Mail",
    "MailLook",
    "MailState",
    "MailWhy",
    "Mailbox",
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
