"""Opening the demo town's businesses, as their owners would."""

import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from math import cos, radians
from typing import Any

from django.core.files.base import ContentFile

from loyalty import actions as loyalty
from loyalty.models import Programme
from merchants import actions
from merchants.models import Category, Merchant, Role, Shop
from portal.home.demo.covers import draw_cover
from portal.home.demo.storefronts import furnish
from portal.home.demo.town import CENTRE, STREETS, TRADES, Trade
from portal.kernel.models import User

METRES_PER_DEGREE = 111_320


@dataclass
class Business:
    """A merchant of the demo with what its days are made of."""

    trade: Trade
    merchant: Merchant
    shops: list[Shop]
    programme: Programme
    owner: User
    till: User
    prices: list[int]  # minor units


def plan(count: int) -> Iterator[tuple[Trade, str, str]]:
    """``count`` businesses, trade by trade in turn; names that come again get the street's number two."""
    made, round_ = 0, 0
    while made < count:
        for trade in TRADES:
            zh, en = trade.names[round_ % len(trade.names)]
            again = round_ // len(trade.names)
            if round_ >= len(trade.names) and again == 0:
                continue
            suffix = ("", "") if not again else (f" {again + 1} 店", f" No. {again + 1}")
            yield trade, zh + suffix[0], en + suffix[1]
            made += 1
            if made == count:
                return
        round_ += 1


def somewhere(dice: random.Random, spread_m: float = 900) -> tuple[float, float]:
    """A point around the centre, dense in the middle. Latitude, longitude in degrees."""
    north, east = dice.gauss(0, spread_m), dice.gauss(0, spread_m)
    lat = CENTRE[0] + north / METRES_PER_DEGREE
    return lat, CENTRE[1] + east / (METRES_PER_DEGREE * cos(radians(lat)))


def open_business(
    dice: random.Random, trade: Trade, name: str, name_en: str, *, owner: User, till: User, outlets: int = 1
) -> Business:
    """Everything the wizard asks, once per outlet, then the member card."""
    merchant = actions.open_merchant(owner, name=name, name_en=name_en)
    street, street_en = dice.choice(STREETS)
    shops = [
        _open_shop(dice, trade, merchant, owner, *_outlet(name, name_en, street, street_en, outlets, n))
        for n in range(outlets)
    ]
    programme = loyalty.open_programme(
        merchant,
        by=owner,
        name=f"{name}会员卡"[:30],
        face=trade.face,
        points_per_unit=dice.choice((1, 1, 1, 2)),
    )
    _set_terms(dice, programme, owner)
    if till != owner:
        offer = actions.invite_staff(merchant, role=Role.CASHIER, by=owner, phone=till.phone)
        actions.accept_invitation(offer.token, user=till)
    prices = [price * 100 for _zh, _en, price in trade.services]
    return Business(trade, merchant, shops, programme, owner, till, prices)


def _set_terms(dice: random.Random, programme: Programme, owner: User) -> None:
    """Most cards have levels, and at most counters points pay a part of the bill."""
    if dice.random() < 0.8:
        names = (("普通", "Member"), ("银卡", "Silver"), ("金卡", "Gold"), ("白金", "Platinum"))
        least = (0, 30_000, 80_000, 200_000)
        gives: tuple[dict[str, Any], ...] = (
            {},
            {"multiplier": 120},
            {"multiplier": 150, "discount": 3},
            {"multiplier": 200, "discount": 5, "privileges": "生日当月双倍积分，优先预约"},
        )
        steps = [
            loyalty.Step(rank=rank, name=zh, name_en=en, threshold=least[rank], **gives[rank])
            for rank, (zh, en) in enumerate(names)
        ]
        loyalty.set_levels(programme, steps, by=owner, metric="amount", window="rolling")
    if dice.random() < 0.8:
        loyalty.set_spending(programme, by=owner, points=100, worth=100, minimum=100, share=50, is_on=True)


def _outlet(
    name: str, name_en: str, street: str, street_en: str, outlets: int, n: int
) -> tuple[str, str, str]:
    if outlets == 1:
        return name, name_en, street
    label, label_en = ("总店", "Main shop") if n == 0 else (f"{street}店", street_en)
    return f"{name}（{label}）", f"{name_en}, {label_en}", street


def _open_shop(
    dice: random.Random, trade: Trade, merchant: Merchant, owner: User, name: str, name_en: str, street: str
) -> Shop:
    category = Category.objects.get(slug=trade.category)
    key = uuid.UUID(int=dice.getrandbits(128))
    shop = actions.open_shop(owner, name=name, name_en=name_en, category=category, key=key, merchant=merchant)
    lat, lon = somewhere(dice)
    actions.place_shop(shop, lat=lat, lon=lon, address=f"{street} {dice.randint(1, 399)} 号")
    actions.set_hours(shop, dice.choice(trade.hours))
    lines = [actions.ServiceLine(name=zh, name_en=en, price=price * 100) for zh, en, price in trade.services]
    actions.set_services(shop, lines)
    picture = ContentFile(draw_cover(trade.cover, dice), name="front.jpg")
    actions.add_photo(shop, picture, alt=f"{name}门面", alt_en=f"The front of {name_en}")
    furnish(dice, shop)
    return actions.publish_shop(shop, by=owner)
