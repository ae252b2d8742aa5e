"""Mail is kept as it came for a while; of what became nothing, even what it says is forgotten then."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from complaints.models import Mail, MailState

BATCH = 500  # a night; a flood takes several
_NOTHING = (MailState.SKIPPED, MailState.DISCARDED, MailState.COPY)


def forget_mail(moment: datetime) -> int:
    """Returns how many were forgotten."""
    old = Mail.objects.settled_before(moment - timedelta(days=settings.MAILBOX_KEEP_DAYS))
    full = old.filter(~Q(raw="") | Q(state__in=_NOTHING, sender_index__isnull=False)).order_by("pk")
    return sum(_forget(mail) for mail in full[:BATCH])


@transaction.atomic
def _forget(mail: Mail) -> int:
    """The file goes with the commit: were it gone before, a roll-back would leave a row without it."""
    storage, name = mail.raw.storage, mail.raw.name
    mail.raw = ""
    if mail.state in _NOTHING:
        mail.sender = mail.sender_name = mail.subject = mail.said = mail.text = mail.message_id = ""
        mail.files = []
    mail.save()
    if name:
        transaction.on_commit(lambda: storage.delete(name), robust=True)
    return 1
