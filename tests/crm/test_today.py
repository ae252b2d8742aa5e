"""The day's numbers: equal to the ledger, judged in the shop's zone, compared with a fair stretch of time."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from crm.beginning import beginning_of
from crm.today import today_of
from loyalty import actions as loyalty
from merchants.models import Shop
from orders.actions import undo
from orders.models import Purchase
from tests import cast
from tests.complaints.makers import make_complaint
from tests.coupons.makers import make_coupon
from tests.crm.makers import sell
from tests.loyalty.makers import make_card, make_programme

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)  # Sunday 14:30 in Shanghai


def numbers(merchant, by=None, moment=NOW):
    return today_of(merchant, by=by or cast.owner_of(merchant), moment=moment)


def one(sql: str, *values) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()[0]


def test_takings_and_sales_of_today_and_of_a_week_ago_by_this_time(shop):
    sell(shop, 3800, moment=NOW - timedelta(hours=2))
    sell(shop, 2000, moment=NOW - timedelta(hours=14))  # 00:30, already today
    sell(shop, 9900, moment=NOW - timedelta(hours=15))  # 23:30 yesterday
    sell(shop, 1000, moment=NOW - timedelta(days=7, minutes=1))
    sell(shop, 7700, moment=NOW - timedelta(days=7) + timedelta(minutes=1))  # later that day
    sell(shop, 5500, moment=NOW - timedelta(days=8))

    today = numbers(shop.merchant)
    assert (today.takings, today.sales) == (5800, 2)
    assert (today.takings_week_ago, today.sales_week_ago) == (1000, 1)
    assert today.takings_change == 4800
    assert today.has_a_week_behind(NOW)


def test_each_shop_has_its_own_day(merchant, hair):
    east = cast.make_shop(merchant, category=hair)
    west = cast.make_shop(merchant, name="乌鲁木齐店", category=hair)
    Shop.objects.filter(pk=west.pk).update(time_zone="Europe/London")
    west.refresh_from_db()
    sell(east, 100, moment=NOW - timedelta(hours=14))  # 00:30 today in Shanghai
    sell(west, 1000, moment=NOW - timedelta(hours=14))  # 16:30 yesterday in London
    assert numbers(merchant).takings == 100


def test_new_and_returning_customers(shop):
    make_programme(shop.merchant)
    new, returning = cast.make_user(), cast.make_user()
    old = loyalty.join(shop.merchant.programme, returning, by=returning)
    sell(shop, 100, moment=NOW - timedelta(days=30), card=old)
    for _ in (1, 2):
        sell(shop, 100, moment=NOW - timedelta(hours=1), card=old)
    fresh = loyalty.join(shop.merchant.programme, new, by=new)
    sell(shop, 100, moment=NOW - timedelta(hours=1), card=fresh)
    sell(shop, 100, moment=NOW - timedelta(hours=1))  # nobody known

    today = numbers(shop.merchant)
    assert (today.new, today.returning, today.sales) == (1, 1, 4)


def test_points_and_coupons_equal_the_ledger(shop):
    owner = cast.owner_of(shop.merchant)
    card = make_card(shop.merchant)
    coupon = make_coupon(shop.merchant)
    sell(shop, 6000, moment=timezone.now(), card=card)
    sell(shop, 8000, moment=timezone.now(), coupon=coupon)
    wrong = sell(shop, 4000, moment=timezone.now(), card=card)
    undo(wrong, by=owner, reason="错了", key=uuid.uuid4())

    moment = timezone.now()
    today = numbers(shop.merchant, moment=moment)
    assert today.points == one(
        "SELECT sum(amount) FROM loyalty_entry WHERE merchant_id = %s", shop.merchant.pk
    )
    assert today.points == one(
        "SELECT sum(balance) FROM loyalty_account WHERE merchant_id = %s", shop.merchant.pk
    )
    assert today.coupons == one(
        "SELECT count(*) FROM coupons_redemption WHERE merchant_id = %s AND undone_at IS NULL",
        shop.merchant.pk,
    )
    assert today.takings == one(
        "SELECT sum(paid) FROM orders_purchase WHERE merchant_id = %s AND undone_at IS NULL", shop.merchant.pk
    )
    assert today.takings == 6000 + 6000
    assert (today.points, today.coupons) == (60, 1)


def test_another_merchants_sales_count_nowhere(shop, other_shop):
    sell(other_shop, 3800, moment=NOW - timedelta(hours=1))
    assert numbers(shop.merchant).sales == 0
    assert numbers(shop.merchant).first_sale_at is None


def test_a_first_week_has_nothing_to_compare_with(shop):
    sell(shop, 3800, moment=NOW - timedelta(days=6))
    assert not numbers(shop.merchant).has_a_week_behind(NOW)


def page_of(browser, merchant) -> str:
    answer = browser.get(reverse("crm:today", args=[merchant.slug]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_new_merchant_sees_what_to_do_instead_of_noughts(signed_in, merchant, owner):
    text = page_of(signed_in(owner, language="en"), merchant)
    assert "No sales yet" in text
    assert "Publish your shop" in text
    assert "Open complaints" not in text


def test_the_owner_sees_the_days_numbers(signed_in, shop, owner):
    sell(shop, 123400, moment=timezone.now())
    make_complaint(shop)
    text = page_of(signed_in(owner, language="en"), shop.merchant)
    assert "¥1,234" in text
    assert "Not enough data yet" in text
    assert "Nothing to compare with yet" in text


def test_a_cashier_sees_the_own_takings_and_not_the_shops(signed_in, shop, cashier):
    sell(shop, 123400, moment=timezone.now())
    sell(shop, 5600, moment=timezone.now(), by=cashier.user)
    text = page_of(signed_in(cashier.user, language="en"), shop.merchant)
    assert "¥56" in text
    for hidden in ("1,234", "1,290", "Open complaints", "Get started"):
        assert hidden not in text


def test_strangers_find_nothing_and_visitors_sign_in(client, signed_in, shop, stranger, consumer):
    url = reverse("crm:today", args=[shop.merchant.slug])
    assert signed_in(stranger).get(url).status_code == 404
    assert signed_in(consumer).get(url).status_code == 404
    assert client.get(url)["Location"] == f"/accounts/login/?next={url}"
    assert signed_in(cast.owner_of(shop.merchant)).post(url).status_code == 405


def test_the_checklist_is_over_when_everything_is_done(shop, owner):
    merchant = shop.merchant
    assert beginning_of(merchant).done == 1
    assert [item["done"] for item in beginning_of(merchant).items] == [True] + [False] * 5
    make_programme(merchant)
    make_coupon(merchant)
    sell(shop, 100, moment=timezone.now())
    cast.make_staff(merchant)
    shop.photos.create(stem="0123456789abcdef", width=10, height=10)
    assert beginning_of(merchant).is_over


def test_today_costs_the_same_with_a_thousand_sales(signed_in, shop, owner):
    browser = signed_in(owner)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            page_of(browser, shop.merchant)
        return len(seen)

    sold = [sell(shop, 100, moment=timezone.now()) for _ in range(10)]
    few = queries()
    rows = Purchase.objects.filter(pk=sold[0].pk).values()[0]
    Purchase.objects.bulk_create(
        Purchase(**rows | {"id": None, "token": f"many{number}", "key": uuid.uuid4()})
        for number in range(1000)
    )
    assert queries() == few <= 12
