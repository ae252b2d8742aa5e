"""Pages for search engines: what they say, which there are, and what engines are told."""

import json
import re
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection

from consumers.landing import WORTH_A_PAGE
from merchants.models import Shop
from portal.home.web.engines import AREAS
from tests.cast import client_of
from tests.consumers.test_nearby import shown, town

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]
NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def page_of(path: str, language: str = "en") -> Any:
    return client_of(language=language).get(path)


def paths_in(path: str) -> list[str]:
    answer = page_of(path)
    assert answer["Content-Type"] == "application/xml"
    root = ET.fromstring(answer.content)
    return [str(node.text).removeprefix(settings.SITE_URL) for node in root.iter(f"{NAMESPACE}loc")]


def test_a_kind_in_a_part_of_town_has_a_page_that_engines_understand() -> None:
    town(30)
    answer = page_of("/c/changshu-road/hair/")
    page = answer.content.decode()
    assert len(shown(answer)) == 15
    assert "<title>Hair salon in Changshu Road · Street Corner</title>" in page
    assert f'<link rel="canonical" href="{settings.SITE_URL}/c/changshu-road/hair/">' in page
    assert 'name="description" content="Hair salon in Changshu Road · prices mostly from ¥38' in page
    assert "noindex" not in page
    found = re.search(r'application/ld\+json">(.*?)</script>', page)
    assert found
    items = json.loads(found[1])
    assert items["@type"] == "ItemList"
    first = items["itemListElement"][0]
    assert (first["position"], first["name"]) == (1, "店铺0")
    assert first["url"] == f"{settings.SITE_URL}/s/shop-0/"


def test_at_most_twenty_shops_stand_on_it_and_the_band_is_of_all() -> None:
    town(60)
    for n, shop in enumerate(Shop.objects.filter(category__slug="hair").order_by("pk")):
        Shop.objects.filter(pk=shop.pk).update(from_price=1000 + 100 * n)
    answer = page_of("/c/changshu-road/hair/")
    assert len(shown(answer)) == 20
    assert str(answer.context["page"].band) == "¥12.90–¥36.10"


@pytest.mark.parametrize("path", ["/c/atlantis/", "/c/changshu-road/moonbase/", "/c/atlantis/hair/"])
def test_what_does_not_exist_is_not_found(path: str) -> None:
    assert page_of(path).status_code == 404


def test_a_page_with_hardly_a_shop_stays_out_of_search_engines() -> None:
    town(4)
    assert "noindex, follow" in page_of("/c/changshu-road/hair/").content.decode()
    assert "No shop is listed here yet" in page_of("/c/lujiazui/bank/").content.decode()


def test_a_name_can_not_break_out_of_the_data_for_engines() -> None:
    town(3, name="</script><script>alert(1)</script>")
    page = page_of("/c/changshu-road/").content.decode()
    assert "<script>alert(1)" not in page
    assert "\\u003C/script" in page


def test_the_sitemap_names_areas_with_enough_shops_and_every_listed_shop() -> None:
    cache.delete(AREAS)
    town(8)
    Shop.objects.filter(slug="shop-7").update(is_listed=False)
    assert paths_in("/sitemap.xml")[0] == "/sitemap/areas.xml"
    areas = paths_in("/sitemap/areas.xml")
    assert {"/", "/c/changshu-road/", "/c/changshu-road/hair/", "/c/xuhui-shanghai/hair/"} <= set(areas)
    assert not [path for path in areas if "bank" in path or "beijing" in path]
    sheets = [path for path in paths_in("/sitemap.xml") if "shops" in path]
    shops = [path for sheet in sheets for path in paths_in(sheet)]
    assert sorted(shops) == [f"/s/shop-{n}/" for n in range(7)]
    for path in areas[:12]:
        assert page_of(path).status_code == 200
    cache.delete(AREAS)


def test_robots_keep_to_public_pages_and_know_the_sitemap() -> None:
    text = page_of("/robots.txt").content.decode()
    assert "Disallow: /me/\n" in text
    assert "Disallow: /nearby/?\n" in text
    assert f"Sitemap: {settings.SITE_URL}/sitemap.xml" in text


def test_a_page_costs_as_many_queries_among_a_thousand_shops_as_among_ten(
    django_assert_num_queries: Any,
) -> None:
    visitor = client_of()
    town(10)
    for _round in ("ten", "a thousand"):
        with django_assert_num_queries(2):  # the tree, the shops
            visitor.get("/c/changshu-road/hair/")
        town(990)


def test_the_areas_of_the_sitemap_are_read_by_the_index() -> None:
    town(4000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE merchants_shop")
        cursor.execute("EXPLAIN " + WORTH_A_PAGE, [[0], [121.0], [31.9], [121.01], [31.91], 3])
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "shop_near" in plan
