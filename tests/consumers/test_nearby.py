"""The list: what it shows, what its addresses mean, and what it costs."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from merchants.actions import ServiceLine, set_services
from merchants.models import Category, Shop
from portal.kernel.db import point
from tests.cast import client_of, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]
HERE = (31.212, 121.457)  # the default area


def town(count: int, **fields: Any) -> None:
    """Shops every 20 metres northwards, each open for an hour to come, hairdressers and cafés in turn."""
    kinds = [Category.objects.get(slug=slug) for slug in ("hair", "cafe")]
    now, start = timezone.now(), Shop.objects.count()
    Shop.objects.bulk_create(
        Shop(
            **{
                "category": kinds[n % 2],
                "slug": f"shop-{n}",
                "name": f"店铺{n}",
                "location": point(HERE[0] + n * 0.00018, HERE[1]),
                "hours": "24/7",
                "opens_at": now - timedelta(hours=1),
                "closes_at": now + timedelta(hours=1),
                "from_price": 3800,
                "published_at": now,
                "is_listed": True,
            }
            | fields
        )
        for n in range(start, start + count)
    )


def shown(response: Any) -> list[str]:
    return [row.slug for row in response.context["rows"]]


def test_a_visitor_sees_the_nearest_first_with_price_distance_and_open_state() -> None:
    town(3)
    response = client_of(language="en").get("/nearby/")
    assert shown(response) == ["shop-0", "shop-1", "shop-2"]
    page = response.content.decode()
    for words in ("店铺1", "20 m", "38", "Open", "Changshu Road"):
        assert words in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("cat=hair", ["shop-0", "shop-2"]),
        ("cat=beauty", ["shop-0", "shop-2"]),
        ("cat=cafe&r=25", ["shop-1"]),
        ("r=25", ["shop-0", "shop-1"]),
        ("open=1", ["shop-0", "shop-1", "shop-2"]),
        ("cat=moonbase&r=nan&open=maybe&page=x&nonsense=1", ["shop-0", "shop-1", "shop-2", "shut"]),
        ("near=91,0", ["shop-0", "shop-1", "shop-2", "shut"]),
        ("near=31.2124,121.457", ["shop-2", "shop-1", "shop-0", "shut"]),
    ],
)
def test_the_filters_stand_in_the_address(query: str, found: list[str]) -> None:
    town(3)
    town(
        1,
        slug="shut",
        name="别家",
        opens_at=None,
        closes_at=None,
        location=point(31.22, 121.457),
        category=Category.objects.get(slug="bar"),
    )
    assert shown(client_of().get(f"/nearby/?{query}")) == found


def test_words_find_by_name_and_by_sound() -> None:
    town(2)
    Shop.objects.filter(slug="shop-1").update(search_text="青禾理发 qhlf", bigrams=["青禾", "禾理", "理发"])
    assert shown(client_of().get("/nearby/?q=青禾")) == ["shop-1"]
    assert shown(client_of().get("/nearby/?q=qhlf")) == ["shop-1"]
    assert shown(client_of().get("/nearby/?q=" + "长" * 5000)) == []


def test_more_goes_on_where_the_page_ended_and_has_a_bottom() -> None:
    town(45)
    client = client_of()
    first = client.get("/nearby/")
    assert len(shown(first)) == 20
    second = client.get(first.context["more"])
    assert shown(second) == [f"shop-{n}" for n in range(20, 40)]
    last = client.get(second.context["more"])
    assert shown(last) == [f"shop-{n}" for n in range(40, 45)]
    assert last.context["more"] == ""
    assert client.get("/nearby/?page=99999").context["page"] == 1
    assert client.get("/nearby/?page=999").context["page"] == 10


def test_a_piece_for_htmx_is_only_that_piece() -> None:
    town(25)
    client = client_of()
    piece = client.get("/nearby/?open=1", headers={"HX-Request": "true", "HX-Target": "looking"})
    assert piece.content.decode().lstrip().startswith('<div class="stack" id="looking"')
    rows = client.get("/nearby/?page=2", headers={"HX-Request": "true"}).content.decode()
    assert rows.lstrip().startswith('<ul class="shop-rows"')
    assert "<html" not in rows


def test_an_empty_list_says_what_to_do() -> None:
    page = client_of(language="en").get("/nearby/?cat=hair&r=500").content.decode()
    assert "Clear 2 filters" in page


@pytest.mark.parametrize("view", ["", "map"])
def test_the_list_costs_as_many_queries_for_a_thousand_shops_as_for_ten(
    view: str, django_assert_num_queries: Any
) -> None:
    member = client_of(make_user())
    visitor = client_of()
    town(10)
    for _round in ("ten", "a thousand"):
        with django_assert_num_queries(3):  # the tree, the leaves of the branch, the shops
            visitor.get(f"/nearby/?cat=beauty&open=1&view={view}")
        with django_assert_num_queries(5):  # and the session with its person, and what waits for them
            member.get(f"/nearby/?open=1&view={view}")
        town(990)


def test_an_area_is_kept_for_this_browser_and_used_from_then_on() -> None:
    town(3)
    client = client_of(language="en")
    answer = client.post("/nearby/from/", {"point": "31.23,121.474", "next": "/nearby/?cat=hair"})
    assert (answer.status_code, answer["Location"]) == (302, "/nearby/?cat=hair")
    page = client.get("/nearby/?cat=hair")
    assert page.context["position"].name == "People's Square"
    assert client.get("/nearby/").context["rows"][0].metres > 1000


def test_the_exact_position_stays_out_of_addresses() -> None:
    town(3)
    client = client_of()
    client.post("/nearby/from/", {"point": "31.2123456,121.4571234"})
    page = client.get("/nearby/?near=31.212,121.457")
    assert page.context["position"].exact == "31.212346,121.457123"
    hrefs = [part.split('"')[0] for part in page.content.decode().split('href="')[1:]]
    assert not [href for href in hrefs if "31.2123" in href]


@pytest.mark.parametrize("bad", ["", "x", "91,0", "nan,nan", "1e9,1", "31.2,121.4;DROP", "1,2,3", "\x00"])
def test_a_point_that_is_none_changes_nothing(bad: str) -> None:
    client = client_of()
    answer = client.post("/nearby/from/", {"point": bad, "next": "//evil.example/"})
    assert (answer.status_code, answer["Location"]) == (302, "/nearby/")
    assert "position" not in answer.cookies


def test_the_place_to_go_on_to_is_never_another_site(client: Client) -> None:
    for onward in ("https://evil.example/", "//evil.example", "javascript:alert(1)"):
        assert client.post(reverse("consumers:look_from"), {"next": onward})["Location"] == "/nearby/"


def test_public_places_show_no_price() -> None:
    town(1, category=Category.objects.get(slug="toilets"), from_price=None)
    assert client_of().get("/nearby/").context["rows"][0].kind == "listing"


def test_a_row_names_the_cheapest_service_in_the_readers_language(shop: Shop) -> None:
    near = f"/nearby/?near={shop.location.y},{shop.location.x}"
    for language, said, unsaid in (("en", "Haircut", "剪发"), ("zh-hans", "剪发", "Haircut")):
        page = client_of(language=language).get(near).content.decode()
        assert said in page and unsaid not in page
    services = [ServiceLine(name="洗剪吹", price=2000)]
    set_services(shop, services)  # nobody has said it in English
    assert "洗剪吹" in client_of(language="en").get(near).content.decode()
