"""What pages ask about coupons in one query each."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from coupons.actions.claims import NotAmongThem, NotYourLevel
from coupons.groups import groups
from coupons.models import OPEN, Audience, Coupon, CouponProgramme, CouponState, Redemption, Sighting
from loyalty.models import Card
from merchants.models import Customer, Merchant
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


MOST_RUNNING = 50  # of one merchant at once, before those for others are left out


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


def running_offers(
    merchant: Merchant, moment: datetime, *, to: User | AnonymousUser | None = None, limit: int = 5
) -> list[CouponProgramme]:
    """All that run, as the merchant sees them; ``to`` somebody: those that they can claim.

    One question, and more only where one of them isn't for anyone.
    """
    running = CouponProgramme.objects.of(merchant).claimable_at(moment)
    found = list(running.select_related("terms").order_by("ends_at", "pk")[:MOST_RUNNING])
    if to is not None and any(one.terms.audience != Audience.ANYONE for one in found):
        own = own_offers(to, running, moment)
        found = [one for one in found if one.terms.audience == Audience.ANYONE or one.pk in own]
    return found[:limit]


def own_offers(
    person: User | AnonymousUser, running: QuerySet[CouponProgramme], moment: datetime
) -> set[int]:
    """Keys of those offers for levels and segments that this person can claim. The number of questions
    doesn't grow with that of offers.
    """
    if not person.is_authenticated:
        return set()
    cards = Card.objects.filter(merchant=OuterRef("merchant"), customer__user=person.pk, state="active")
    rows = (
        running.exclude(terms__audience=Audience.ANYONE)
        .filter(merchant__in=Customer.objects.filter(user=person.pk).values("merchant"))
        .annotate(ranks=ArraySubquery(cards.values(rank=Coalesce("standing__level__rank", 0))))
        .values_list("pk", "terms__levels", "terms__segment", "ranks")
    )
    found = list(rows)
    asked = {segment for _key, _levels, segment, _ranks in found if segment}
    within = groups().with_person(person.pk, asked, moment=moment) if asked else set()
    return {key for key, levels, segment, ranks in found if set(levels) & set(ranks) or segment in within}


def refused_here(person: User | AnonymousUser, programme: CouponProgramme, moment: datetime) -> str:
    """Why somebody signed in can't claim it, being of another level or in no such segment; else nothing."""
    if programme.terms.audience == Audience.ANYONE or not person.is_authenticated:
        return ""
    running = CouponProgramme.objects.filter(pk=programme.pk)
    if own_offers(person, running, moment):
        return ""
    return str((NotAmongThem if programme.terms.segment else NotYourLevel).sentence)


def people_meant(programme: CouponProgramme, moment: datetime) -> "QuerySet[Any, Any] | None":
    """Keys of the persons whom an offer for levels or a segment is for, one column; None: for anyone."""
    if programme.terms.segment:
        return groups().people(programme.terms.segment, moment=moment)
    if programme.terms.audience == Audience.ANYONE:
        return None
    cards = Card.objects.filter(merchant=programme.merchant_id, state="active")
    ranked = cards.alias(rank=Coalesce("standing__level__rank", 0)).filter(rank__in=programme.terms.levels)
    return ranked.filter(customer__user__isnull=False).values_list("customer__user", flat=True)
