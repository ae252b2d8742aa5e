"""What helps to sort a mail: who wrote, which shops it may be about, and its files made harmless."""

import re
from dataclasses import dataclass

from django.http import FileResponse, Http404

from complaints.actions.sorting import letter_of
from complaints.duties import seen
from complaints.files import HEADERS, TYPES
from complaints.mailbox.enclosed import file_of
from complaints.mailbox.parts import enclosures
from complaints.mailbox.reading import Unreadable
from complaints.models import Complaint, FileKind, Mail
from merchants.models import Shop
from orders.models import Purchase
from portal.kernel.models import User

_SHOP = re.compile(r"/s/([-a-z0-9]{1,80})/", re.IGNORECASE)
_SHOPS, _CASES = 5, 5


@dataclass(frozen=True)
class MailFacts:
    """``person`` has an account with the address that the mail says it is from; that proves nothing."""

    person: User | None
    shops: list[Shop]  # that the mail links to, or where the person bought lately
    cases: list[Complaint]  # the person's own, and the one that the mail says it answers


def facts_of_mail(mail: Mail, reader: User) -> MailFacts:
    """Of cases those that the reader sees."""
    person = User.objects.with_email(mail.sender).first() if mail.sender else None
    cases = Complaint.objects.filter(seen(reader)).select_related("shop").order_by("-pk")
    found = list(cases.filter(pk=mail.complaint_id)) if mail.complaint_id else []
    if person:
        found += [one for one in cases.filed_by(person).still_open()[:_CASES] if one not in found]
    return MailFacts(person, _shops(mail, person), found)


def _shops(mail: Mail, person: User | None) -> list[Shop]:
    linked = {slug.lower() for slug in _SHOP.findall(mail.text)}
    shops = list(Shop.objects.filter(slug__in=linked).order_by("pk")[:_SHOPS]) if linked else []
    if person:
        bought = Purchase.objects.made_by(person).select_related("shop").order_by("-pk")[: 2 * _SHOPS]
        shops += [purchase.shop for purchase in bought]
    return list(dict.fromkeys(shops))[:_SHOPS]


def file_in(mail: Mail, number: int) -> FileResponse:
    """As it would be kept in a case. Raises Http404 for what wouldn't be."""
    try:
        letter = letter_of(mail)
    except Unreadable:
        letter = None
    found = enclosures(letter.message)[number : number + 1] if letter else []
    harmless = file_of(found[0]) if found else None
    if harmless is None:
        raise Http404
    kind, ending = TYPES[FileKind(harmless.kind)]
    return FileResponse(
        harmless.content,
        content_type=kind,
        as_attachment=harmless.kind != FileKind.PICTURE,
        filename=f"mail-{mail.pk}-{number}.{ending}",
        headers=HEADERS,
    )


def raw_of(mail: Mail) -> FileResponse:
    """The bytes as they came, to be saved and never shown."""
    try:
        content = mail.raw.open()
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(
        content,
        content_type="application/octet-stream",
        as_attachment=True,
        filename=f"mail-{mail.pk}.eml",
        headers=HEADERS,
    )
