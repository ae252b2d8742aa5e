"""What a map shows of a window: shops, and squares with how many they hold."""

import json
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from merchants.finding import clusters
from merchants.finding.clusters import Window, count_cells
from merchants.models import Category, MapCell, Shop
from portal.kernel.db import point
from tests.cast import client_of
from tests.consumers.test_nearby import HERE, town

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]
CITY, STREETS = "bbox=121.3,31.1,121.6,31.3", "bbox=121.45,31.2,121.47,31.22"


@pytest.fixture
def only_squares(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where there are too many shops to read them one by one."""
    monkeypatch.setattr(clusters, "FEW", 0)


def answer(query: str, *, status: int = 200) -> Any:
    response = client_of(language="en").get(f"/nearby.geojson?{query}")
    assert response.status_code == status
    return json.loads(response.content)


def counts(query: str) -> list[int]:
    return [feature["properties"]["count"] for feature in answer(query)["features"]]


@pytest.mark.parametrize("zoom", range(21))
@pytest.mark.usefixtures("only_squares")
def test_at_every_zoom_the_squares_hold_every_shop_once(zoom: int) -> None:
    town(30)
    Shop.objects.filter(slug="shop-29").update(location=point(31.25, 121.55))
    count_cells()
    assert sum(counts(f"{CITY}&zoom={zoom}")) == 30
    if zoom > 14:
        assert sum(counts(f"{STREETS}&zoom={zoom}")) == 29


@pytest.mark.usefixtures("only_squares")
def test_a_square_says_where_its_shops_lie() -> None:
    town(30)
    count_cells()
    (square,) = answer(f"{CITY}&zoom=9")["features"]
    lats = [HERE[0] + n * 0.00018 for n in range(30)]
    assert square["bbox"] == [HERE[1], pytest.approx(min(lats)), HERE[1], pytest.approx(max(lats))]
    assert square["geometry"]["coordinates"][1] == pytest.approx(sum(lats) / 30, abs=1e-6)


def test_a_shop_alone_in_its_square_is_shown_by_name() -> None:
    town(2)
    Shop.objects.filter(slug="shop-1").update(location=point(31.25, 121.55), hours="")
    features = answer(f"{CITY}&zoom=15")["features"]
    facts = {one["properties"]["slug"]: one["properties"] for one in features}
    assert facts["shop-0"] == {
        "count": 1, "slug": "shop-0", "name": "店铺0", "open": True, "category": "hair",
        "url": "http://testserver/s/shop-0/",
    }  # fmt: skip
    assert facts["shop-1"]["open"] is None


@pytest.mark.usefixtures("only_squares")
def test_kinds_count_everywhere_and_other_filters_from_close_by() -> None:
    town(10)
    Shop.objects.filter(slug__in=["shop-0", "shop-2"]).update(opens_at=None, closes_at=None)
    count_cells()
    assert sum(counts(f"{CITY}&zoom=9&cat=beauty")) == 5
    assert sum(counts(f"{CITY}&zoom=15&cat=hair&open=1")) == 3
    wide = answer(f"{CITY}&zoom=9&cat=hair&open=1")
    assert wide["filters_apply"] is False
    assert wide["features"][0]["properties"]["count"] == 5
    assert answer(f"{CITY}&zoom=15&open=1")["filters_apply"] is True


def test_a_few_shops_are_shown_by_name_from_afar_and_filters_apply() -> None:
    town(2)
    Shop.objects.filter(slug="shop-1").update(location=point(31.28, 121.55), opens_at=None, closes_at=None)
    wide = answer(f"{CITY}&zoom=9&open=1")
    assert wide["filters_apply"] is True
    assert [one["properties"]["slug"] for one in wide["features"]] == ["shop-0"]


def test_only_what_lies_in_the_window_is_counted() -> None:
    town(3)
    assert counts("bbox=121.4569,31.2119,121.4571,31.2121&zoom=18") == [1]
    assert counts("bbox=121.458,31.1,121.6,31.3&zoom=15") == []
    count_cells()
    assert counts("bbox=-200,-95,200,95&zoom=15") == [3]


def test_what_is_not_listed_any_more_goes_at_the_next_count() -> None:
    town(3)
    count_cells()
    Shop.objects.update(is_listed=False)
    count_cells()
    assert not MapCell.objects.exists()


@pytest.mark.parametrize(
    "query",
    [
        "bbox=&zoom=9", "bbox=1,2,3&zoom=9", "bbox=2,1,1,2&zoom=9", "bbox=nan,0,1,1&zoom=9",
        "bbox=1e400,0,1,1&zoom=9", "bbox=0,0,1,1", "bbox=0,0,1,1&zoom=-1", "bbox=0,0,1,1&zoom=21",
        "bbox=0,0,1,1&zoom=9&cat=moonbase", "bbox=0,0,1,1&zoom=9&price=9", "bbox=0,0,1,1;DROP&zoom=9",
    ],
)  # fmt: skip
def test_a_wrong_window_is_answered_with_a_sentence(query: str) -> None:
    assert answer(query, status=400)["error"]


def test_with_a_point_the_answer_is_as_ever() -> None:
    town(3)
    features = answer(f"near={HERE[0]},{HERE[1]}&bbox=0,0,1,1&zoom=3&limit=2")["features"]
    assert [one["properties"]["slug"] for one in features] == ["shop-0", "shop-1"]


def plan_of(zoom: int, **wanted: Any) -> str:
    box = {"west": 121.45, "south": 31.2, "east": 121.46, "north": 31.22}
    sql, values = Window(**box, zoom=zoom, moment=timezone.now(), **wanted).sql()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE merchants_shop, merchants_mapcell")
        cursor.execute("EXPLAIN " + sql, values)
        return "\n".join(line for (line,) in cursor.fetchall())


def test_narrow_and_wide_windows_are_read_by_an_index() -> None:
    kinds = list(Category.objects.exclude(parent=None).order_by("pk"))
    MapCell.objects.bulk_create(
        MapCell(level=12, x=n % 60, y=n // 60, category=kinds[n % 9], shops=1,
                lat=0, lon=0, west=0, south=0, east=0, north=0)
        for n in range(3600)
    )  # fmt: skip
    town(2000)
    assert "map_cell_in_view" in plan_of(12, categories=(kinds[0].pk,))
    plan = plan_of(16)
    assert "shop_near" in plan, plan


@pytest.mark.parametrize(("zoom", "most"), [(9, 3), (16, 2)])
def test_a_window_costs_no_more_queries_over_a_thousand_shops_than_over_ten(
    zoom: int, most: int, django_assert_max_num_queries: Any
) -> None:
    visitor = client_of()
    town(10)
    for _round in ("ten", "a thousand"):
        with django_assert_max_num_queries(most):  # the tree, the squares, and the shops where they are few
            visitor.get(f"/nearby.geojson?{CITY}&zoom={zoom}&cat=hair")
        town(990)
        count_cells()
