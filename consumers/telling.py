"""Who hears of what about a review: its writer, the shop's owners and managers, who reported it."""

from typing import Any

from django.urls import reverse

from consumers import kinds
from consumers.models import Decision, FollowedShop, Review, State
from coupons.models import CouponProgramme
from merchants.models import Role, StaffMember
from messaging.actions import tell, tell_many


def shop_told(review: Review) -> None:
    """Of a new review, with its stars and never with a name."""
    if review.shop.merchant is None:
        return
    readers = StaffMember.objects.current().filter(
        merchant=review.shop.merchant_id, role__in=[Role.OWNER, Role.MANAGER]
    )
    tell_many(
        readers.values_list("user_id", flat=True),
        kinds.WRITTEN,
        occurrence=f"review:{review.pk}",
        url=reverse("consumers:reply", args=[review.shop.merchant.slug, review.token]),
        shop=review.shop.name,
        stars=review.stars,
    )


def writer_told_of_answer(review: Review) -> None:
    tell(
        review.person,
        kinds.ANSWERED,
        occurrence=f"review:{review.pk}",
        url=reverse("consumers:my_review", args=[review.token]),
        shop=review.shop.name,
    )


def both_told(review: Review, decision: Decision) -> None:
    """The writer and everybody whose report it settles read the same reason."""
    down = decision.after == State.HIDDEN
    facts: dict[str, Any] = {
        "occurrence": f"decision:{decision.pk}",
        "shop": review.shop.name,
        "why": decision.said,
    }
    if down or decision.before != State.SHOWN:
        mine = kinds.TAKEN_DOWN if down else kinds.STANDS
        tell(review.person, mine, url=reverse("consumers:my_review", args=[review.token]), **facts)
    reporters = decision.settles.values_list("by_id", flat=True)
    theirs = kinds.REPORT_TAKEN_DOWN if down else kinds.REPORT_STANDS
    tell_many(reporters, theirs, url=reverse("consumers:reviews", args=[review.shop.slug]), **facts)


def followers_told(programme_id: int) -> None:
    """Once per person, however many of the merchant's shops they follow; useless when the offer ends."""
    programme = CouponProgramme.objects.select_related("merchant").get(pk=programme_id)
    followers = FollowedShop.objects.filter(shop__merchant=programme.merchant_id, shop__is_listed=True)
    tell_many(
        set(followers.values_list("person", flat=True)),
        kinds.NEW_COUPON,
        occurrence=f"programme:{programme.pk}",
        url=reverse("coupons:offer", args=[programme.token]),
        useless_after=programme.ends_at,
        shop=programme.merchant.name,
        coupon=programme.title,
    )
