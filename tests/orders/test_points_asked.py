"""The counter knows how many points a bill may take, and asks the customer for just these."""

import re
import uuid

import pytest
from django.utils import timezone

from loyalty import actions
from loyalty.models import Approval, Value
from orders.models import Purchase
from tests.cast import client_of, owner_of
from tests.coupons.makers import make_coupon
from tests.loyalty.makers import PIN, balance, make_card, make_pin

pytestmark = pytest.mark.django_db
HALF = {"points": 100, "worth": 100, "minimum": 100, "share": 50, "is_on": True}


@pytest.fixture
def card(shop, consumer):
    card = make_card(shop.merchant, consumer, points=1_250)
    actions.set_spending(card.programme, by=owner_of(shop.merchant), **HALF)
    make_pin(card)
    return card


@pytest.fixture
def till(cashier):
    return client_of(cashier.user, language="en")


def counter(shop, more=""):
    return f"/m/{shop.merchant.slug}/counter/{more}"


def form(shop, card, bill="38", **more):
    return {"key": uuid.uuid4(), "bill": bill, "shop": shop.slug, "card": card.token} | more


def agree(card):
    asked = Approval.objects.get()
    return actions.approve(asked, PIN, by=card.customer.user, moment=timezone.now())


def test_the_counter_says_what_all_points_are_worth_before_a_bill_is_typed(till, shop, card):
    page = till.get(counter(shop, f"?card={card.token}")).content.decode()
    assert "Use up to 1200 points = ¥12" in page
    assert "up to 50% of the bill" in page


def test_bill_and_coupon_wait_until_the_customer_has_agreed_and_nobody_types_a_number(
    till, shop, card, consumer, books_balance
):
    coupon = make_coupon(shop.merchant, consumer)  # 20 off
    asked = till.post(counter(shop, "points/"), form(shop, card, "70", coupon=coupon.token))
    approval = Approval.objects.get()
    assert asked.url.endswith(f"/approvals/{approval.token}/")
    assert (approval.value, approval.amount, approval.is_exact) == (Value.POINTS, 1_200, True)
    agree(card)
    page = till.get(counter(shop, f"?code={approval.token}")).content.decode()
    assert 'value="70"' in page
    assert coupon.token in page
    assert re.search(r'name="use_points"[^>]* checked', page)
    sale = form(shop, card, "70", approval=approval.token, coupon=coupon.token, use_points="1")
    assert till.post(counter(shop, "ring/"), sale).status_code == 302
    bought = Purchase.objects.get()
    assert (bought.discount, bought.paid, balance(card)) == (3_200, 3_800, 1_250 - 1_200 + 38)
    assert till.session["points-asked"] == {}
    books_balance()


def test_asking_twice_with_one_form_asks_once_and_another_bill_asks_anew(till, shop, card):
    sent = form(shop, card)
    for bill in ("38", "38", "10"):
        till.post(counter(shop, "points/"), sent | {"bill": bill})
    assert list(Approval.objects.order_by("pk").values_list("amount", flat=True)) == [1_200, 500]


def test_a_script_leaves_the_page_instead_of_swapping_it_in(till, shop, card):
    answer = till.post(counter(shop, "points/"), form(shop, card), headers={"HX-Request": "true"})
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer["HX-Redirect"].endswith(f"/approvals/{Approval.objects.get().token}/")


@pytest.mark.parametrize(("bill", "said"), [("1.99", "can pay nothing of this bill"), ("", "required")])
def test_a_bill_too_small_or_missing_asks_nobody(till, shop, card, bill, said):
    page = till.post(counter(shop, "points/"), form(shop, card, bill))
    assert page.status_code == 422
    assert said in page.content.decode().replace("’", "'")
    assert not Approval.objects.exists()


def test_another_merchants_card_is_no_card_here(till, shop, other_shop):
    other = make_card(other_shop.merchant, points=500)
    assert till.post(counter(shop, "points/"), form(shop, other)).status_code == 422
    assert not Approval.objects.exists()
