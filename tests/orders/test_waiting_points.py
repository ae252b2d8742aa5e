"""Points of a sale that wait: shown, out of reach until their day, gone with the sale."""

import random
import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from loyalty import actions
from loyalty.actions import NotEnough, claw_back, earn, spend
from loyalty.actions.approvals import spendable
from loyalty.models import Account, Allocation, Lot, Value, ValueKind
from loyalty.terms import terms_of
from loyalty.value.ledger import keep
from orders.actions import take_back_goods, undo
from portal.kernel.invariants import all_invariants
from tests.cast import client_of, make_staff, make_user, owner_of
from tests.loyalty.makers import balance, buy, give, holds, make_card, take

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 22, 12, tzinfo=ZONE)
DAY = timedelta(days=1)
READY = datetime(2026, 11, 29, tzinfo=ZONE)  # the midnight that begins the seventh day


@pytest.fixture
def card(shop, consumer):
    card = make_card(shop.merchant, consumer, points_expire_months=1)
    actions.set_earning(card.programme, by=owner_of(shop.merchant), points_per_unit=1, waits=7)
    return card


def free(card, moment):
    """What the ledger lets go of at that moment."""
    low, high = 0, balance(card)
    while low < high:
        middle = (low + high + 1) // 2
        try:
            hold = keep(
                card,
                ValueKind.POINTS,
                middle,
                key=uuid.uuid4(),
                until=moment + DAY,
                moment=moment,
                document="try",
            )
            hold.delete()
            low = middle
        except NotEnough:
            high = middle - 1
    return low


def test_they_can_be_used_from_the_midnight_of_their_day_and_live_as_long_as_others(card, books_balance):
    sale = buy(card, 10_000, moment=NOON)
    lot = Lot.objects.get(entry=sale.entry)
    assert (balance(card), lot.usable_from) == (100, READY)
    assert lot.expires_at == datetime(2026, 12, 30, tzinfo=ZONE)
    with pytest.raises(NotEnough):
        take(card, 1, moment=READY - timedelta(microseconds=1))
    assert take(card, 100, moment=READY).amount == -100
    books_balance()


def test_what_is_usable_is_spent_and_what_waits_is_left(card, books_balance):
    give(card, 30, moment=NOON)
    sale = buy(card, 10_000, moment=NOON)
    with pytest.raises(NotEnough) as refusal:
        take(card, 31, moment=NOON + DAY)
    assert refusal.value.values == {"balance": 30, "short": 1}
    take(card, 30, moment=NOON + DAY)
    assert (balance(card), Lot.objects.get(entry=sale.entry).remaining) == (100, 100)
    books_balance()


def test_an_undone_sale_takes_its_waiting_points_and_leaves_the_others(card, owner, books_balance):
    give(card, 30, moment=NOON)
    buy(card, 5_000, moment=NOON)
    sale = buy(card, 10_000, moment=NOON)
    undo(sale, by=owner, reason="", key=uuid.uuid4(), moment=NOON + timedelta(minutes=2))
    assert (balance(card), Lot.objects.get(entry=sale.entry).remaining, free(card, NOON + DAY)) == (80, 0, 30)
    books_balance()


def test_goods_that_come_back_take_their_own_waiting_points_first(card, shop, owner, books_balance):
    give(card, 30, moment=NOON)
    sale = buy(card, 10_000, moment=NOON)
    facts = {"merchant": shop.merchant, "shop": shop, "by": owner, "moment": NOON + DAY}
    take_back_goods(line=sale.lines.get(), amount=4_000, key=uuid.uuid4(), **facts)
    assert (Lot.objects.get(entry=sale.entry).remaining, free(card, NOON + DAY)) == (60, 30)
    take_back_goods(line=sale.lines.get(), amount=None, key=uuid.uuid4(), **facts)
    assert (balance(card), free(card, NOON + DAY), holds(card, ValueKind.DEBT)) == (30, 30, 0)
    books_balance()


def test_points_that_are_owed_are_paid_by_those_that_wait(card, shop, books_balance):
    claw_back(card, 40, key=uuid.uuid4(), shop=shop, by=None, moment=NOON)
    buy(card, 10_000, moment=NOON)
    assert (balance(card), holds(card, ValueKind.DEBT), free(card, NOON)) == (60, 0, 0)
    books_balance()


def test_without_the_rule_nothing_waits_and_what_waits_keeps_waiting_when_the_rule_goes(card):
    buy(card, 10_000, moment=NOON)
    actions.set_earning(card.programme, by=owner_of(card.merchant), points_per_unit=1, waits=0)
    buy(card, 2_000, moment=NOON)
    assert (free(card, NOON), free(card, READY)) == (20, 120)


def test_terms_and_agreements_know_what_waits(card):
    buy(card, 10_000)
    give(card, 30)
    assert spendable(card, Value.POINTS, timezone.now()) == 30
    terms = terms_of(card, NOON.date())
    assert (terms.facts["points"], terms.waiting) == (30, 100)


@pytest.mark.parametrize("seed", range(5))
def test_random_days_agree_with_a_small_model(card, shop, books_balance, seed):
    """The model: what can be used is what came and whose day is there, less what was spent since."""
    dice, now, came, spent = random.Random(seed), NOON, [], 0
    facts = {"shop": shop, "by": None}
    for _ in range(25):
        now += timedelta(hours=dice.randrange(1, 20))
        if dice.random() < 0.5:
            days, points = dice.choice([0, 1, 3, 7]), dice.randrange(1, 40)
            ready = datetime.combine(now.astimezone(ZONE).date() + days * DAY, datetime.min.time(), ZONE)
            came.append((points, ready if days else now))
            earn(card, points, key=uuid.uuid4(), moment=now, waits=days, **facts)
        else:
            points = dice.randrange(1, 60)
            usable = sum(size for size, ready in came if ready <= now) - spent
            if points <= usable:
                spend(card, points, key=uuid.uuid4(), moment=now, **facts)
                spent += points
                continue
            with pytest.raises(NotEnough) as refusal:
                spend(card, points, key=uuid.uuid4(), moment=now, **facts)
            assert refusal.value.values == {"balance": usable, "short": points - usable}
    assert balance(card) == sum(size for size, _ready in came) - spent
    books_balance()


@pytest.mark.sabotages("I122")
def test_a_waiting_point_that_was_used_is_found(card):
    give(card, 10, moment=NOON)
    spent = take(card, 10, moment=NOON)
    lot = Allocation.objects.get(entry=spent).lot
    Lot.objects.filter(pk=lot.pk).update(usable_from=READY)
    (check,) = [one for one in all_invariants() if one.code == "I122"]
    assert check.broken()[1] == [spent.pk]


# --- pages


def test_the_owner_lets_points_wait_and_everybody_reads_until_when(shop, card, consumer):
    actions.set_earning(card.programme, by=owner_of(shop.merchant), points_per_unit=1)
    owner = client_of(owner_of(shop.merchant), language="en")
    sent = {"basis": "amount", "points_per_unit": "1", "every": "1", "each": "10", "rounding": "half_up"}
    sent |= {"points": "100", "worth": "1", "minimum": "100", "share": "50"}
    page = f"/m/{shop.merchant.slug}/cards/rules/"
    assert owner.post(page, sent | {"waits": "91"}).status_code == 422
    assert owner.post(page, sent | {"waits": "3"}).status_code == 302
    sale = buy(card, 3_800)
    assert Lot.objects.get(entry=sale.entry).usable_from
    holder, cashier = client_of(consumer, language="en"), make_staff(shop.merchant).user
    for shown in (
        holder.get(f"/me/cards/{card.token}/"),
        owner.get(f"/m/{shop.merchant.slug}/cards/{card.number}/"),
    ):
        assert "can be used from" in shown.content.decode()
    counter = client_of(cashier, language="en").get(f"/m/{shop.merchant.slug}/counter/?card={card.token}")
    assert "38 points wait" in counter.content.decode()


def test_a_card_without_waiting_points_says_nothing_of_them(shop):
    card = make_card(shop.merchant, make_user(), points=5)
    page = client_of(card.customer.user, language="en").get(f"/me/cards/{card.token}/").content.decode()
    assert "can be used from" not in page
    assert Account.objects.get(card=card, kind=ValueKind.POINTS).balance == 5
