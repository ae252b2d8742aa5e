"""Rewards: points against pieces that are counted, handed over once, undone for five minutes."""

import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction

from loyalty.actions import NotEnough, freeze, rewards
from loyalty.models import Reward, RewardVoucher
from loyalty.value.ledger import CardNotActive
from merchants.models import Role
from portal.kernel.invariants import all_invariants
from portal.kernel.refused import KeyReused
from tests.cast import client_of, make_staff, make_user, owner_of
from tests.loyalty.makers import balance, make_card, make_reward
from tests.together import at_once, succeeded

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def card(shop, consumer):
    return make_card(shop.merchant, consumer, points=500)


@pytest.fixture
def reward(card):
    return make_reward(card.programme)


def exchange(reward, card, shop, by, **more):
    return rewards.redeem_reward(
        reward,
        card,
        key=more.pop("key", None) or uuid.uuid4(),
        shop=shop,
        by=by,
        moment=more.pop("moment", NOW),
        **more,
    )


def left(reward):
    return Reward.objects.get(pk=reward.pk).left


def test_points_become_a_voucher_and_the_voucher_is_used_once(
    card, reward, shop, consumer, cashier, books_balance
):
    voucher = exchange(reward, card, shop, consumer)
    assert (balance(card), left(reward), voucher.state) == (300, 9, "issued")
    used = rewards.use_voucher(voucher, shop=shop, by=cashier.user, moment=NOW)
    assert rewards.use_voucher(voucher, shop=shop, by=cashier.user, moment=NOW).pk == used.pk
    with pytest.raises(rewards.AlreadyUsed):
        rewards.use_voucher(voucher, shop=shop, by=owner_of(shop.merchant), moment=NOW)
    books_balance()


def test_the_same_key_exchanges_once_and_for_something_else_it_is_refused(card, reward, shop, consumer):
    key = uuid.uuid4()
    first = exchange(reward, card, shop, consumer, key=key)
    assert exchange(reward, card, shop, consumer, key=key) == first
    with pytest.raises(KeyReused):
        exchange(make_reward(card.programme), card, shop, consumer, key=key)
    assert (balance(card), left(reward), RewardVoucher.objects.count()) == (300, 9, 1)


def test_too_few_points_or_no_piece_left_changes_nothing(card, shop, consumer, books_balance):
    with pytest.raises(NotEnough):
        exchange(make_reward(card.programme, cost=501), card, shop, consumer)
    last = make_reward(card.programme, stock=1)
    exchange(last, card, shop, consumer)
    with pytest.raises(rewards.SoldOut):
        exchange(last, card, shop, consumer)
    assert balance(card) == 300
    books_balance()


def test_for_five_minutes_all_goes_back_and_then_no_more(card, reward, shop, cashier, books_balance):
    given = exchange(reward, card, shop, cashier.user, handed_over=True)
    for _ in range(2):
        rewards.undo_voucher(given, by=cashier.user, moment=NOW + timedelta(minutes=5))
    assert (balance(card), left(reward)) == (500, 10)
    late = exchange(reward, card, shop, cashier.user, handed_over=True)
    for by, minutes in ((cashier.user, 6), (owner_of(shop.merchant), 1)):
        with pytest.raises(rewards.NotUndone):
            rewards.undo_voucher(late, by=by, moment=NOW + timedelta(minutes=minutes))
    books_balance()


def test_undoing_the_handing_over_of_a_voucher_makes_it_ready_again(card, reward, shop, consumer, cashier):
    voucher = exchange(reward, card, shop, consumer)
    rewards.use_voucher(voucher, shop=shop, by=cashier.user, moment=NOW + timedelta(hours=1))
    undone = rewards.undo_voucher(voucher, by=cashier.user, moment=NOW + timedelta(minutes=64))
    assert (undone.state, undone.used_at, left(reward)) == ("issued", None, 9)


def test_a_voucher_past_its_day_or_of_a_frozen_card_is_not_handed_over(card, reward, shop, consumer, cashier):
    voucher = exchange(reward, card, shop, consumer)
    with pytest.raises(rewards.OutOfDate):
        rewards.use_voucher(voucher, shop=shop, by=cashier.user, moment=NOW + timedelta(days=90))
    freeze(card, by=consumer)
    with pytest.raises(CardNotActive):
        rewards.use_voucher(voucher, shop=shop, by=cashier.user, moment=NOW)


def test_nobody_serves_themselves(shop, card, reward):
    cashier = make_staff(shop.merchant, Role.CASHIER).user
    mine = make_card(shop.merchant, cashier, points=500)
    with pytest.raises(rewards.OwnReward):
        exchange(reward, mine, shop, cashier, handed_over=True)
    voucher = exchange(reward, mine, shop, cashier)
    with pytest.raises(rewards.OwnReward):
        rewards.use_voucher(voucher, shop=shop, by=cashier, moment=NOW)


def test_stock_is_raised_and_never_lowered_below_what_was_given(card, reward, shop, consumer):
    exchange(reward, card, shop, consumer)
    rewards.change_reward(reward, by=owner_of(shop.merchant), stock=25)
    assert left(reward) == 24
    rewards.change_reward(reward, by=owner_of(shop.merchant), stock=1)
    assert left(reward) == 0
    with pytest.raises(rewards.MoreGivenThanThat):
        rewards.change_reward(reward, by=owner_of(shop.merchant), stock=0)


def test_the_database_turns_away_more_than_there_is(reward):
    with pytest.raises(IntegrityError, match="reward_left_within_stock"), transaction.atomic():
        Reward.objects.update(left=11)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_fifty_hands_get_ten_pieces(shop, books_balance):
    cards = [make_card(shop.merchant, make_user(), points=200) for _ in range(50)]
    reward = make_reward(cards[0].programme, stock=10)
    till = owner_of(shop.merchant)
    results = at_once(
        [lambda card=card: exchange(reward, card, shop, till, handed_over=True) for card in cards]
    )
    assert len(succeeded(results)) == 10
    assert {type(one) for one in results if isinstance(one, Exception)} == {rewards.SoldOut}
    assert left(reward) == 0
    assert sum(balance(card) == 0 for card in cards) == 10
    books_balance()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_the_same_key_from_many_hands_exchanges_once(shop):
    holder, key = make_user(), uuid.uuid4()
    card = make_card(shop.merchant, holder, points=1000)
    reward = make_reward(card.programme)
    results = at_once([lambda: exchange(reward, card, shop, holder, key=key) for _ in range(12)])
    assert len({voucher.pk for voucher in succeeded(results)}) == 1
    assert (len(succeeded(results)), balance(card), left(reward)) == (12, 800, 9)


def reported(code):
    return next(one for one in all_invariants() if one.code == code).broken()[1]


@pytest.mark.sabotages("I83")
def test_a_piece_that_nobody_got_is_reported(card, reward, shop, consumer):
    exchange(reward, card, shop, consumer)
    assert reported("I83") == []
    Reward.objects.update(left=8)
    assert reported("I83") == [reward.pk]


@pytest.mark.sabotages("I85")
def test_a_voucher_whose_points_are_elsewhere_is_reported(card, reward, shop, consumer):
    voucher = exchange(reward, card, shop, consumer)
    assert reported("I85") == []
    with connection.cursor() as cursor:
        cursor.execute("UPDATE loyalty_rewardvoucher SET state = 'returned'")
    assert reported("I85") == [voucher.pk]


# --- the pages


def test_a_reward_is_offered_exchanged_on_the_phone_and_handed_over_at_the_counter(
    card, shop, consumer, cashier
):
    owner = client_of(owner_of(shop.merchant), language="en")
    form = {
        "key": uuid.uuid4(),
        "name": "饮料一杯",
        "name_en": "A drink",
        "cost": 200,
        "stock": 5,
        "days": 90,
    }
    for _ in range(2):
        assert owner.post(f"/m/{shop.merchant.slug}/cards/rewards/", form).status_code == 302
    reward = Reward.objects.get()
    phone = client_of(consumer, language="en")
    mine = f"/me/cards/{card.token}/rewards/"
    asked = {"key": uuid.uuid4(), "reward": reward.pk}
    for _ in range(2):
        assert phone.post(mine, asked).status_code == 302
    voucher = RewardVoucher.objects.get()
    assert voucher.token in phone.get(mine).content.decode()
    till = client_of(cashier.user, language="en")
    here = f"/m/{shop.merchant.slug}/counter/member/{card.token}/"
    assert "Hand over" in till.get(here).content.decode()
    till.post(f"{here}{voucher.token}/use/", {"key": uuid.uuid4()})
    voucher.refresh_from_db()
    assert (voucher.state, voucher.used_by, voucher.used_shop) == ("used", cashier.user, shop)
    till.post(f"{here}{voucher.token}/undo/", {"key": uuid.uuid4()})
    voucher.refresh_from_db()
    assert voucher.state == "issued"


def test_scanning_the_vouchers_code_finds_its_card(card, reward, shop, consumer, cashier):
    voucher = exchange(reward, card, shop, consumer)
    till = client_of(cashier.user, language="en")
    page = till.post(f"/m/{shop.merchant.slug}/counter/find/", {"code": voucher.token}).content.decode()
    assert f"/m/{shop.merchant.slug}/counter/member/{card.token}/" in page
