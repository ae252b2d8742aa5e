"""Ninety days of the demo town: who comes when, joins, claims, buys, and now and then complains."""

import random
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from coupons import actions as coupons
from coupons.models import Coupon, CouponKind, CouponProgramme, Via
from loyalty import actions as loyalty
from loyalty.models import Card
from orders import actions as orders
from portal.home.demo import balances
from portal.home.demo.merchants import Business
from portal.kernel.models import User

ZONE = ZoneInfo("Asia/Shanghai")
WAYS = (Via.LINK, Via.PAGE, Via.PAGE, Via.POSTER, Via.POSTER, Via.INBOX, Via.PUSH)  # people come to an offer
SHARE = 0.4  # of the visits are by people who show a card or a coupon; the others leave no trace
WEEKDAYS = (0.8, 0.75, 0.85, 0.9, 1.15, 1.5, 1.4)  # Monday first: small shops live from the weekend


@dataclass
class Life:
    """One business's regulars, their cards, and its running coupons."""

    business: Business
    people: list[User]
    cards: dict[int, Card] = field(default_factory=dict)
    unused: dict[int, Coupon] = field(default_factory=dict)
    offers: list[CouponProgramme] = field(default_factory=list)


def start_life(dice: random.Random, business: Business, people: list[User], first: date) -> Life:
    """Some thirty to eighty regulars live around each shop."""
    others = [person for person in people if person not in (business.owner, business.till)]
    regulars = dice.sample(others, min(len(others), dice.randint(30, 80)))
    life = Life(business, regulars)
    life.offers = _publish_offers(dice, business, first)
    return life


def _publish_offers(dice: random.Random, business: Business, first: date) -> list[CouponProgramme]:
    """A welcome that has run all along, and an offer of these weeks."""
    start = datetime.combine(first, time(8), ZONE)
    low = max(500, business.prices[0] // 500 * 100)
    terms: list[dict[str, Any]] = [
        {"title": "新客立减", "kind": CouponKind.AMOUNT, "amount_off": low, "minimum": low * 2, "stock": 300},
        {
            "title": "工作日特惠",
            "kind": CouponKind.PERCENT,
            "percent_off": dice.choice((10, 15, 20)),
            "most_off": 3000,
            "stock": 120,
        },
    ]
    offers = []
    for turn, offer in enumerate(terms[: dice.choice((1, 2, 2))]):
        begins = start if turn == 0 else start + timedelta(days=60)
        draft = coupons.draft_programme(
            business.merchant,
            by=business.owner,
            key=uuid.UUID(int=dice.getrandbits(128)),
            starts_at=begins,
            ends_at=start + timedelta(days=150),
            **offer,
        )
        offers.append(coupons.publish_programme(draft, by=business.owner, moment=begins))
    return offers


def live(
    dice: random.Random, lives: list[Life], first: date, days: int, now: datetime, told: Callable[[int], None]
) -> int:
    """Live through the days in order; returns how many sales were rung up. Nothing happens after ``now``."""
    sales = 0
    for offset in range(days):
        day = first + timedelta(days=offset)
        with transaction.atomic():  # one commit a day: every verb inside still locks and checks as ever
            sales += sum(_live_day(dice, life, day, offset / days, now) for life in lives)
        told(offset + 1)
    return sales


def _live_day(dice: random.Random, life: Life, day: date, progress: float, now: datetime) -> int:
    """More people come as the word spreads; the same people come again more often than new ones."""
    usual = SHARE * life.business.trade.visits * WEEKDAYS[day.weekday()] * (0.6 + 0.5 * progress)
    count = max(0, round(dice.gauss(usual, usual**0.5 * 0.6)))
    moments = sorted(
        datetime.combine(day, time(10), ZONE) + timedelta(minutes=dice.randint(0, 660)) for _ in range(count)
    )
    return sum(_visit(dice, life, moment) for moment in moments if moment < now)


def _visit(dice: random.Random, life: Life, moment: datetime) -> int:
    business = life.business
    person = life.people[min(int(dice.expovariate(3 / len(life.people))), len(life.people) - 1)]
    card = life.cards.get(person.pk)
    if card is None and dice.random() < 0.7:
        card = loyalty.join(business.programme, person, by=person, moment=moment)
        life.cards[person.pk] = card
    if card:
        balances.perhaps_pay_in(dice, business, card, moment)
    coupon = life.unused.pop(person.pk, None)
    if coupon is None and card and dice.random() < 0.15:
        _claim(dice, life, person, moment)
    bill = sum(dice.choice(business.prices) for _ in range(dice.choice((1, 1, 1, 2, 2, 3))))
    shop = dice.choice(business.shops)
    key = uuid.UUID(int=dice.getrandbits(128))
    sale = partial(
        orders.ring_up,
        merchant=business.merchant,
        shop=shop,
        bill=bill,
        key=key,
        by=business.till,
        card=card,
        moment=moment,
    )
    try:
        sale(coupon=coupon)
    except (coupons.BelowMinimum, coupons.Expired) as refusal:  # the bill is paid without it
        sale()
        if coupon and isinstance(refusal, coupons.BelowMinimum):
            life.unused[person.pk] = coupon
    return 1


def _claim(dice: random.Random, life: Life, person: User, moment: datetime) -> None:
    offer = dice.choice(life.offers)
    if offer.starts_at <= moment:
        key = uuid.UUID(int=dice.getrandbits(128))
        with suppress(coupons.ClaimedEnough):  # one per person, and this person may have had theirs
            life.unused[person.pk] = coupons.claim_coupon(
                offer, person, key=key, via=WAYS[key.int % len(WAYS)], moment=moment
            )
