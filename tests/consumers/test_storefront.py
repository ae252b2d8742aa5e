"""The storefront says everything, to people and to machines, and lets nobody's name run as a script."""

import json
import re
from typing import Any

import pytest
from django.utils import timezone

from consumers.cards import first_phone
from consumers.week import week_of
from merchants import actions
from merchants.models import Category, Shop
from tests.cast import client_of, make_category, make_listing, make_shop, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]
EVIL = "</script><script>alert(1)</script>\"'><img src=x onerror=alert(2)>&\u2028"


def page_of(shop: Shop, *, language: str = "en", status: int = 200) -> str:
    response = client_of(language=language).get(shop.get_absolute_url())
    assert response.status_code == status
    return response.content.decode()


def test_it_says_name_hours_prices_distance_and_how_to_get_there() -> None:
    shop = make_shop(name="青禾理发", name_en="Qinghe Hair", hours="Mo-Su 00:00-24:00", price=3800)
    Shop.objects.filter(pk=shop.pk).update(phone="（０２１）6234 5678; 138 0013 8000")
    page = page_of(shop)
    for words in ("Qinghe Hair", "Haircut", "38", "24 hours", "km", "tel:(021)6234 5678", "uri.amap.com"):
        assert words in page
    assert "青禾理发" in page_of(shop, language="zh-hans")


def test_five_prices_stand_open_and_the_rest_behind_them() -> None:
    shop = make_shop()
    actions.set_services(shop, [actions.ServiceLine(name=f"项目{n}", price=100 * n) for n in range(1, 9)])
    response = client_of().get(shop.get_absolute_url())
    assert [service.name for service in response.context["services"]] == [f"项目{n}" for n in range(1, 6)]
    assert len(response.context["further"]) == 3


def test_an_imported_listing_shows_its_source_and_can_be_claimed() -> None:
    page = page_of(make_listing())
    assert "osm" in page
    assert "ODbL" in page
    assert "openstreetmap.org/copyright" in page
    assert "This is my shop" in page


def test_a_claimed_shop_is_not_offered_again() -> None:
    assert "This is my shop" not in page_of(make_shop())


def test_machines_read_the_same_facts() -> None:
    shop = make_shop(name="青禾理发", price=3850)
    page = page_of(shop, language="zh-hans")
    facts = json.loads(re.search(r'ld\+json">(.*?)</script>', page)[1])
    assert facts["@type"] == "HairSalon"
    assert facts["name"] == "青禾理发"
    assert facts["makesOffer"][0]["price"] == "38.50"
    assert facts["geo"] == {"@type": "GeoCoordinates", "latitude": 31.2304, "longitude": 121.4737}
    assert '<meta property="og:title" content="青禾理发">' in page


def test_a_name_that_is_a_script_stays_a_name() -> None:
    shop = make_shop()
    Shop.objects.filter(pk=shop.pk).update(name=EVIL, name_en="", about=EVIL, address=EVIL, phone="<b>1</b>")
    for language in ("en", "zh-hans"):
        page = page_of(shop, language=language)
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        blob = re.search(r'ld\+json">(.*?)</script>', page)[1]
        assert json.loads(blob)["name"] == EVIL
    listed = client_of().get("/nearby/?near=31.2304,121.4737").content.decode()
    assert "<script>alert" not in listed


def test_a_public_place_offers_nothing_to_buy() -> None:
    shop = make_shop(category=Category.objects.get(slug="library"))
    response = client_of(language="en").get(shop.get_absolute_url())
    assert response.context["listed_only"]
    page = response.content.decode()
    assert "Public information" in page
    assert "/join" not in page
    assert 'id="prices"' not in page
    assert "This is my shop" not in page


def test_a_closed_shop_is_404_and_points_to_open_ones() -> None:
    shop = make_shop(name="老店")
    make_shop(name="新店", hours="24/7", lat=31.231)
    make_shop(name="关着的店", hours="Mo-Su 00:00-00:01", lat=31.2305)
    make_shop(name="洗车", hours="24/7", category=make_category("car-wash"))
    Shop.objects.filter(pk=shop.pk).update(is_listed=False, closed_at=timezone.now())
    response = client_of(language="en").get(shop.get_absolute_url())
    assert response.status_code == 404
    assert "老店 has closed for good" in response.content.decode()
    names = [row.name for row in response.context["rows"]]
    assert "新店" in names
    assert "洗车" not in names


def test_drafts_and_unknown_addresses_tell_nothing() -> None:
    draft = make_shop(name="秘密新店", published=False)
    assert "秘密新店" not in page_of(draft, status=404)
    assert client_of().get("/s/no-such-shop/").status_code == 404


def test_it_costs_no_more_with_many_prices(django_assert_max_num_queries: Any) -> None:
    shop = make_shop()
    for count in (10, 150):
        lines = [actions.ServiceLine(name=f"项目{n}", price=100) for n in range(count)]
        actions.set_services(shop, lines)
        with django_assert_max_num_queries(7):
            client_of().get(shop.get_absolute_url())
        member = client_of(make_user())
        with django_assert_max_num_queries(9):
            member.get(shop.get_absolute_url())


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("(021)6234 5678; 138 0013 8000", "(021)6234 5678"),
        ("（０２）２７６５－３１４７", "(02)2765-3147"),
        ("+86 138 0013 8000", "+86 138 0013 8000"),
        ("call us", ""),
        ("", ""),
    ],
)
def test_the_first_of_several_numbers_is_dialled(text: str, first: str) -> None:
    assert first_phone(text) == first


def test_a_week_begins_today_and_spans_stand_on_the_day_they_begin() -> None:
    from datetime import UTC, datetime

    sunday_noon = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
    week = week_of("Mo-Sa 10:00-13:00,17:00-02:00; Su off", "Asia/Shanghai", sunday_noon)
    assert [len(day.spans) for day in week] == [0, 2, 2, 2, 2, 2, 2]
    assert week[0].today
    assert week[1].spans == ("10:00–13:00", "17:00–02:00")
    assert all(len(day.spans) == 1 for day in week_of("24/7", "Asia/Shanghai", sunday_noon))
    assert week_of("", "Asia/Shanghai", sunday_noon) == []
