"""Codes guessed at a counter: limited by person and by address, alarmed, and never looked up after that."""

import pytest

from merchants.models import Role
from messaging.models import Message
from orders.actions import watch_for_guessing
from orders.models import WrongCode
from portal.kernel.events import deliver_due
from tests.cast import client_of, make_staff, owner_of
from tests.coupons.makers import make_coupon

pytestmark = pytest.mark.django_db


def guess(browser, merchant, code):
    return browser.post(f"/m/{merchant.slug}/counter/find/", {"code": code})


def test_many_people_at_one_address_are_limited_together_and_another_address_is_not(shop):
    coupon, merchant = make_coupon(shop.merchant), shop.merchant
    for _ in range(6):
        browser = client_of(make_staff(merchant, Role.CASHIER).user)
        for _ in range(10):
            guess(browser, merchant, "0000000000")
    fresh = client_of(make_staff(merchant, Role.CASHIER).user, language="en")
    page = guess(fresh, merchant, coupon.token)
    assert page.status_code == 422 and "Too many wrong codes" in page.content.decode()
    elsewhere = fresh.post(
        f"/m/{merchant.slug}/counter/find/", {"code": coupon.token}, REMOTE_ADDR="198.51.100.7"
    )
    assert elsewhere.status_code == 200
    assert WrongCode.objects.count() == 60


def test_a_thousand_guesses_are_alarmed_ten_times_and_the_owner_is_told_once_an_hour(shop, caplog):
    for _ in range(1000):
        watch_for_guessing(shop.merchant, address="203.0.113.9")
    alarms = [line.tries for line in caplog.records if "being guessed" in line.getMessage()]
    assert alarms == list(range(100, 1001, 100))
    deliver_due()
    told = Message.objects.filter(kind="orders.codes_guessed", person=owner_of(shop.merchant))
    assert told.count() in (1, 2)  # two when the clock struck in between


def test_a_refused_guess_counts_towards_the_alarm_too(shop, cashier):
    browser = client_of(cashier.user)
    for _ in range(100):
        guess(browser, shop.merchant, "0000000000")
    deliver_due()
    assert WrongCode.objects.count() == 10
    assert Message.objects.get(kind="orders.codes_guessed").params["tries"] == 100
