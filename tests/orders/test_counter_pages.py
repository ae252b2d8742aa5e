"""The counter over HTTP: who may, what is found, what is rung up once, what a foreign code tells."""

import re
import uuid
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from loyalty.actions import change_programme
from merchants.models import Role, Service
from messaging.models import Message
from orders.models import Purchase, WrongCode
from portal.kernel.events import deliver_due
from tests.cast import client_of, make_shop, make_staff, make_user
from tests.coupons.makers import make_coupon
from tests.loyalty.makers import balance, give, make_card

PANEL = {"HX-Request": "true", "HX-Target": "panel"}


@pytest.fixture
def till(cashier, shop):
    browser = client_of(cashier.user, language="en")
    browser.get(f"/m/{shop.merchant.slug}/counter/")
    return browser


def find(browser, merchant, code, **held):
    return browser.post(f"/m/{merchant.slug}/counter/find/", {"code": code, **held}, headers=PANEL)


def ring(browser, shop, bill="38", key=None, **held):
    form = {"key": key or uuid.uuid4(), "bill": bill, "shop": shop.slug, **held}
    return browser.post(f"/m/{shop.merchant.slug}/counter/ring/", form)


@pytest.mark.parametrize(
    "how", ["token", "qr", "number", "grouped", "tail", "phone", "phone tail", "both ends"]
)
def test_a_card_is_found_however_it_is_given(till, shop, how):
    person = make_user("+8613800138000", name="张女士")
    card = make_card(shop.merchant, person)
    said = {
        "token": card.token.lower(),
        "qr": f"HTTP://LOCALHOST:8000/Q/{card.token}",
        "number": card.number,
        "grouped": card.number_in_groups,
        "tail": card.number[-4:],
        "phone": "138 0013 8000",
        "phone tail": "8000",
        "both ends": f" {card.number[-6:]}  8000 ",
    }[how]
    page = find(till, shop.merchant, said).content.decode()
    assert "张女士" in page
    assert f'value="{card.token}"' in page


def test_both_ends_must_fit_and_wrong_ones_count_as_wrong_codes(till, shop):
    card = make_card(shop.merchant, make_user("+8613800138000"))
    assert "Not found" in find(till, shop.merchant, f"{card.number[-6:]} 8001").content.decode()
    assert WrongCode.objects.count() == 1


def test_last_digits_that_fit_several_offer_a_choice(till, shop):
    people = [make_user(f"+861380013{n}888", name=name) for n, name in ((1, "甲"), (2, "乙"))]
    cards = [make_card(shop.merchant, person) for person in people]
    page = find(till, shop.merchant, "1888").content.decode()
    assert cards[0].token in page
    page = find(till, shop.merchant, "888 ").content.decode()
    assert "Not found" in page


def test_unknown_foreign_and_mistyped_codes_get_one_and_the_same_answer(till, shop, other_shop):
    foreign_card = make_card(other_shop.merchant)
    codes = ["0000000000", foreign_card.token, foreign_card.number, "9999"]
    answers = [find(till, shop.merchant, code) for code in codes]
    hide = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"')
    assert {answer.status_code for answer in answers} == {422}
    assert len({hide.sub(b"", answer.content) for answer in answers}) == 1


def test_another_shops_coupon_says_whose_it_is_and_counts_as_a_wrong_code(till, shop, other_shop):
    coupon = make_coupon(other_shop.merchant)
    page = find(till, shop.merchant, coupon.token)
    assert page.status_code == 422
    assert "This coupon belongs to 别家理发 and can’t be used here." in page.content.decode()
    assert 'data-kind="refuse"' in page.content.decode()
    assert WrongCode.objects.count() == 1
    for _ in range(9):
        find(till, shop.merchant, "0000000000")
    assert "别家理发" not in find(till, shop.merchant, coupon.token).content.decode()


def test_after_ten_wrong_codes_even_the_right_one_is_not_looked_up(till, shop):
    card = make_card(shop.merchant)
    for _ in range(10):
        find(till, shop.merchant, "0000000000")
    page = find(till, shop.merchant, card.token)
    assert page.status_code == 422
    assert "Too many wrong codes" in page.content.decode()
    fresh = client_of(make_staff(shop.merchant, Role.CASHIER).user, language="en")
    assert card.token in find(fresh, shop.merchant, card.token).content.decode()


def test_a_sale_is_rung_up_and_the_page_that_follows_says_so(till, shop, consumer):
    card = make_card(shop.merchant, consumer, points=10)
    answer = ring(till, shop, card=card.token)
    sale = Purchase.objects.get()
    assert answer["Location"] == f"/m/{shop.merchant.slug}/counter/?done={sale.token}"
    page = till.get(answer["Location"], headers=PANEL)
    assert page["HX-Trigger"] == "sale"
    assert "38 points awarded" in page.content.decode()
    assert "48 points on the card" in page.content.decode()
    deliver_due()
    receipt = Message.objects.get(person=consumer, kind="orders.receipt")
    assert receipt.url == f"/r/{sale.token}/"


def test_the_same_form_sent_twice_rings_up_once(till, shop):
    card, key = make_card(shop.merchant), uuid.uuid4()
    first, second = (ring(till, shop, card=card.token, key=key) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Purchase.objects.count() == 1
    assert ring(till, shop, bill="39", card=card.token, key=key).status_code == 409
    assert balance(card) == 38


def test_card_and_coupon_are_one_sale(till, shop, consumer):
    card, coupon = make_card(shop.merchant, consumer), make_coupon(shop.merchant, consumer)
    page = find(till, shop.merchant, coupon.token, card=card.token).content.decode()
    assert card.token in page and coupon.token in page
    ring(till, shop, bill="80", card=card.token, coupon=coupon.token)
    sale = Purchase.objects.get()
    assert (sale.bill, sale.discount, sale.paid, sale.points) == (8000, 2000, 6000, 60)


@pytest.mark.parametrize(
    ("bill", "says"),
    [("48", "needs a bill of ¥60"), ("", "required"), ("-1", "such as 38"), ("1e9", "such as 38")],
)
def test_a_bill_that_does_not_do_says_what_is_missing_and_sells_nothing(till, shop, bill, says):
    coupon = make_coupon(shop.merchant)
    answer = ring(till, shop, bill=bill, coupon=coupon.token)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Purchase.objects.exists()


def test_a_used_coupon_says_when_and_by_whom(till, shop):
    coupon = make_coupon(shop.merchant)
    ring(till, shop, bill="80", coupon=coupon.token)
    page = find(till, shop.merchant, coupon.token).content.decode()
    assert "Already redeemed on" in page and "小陈" in page
    assert ring(till, shop, bill="80", coupon=coupon.token).status_code == 409


def test_nobody_rings_up_their_own_card(till, shop, cashier):
    card = make_card(shop.merchant, cashier.user)
    assert ring(till, shop, card=card.token).status_code == 422
    assert balance(card) == 0


def test_another_merchants_counter_is_not_there_and_nothing_changes(stranger, other_shop, shop):
    browser, card = client_of(stranger), make_card(shop.merchant)
    sale = f"/m/{shop.merchant.slug}/counter/"
    assert browser.get(sale).status_code == 404
    assert ring(browser, shop, card=card.token).status_code == 404
    assert find(browser, shop.merchant, card.token).status_code == 404
    own = {"key": uuid.uuid4(), "bill": "38", "card": card.token}
    for place in (other_shop, shop):
        answer = browser.post(f"/m/{other_shop.merchant.slug}/counter/ring/", {**own, "shop": place.slug})
        assert answer.status_code in (404, 422)
    assert not Purchase.objects.exists()


def test_a_cashier_undoes_the_sale_from_the_list_and_the_customer_hears(till, shop, consumer):
    card = make_card(shop.merchant, consumer)
    ring(till, shop, card=card.token)
    sale = Purchase.objects.get()
    where = f"/m/{shop.merchant.slug}/counter/activity/{sale.token}/undo/"
    key = uuid.uuid4()
    assert [till.post(where, {"key": key}).status_code for _ in range(2)] == [302, 302]
    assert balance(card) == 0
    deliver_due()
    assert Message.objects.filter(person=consumer, kind="orders.undone").count() == 1
    assert "was undone" in client_of(language="en").get(f"/r/{sale.token}/").content.decode()


def test_the_merchant_with_two_shops_chooses_and_the_choice_stays(till, shop):
    second = make_shop(shop.merchant, name="青禾理发 二店")
    page = till.get(f"/m/{shop.merchant.slug}/counter/?shop={second.slug}").content.decode()
    assert f'value="{second.slug}" selected' in page
    page = till.get(f"/m/{shop.merchant.slug}/counter/").content.decode()
    assert f'value="{second.slug}" selected' in page


def queries(browser, send) -> int:
    with CaptureQueriesContext(
        connection,
    ) as sent:
        assert send().status_code in (200, 302)
    marks = re.compile(r"(^|; )(SAVEPOINT|RELEASE SAVEPOINT) ")  # the test's own transaction makes these
    return sum(not marks.search(query["sql"]) for query in sent.captured_queries)


@pytest.mark.parametrize("rows", [10, 1000])
def test_the_counter_asks_the_database_as_often_for_many_as_for_few(till, shop, rows):
    card = make_card(shop.merchant)
    for _ in range(rows // 10):
        give(card, 5)
    change_programme(card.programme, by=card.customer.user, points_expire_months=12)
    home = f"/m/{shop.merchant.slug}/counter/"
    assert queries(till, lambda: till.get(home)) == 3
    assert queries(till, lambda: find(till, shop.merchant, card.token)) == 4
    assert queries(till, lambda: ring(till, shop, card=card.token)) == 8


def test_a_sale_with_a_coupon_costs_three_questions_more_than_one_with_a_card(till, shop):
    coupon = make_coupon(shop.merchant)
    assert queries(till, lambda: find(till, shop.merchant, coupon.token)) == 5
    assert queries(till, lambda: ring(till, shop, bill="80", coupon=coupon.token)) == 11


def test_the_wallet_asks_three_times_and_the_card_page_nine(consumer, shop):
    card, browser = make_card(shop.merchant, consumer, points=7), client_of(consumer, language="en")
    assert queries(browser, lambda: browser.get("/me/cards/")) <= 4
    assert queries(browser, lambda: browser.get(f"/me/cards/{card.token}/code/")) <= 4
    assert queries(browser, lambda: browser.get(f"/me/cards/{card.token}/")) <= 9


def test_a_coupon_for_a_service_comes_with_its_price_and_takes_it_off_that_line(till, shop, consumer):
    service = Service.objects.get(shop=shop)
    coupon = make_coupon(
        shop.merchant,
        consumer,
        kind="voucher",
        item="剪发",
        amount_off=None,
        minimum=0,
        services=[service.pk],
    )
    page = find(till, shop.merchant, coupon.token).content.decode()
    assert f'name="service" value="{service.pk}"' in page and 'value="38"' in page
    assert ring(till, shop, bill="50", coupon=coupon.token).status_code == 422
    ring(till, shop, bill="50", coupon=coupon.token, service=service.pk)
    lines = Purchase.objects.get().lines.order_by("-amount").values_list("service", "amount", "discount")
    assert list(lines) == [(service.pk, 3800, 3800), (None, 1200, 0)]


def test_below_the_minimum_the_panel_is_amber_and_says_what_is_missing(till, shop, consumer):
    coupon = make_coupon(shop.merchant, consumer)
    page = ring(till, shop, bill="48", coupon=coupon.token)
    assert page.status_code == 422
    said = page.content.decode()
    assert 'data-kind="check"' in said and "¥12 short" in said
    assert 'data-kind="refuse"' not in said


def test_a_coupon_that_holds_alone_takes_off_nothing_more(till, shop, consumer):
    card = make_card(shop.merchant, consumer, points=500)
    coupon = make_coupon(shop.merchant, consumer, stacks=False)
    page = find(till, shop.merchant, coupon.token, card=card.token).content.decode()
    assert "instead of the member discount and points" in page
    ring(till, shop, bill="80", card=card.token, coupon=coupon.token, use_points=1)
    assert Purchase.objects.get().paid == 6000


@pytest.mark.parametrize(
    ("terms", "says"),
    [
        ({"weekdays": "tomorrow"}, "Not today"),
        ({"blackouts": "today"}, "Not today"),
        ({"hours": "past"}, "Not at this hour"),
        ({"shops": "other"}, "holds only at"),
    ],
)
def test_what_holds_elsewhere_or_another_time_is_red_with_the_reason(till, shop, hair, consumer, terms, says):
    now = timezone.now().astimezone(ZoneInfo(shop.time_zone))
    made = {
        "weekdays": lambda: {"weekdays": [(now.weekday() + 1) % 7]},
        "blackouts": lambda: {"blackouts": [(now.date(), now.date())]},
        "hours": lambda: {
            "opens": (now - timedelta(hours=2)).time(),
            "closes": (now - timedelta(hours=1)).time(),
        },
        "shops": lambda: {"shops": [make_shop(shop.merchant, name="分店", category=hair).pk]},
    }
    coupon = make_coupon(shop.merchant, consumer, **made[next(iter(terms))]())
    page = find(till, shop.merchant, coupon.token).content.decode()
    assert 'data-kind="refuse"' in page and 'data-sound="refuse"' in page
    assert says in page
    assert "data-sale" not in page
