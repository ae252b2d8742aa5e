"""The offers board: which coupons stand on it, in which order, and what it costs."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from consumers.deals import statement
from coupons.models import CouponProgramme, CouponTerms, ProgrammeState
from merchants.models import Category, Merchant
from tests.cast import client_of, make_merchant, make_shop, owner_of
from tests.consumers.test_nearby import HERE, town

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]


def offer(merchant: Merchant, title: str = "满减", **fields: Any) -> CouponProgramme:
    now, number = timezone.now(), CouponProgramme.objects.count()
    values = {
        "merchant": merchant, "token": f"t{number:015d}", "title": title,
        "kind": "amount", "amount_off": 1000, "stock": 10, "starts_at": now - timedelta(days=1),
        "ends_at": now + timedelta(days=3), "state": ProgrammeState.PUBLISHED,
        "key": uuid.UUID(int=number + 1), "created_by": owner_of(merchant),
        "terms": CouponTerms.objects.create(merchant=merchant),
    }  # fmt: skip
    return CouponProgramme.objects.create(**values | fields)


def salon(north: float, *, name: str = "青禾", **fields: Any) -> Merchant:
    merchant = make_merchant(name=name)
    kind = fields.pop("category", None) or Category.objects.get(slug="hair")
    make_shop(merchant, name=name, category=kind, lat=HERE[0] + north, lon=HERE[1], **fields)
    return merchant


def board(query: str = "", **options: Any) -> list[str]:
    context = client_of(**options).get(f"/deals/{query}").context
    return [deal.programme.title for deal in context["deals"]]


def test_the_nearest_offer_comes_first_or_the_one_that_ends_first() -> None:
    now = timezone.now()
    offer(salon(0.01), "远", ends_at=now + timedelta(hours=2))
    offer(salon(0.001), "近")
    assert board() == ["近", "远"]
    assert board("?sort=ending") == ["远", "近"]
    page = client_of(language="en").get("/deals/").content.decode()
    assert "Ends " in page
    assert "1.1 km" in page


def test_only_what_can_be_claimed_now_stands_there() -> None:
    now = timezone.now()
    merchant = salon(0.001)
    offer(merchant, "草稿", state=ProgrammeState.DRAFT)
    offer(merchant, "明天", starts_at=now + timedelta(days=1))
    offer(merchant, "过期", ends_at=now - timedelta(minutes=1))
    offer(merchant, "领完", stock=1, claimed=1)
    offer(salon(0.9), "太远")
    offer(salon(0.001, published=False), "没开张")
    assert board() == []
    assert "No offers around here right now" in client_of(language="en").get("/deals/").content.decode()


def test_an_offer_of_a_chain_stands_there_once_at_its_nearest_shop() -> None:
    merchant = salon(0.02, name="远店")
    make_shop(merchant, name="近店", category=Category.objects.get(slug="hair"), lat=HERE[0], lon=HERE[1])
    offer(merchant)
    (deal,) = client_of().get("/deals/").context["deals"]
    assert (deal.shop, round(deal.metres)) == ("近店", 0)


def test_a_kind_narrows_it_and_nonsense_does_not() -> None:
    offer(salon(0.001), "理发")
    offer(salon(0.001, category=Category.objects.get(slug="cafe")), "咖啡")
    assert board("?cat=beauty") == ["理发"]
    assert board("?cat=cafe") == ["咖啡"]
    assert sorted(board("?cat=moonbase&sort=bribe&near=nan,inf")) == ["咖啡", "理发"]


def test_it_costs_as_many_queries_with_a_thousand_shops_as_with_ten(django_assert_num_queries: Any) -> None:
    visitor, merchant = client_of(), salon(0.001)
    town(10, merchant=merchant)
    for n in range(10):
        offer(merchant, f"券{n}")
    for _round in ("ten", "a thousand"):
        with django_assert_num_queries(3):  # the tree, the offers with their shops, the programmes
            assert len(visitor.get("/deals/").context["deals"]) == 10
        town(990, merchant=merchant)


def test_shops_without_a_merchant_are_never_looked_at() -> None:
    merchant = salon(0.001)
    town(1500)
    town(1500, merchant=merchant)
    offer(merchant)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE merchants_shop, coupons_couponprogramme")
        sql, values = statement(*HERE, timezone.now(), [])
        cursor.execute("EXPLAIN " + sql, values)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "shop_of_merchant_near" in plan, plan
    assert "Order By: (location <->" in plan


def test_an_empty_list_names_the_nearest_that_would_do() -> None:
    salon(0.03)
    page = client_of(language="en").get("/nearby/?cat=hair&r=500").content.decode()
    assert "The nearest is 3.3 km away" in page
    assert "青禾" in page


def test_where_all_are_closed_the_nearest_closed_one_is_named() -> None:
    salon(0.001, hours="Mo-Su 00:00-00:01")
    page = client_of(language="en").get("/nearby/?cat=hair&open=1").content.decode()
    assert "The nearest is 110 m away and closed now" in page


def test_a_lonely_place_says_how_far_the_nearest_is() -> None:
    salon(0.1)
    page = client_of(language="en").get("/nearby/").content.decode()
    assert "Nothing close by. The nearest is 11 km away: 青禾." in page
