"""What somebody hears back who wrote to us: at once, seldom enough that two machines never talk for long."""

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from complaints import kinds, telling
from complaints.actions.joining import Judged
from complaints.models import Mail
from complaints.numbers import in_groups
from messaging.models import Channel, DeadAddress
from messaging.texts import write_to
from portal.kernel.crypto import blind_indexes
from portal.kernel.limits import Limit, take

TO_ONE = Limit("answers to mail of one sender", most=3, seconds=3600)
TO_ALL = Limit("answers to mail", most=300, seconds=3600)
LIVES = timedelta(days=2)  # a letter that can't be delivered by then is no answer at once


def acknowledge(mail: Mail, moment: datetime) -> None:
    """Number and link, to the address that wrote. Part of the verb that received the mail."""
    dead = DeadAddress.objects.filter(channel=Channel.EMAIL, digest__in=blind_indexes(mail.sender))
    if dead.exists() or not _may_answer(mail):
        return
    write_to(
        kinds.MAIL_RECEIVED,
        mail.sender,
        mail.language,
        LIVES,
        url=reverse("complaints:case", args=[mail.token]),
        number=in_groups(mail.number or ""),
        answers=mail.message_id,
    )
    mail.acknowledged_at = moment


def joined_told(mail: Mail, judged: Judged) -> None:
    """To the person of the case, wherever the mail came from: nobody's words are added behind their back."""
    if mail.is_hushed or judged.complaint is None or not _may_answer(mail):
        return
    complaint, left_out = judged.complaint, [one["name"] for one in judged.files if not one["kind"]]
    with translation.override(complaint.person.language):
        why = _not_kept(left_out)
    telling.person_told(complaint, kinds.MAIL_JOINED, occurrence=f"mail:{mail.pk}", why=why)


def _not_kept(names: list[str]) -> str:
    if not names:
        return ""
    sentence = _(
        "Not kept: %(names)s. A case keeps photos, PDFs up to 8 MB and plain text, five with each mail."
    )
    return sentence % {"names": ", ".join(names)}


def _may_answer(mail: Mail) -> bool:
    return take(TO_ONE, mail.sender) and take(TO_ALL, "")
