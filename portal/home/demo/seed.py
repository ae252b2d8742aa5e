"""Building the demo town from nothing, in the order in which a town grows."""

import random
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from coupons import actions as coupons
from loyalty import actions as loyalty
from merchants import actions
from merchants.finding import clusters, vocabulary
from merchants.models import Role, Shop
from orders.actions import ring_up, set_offline_rule
from portal.home.demo import balances
from portal.home.demo.birthdays import celebrate
from portal.home.demo.campaigns import tell_followers
from portal.home.demo.cards import design_cards, print_cards
from portal.home.demo.cases import file_cases
from portal.home.demo.coupons import let_be_seen, publish_every_kind
from portal.home.demo.days import ZONE, Life, live, start_life
from portal.home.demo.desk import fill_desk
from portal.home.demo.gifts import offer_gifts, use_a_pass
from portal.home.demo.letters import write_letters
from portal.home.demo.members import bring_members
from portal.home.demo.merchants import Business, open_business, plan
from portal.home.demo.people import made_up
from portal.home.demo.persons import FIRST_FREE_PHONE, make_parts
from portal.home.demo.pins import give_pins
from portal.home.demo.segments import group
from portal.home.demo.storefronts import furnish_fully
from portal.home.demo.trust import look_after_listings
from portal.home.demo.voices import let_people_speak
from portal.kernel.events import untold
from portal.kernel.models import User

Told = Callable[[str, int, int], None]
PLACES = Path(settings.ROOT) / "data" / "demo_places.csv"


@dataclass(frozen=True)
class Built:
    """How much of everything the town holds."""

    people: int
    merchants: int
    shops: int
    sales: int
    complaints: int


def build(*, seed: int, merchants: int, consumers: int, days: int, told: Told) -> Built:
    """Build the town through the verbs. The same ``seed`` gives the same people, shops and sales; codes
    and card numbers stay unguessable and differ every time. ``told(what, done, total)`` hears the progress.
    """
    dice = random.Random(seed)  # noqa: S311 (a repeatable town, no secrets)
    now = timezone.now()
    first = now.astimezone(ZONE).date() - timedelta(days=days - 1)
    with untold():  # history is nobody's news: no receipts go out for sales of last month
        cast = make_parts()
        _employ(cast)
        people = _people(dice, consumers, told)
        businesses = _businesses(dice, merchants, people, cast, told)
        design_cards(dice, businesses)
        for shop in businesses[0].shops:
            furnish_fully(dice, businesses[0].trade, shop)
        lives = [start_life(dice, business, people, first) for business in businesses]
        lives[0].people[:2] = [cast["consumer"], cast["visitor-en"]]
        sales = live(dice, lives, first, days, now, lambda n: told("days", n, days))
        _give_the_consumer_something(dice, cast["consumer"], lives, now)
        bring_members(businesses[0], now)
        print_cards(dice, businesses, lives[0].cards[cast["consumer"].pk])
        cases = file_cases(dice, cast["staff"], cast["consumer"], now)
        fill_desk(now)
        let_people_speak(dice, businesses, cast["consumer"], cast["staff"], now)
        celebrate(businesses[0].merchant, cast["consumer"], now)
        let_be_seen(dice, lives[0].offers)
        tell_followers(dice, lives[0], people, now)
        group(businesses[0].merchant, now)
        write_letters(dice, businesses, people[:40], cast["consumer"], now)  # the last ones run shops
    give_pins(businesses[0].merchant, [cast["consumer"], cast["visitor-en"]])
    _listings(told)
    look_after_listings(dice, cast, businesses[0].shops[0], now)
    return Built(len(people) + len(cast), len(businesses), Shop.objects.count(), sales, cases)


def _employ(cast: dict[str, User]) -> None:
    """The rights of the complaints desk and of those who decide about reviews come with their groups."""
    cast["staff"].groups.add(
        *Group.objects.filter(name__in=["Complaint agents", "Review moderators", "Listings"])
    )


def _people(dice: random.Random, count: int, told: Told) -> list[User]:
    people = []
    with transaction.atomic():
        for number in range(count):
            person = made_up(dice, FIRST_FREE_PHONE + number)
            people.append(
                User.objects.create_user(
                    name=person.name,
                    phone=person.phone,
                    language=person.language,
                    phone_verified_at=timezone.now(),
                )
            )
    told("people", count, count)
    return people


def _businesses(
    dice: random.Random,
    count: int,
    people: list[User],
    cast: dict[str, User],
    told: Told,
) -> list[Business]:
    """The cast runs the first two; the others belong to people of the town."""
    opened = []
    for number, (trade, name, name_en) in enumerate(plan(count)):
        owner = {0: cast["owner"], 1: cast["stranger"]}.get(number) or people[-1 - number * 2]
        till = cast["cashier"] if number == 0 else people[-2 - number * 2] if number > 1 else owner
        with transaction.atomic():
            business = open_business(
                dice, trade, name, name_en, owner=owner, till=till, outlets=2 if number in (0, 7, 15) else 1
            )
            if number == 0:
                offer = actions.invite_staff(
                    business.merchant, role=Role.MANAGER, by=owner, phone=cast["manager"].phone
                )
                actions.accept_invitation(offer.token, user=cast["manager"])
                set_offline_rule(business.merchant, is_on=True, most_waiting=10, most_off=5000, hours=4)
        balances.allow(business)
        offer_gifts(business, number)
        opened.append(business)
        told("merchants", number + 1, count)
    return opened


def _give_the_consumer_something(
    dice: random.Random, consumer: User, lives: list[Life], now: datetime
) -> None:
    """Three cards, a purchase at the first counter yesterday, and a coupon that still can be used."""
    for life in lives[:3]:
        if consumer.pk not in life.cards:
            life.cards[consumer.pk] = loyalty.join(life.business.programme, consumer, by=consumer, moment=now)
    for life in lives[:3]:
        if balances.takes_money(life.business):
            balances.pay_in(dice, life.business, life.cards[consumer.pk], now)
    for life in lives[:4]:
        key = uuid.UUID(int=dice.getrandbits(128))
        with suppress(coupons.ClaimedEnough):  # theirs from the days before is still there
            coupons.claim_coupon(life.offers[0], consumer, key=key, moment=now)
    use_a_pass(dice, lives[0].business, lives[0].cards[consumer.pk], now)
    publish_every_kind(dice, lives[0].business, consumer, now)
    _yesterday(dice, consumer, lives[0], now)


def _yesterday(dice: random.Random, consumer: User, life: Life, now: datetime) -> None:
    business = life.business
    ring_up(
        merchant=business.merchant,
        shop=business.shops[0],
        bill=business.prices[0] * 2,
        key=uuid.UUID(int=dice.getrandbits(128)),
        by=business.till,
        card=life.cards[consumer.pk],
        moment=datetime.combine(now.astimezone(ZONE).date() - timedelta(days=1), time(18, 20), ZONE),
    )


def _listings(told: Told) -> None:
    """Real places from open data, unclaimed, around and beyond the demo's own shops."""
    call_command("import_places", str(PLACES), source="osm", licence="ODbL 1.0", verbosity=0)
    actions.grade_prices()
    vocabulary.recount()
    clusters.count_cells()
    told("listings", 1, 1)
