"""The other orders of a list, price levels, and where one looks from in words."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from merchants import actions
from merchants.actions.prices import LEAST_SHOPS
from merchants.finding import ranking
from merchants.models import Shop
from tests.cast import client_of, make_merchant, make_shop
from tests.consumers.test_nearby import HERE, shown, town

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]


def change(slug: str, **fields: Any) -> None:
    Shop.objects.filter(slug=slug).update(**fields)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["shop-0", "shop-1", "shop-2"]),
        ("sort=rating", ["shop-2", "shop-1", "shop-0"]),
        ("sort=price", ["shop-1", "shop-0", "shop-2"]),
        ("price=1", ["shop-1"]),
        ("price=1&price=2", ["shop-0", "shop-1"]),
        ("sort=bribe&price=9", ["shop-0", "shop-1", "shop-2"]),
    ],
)
def test_the_order_and_the_price_levels_stand_in_the_address(query: str, found: list[str]) -> None:
    town(3)
    change("shop-0", price_level=2)
    change("shop-1", price_level=1, rating=Decimal("4.10"), rating_count=9)
    change("shop-2", rating=Decimal("4.80"), rating_count=5)
    assert shown(client_of().get(f"/nearby/?{query}")) == found


def test_useful_weighs_nearness_reviews_being_open_and_what_is_known() -> None:
    town(2)
    change("shop-0", opens_at=None, closes_at=None, hours="", from_price=None)
    near, far = Shop.objects.near(*HERE, limit=2)
    moment = timezone.now()
    assert ranking.usefulness(near, moment) == pytest.approx(40 + 30 * 2.5 / 4)
    expected = 40 / (1 + far.metres / 1000) + 30 * 2.5 / 4 + 15 + 15 * 2 / 3
    assert ranking.usefulness(far, moment) == pytest.approx(expected)
    assert shown(client_of().get("/nearby/?sort=useful")) == ["shop-1", "shop-0"]


def test_few_reviews_move_a_shop_less_than_many() -> None:
    town(2)
    change("shop-0", rating=Decimal("5.00"), rating_count=5)
    change("shop-1", rating=Decimal("5.00"), rating_count=95)
    few, many = Shop.objects.near(*HERE, limit=2)
    assert ranking.steady_rating(few) == pytest.approx(4.25)
    assert ranking.steady_rating(many) == pytest.approx(4.925)


def test_the_points_of_useful_are_a_hundred_and_page_and_document_name_them() -> None:
    parts = (ranking.NEARNESS, ranking.REVIEWS, ranking.OPEN_NOW, ranking.KNOWN)
    assert sum(parts) == 100
    text = (Path(settings.ROOT) / "docs" / "discovery.md").read_text("utf-8")
    assert f"{ranking.NEARNESS} / (1 + metres / {ranking.HALF_AT_M})" in text
    assert f"the {ranking.CONSIDERED} nearest" in text
    assert f"at least {LEAST_SHOPS} price lists" in text
    page = client_of(language="en").get("/help/ranking/").content.decode()
    for words in (f"up to {parts[0]}", f"up to {parts[1]}", f"Open now: {parts[2]}", "200 nearest"):
        assert words in page
    assert "最有用" in client_of().get("/help/ranking/").content.decode()


def test_a_price_level_compares_a_shop_with_others_of_its_kind() -> None:
    merchant = make_merchant()
    shops = [make_shop(merchant, name=f"店{price}", price=price) for price in (10, 20, 30, 40, 50, 60)]
    assert actions.grade_prices() == 6
    levels = {shop.pk: level for shop, level in zip(shops, (1, 1, 2, 2, 3, 3), strict=True)}
    assert dict(Shop.objects.values_list("pk", "price_level")) == levels
    assert actions.grade_prices() == 0


def test_where_few_shops_tell_their_prices_nobody_can_say() -> None:
    merchant = make_merchant()
    shops = [make_shop(merchant, name=f"店{n}", price=n * 100) for n in range(1, LEAST_SHOPS + 1)]
    actions.grade_prices()
    assert Shop.objects.exclude(price_level=None).count() == LEAST_SHOPS
    Shop.objects.filter(pk=shops[0].pk).update(is_listed=False)
    actions.grade_prices()
    assert not Shop.objects.exclude(price_level=None).exists()


def test_an_order_costs_as_many_queries_among_a_thousand_as_among_ten(django_assert_num_queries: Any) -> None:
    visitor = client_of()
    town(10)
    for _round in ("ten", "a thousand"):
        with django_assert_num_queries(2):  # the tree, the shops
            assert len(shown(visitor.get("/nearby/?sort=useful"))) <= 20
        town(990)


@pytest.mark.parametrize(
    ("typed", "measured_from"),
    [
        ("徐汇区", "Xuhui, Shanghai"),
        ("徐汇", "Xuhui, Shanghai"),
        ("xuhui", "Xuhui, Shanghai"),
        ("XuJiaHui", "Xujiahui"),
        ("rmgc", "People's Square"),
        ("31.23,121.474", "People's Square"),
    ],
)
def test_an_area_is_found_by_its_name_its_sound_and_its_initials(typed: str, measured_from: str) -> None:
    client = client_of(language="en")
    field = "point" if "," in typed else "place"
    client.post("/nearby/from/", {field: typed})
    assert client.get("/nearby/").context["position"].name == measured_from


def test_a_street_is_found_by_the_addresses_of_shops() -> None:
    make_shop(lat=31.2, lon=121.4)
    client = client_of(language="en")
    client.post("/nearby/from/", {"place": "人民路 1"})
    assert client.get("/nearby/").context["position"].exact == "31.200000,121.400000"


@pytest.mark.parametrize("odd", ["不存在的路", "%%%", "___", "x", "a" * 5000, "\x00\x00\x00"])
def test_a_place_that_nobody_knows_changes_nothing_and_says_so(odd: str) -> None:
    make_shop()
    client = client_of(language="en")
    answer = client.post("/nearby/from/", {"place": odd}, follow=True)
    assert "position" not in client.cookies
    if odd.strip("\x00"):
        assert "We don&#x27;t know" in answer.content.decode()


def test_a_longer_way_to_the_end_of_the_hour_never_changes_the_order_twice() -> None:
    """The same moment gives the same order, whatever the order in which shops came."""
    town(5)
    found, moment = Shop.objects.near(*HERE, limit=5), timezone.now() + timedelta(minutes=1)
    first = [shop.id for shop in ranking.ordered(found, "useful", moment)]
    assert [shop.id for shop in ranking.ordered(found[::-1], "useful", moment)] == first
