"""A mail has come: what it says is kept, and it joins its case, waits to be sorted, or is passed over.

The worker calls these in turn, each a transaction of its own, and moves the mail on its server only after the
last: a worker that dies in between finds at the next look what is done already.
"""

from datetime import datetime

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction

from complaints.actions.answering_mail import acknowledge, joined_told
from complaints.actions.joining import Judged, join_by_itself
from complaints.actions.numbering import free_number
from complaints.mailbox import bounces
from complaints.mailbox.automatic import is_hushed, is_proved, why_skipped
from complaints.mailbox.reading import Letter, read_letter
from complaints.mailbox.text import new_words
from complaints.mailbox.threads import named_in
from complaints.models import Complaint, Mail, MailState, MailWhy
from complaints.refusals import NotForYou, SortedBefore
from complaints.roles import staff_role
from messaging.actions import mark_dead
from messaging.models import Channel
from portal.kernel.codes import new_code
from portal.kernel.limits import Limit, take
from portal.kernel.models import User

MOST_TRIES = 3
IN_ONE = Limit("mails in one thread", most=30, seconds=3600)
FROM_ONE = Limit("mails from one sender", most=20, seconds=3600)  # more than a person writes in an hour


@transaction.atomic
def arrive(uid_validity: int, uid: int, size: int, *, moment: datetime) -> Mail:
    """The mail's row, made at the first look at it; each look counts, until the mail is read."""
    fresh = {"size": size, "token": new_code(20), "received_at": moment}
    mail, _ = Mail.objects.get_or_create(uid_validity=uid_validity, uid=uid, defaults=fresh)
    if mail.state == MailState.ARRIVING:
        mail.tries += 1
        mail.save(update_fields=["tries"])
    return mail


@transaction.atomic
def keep_mail(mail: Mail, raw: bytes) -> Mail:
    """The bytes as they came, before anybody tries to read them."""
    mail = _held(mail)
    if not mail.raw:
        mail.raw.save(f"{new_code(20).lower()}.eml", ContentFile(raw), save=False)
        mail.save(update_fields=["raw"])
    return mail


@transaction.atomic
def receive_mail(mail: Mail, raw: bytes, *, moment: datetime, whole: bool = True) -> Mail:
    """Read the mail and do what it asks for; ``whole`` is False where only its head was fetched.

    Raises Unreadable. Again for a mail that is dealt with, it changes nothing.
    """
    mail = _held(mail)
    if mail.state not in (MailState.ARRIVING, MailState.PARKED):
        return mail
    letter = read_letter(raw)
    if Mail.objects.filter(digest=letter.digest).exclude(pk=mail.pk).exists():
        return _settle(mail, MailState.COPY, "", moment)
    _write_down(mail, letter)
    if why := _passed_over(letter):
        return _settle(mail, MailState.SKIPPED, why, moment)
    proved = is_proved(letter, settings.MAILBOX_AUTHSERV)
    judged = join_by_itself(mail, letter, moment=moment, proved=proved)
    if judged.reply:
        mail.complaint, mail.reply = judged.reply.complaint, judged.reply
        joined_told(mail, judged)
        return _settle(mail, MailState.JOINED, "", moment)
    return _to_sort(mail, judged, moment, whole=whole, proved=proved)


@transaction.atomic
def read_again(mail: Mail, *, by: User, moment: datetime) -> Mail:
    """A mail that couldn't be read, once the reason is gone. Raises what receiving it raises."""
    if not staff_role(by):
        raise NotForYou
    mail = _held(mail)
    if mail.state != MailState.PARKED or not mail.raw:
        raise SortedBefore(state=mail.get_state_display())
    with mail.raw.open() as file:
        return receive_mail(mail, file.read(), moment=moment, whole=mail.raw.size >= mail.size)


@transaction.atomic
def park(mail: Mail, why: str, detail: str = "") -> Mail:
    """Out of the way of the others, where staff see it."""
    mail = _held(mail)
    if mail.state == MailState.ARRIVING:
        mail.state, mail.why, mail.detail = MailState.PARKED, why, detail[:200]
        mail.save()
    return mail


def _held(mail: Mail) -> Mail:
    return Mail.objects.locked().get(pk=mail.pk)


def _write_down(mail: Mail, letter: Letter) -> None:
    mail.digest, mail.message_id = letter.digest, letter.message_id
    mail.sender, mail.sender_name, mail.subject = letter.sender, letter.name, letter.subject
    mail.text, mail.said = letter.text, new_words(letter.text)
    mail.language = _language(f"{letter.subject}{letter.text}")
    mail.is_hushed = is_hushed(letter)


def _passed_over(letter: Letter) -> str:
    why = why_skipped(letter)
    if why == MailWhy.BOUNCE:
        _forget_addresses(letter)
    return why or (MailWhy.FLOOD if _floods(letter) else "")


def _floods(letter: Letter) -> bool:
    """Answers are counted by thread: whoever writes in somebody's name can't use up what is theirs."""
    if threads := named_in(" ".join(letter.mentions)):
        return not take(IN_ONE, threads[0])
    return bool(letter.sender) and not take(FROM_ONE, letter.sender)


def _forget_addresses(letter: Letter) -> None:
    """Nothing more goes where a mail of ours came back from; only the one it was sent to is believed."""
    tokens = bounces.about(letter)
    people = [one.person.email for one in Complaint.objects.filter(token__in=tokens).select_related("person")]
    people += [one.sender for one in Mail.objects.filter(token__in=tokens)]
    ours = {address.lower() for address in people if address}
    for address in ours.intersection(bounces.gone_in(letter)):
        mark_dead(Channel.EMAIL, address, "bounce")


def _to_sort(mail: Mail, judged: Judged, moment: datetime, *, whole: bool, proved: bool) -> Mail:
    mail.number = mail.number or free_number()
    mail.complaint, mail.files, mail.detail = judged.complaint, judged.files, judged.detail[:200]
    mail.follows = _waiting_before(mail, judged.tokens)
    mail.state = MailState.TO_SORT
    mail.why = judged.why or (MailWhy.MORE if mail.follows else MailWhy.NEW)
    if not whole and mail.why in (MailWhy.NEW, MailWhy.MORE, MailWhy.EMPTY):
        mail.why = MailWhy.LARGE
    if mail.sender and proved and not mail.is_hushed and not mail.follows:
        acknowledge(mail, moment)
    mail.save()
    return mail


def _waiting_before(mail: Mail, tokens: tuple[str, ...]) -> Mail | None:
    """The mail of the same sender whose acknowledgement this one answers."""
    before = Mail.objects.to_sort().filter(token__in=tokens).exclude(pk=mail.pk).order_by("pk").first()
    return before if before and before.sender == mail.sender else None


def _settle(mail: Mail, state: str, why: str, moment: datetime) -> Mail:
    mail.state, mail.why, mail.settled_at = state, why, moment
    mail.save()
    return mail


def _language(text: str) -> str:
    """Chinese where there is a Chinese character; else English."""
    return "zh-hans" if any("\u4e00" <= char <= "\u9fff" for char in text) else "en"
