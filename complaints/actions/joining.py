"""A mail that answers a case joins it as the person's own words, if it comes from the person's address.

A case is found by the thread's name in the ids that the mail answers, or by the number in its subject.
Neither opens anything to anybody: words go in, and what is said about them goes to the address that the
case knows.
"""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation

from complaints.actions.talking import reply
from complaints.files import AT_ONCE, OF_A_CASE
from complaints.mailbox.enclosed import enclosed_in, in_short
from complaints.mailbox.reading import Letter
from complaints.mailbox.threads import named_in, numbers_in
from complaints.models import Complaint, Mail, MailWhy, Reply
from portal.kernel.crypto import is_index_of
from portal.kernel.refused import Refused


@dataclass
class Judged:
    """What a mail is: a reply that was written, or why somebody has to look at it."""

    why: str = ""
    detail: str = ""
    complaint: Complaint | None = None  # the case that it says it answers
    reply: Reply | None = None
    tokens: tuple[str, ...] = ()
    files: list[dict[str, Any]] = field(default_factory=list)


def join_by_itself(mail: Mail, letter: Letter, *, moment: datetime, proved: bool) -> Judged:
    tokens = named_in(" ".join(letter.mentions))
    complaint = _case(tokens, letter.subject)
    why = _why_not(letter, complaint, proved)
    if complaint and not why:
        return said_in(mail, letter, complaint, moment)
    files = enclosed_in(letter.message).told
    if not (why or files or letter.text or letter.subject):
        why = MailWhy.EMPTY
    return Judged(why, "", complaint, None, tokens, files)


def said_in(mail: Mail, letter: Letter, complaint: Complaint, moment: datetime) -> Judged:
    """The mail as the person's reply; what the case refuses is somebody's to look at."""
    room = min(AT_ONCE, OF_A_CASE - complaint.attachments.count())
    with translation.override(complaint.person.language):
        found = enclosed_in(letter.message, room)
        said, files = in_short(mail.said, found.kept)
    judged = Judged(complaint=complaint, files=found.told)
    if not said:
        judged.why = MailWhy.EMPTY
        return judged
    try:
        judged.reply = _reply(mail, complaint, said, files[:room], moment)
    except Refused as refusal:
        with translation.override(settings.LANGUAGE_CODE):
            judged.why, judged.detail = MailWhy.REFUSED, str(refusal)
    return judged


@transaction.atomic
def _reply(mail: Mail, complaint: Complaint, said: str, files: list[Any], moment: datetime) -> Reply:
    """A savepoint: what is refused leaves nothing behind."""
    return reply(complaint, by=complaint.person, said=said, key=key_of(mail), moment=moment, files=files)


def key_of(mail: Mail) -> uuid.UUID:
    """The same mail says the same thing once."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"mail:{bytes(mail.digest or b'').hex()}")


def is_persons(letter_from: str, complaint: Complaint) -> bool:
    return complaint.person.is_active and is_index_of(complaint.person.email_index, letter_from)


def _case(tokens: tuple[str, ...], subject: str) -> Complaint | None:
    """By the thread before the number: who quotes a number may have read it anywhere."""
    cases = Complaint.objects.select_related("person", "shop").order_by("-pk")
    return cases.filter(token__in=tokens).first() or cases.filter(number__in=numbers_in(subject)).first()


def _why_not(letter: Letter, complaint: Complaint | None, proved: bool) -> str:
    if not letter.sender:
        return MailWhy.NO_SENDER
    if not proved:
        return MailWhy.UNPROVED
    if complaint and not is_persons(letter.sender, complaint):
        return MailWhy.STRANGER
    return ""
