"""Mail that waits: the desk makes a case of it, puts it into the case it answers, or discards it."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import translation

from complaints.actions.filing import file_complaint
from complaints.actions.holding import held
from complaints.actions.joining import is_persons, key_of, said_in
from complaints.actions.numbering import free_number
from complaints.actions.talking import note
from complaints.mailbox.enclosed import enclosed_in, in_short
from complaints.mailbox.reading import Letter, read_letter
from complaints.models import Complaint, Mail, MailLook, MailState, MailWhy, Reply
from complaints.refusals import (
    NobodyToAnswer,
    NotDiscarded,
    NotForYou,
    NothingInIt,
    NotTaken,
    SayWhy,
    SortedBefore,
)
from complaints.roles import acting_as, staff_role, work_at
from complaints.states import DESK
from merchants.models import Shop
from portal.kernel.models import User


@transaction.atomic
def case_from_mail(mail: Mail, *, shop: Shop, reason: str, by: User, moment: datetime) -> Complaint:
    """A case about this shop in the name of who wrote, promised from when the mail came.

    An address without an account gets one, as a caller's number does: the person proves it by signing in.
    """
    mail = _to_sort(mail, by)
    if work_at(by, shop.merchant_id):
        raise NotForYou
    person = _writer(mail)
    if person.pk == by.pk:
        raise NotForYou
    letter = letter_of(mail)
    with translation.override(person.language):
        kept = enclosed_in(letter.message).kept if letter else []
        said, files = in_short("\n\n".join(filter(None, (mail.subject, mail.text))), kept)
    if not said:
        raise NothingInIt
    about = {"shop": shop, "reason": reason, "said": said, "files": files, "mail": mail}
    complaint = file_complaint(person, key=key_of(mail), moment=mail.received_at, **about)  # type: ignore[arg-type]
    _settled(mail, MailState.FILED, by, moment, complaint=complaint)
    _take_along(mail, complaint, by, moment)
    return complaint


@transaction.atomic
def join_mail(mail: Mail, complaint: Complaint, *, by: User, moment: datetime) -> Complaint:
    """Into a case: from the person's own address as their words, from any other as an internal note."""
    complaint, mail = held(complaint), _to_sort(mail, by)
    if acting_as(by, complaint) not in DESK:
        raise NotForYou
    _join(mail, complaint, by, moment)
    return complaint


@transaction.atomic
def discard_mail(mail: Mail, *, by: User, why: str, moment: datetime) -> Mail:
    """Nobody hears of it; the row and its reason stay."""
    mail = _held(mail, by)
    if not mail.waits:
        raise SortedBefore(state=mail.get_state_display())
    if not why.strip():
        raise SayWhy
    mail.detail = why.strip()[:200]
    return _settled(mail, MailState.DISCARDED, by, moment)


@transaction.atomic
def put_back(mail: Mail, *, by: User) -> Mail:
    """What was skipped or discarded and should not have been, as long as it is kept."""
    mail = _held(mail, by)
    if mail.state not in (MailState.SKIPPED, MailState.DISCARDED) or not mail.raw:
        raise NotDiscarded
    letter = letter_of(mail)
    mail.files = enclosed_in(letter.message).told if letter else []
    mail.number = mail.number or free_number()
    mail.state, mail.why, mail.detail = MailState.TO_SORT, MailWhy.NEW, ""
    mail.settled_at = mail.settled_by = None
    mail.save()
    return mail


@transaction.atomic
def look_at_mail(mail: Mail, what: str, *, by: User) -> bool:
    """Whether the file, or the mail as it came, may be opened; every look and every try is written down."""
    shown = by.is_staff and by.has_perm("complaints.view_complaint")
    MailLook.objects.create(mail=mail, what=what[:100], by=by, was_shown=shown)
    return shown


def letter_of(mail: Mail) -> Letter | None:
    """What came, read again; None when it isn't kept any more."""
    if not mail.raw:
        return None
    with mail.raw.open() as file:
        return read_letter(file.read())


def _held(mail: Mail, by: User) -> Mail:
    if not staff_role(by):
        raise NotForYou
    return Mail.objects.locked().get(pk=mail.pk)


def _to_sort(mail: Mail, by: User) -> Mail:
    mail = _held(mail, by)
    if mail.state != MailState.TO_SORT:
        raise SortedBefore(state=mail.get_state_display())
    return mail


def _writer(mail: Mail) -> User:
    """Two mails at once make one account: the second finds what the first wrote."""
    if not mail.sender:
        raise NobodyToAnswer
    if known := User.objects.with_email(mail.sender).first():
        if not known.is_active:
            raise NobodyToAnswer
        return known
    try:
        with transaction.atomic():
            return User.objects.create_user(email=mail.sender, name=mail.sender_name, language=mail.language)
    except IntegrityError:
        return User.objects.with_email(mail.sender).get()


def _join(mail: Mail, complaint: Complaint, by: User, moment: datetime) -> None:
    if is_persons(mail.sender, complaint) and (letter := letter_of(mail)):
        judged = said_in(mail, letter, complaint, moment)
        if judged.reply is None:
            raise NotTaken(because=judged.detail) if judged.detail else NothingInIt
        _settled(mail, MailState.JOINED, by, moment, complaint=complaint, reply=judged.reply)
        return
    said, _files = in_short("\n\n".join(filter(None, (mail.says_who(), mail.subject, mail.text))), ())
    note(complaint, by=by, said=said, key=key_of(mail), moment=moment)
    _settled(mail, MailState.JOINED, by, moment, complaint=complaint)


def _take_along(mail: Mail, complaint: Complaint, by: User, moment: datetime) -> None:
    """What the same person wrote while the first mail waited."""
    for later in Mail.objects.to_sort().filter(follows=mail).locked():
        if later.sender == mail.sender:
            _join(later, complaint, by, moment)


def _settled(
    mail: Mail,
    state: str,
    by: User,
    moment: datetime,
    *,
    complaint: Complaint | None = None,
    reply: Reply | None = None,
) -> Mail:
    mail.state, mail.settled_at, mail.settled_by = state, moment, by
    mail.complaint, mail.reply = complaint, reply
    mail.save()
    return mail
