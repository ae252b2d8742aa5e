"""What stands beside a case on the desk: the purchase, the card's points, and what came before."""

from dataclasses import dataclass

from complaints.models import Complaint
from complaints.roles import MAY_ANSWER, holders_of
from loyalty.models import Account, ValueKind
from portal.kernel.models import User

EARLIER_SHOWN = 5


@dataclass(frozen=True)
class Facts:
    points: int | None
    lines: list[str]
    earlier: list[Complaint]
    of_shop: int  # how many other cases about this shop are open


def facts_of(complaint: Complaint) -> Facts:
    others = Complaint.objects.exclude(pk=complaint.pk)
    earlier = others.filed_by(complaint.person).select_related("shop").order_by("-pk")[:EARLIER_SHOWN]
    lines = complaint.purchase.lines.order_by("pk") if complaint.purchase else []
    return Facts(
        points=_points(complaint),
        lines=[line.said for line in lines if line.said],
        earlier=list(earlier),
        of_shop=others.still_open().filter(shop=complaint.shop_id).count(),
    )


def _points(complaint: Complaint) -> int | None:
    """On the person's card of the merchant; None without a card."""
    cards = Account.objects.filter(
        card__customer__user=complaint.person_id, merchant=complaint.merchant_id, kind=ValueKind.POINTS
    )
    return cards.values_list("balance", flat=True).first()


def those_who_answer() -> list[User]:
    """Staff with the permission, by name; names are sealed, so they are sorted here."""
    return sorted(holders_of(MAY_ANSWER), key=User.says)
