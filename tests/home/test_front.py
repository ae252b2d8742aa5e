"""The front page for each kind of person, what it costs, and the pages that explain."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from complaints.kinds import REPLIED
from coupons import actions as coupons
from merchants.models import Role
from messaging.actions import tell
from portal.home.person import person_of
from tests import cast
from tests.complaints.makers import make_agent
from tests.coupons.makers import make_coupon, make_coupon_programme
from tests.loyalty.makers import make_card

pytestmark = pytest.mark.django_db


def always_open(merchant, **fields):
    return cast.make_shop(merchant, hours="24/7", **fields)


def front(browser) -> str:
    answer = browser.get("/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_visitor_sees_what_is_open_the_categories_and_the_way_in_for_shops(signed_in, merchant, hair):
    shop = always_open(merchant, category=hair, name_en="Qinghe Hair People's Road", lat=31.2305)
    text = front(signed_in(language="en"))
    assert f'href="/s/{shop.slug}/"' in text
    assert ">38<" in text
    assert 'href="/nearby/?cat=hair&amp;open=1"' in text
    assert 'href="/for-shops/"' in text
    assert "OpenStreetMap" in text


def test_a_shop_that_is_closed_is_not_on_the_front_page(signed_in, merchant, hair):
    shop = cast.make_shop(merchant, category=hair, hours="Mo-Su 10:00-10:01")
    shop.opens_at = shop.closes_at = None
    shop.save(update_fields=["opens_at", "closes_at"])
    assert shop.slug not in front(signed_in())


def test_a_front_page_with_nothing_open_says_so(signed_in):
    assert "Nothing is open here right now" in front(signed_in(language="en"))


def test_a_consumer_sees_the_last_card_and_the_coupons(signed_in, merchant, shop, consumer):
    card = make_card(merchant, consumer, points=57)
    make_coupon(merchant, consumer)
    text = front(signed_in(consumer, language="en"))
    assert 'href="/me/cards/"' in text
    assert card.number_in_groups in text
    assert "57" in text
    assert "1 coupon to use" in text


def test_staff_of_a_merchant_go_to_the_counter_in_one_tap(signed_in, merchant, cashier):
    text = front(signed_in(cashier.user))
    assert f'href="/m/{merchant.slug}/counter/"' in text
    assert 'href="/for-shops/"' not in text


def test_platform_staff_go_to_the_queues(signed_in, consumer):
    assert 'href="/staff/"' in front(signed_in(make_agent()))
    assert 'href="/staff/"' not in front(signed_in(consumer))


def test_a_person_is_known_by_what_is_theirs_alone(merchant, shop, other_shop, consumer):
    other = cast.make_user()
    make_card(merchant, consumer, points=5)
    make_card(other_shop.merchant, other, points=9)
    programme = make_coupon_programme(merchant, per_person=3)
    for _ in range(3):
        coupons.claim_coupon(programme, consumer, key=uuid.uuid4())
    cast.make_staff(other_shop.merchant, Role.CASHIER, other)
    for turn in range(2):
        tell(consumer, REPLIED, occurrence=f"x:{turn}", number="1", shop="x")

    mine, theirs = person_of(consumer, timezone.now()), person_of(other, timezone.now())
    assert (mine.coupons, mine.merchants, mine.card["points"]) == (3, [], 5)
    assert mine.standing[0] is False
    assert mine.unread == consumer.messages.unread().count() >= 2
    assert [work["slug"] for work in theirs.merchants] == [other_shop.merchant.slug]
    assert (theirs.card["points"], theirs.coupons) == (9, 0)


@pytest.mark.parametrize("broken", ["?near=91,200", "?near=x", "?near=%00", "?near=31.2,121.4&cat=<b>"])
def test_a_broken_position_is_the_usual_one(signed_in, broken):
    assert signed_in().get(f"/{broken}").status_code == 200


def test_the_front_page_costs_three_questions_for_a_visitor_and_five_for_a_person(
    signed_in, merchant, hair, consumer
):
    def queries(browser) -> int:
        with CaptureQueriesContext(connection) as seen:
            front(browser)
        return len(seen)

    always_open(merchant, category=hair)
    make_card(merchant, consumer)
    visitor, person = signed_in(), signed_in(consumer)
    few = [queries(visitor), queries(person)]
    for number in range(15):
        always_open(merchant, category=hair, name=f"店{number}", lat=31.23 + number / 10_000)
        make_coupon(merchant, consumer)
    assert [queries(visitor), queries(person)] == few
    assert few[0] <= 3
    assert few[1] <= 5


def test_me_leads_to_everything_of_a_person(signed_in, client, consumer):
    assert client.get("/me/")["Location"] == "/accounts/login/?next=/me/"
    text = signed_in(consumer).get("/me/").content.decode()
    for path in ("cards", "coupons", "orders", "complaints", "inbox", "notifications"):
        assert f'href="/me/{path}/"' in text
    assert "张女士" in text


@pytest.mark.parametrize("path", ["/for-shops/", "/about/", "/help/"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages_that_explain_need_no_account_and_no_query(
    signed_in, django_assert_num_queries, path, language
):
    browser = signed_in(language=language)
    with django_assert_num_queries(0):
        assert browser.get(path).status_code == 200


def test_open_data_is_credited(signed_in):
    text = signed_in(language="en").get("/about/").content.decode()
    assert "https://www.openstreetmap.org/copyright" in text
    assert "Open Database License" in text
