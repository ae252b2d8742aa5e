"""The GeoJSON is what the list shows, exact to the metre, and a wrong question gets a sentence."""

import json
from typing import Any

import pytest
from django.db import connection

from merchants.models import Category, Shop
from tests.cast import client_of, make_listing
from tests.consumers.test_nearby import HERE, town

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]
NEAR = f"near={HERE[0]},{HERE[1]}"


def asked(query: str) -> Any:
    response = client_of(language="en").get(f"/nearby.geojson?{query}")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/geo+json"
    return json.loads(response.content)


def test_it_is_a_feature_collection_as_rfc_7946_has_it() -> None:
    listing = make_listing(name="青禾 <理发>", lat=31.2123, lon=121.4571)
    (feature,) = asked(NEAR)["features"]
    properties = feature["properties"]
    assert feature["type"] == "Feature"
    assert feature["geometry"] == {"type": "Point", "coordinates": [121.4571, 31.2123]}
    assert set(properties) == {
        "slug",
        "name",
        "category",
        "distance_m",
        "open",
        "source",
        "source_id",
        "url",
    }
    assert properties["slug"] == listing.slug
    assert properties["name"] == "青禾 <理发>"
    assert properties["category"] == "hair"
    assert (properties["source"], properties["source_id"]) == ("osm", f"node/{listing.pk}")
    assert client_of().get(properties["url"]).status_code == 200


def test_distances_are_metres_on_the_spheroid_nearest_first() -> None:
    town(30)
    features = asked(f"{NEAR}&limit=25")["features"]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT slug, round(ST_Distance(location, ST_SetSRID(ST_MakePoint(%s, %s), 4326)::geography))"
            " FROM merchants_shop ORDER BY 2, id LIMIT 25",
            [HERE[1], HERE[0]],
        )
        measured = cursor.fetchall()
    assert [(f["properties"]["slug"], f["properties"]["distance_m"]) for f in features] == measured


def test_every_filter_of_the_list_works_here_too() -> None:
    town(6)
    Shop.objects.filter(slug="shop-2").update(opens_at=None, closes_at=None, hours="")
    Shop.objects.filter(slug="shop-4").update(bigrams=["青禾"], search_text="青禾")
    slugs = lambda query: [f["properties"]["slug"] for f in asked(query)["features"]]  # noqa: E731
    assert slugs(f"{NEAR}&cat=hair") == ["shop-0", "shop-2", "shop-4"]
    assert slugs(f"{NEAR}&cat=hair&open=1") == ["shop-0", "shop-4"]
    assert slugs(f"{NEAR}&q=青禾") == ["shop-4"]
    assert slugs(f"{NEAR}&r=45") == ["shop-0", "shop-1", "shop-2"]
    assert slugs(f"{NEAR}&limit=1") == ["shop-0"]
    doors = {f["properties"]["slug"]: f["properties"]["open"] for f in asked(NEAR)["features"]}
    assert (doors["shop-0"], doors["shop-2"]) == (True, None)


def test_five_hundred_are_the_most() -> None:
    town(520)
    assert len(asked(f"{NEAR}&limit=1000")["features"]) == 500
    assert len(asked(NEAR)["features"]) == 100


@pytest.mark.parametrize(
    "query",
    [
        "",
        "near=",
        "near=31.2",
        "near=nan,nan",
        "near=inf,0",
        "near=1e309,0",
        "near=91,0",
        "near=0,-181",
        "near=31.2,121.4,5",
        "near=%00,1",
        "near=31.2,121.4'--",
        f"{NEAR}&r=nan",
        f"{NEAR}&r=inf",
        f"{NEAR}&r=1e309",
        f"{NEAR}&r=-5",
        f"{NEAR}&r=0",
        f"{NEAR}&r=99999999999",
        f"{NEAR}&r=far",
        f"{NEAR}&limit=0",
        f"{NEAR}&limit=-1",
        f"{NEAR}&limit=1.5",
        f"{NEAR}&limit=many",
        f"{NEAR}&limit=99999999999999999999",
        f"{NEAR}&cat=moonbase",
        f"{NEAR}&open=yes",
    ],
)
def test_a_wrong_question_gets_400_and_a_sentence(query: str) -> None:
    response = client_of(language="en").get(f"/nearby.geojson?{query}")
    assert response.status_code == 400
    assert response["Content-Type"] == "application/json"
    assert json.loads(response.content)["error"].endswith(".")


@pytest.mark.parametrize(
    "query",
    [f"{NEAR}&q=%00", f"{NEAR}&q=%25_%5C", f"{NEAR}&q={'a' * 4000}", f"{NEAR}&r=20037508", "near=90,180"],
)
def test_odd_questions_get_an_answer(query: str) -> None:
    assert asked(query)["type"] == "FeatureCollection"


def test_unlisted_shops_are_nobody_s_business() -> None:
    town(2)
    Shop.objects.filter(slug="shop-1").update(is_listed=False)
    assert [f["properties"]["slug"] for f in asked(NEAR)["features"]] == ["shop-0"]


def test_it_costs_as_many_queries_for_a_thousand_shops_as_for_ten(django_assert_num_queries: Any) -> None:
    town(10)
    Category.objects.get(slug="hair")
    for _round in ("ten", "a thousand"):
        with django_assert_num_queries(2):
            asked(f"{NEAR}&limit=500")
        town(990)
