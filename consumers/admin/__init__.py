"""Where platform staff decide about reviews."""

from consumers.admin.reviews import ReportAdmin, ReviewAdmin

__all__ = ["ReportAdmin", "ReviewAdmin"]
