"""Makers of coupon programmes and coupons, built on the verbs."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from coupons import actions
from coupons.models import Coupon, CouponKind, CouponProgramme, PaperBatch, Present
from merchants.models import Merchant
from portal.kernel.models import User
from tests.cast import make_user, owner_of

TERMS: dict[str, Any] = {
    "title": "满60减20",
    "kind": CouponKind.AMOUNT,
    "amount_off": 2000,
    "minimum": 6000,
    "stock": 100,
    "per_person": 1,
}


def make_coupon_programme(merchant: Merchant, *, published: bool = True, **terms: Any) -> CouponProgramme:
    """An offer of ¥20 off over ¥60, open since an hour ago for a week."""
    now = timezone.now()
    times = {"starts_at": now - timedelta(hours=1), "ends_at": now + timedelta(days=7)}
    if terms.get("kind", CouponKind.AMOUNT) not in (CouponKind.AMOUNT, CouponKind.VALUE):
        terms = {"amount_off": None} | terms
    programme = actions.draft_programme(
        merchant, by=owner_of(merchant), key=uuid.uuid4(), **(TERMS | times | terms)
    )
    return actions.publish_programme(programme, by=owner_of(merchant)) if published else programme


def make_coupon(
    merchant: Merchant, user: User | None = None, *, moment: datetime | None = None, **terms: Any
) -> Coupon:
    programme = make_coupon_programme(merchant, **terms)
    coupon = actions.claim_coupon(programme, user or make_user(), key=uuid.uuid4(), moment=moment)
    return Coupon.objects.select_related("programme__merchant", "customer", "terms").get(pk=coupon.pk)


def make_present(merchant: Merchant, giver: User, **terms: Any) -> Present:
    coupon = make_coupon(merchant, giver, is_transferable=True, **terms)
    return actions.give_coupon(coupon, by=giver, key=uuid.uuid4())


def make_paper(
    merchant: Merchant, quantity: int = 1, *, key: uuid.UUID | None = None, **terms: Any
) -> PaperBatch:
    programme = make_coupon_programme(merchant, **({"stock": 20_000} | terms))
    return actions.make_paper(programme, quantity, key=key or uuid.uuid4(), by=owner_of(merchant))


def paper_of(merchant: Merchant, **terms: Any) -> Coupon:
    """One coupon on paper, nobody's yet."""
    coupons = make_paper(merchant, 1, **terms).coupons
    return coupons.select_related("programme__merchant", "customer", "terms").get()
