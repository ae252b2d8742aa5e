"""Where platform staff decide about reviews, and about conversations that somebody reported."""

from consumers.admin.conversations import ConversationAdmin, MessageBoxAdmin
from consumers.admin.reviews import ReportAdmin, ReviewAdmin

__all__ = ["ConversationAdmin", "MessageBoxAdmin", "ReportAdmin", "ReviewAdmin"]
