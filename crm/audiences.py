"""Whom a merchant can speak to: people near a shop, members, followers, customers who stay away."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from consumers.models import FollowedShop
from consumers.neighbours import near_now, usually_near
from crm.models import Audience, Segment
from crm.segments import people_of_segment
from loyalty.models import Card
from merchants.models import Customer, Shop
from portal.kernel.models import User

AWAY_FOR = timedelta(days=60)
DISTANCES = (500, 1000, 2000, 5000)


def people_in(
    audience: str, shop: Shop, *, within_m: int, moment: datetime, segment: Segment | None = None
) -> "QuerySet[Any, Any]":
    """Keys of persons, one column, perhaps with doubles; only people with an account."""
    if audience == Audience.SEGMENT:
        if segment is None:
            raise ValueError("an audience of a segment names it")
        return people_of_segment(segment, moment)
    ours = Customer.objects.filter(merchant=shop.merchant_id, merged_away=None, user__isnull=False)
    if audience == Audience.NEAR:
        return _near(shop, within_m, moment)
    if audience == Audience.MEMBERS:
        cards = Card.objects.filter(customer__merchant=shop.merchant_id)
        return ours.filter(pk__in=cards.values("customer")).values_list("user", flat=True)
    if audience == Audience.FOLLOWERS:
        follow = FollowedShop.objects.filter(shop__merchant=shop.merchant_id)
        return follow.values_list("person", flat=True)
    return ours.filter(last_visit_at__lt=moment - AWAY_FOR).values_list("user", flat=True)


def _near(shop: Shop, within_m: int, moment: datetime) -> "QuerySet[Any, Any]":
    """By where they usually are, or by where they share to be just now."""
    if shop.location is None:
        return User.objects.none().values_list("pk", flat=True)
    here = (shop.location.y, shop.location.x)
    usual, now = usually_near(here, within_m=within_m), near_now(here, within_m=within_m, moment=moment)
    return User.objects.filter(Q(pk__in=usual) | Q(pk__in=now)).values_list("pk", flat=True)


def size_of(people: "QuerySet[Any, Any]") -> int:
    """How many different persons."""
    return people.order_by().distinct().count()
