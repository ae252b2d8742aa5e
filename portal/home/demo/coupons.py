"""One coupon of every kind at the first merchant, each claimed by the consumer; a few on paper; a draft."""

import random
import uuid
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count
from django.db.models.functions import TruncDate

from coupons import actions
from coupons.models import Coupon, CouponKind, CouponProgramme, Via
from merchants.models import Service
from portal.home.demo.merchants import Business
from portal.kernel.models import User

LEAFLET: dict[str, Any] = {
    "title": "街坊传单券",
    "kind": CouponKind.AMOUNT,
    "amount_off": 1000,
    "minimum": 5000,
}


def publish_every_kind(dice: random.Random, business: Business, consumer: User, now: datetime) -> None:
    """Through the verbs; the draft has words in it that are pointed out before it goes out."""
    key = lambda: uuid.UUID(int=dice.getrandbits(128))  # noqa: E731
    times = {"starts_at": now - timedelta(days=1), "ends_at": now + timedelta(days=60), "stock": 100}
    facts: dict[str, Any] = {"by": business.owner} | times
    for terms in _offers(business, now):
        draft = actions.draft_programme(business.merchant, key=key(), **facts, **terms)
        programme = actions.publish_programme(draft, by=business.owner, moment=now - timedelta(hours=1))
        actions.claim_coupon(programme, consumer, key=key(), moment=now)
    leaflet = actions.draft_programme(business.merchant, key=key(), **facts, **LEAFLET)
    actions.publish_programme(leaflet, by=business.owner, moment=now - timedelta(hours=1))
    batch = actions.make_paper(leaflet, 20, key=key(), by=business.owner, moment=now - timedelta(hours=1))
    actions.claim_paper(batch.coupons.order_by("pk")[0], consumer, moment=now)
    actions.ask_for_paper(batch, business.shops[0], wish="哑光纸，每百张一捆", by=business.owner)
    actions.draft_programme(
        business.merchant,
        key=key(),
        title="开业最佳优惠！！",
        kind=CouponKind.PERCENT,
        percent_off=30,
        weekdays=[0, 1, 2, 3],
        **facts,
    )


def let_be_seen(dice: random.Random, offers: list[CouponProgramme]) -> None:
    """For each claim by a way on a day, some who looked and left it."""
    for offer in offers:
        days = Coupon.objects.filter(programme=offer).annotate(
            day=TruncDate("claimed_at", tzinfo=ZoneInfo(offer.merchant.zone))
        )
        for day, via, number in days.values_list("day", "via").annotate(n=Count("pk")).order_by("day", "via"):
            looked = number + dice.randint(number, 5 * number)
            actions.count_sighting(offer, day=day, via=Via(via), times=looked)


def _offers(business: Business, now: datetime) -> list[dict[str, Any]]:
    first = Service.objects.filter(shop=business.shops[0], removed_at=None).order_by("position", "pk")[0]
    named = Service.objects.filter(shop__merchant=business.merchant, name=first.name, removed_at=None)
    services = list(named.values_list("pk", flat=True))
    feast = date(now.year + 1, 2, 6)
    return [
        {
            "title": "工作日午后",
            "kind": CouponKind.PERCENT,
            "percent_off": 20,
            "most_off": 3000,
            "weekdays": [0, 1, 2, 3, 4],
            "opens": time(14),
            "closes": time(17),
            "blackouts": [(feast, feast + timedelta(days=6))],
        },
        {
            "title": "一口价",
            "kind": CouponKind.FIXED,
            "price": first.price * 7 // 1000 * 100,
            "item": first.name[:40],
            "services": services,
        },
        {"title": "到店有礼", "kind": CouponKind.GIFT, "item": "小礼物一份", "days": 7},
        {
            "title": "老友券",
            "kind": CouponKind.VOUCHER,
            "item": first.name[:40],
            "services": services,
            "is_transferable": True,
        },
        {"title": "百元代金券", "kind": CouponKind.VALUE, "amount_off": 10_000, "stacks": False},
        {
            "title": "九折五次券",
            "kind": CouponKind.PERCENT,
            "percent_off": 10,
            "uses": 5,
            "days": 90,
            "shops": [business.shops[0].pk],
        },
    ]
