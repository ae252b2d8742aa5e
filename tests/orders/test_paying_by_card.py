"""A bill paid from the member's card with the holder's approval: once, whole, given back when undone."""

import uuid
from typing import Any

import pytest
from django.utils import timezone

from loyalty import disagreeing
from loyalty.actions import approvals, set_spending
from loyalty.models import Approval, Card, ValueKind
from loyalty.value.ledger import NotEnoughMoney
from messaging.models import Message
from orders import actions
from orders.actions.tendering import NotAgreed, OtherCard, exchange_at_counter
from orders.models import Purchase, Tender
from portal.kernel.events import deliver_due
from portal.kernel.invariants import all_invariants
from portal.kernel.refused import KeyReused, Refused
from tests.cast import client_of, make_user, owner_of
from tests.coupons.makers import make_coupon
from tests.loyalty.makers import PIN, agreed_points, balance, holds, make_card, make_pin, make_reward
from tests.loyalty.money import make_money_card, pay_in
from tests.together import at_once, succeeded

pytestmark = pytest.mark.django_db


@pytest.fixture
def card(shop) -> Card:
    card = make_money_card(shop, make_user())
    make_pin(card)
    pay_in(card, 50_000)
    return card


def agreed(card: Card, amount: int, cashier, shop) -> Approval:
    """The counter asks, the holder types the PIN."""
    facts: dict[str, Any] = {"moment": timezone.now()}
    asked = approvals.ask_approval(card, amount, shop=shop, key=uuid.uuid4(), by=cashier.user, **facts)
    return approvals.approve(asked, PIN, by=card.customer.user, **facts)


def sale(card: Card, bill: int, cashier, shop, **changes: Any) -> Purchase:
    wanted = {"merchant": shop.merchant, "shop": shop, "key": uuid.uuid4(), "by": cashier.user, "card": card}
    return actions.ring_up(bill=bill, **wanted | changes)


def test_a_bill_is_paid_from_what_was_paid_in_and_then_from_the_bonus(shop, cashier, card, books_balance):
    bought = sale(card, 52_000, cashier, shop, approval=agreed(card, 52_000, cashier, shop))
    parts = dict(bought.tenders.values_list("kind", "amount"))
    assert parts == {"principal": 50_000, "bonus": 2_000}
    assert holds(card, ValueKind.POINTS) == 520
    books_balance()


def test_a_coupon_comes_off_first_and_the_holder_agrees_to_the_rest(shop, cashier, card, books_balance):
    coupon = make_coupon(shop.merchant, card.customer.user)
    price = 8_000 - coupon.amount_off
    with pytest.raises(disagreeing.OtherAmount):
        sale(card, 8_000, cashier, shop, coupon=coupon, approval=agreed(card, 8_000, cashier, shop))
    bought = sale(card, 8_000, cashier, shop, coupon=coupon, approval=agreed(card, price, cashier, shop))
    assert sum(bought.tenders.values_list("amount", flat=True)) == bought.paid == price
    books_balance()


def test_an_approval_pays_one_bill_however_often_it_is_sent(shop, cashier, card):
    approval, key = agreed(card, 3_800, cashier, shop), uuid.uuid4()
    first, again = (sale(card, 3_800, cashier, shop, key=key, approval=approval) for _twice in range(2))
    assert first.pk == again.pk
    with pytest.raises(disagreeing.UsedAlready):
        sale(card, 3_800, cashier, shop, approval=approval)
    with pytest.raises(KeyReused):
        sale(card, 3_800, cashier, shop, key=key)
    assert holds(card, ValueKind.PRINCIPAL) == 46_200


def test_without_enough_money_nothing_is_written_and_the_approval_stays_unused(shop, cashier, card):
    approval = agreed(card, 60_000, cashier, shop)
    with pytest.raises(NotEnoughMoney):
        sale(card, 60_000, cashier, shop, approval=approval)
    approval.refresh_from_db()
    assert approval.used_at is None
    assert not Purchase.objects.exists()
    assert holds(card, ValueKind.POINTS) == 0


def test_an_approval_of_another_card_is_refused(shop, cashier, card):
    other = make_money_card(shop, make_user())
    pay_in(other, 50_000)
    with pytest.raises(OtherCard):
        sale(other, 3_800, cashier, shop, approval=agreed(card, 3_800, cashier, shop))
    assert holds(other, ValueKind.PRINCIPAL) == 50_000


def test_undoing_gives_the_money_back_to_where_it_came_from(shop, cashier, card, books_balance):
    bought = sale(card, 52_000, cashier, shop, approval=agreed(card, 52_000, cashier, shop))
    for _twice in range(2):
        actions.undo(bought, by=cashier.user, reason="wrong bill", key=uuid.uuid4())
    assert (holds(card, ValueKind.PRINCIPAL), holds(card, ValueKind.BONUS)) == (50_000, 5_000)
    books_balance()


def test_the_counter_charges_what_a_pay_code_allows_and_the_receipt_says_from_where(shop, cashier, card):
    moment = timezone.now()
    code = approvals.start_pay_code(card, PIN, key=uuid.uuid4(), by=card.customer.user, moment=moment)
    till, counter = client_of(cashier.user), f"/m/{shop.merchant.slug}/counter/"
    page = till.get(counter, {"code": code.token}).content.decode()
    assert f'name="approval" value="{code.token}"' in page
    sent = {"key": uuid.uuid4(), "bill": "38", "shop": shop.slug, "card": card.token, "approval": code.token}
    answer = till.post(f"{counter}ring/", sent)
    assert answer.status_code == 302
    bought = Purchase.objects.get()
    assert bought.tenders.get().amount == 3_800
    receipt = till.get(f"/r/{bought.token}/").content.decode()
    assert "¥38.00" in receipt and "本金" in receipt
    deliver_due()
    told = Message.objects.filter(person=card.customer.user, kind="loyalty.balance_paid")
    assert told.count() == 1


def test_points_are_used_only_with_the_holders_agreement(shop, cashier, books_balance):
    card = make_card(shop.merchant, points=1000)
    rule = {"points": 100, "worth": 100, "minimum": 100, "share": 50, "is_on": True}
    set_spending(card.programme, by=owner_of(shop.merchant), **rule)
    for wrong in ({}, {"proof": "00000000"}):
        with pytest.raises(Refused):
            sale(card, 1_000, cashier, shop, use_points=True, **wrong)
    assert balance(card) == 1000
    bought = sale(card, 1_000, cashier, shop, use_points=True, approval=agreed_points(card))
    assert (bought.paid, balance(card)) == (500, 505)
    books_balance()


def test_a_reward_is_exchanged_at_the_counter_only_with_the_holders_agreement(shop, cashier):
    card = make_card(shop.merchant, points=1000)
    reward = make_reward(card.programme, cost=200)
    facts = {"key": uuid.uuid4(), "shop": shop, "by": cashier.user, "moment": timezone.now()}
    with pytest.raises(NotAgreed):
        exchange_at_counter(reward, card, None, **facts)
    approval = agreed_points(card)
    facts["moment"] = timezone.now()
    first, again = (exchange_at_counter(reward, card, approval, **facts) for _twice in range(2))
    assert first.pk == again.pk
    assert balance(card) == 800


@pytest.mark.django_db(transaction=True)
def test_one_approval_pays_one_of_many_bills_rung_up_at_once(shop, cashier, card, books_balance):
    approval = agreed(card, 3_800, cashier, shop)
    results = at_once([lambda: sale(card, 3_800, cashier, shop, approval=approval)] * 24)
    assert len(succeeded(results)) == 1
    assert holds(card, ValueKind.PRINCIPAL) == 46_200
    books_balance()


@pytest.mark.sabotages("I76")
def test_a_bill_that_is_not_paid_whole_is_noticed(shop, cashier, card):
    bought = sale(card, 3_800, cashier, shop, approval=agreed(card, 3_800, cashier, shop))
    named = next(one for one in all_invariants() if one.code == "I76")
    assert named.broken() == (0, [])
    Tender.objects.update(amount=3_799)
    assert named.broken() == (1, [bought.pk])
