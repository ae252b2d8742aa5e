"""What stands beside a case on the desk: the purchase, the card's points, and what came before."""

from dataclasses import dataclass

from django.contrib.auth.models import Permission
from django.db.models import Q

from complaints.models import Complaint
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
    may = Permission.objects.filter(codename="answer_complaint", content_type__app_label="complaints")
    holders = User.objects.filter(is_staff=True, is_active=True).filter(
        Q(is_superuser=True) | Q(groups__permissions__in=may) | Q(user_permissions__in=may)
    )
    return sorted(holders.distinct(), key=User.says)
