from complaints.models.complaint import Complaint, ComplaintQuerySet, Reason
from complaints.models.story import Escalation, InternalNote, Reply, Step

__all__ = [
    "Complaint",
    "ComplaintQuerySet",
    "Escalation",
    "InternalNote",
    "Reason",
    "Reply",
    "Step",
]
