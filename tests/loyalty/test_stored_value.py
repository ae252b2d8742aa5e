"""Money on a card: what comes, what goes first, and what can't."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from loyalty import actions
from loyalty.actions import caps, stored_value
from loyalty.models import Entry, Refund, TopUp, ValueKind
from loyalty.value.ledger import CardNotActive, NotEnoughMoney
from merchants.undoing import TooLate
from messaging.models import Message
from portal.kernel.events import deliver_due
from portal.kernel.invariants import all_invariants
from portal.kernel.refused import KeyReused
from tests.cast import make_shop, make_user, owner_of
from tests.loyalty.makers import holds
from tests.loyalty.money import TIERS, make_money_card, pay_in, pay_with

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)


def money(card) -> tuple[int, int]:
    return holds(card, ValueKind.PRINCIPAL), holds(card, ValueKind.BONUS)


@pytest.mark.parametrize(
    ("paid", "bonus"), [(49_999, 0), (50_000, 5_000), (299_999, 5_000), (600_000, 100_000)]
)
def test_a_top_up_brings_the_bonus_of_the_highest_tier_it_reaches(shop, books_balance, paid, bonus):
    card = make_money_card(shop)
    done = pay_in(card, paid)
    assert (done.paid, done.bonus) == money(card) == (paid, bonus)
    books_balance()


def test_topping_up_with_one_key_credits_once_and_other_content_is_refused(shop):
    card, key = make_money_card(shop), uuid.uuid4()
    assert pay_in(card, 50_000, key=key).pk == pay_in(card, 50_000, key=key).pk
    with pytest.raises(KeyReused):
        pay_in(card, 50_001, key=key)
    assert money(card) == (50_000, 5_000)


@pytest.mark.parametrize(
    ("spends", "left"),
    [("principal", (0, 45_000)), ("bonus", (45_000, 0)), ("share", (40_909, 4_091))],
)
def test_a_payment_takes_in_the_order_that_the_terms_state(shop, books_balance, spends, left):
    tiers = [(50_000, 50_000)] if spends == "principal" else TIERS
    card = make_money_card(shop, spends=spends, tiers=tiers)
    pay_in(card, 50_000)
    pay_with(card, 55_000 if spends == "principal" else 10_000)
    assert money(card) == left
    books_balance()


def test_no_more_is_paid_than_there_is_and_the_sentence_says_the_sums(shop):
    card = make_money_card(shop)
    pay_in(card, 50_000)
    with pytest.raises(NotEnoughMoney) as refusal:
        pay_with(card, 55_001)
    assert refusal.value.values == {"balance": "¥550", "short": "¥0.01"}
    assert money(card) == (50_000, 5_000)


def test_paying_with_one_key_pays_once_and_other_content_is_refused(shop):
    card, key = make_money_card(shop), uuid.uuid4()
    pay_in(card, 50_000)
    first, again = pay_with(card, 52_000, key=key), pay_with(card, 52_000, key=key)
    assert (first.principal_id, first.bonus_id) == (again.principal_id, again.bonus_id)
    with pytest.raises(KeyReused):
        pay_with(card, 52_001, key=key)
    assert money(card) == (0, 3_000)


def test_a_card_takes_money_only_where_the_shop_offers_it(shop):
    card = make_money_card(shop, is_on=False)
    with pytest.raises(stored_value.NoTopUps):
        pay_in(card, 10_000)
    actions.offer_stored_value(card.programme, by=owner_of(shop.merchant), is_on=True)
    with pytest.raises(stored_value.OwnTopUp):
        pay_in(card, 10_000, by=card.customer.user)
    actions.freeze(card, by=card.customer.user)
    with pytest.raises(CardNotActive):
        pay_in(card, 10_000)


def test_the_lower_of_law_and_shop_caps_what_a_card_may_hold(shop, settings):
    settings.PREPAID_PROFILE = "cn"
    card = make_money_card(shop, tiers=[])
    pay_in(card, 400_000)
    with pytest.raises(caps.OverTheCap) as refusal:
        pay_in(card, 100_001)
    assert refusal.value.values == {"most": "¥5,000", "then": "¥5,000.01"}
    pay_in(card, 100_000)
    actions.offer_stored_value(card.programme, by=owner_of(shop.merchant), most_on_card=200_000)
    with pytest.raises(caps.OverTheCap):
        pay_in(make_money_card(shop, make_user(), tiers=[], most_on_card=200_000), 200_001)


def test_all_cards_of_a_shop_together_hold_no_more_than_its_limit(shop):
    card, other = (make_money_card(shop, make_user(), most_owed=100_000) for _ in range(2))
    pay_in(card, 50_000)
    with pytest.raises(caps.OwesTooMuch) as refusal:
        pay_in(other, 45_001)
    assert refusal.value.values == {"most": "¥1,000", "room": "¥450"}
    with pytest.raises(caps.OwesTooMuch):  # and nobody is asked to pay online
        stored_value.check_top_up(other, 45_001, shop=shop)
    assert money(other) == (0, 0)
    pay_with(card, 10_000)
    pay_in(other, 49_999)
    elsewhere = make_money_card(make_shop(), make_user(), most_owed=100_000)
    assert pay_in(elsewhere, 49_999)


def test_the_law_limits_what_is_owed_by_the_revenue_that_was_stated(shop, settings):
    card = make_money_card(shop, tiers=[], revenue=1_000_000)
    assert pay_in(card, 400_001)
    settings.PREPAID_PROFILE = "cn"
    with pytest.raises(caps.OwesTooMuch) as refusal:
        pay_in(make_money_card(shop, make_user(), tiers=[]), 1)
    assert refusal.value.values == {"most": "¥4,000", "room": "¥0"}


def test_a_bonus_expires_where_no_law_forbids_it_and_what_was_paid_in_never_does(shop, settings):
    for profile, left in [("", (50_000, 0)), ("cn", (50_000, 5_000))]:
        settings.PREPAID_PROFILE = profile
        card = make_money_card(shop, make_user(), bonus_expires_months=1)
        pay_in(card, 50_000, moment=NOON)
        actions.expire_due(NOON + timedelta(days=40))
        assert money(card) == left


def test_a_slip_of_the_cashier_is_undone_whole_while_nothing_was_used(shop, cashier, books_balance):
    card = make_money_card(shop)
    done = pay_in(card, 50_000, by=cashier.user)
    for _twice in range(2):
        actions.undo_top_up(done, by=cashier.user, reason="typed wrongly", key=uuid.uuid4())
    assert money(card) == (0, 0)
    late = pay_in(card, 50_000, by=cashier.user)
    later = late.made_at + timedelta(minutes=6)
    with pytest.raises(TooLate):
        actions.undo_top_up(late, by=cashier.user, reason="", key=uuid.uuid4(), moment=later)
    pay_with(card, 1)
    with pytest.raises(stored_value.UsedSince):
        actions.undo_top_up(late, by=cashier.user, reason="", key=uuid.uuid4())
    books_balance()


def test_the_holder_is_told_of_every_sum(shop):
    holder = make_user()
    card = make_money_card(shop, holder)
    pay_in(card, 50_000)
    pay_with(card, 3_800)
    quoted = 46_545  # 512.00 left, ten elevenths of it paid in
    actions.refund_card(card, quoted=quoted, key=uuid.uuid4(), by=holder)
    actions.pay_out(Refund.objects.get(), by=owner_of(shop.merchant), how="cash")
    deliver_due()
    told = Message.objects.filter(person=holder, kind__in=KINDS).order_by("pk").values_list("kind", flat=True)
    assert list(told) == list(KINDS)


KINDS = ("loyalty.topped_up", "loyalty.balance_paid", "loyalty.refund_asked", "loyalty.refund_paid")


@pytest.mark.sabotages("I72", "I04")
def test_a_receipt_that_says_other_than_the_ledger_is_noticed(shop):
    card = make_money_card(shop)
    done = pay_in(card, 50_000)
    named = {one.code: one for one in all_invariants()}
    assert named["I72"].broken() == named["I04"].broken() == (0, [])
    TopUp.objects.update(paid=50_001)
    assert named["I72"].broken() == (1, [done.pk])
    assert named["I04"].broken() == (1, [card.merchant_id])
    assert Entry.objects.count() == 2
