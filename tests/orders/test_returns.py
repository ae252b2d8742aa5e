"""Goods that come back, mostly without a receipt: their points leave the card, or are owed by it."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from loyalty.models import Card, CardState, ValueKind
from merchants.models import Customer
from messaging.models import Message
from orders.actions import ring_up, take_back_goods
from orders.actions.returns import OwnReturn, WrongAmount
from orders.actions.sales import NotOurs
from orders.models import Return
from portal.kernel.events import deliver_due
from portal.kernel.invariants import all_invariants
from portal.kernel.refused import KeyReused
from tests.cast import client_of, make_shop, make_user
from tests.loyalty.makers import balance, holds, make_card, take
from tests.together import at_once


@pytest.fixture
def take_back(shop, owner):
    def take_back(amount=3800, key=None, **more):
        facts = {"merchant": shop.merchant, "shop": shop, "by": owner, "key": key or uuid.uuid4()}
        return take_back_goods(amount=amount, reason="破损", **{**facts, **more})

    return take_back


@pytest.fixture
def sold(shop, owner):
    """A member who has bought for 100."""
    card = make_card(shop.merchant)
    ring_up(merchant=shop.merchant, shop=shop, bill=10_000, key=uuid.uuid4(), by=owner, card=card)
    return card


def test_points_and_spending_go_back_and_the_visit_stays(take_back, sold, books_balance):
    taken = take_back(card=sold)
    assert (taken.points, balance(sold)) == (38, 62)
    known = Customer.objects.get(pk=sold.customer_id)
    assert (known.visits, known.spent) == (1, 6_200)
    books_balance()


def test_points_that_were_used_are_owed_and_the_next_ones_pay_them(
    take_back, sold, shop, owner, books_balance
):
    take(sold, 90)
    take_back(card=sold)
    assert (balance(sold), holds(sold, ValueKind.DEBT)) == (0, 28)
    ring_up(merchant=shop.merchant, shop=shop, bill=5_000, key=uuid.uuid4(), by=owner, card=sold)
    assert (balance(sold), holds(sold, ValueKind.DEBT)) == (22, 0)
    books_balance()


def test_the_same_key_takes_back_once_and_another_amount_is_refused(take_back, sold):
    key = uuid.uuid4()
    assert take_back(card=sold, key=key) == take_back(card=sold, key=key)
    with pytest.raises(KeyReused):
        take_back(card=sold, key=key, amount=100)
    assert (Return.objects.count(), balance(sold)) == (1, 62)


def test_a_frozen_card_is_no_shelter(take_back, sold):
    Card.objects.update(state=CardState.FROZEN)
    take_back(card=sold)
    assert balance(sold) == 62


def test_without_a_card_only_the_money_is_noted(take_back, books_balance):
    taken = take_back()
    assert (taken.customer, taken.points) == (None, 0)
    books_balance()


def test_nobody_takes_back_on_their_own_card_or_anothers_merchant(take_back, shop, owner, other_shop):
    with pytest.raises(OwnReturn):
        take_back(card=make_card(shop.merchant, owner))
    with pytest.raises(NotOurs):
        take_back(card=make_card(other_shop.merchant))
    with pytest.raises(NotOurs):
        take_back(shop=other_shop)
    with pytest.raises(WrongAmount):
        take_back(amount=0)
    assert not Return.objects.exists()


def test_the_customer_is_told_once(take_back, shop, owner):
    person = make_user()
    card = make_card(shop.merchant, person)
    take_back(card=card)
    deliver_due()
    deliver_due()
    assert Message.objects.filter(kind="orders.taken_back", person=person).count() == 1


@pytest.mark.django_db(transaction=True)
def test_twenty_hands_with_one_key_take_back_once(take_back, sold, books_balance):
    key = uuid.uuid4()
    results = at_once([lambda: take_back(card=sold, key=key).pk] * 20)
    assert len(set(results)) == 1
    assert balance(sold) == 62
    books_balance()


def address(shop):
    return f"/m/{shop.merchant.slug}/counter/take-back/"


def form(shop, **changes):
    return {"key": uuid.uuid4(), "amount": "38", "reason": "破损", "shop": shop.slug} | changes


def test_a_manager_finds_the_way_from_the_card_and_sees_it_in_the_list(shop, manager, sold):
    browser = client_of(manager.user, language="en")
    counter = f"/m/{shop.merchant.slug}/counter/"
    assert (
        f"{address(shop)}?card={sold.token}" in browser.get(f"{counter}?card={sold.token}").content.decode()
    )
    assert sold.token in browser.get(f"{address(shop)}?card={sold.token}").content.decode()
    browser.post(address(shop), form(shop, card=sold.token))
    page = browser.get(f"{counter}activity/").content.decode()
    assert "¥38 paid back, points taken back: 38." in page
    assert "38 points taken back" in page
    assert balance(sold) == 62


def test_a_cashier_finds_no_way_and_is_turned_away(shop, cashier, sold):
    browser = client_of(cashier.user)
    assert (
        "take-back" not in browser.get(f"/m/{shop.merchant.slug}/counter/?card={sold.token}").content.decode()
    )
    assert "take-back" not in browser.get(f"/m/{shop.merchant.slug}/counter/activity/").content.decode()
    assert browser.get(address(shop)).status_code == 403
    assert browser.post(address(shop), form(shop, card=sold.token)).status_code == 403
    assert not Return.objects.exists()


def test_what_is_wrong_is_said_beside_the_form(shop, manager, sold):
    browser = client_of(manager.user, language="en")
    page = browser.post(address(shop), form(shop, card=sold.token, reason=""))
    assert page.status_code == 422
    own = make_card(shop.merchant, manager.user)
    refused = browser.post(address(shop), form(shop, card=own.token))
    assert "Ask a colleague" in refused.content.decode()
    assert not Return.objects.exists()


def test_the_list_takes_the_same_questions_for_three_returns_and_thirty(shop, manager, sold, take_back):
    browser = client_of(manager.user)
    page = f"/m/{shop.merchant.slug}/counter/activity/"

    counts = []
    for more in (3, 27):
        for _ in range(more):
            take_back(card=sold, amount=100)
        browser.get(page)
        with CaptureQueriesContext(connection) as asked:
            browser.get(page)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_shop_of_another_merchant_takes_nothing_back(shop, manager):
    browser = client_of(manager.user)
    assert browser.post(address(shop), form(make_shop())).status_code == 404


@pytest.mark.sabotages("I74")
def test_a_return_that_took_other_points_than_it_says_is_found(take_back, sold):
    taken = take_back(card=sold)
    Return.objects.filter(pk=taken.pk).update(points=5)
    (check,) = [one for one in all_invariants() if one.code == "I74"]
    assert check.broken()[1] == [taken.pk]
