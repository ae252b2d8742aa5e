"""Files that come with a complaint or an answer, and the record of who opened them."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from complaints.duties import covers
from complaints.files import OF_A_CASE, Checked, TooManyFiles
from complaints.models import Attachment, Complaint, FileLook, Reply
from complaints.roles import MAY_READ, acting_as, work_at
from complaints.states import DESK, Acting
from portal.kernel.codes import new_code
from portal.kernel.models import User


def attach(
    complaint: Complaint, files: Sequence[Checked], *, by: User, moment: datetime, reply: Reply | None = None
) -> None:
    """Part of the verb that files or answers; the case must be held already."""
    if files and complaint.attachments.count() + len(files) > OF_A_CASE:
        raise TooManyFiles(most=OF_A_CASE)
    for one in files:
        Attachment.objects.create(
            complaint=complaint,
            reply=reply,
            kind=one.kind,
            file=one.content,
            code=new_code(20),
            by=by,
            at=moment,
        )


@transaction.atomic
def look_at(attachment: Attachment, *, by: User) -> bool:
    """Whether the file may be shown; every look but the person's own is written down.

    The shop opens what it sent itself; what the person sent is for the desk.
    """
    role = acting_as(by, attachment.complaint)
    if role == Acting.CONSUMER:
        return True
    shown = role in DESK or (role == "" and _only_reads(by, attachment.complaint))
    if role == Acting.MERCHANT:
        shown = attachment.reply is not None and attachment.reply.from_shop
    FileLook.objects.create(attachment=attachment, by=by, was_shown=shown)
    return shown


def _only_reads(user: User, complaint: Complaint) -> bool:
    """Auditors see what the desk sees, but not of a merchant for whom they work or outside their duties."""
    may = user.is_staff and user.has_perm(MAY_READ)
    return may and work_at(user, complaint.merchant_id) is None and covers(user, complaint)
