"""What every verb does first and last: hold the case, see that nobody was faster, keep its version."""

from complaints.models import Complaint
from complaints.refusals import ChangedMeanwhile
from portal.kernel import audit
from portal.kernel.models import User


def held(complaint: Complaint) -> Complaint:
    return (
        Complaint.objects.locked()
        .select_related("person", "shop", "merchant", "assignee")
        .get(pk=complaint.pk)
    )


def as_seen(complaint: Complaint, seen: int | None) -> None:
    """``seen`` is the version on the asker's screen; None from clockwork that has read it just now."""
    if seen is not None and seen != complaint.version:
        raise ChangedMeanwhile(state=complaint.get_state_display())


def keep(complaint: Complaint, *fields: str, by: User | None) -> None:
    """Write the fields as the next version, in the name of who acted."""
    complaint.version += 1
    with audit.context(user=by.pk if by else None):
        complaint.save(update_fields=[*fields, "version"])
