"""What pages ask about coupons in one query each."""

from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from coupons.models import OPEN, Coupon, CouponProgramme, CouponState, Redemption, Sighting
from merchants.models import Merchant
from portal.kernel.models import User


def with_counts(programmes: QuerySet[CouponProgramme]) -> QuerySet[CouponProgramme]:
    """Adds ``seen``; claimed and redeemed stand on the row."""
    seen = (
        Sighting.objects.filter(programme=OuterRef("pk"))
        .order_by()
        .values("programme")
        .annotate(n=Sum("times"))
    )
    return programmes.annotate(seen=Coalesce(Subquery(seen.values("n")), 0))


def latest_redemptions(programme: CouponProgramme, *, limit: int = 10) -> QuerySet[Redemption]:
    rows = Redemption.objects.filter(merchant=programme.merchant_id, coupon__programme=programme)
    return rows.select_related("coupon__customer", "shop", "by").order_by("-pk")[:limit]


TABS: dict[str, Any] = {
    "usable": lambda moment: Q(state__in=OPEN, valid_until__gt=moment),
    "used": lambda moment: Q(state=CouponState.REDEEMED),
    "expired": lambda moment: Q(state=CouponState.REVOKED) | Q(state__in=OPEN, valid_until__lte=moment),
}


def coupons_in_tab(user: User, tab: str, moment: datetime) -> QuerySet[Coupon]:
    """A person's coupons; those to use come first that end first, the others newest first."""
    mine = Coupon.objects.held_by(user).filter(TABS[tab](moment))
    return mine.order_by("valid_until", "pk") if tab == "usable" else mine.order_by("-pk")


def running_offers(merchant: Merchant, moment: datetime, *, limit: int = 5) -> QuerySet[CouponProgramme]:
    return CouponProgramme.objects.of(merchant).claimable_at(moment).order_by("ends_at", "pk")[:limit]
