"""What stands beside a case on the desk: the purchase, the card's points, and what came before."""

from dataclasses import dataclass
from datetime import timedelta

from complaints.duties import seen
from complaints.likeness import ALIKE, likeness
from complaints.models import Complaint, ComplaintQuerySet
from complaints.roles import MAY_ANSWER, holders_of
from complaints.states import ComplaintState
from loyalty.models import Account, ValueKind
from portal.kernel import people
from portal.kernel.models import User

EARLIER_SHOWN = 5
ALIKE_SHOWN = 3
COMPARED = 500  # of the shop, the latest that share a word at all
ALIKE_WITHIN = timedelta(days=90)


@dataclass(frozen=True)
class Facts:
    points: int | None
    lines: list[str]
    earlier: list[Complaint]
    of_shop: int  # how many other cases about this shop are open
    alike: list[Complaint]


def facts_of(complaint: Complaint, reader: User) -> Facts:
    """Of other cases only those that the reader sees."""
    others = Complaint.objects.filter(seen(reader)).exclude(pk=complaint.pk)
    earlier = others.filed_by(complaint.person).select_related("shop").order_by("-pk")[:EARLIER_SHOWN]
    lines = complaint.purchase.lines.order_by("pk") if complaint.purchase else []
    return Facts(
        points=_points(complaint),
        lines=[line.said for line in lines if line.said],
        earlier=list(earlier),
        of_shop=others.still_open().filter(shop=complaint.shop_id).count(),
        alike=_alike(complaint, others),
    )


def _alike(complaint: Complaint, others: ComplaintQuerySet) -> list[Complaint]:
    """Reports about the same shop around that time whose words are the most alike; perhaps the same thing."""
    around = (complaint.filed_at - ALIKE_WITHIN, complaint.filed_at + ALIKE_WITHIN)
    sharing = others.exclude(state=ComplaintState.DUPLICATE).filter(
        shop=complaint.shop_id, filed_at__range=around, grams__overlap=complaint.grams
    )
    compared = [(likeness(one.grams, complaint.grams), one) for one in sharing.order_by("-pk")[:COMPARED]]
    alike = [(how, one) for how, one in compared if how >= ALIKE]
    return [one for _how, one in sorted(alike, key=lambda pair: (-pair[0], pair[1].pk))[:ALIKE_SHOWN]]


def contacts_of(person: User, *, are_shown: bool) -> list[str]:
    """Phone and e-mail, masked unless the look was put on record."""
    if are_shown:
        return [contact for contact in (person.phone, person.email) if contact]
    return [
        contact
        for contact in (people.masked_phone(person.phone), people.masked_email(person.email))
        if contact
    ]


def _points(complaint: Complaint) -> int | None:
    """On the person's card of the merchant; None without a card."""
    cards = Account.objects.filter(
        card__customer__user=complaint.person_id, merchant=complaint.merchant_id, kind=ValueKind.POINTS
    )
    return cards.values_list("balance", flat=True).first()


def those_who_answer() -> list[User]:
    """Staff with the permission, by name; names are sealed, so they are sorted here."""
    return sorted(holders_of(MAY_ANSWER), key=User.says)
