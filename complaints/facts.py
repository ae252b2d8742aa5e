"""What stands beside a case on the desk: the purchase, the card's points, and what came before."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Func, Subquery

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


def facts_of(complaint: Complaint, theirs: ComplaintQuerySet) -> Facts:
    """``theirs`` are the cases that the reader sees: of others only these."""
    others = theirs.exclude(pk=complaint.pk)
    earlier = others.filed_by(complaint.person).select_related("shop").order_by("-pk")[:EARLIER_SHOWN]
    lines = complaint.purchase.lines.order_by("pk") if complaint.purchase else []
    points, of_shop = _numbers(complaint, others)
    return Facts(
        points=points,
        lines=[line.said for line in lines if line.said],
        earlier=list(earlier),
        of_shop=of_shop,
        alike=_alike(complaint, others),
    )


def _alike(complaint: Complaint, others: ComplaintQuerySet) -> list[Complaint]:
    """Reports about the same shop around that time whose words are the most alike; perhaps the same thing."""
    around = (complaint.filed_at - ALIKE_WITHIN, complaint.filed_at + ALIKE_WITHIN)
    sharing = others.exclude(state=ComplaintState.DUPLICATE).filter(
        shop=complaint.shop_id, filed_at__range=around, grams__overlap=complaint.grams
    )
    read = sharing.only("number", "said", "grams").order_by("-pk")
    compared = [(likeness(one.grams, complaint.grams), one) for one in read[:COMPARED]]
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


def _numbers(complaint: Complaint, others: ComplaintQuerySet) -> tuple[int | None, int]:
    """The points on the person's card, None without one; and how many other cases of the shop are open."""
    cards = Account.objects.filter(
        card__customer__user=complaint.person_id, merchant=complaint.merchant_id, kind=ValueKind.POINTS
    )
    points = cards.order_by("pk").values("balance")[:1]
    of_shop = others.still_open().filter(shop=complaint.shop_id).order_by()
    counted = of_shop.annotate(counted=Func("pk", function="COUNT")).values("counted")
    return Complaint.objects.filter(pk=complaint.pk).values_list(Subquery(points), Subquery(counted)).get()


def those_who_answer() -> list[User]:
    """Staff with the permission, by name; names are sealed, so they are sorted here."""
    return sorted(holders_of(MAY_ANSWER), key=User.says)
