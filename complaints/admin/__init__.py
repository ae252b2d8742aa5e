"""The desk of those who answer complaints: the queue, and one case with everything beside it."""

from complaints.admin.calendars import CalendarAdmin, PolicyAdmin
from complaints.admin.calling import CallBackAdmin, SurveyAdmin
from complaints.admin.causes import CauseAdmin, EffectAdmin, PreventionAdmin
from complaints.admin.changelist import ComplaintAdmin, HistoryAdmin
from complaints.admin.duties import DutyAdmin
from complaints.admin.grade_rules import GradeRulesAdmin
from complaints.admin.histories import hide_others_histories
from complaints.admin.macros import MacroAdmin
from complaints.admin.mail import MailAdmin, MailLookAdmin
from complaints.admin.misconduct import MisconductAdmin
from complaints.admin.past import CaseImportAdmin, PastCaseAdmin
from complaints.admin.reasons import ReasonAdmin
from complaints.admin.remedies import AuthorityAdmin, RemedyAdmin

__all__ = [
    "AuthorityAdmin",
    "CalendarAdmin",
    "CallBackAdmin",
    "CaseImportAdmin",
    "CauseAdmin",
    "ComplaintAdmin",
    "DutyAdmin",
    "EffectAdmin",
    "GradeRulesAdmin",
    "HistoryAdmin",
    "MacroAdmin",
    "MailAdmin",
    "MailLookAdmin",
    "MisconductAdmin",
    "PastCaseAdmin",
    "PolicyAdmin",
    "PreventionAdmin",
    "ReasonAdmin",
    "RemedyAdmin",
    "SurveyAdmin",
]

hide_others_histories()
