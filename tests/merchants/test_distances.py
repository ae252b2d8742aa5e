"""Distances against a second opinion: every shop measured on the WGS-84 ellipsoid by GeographicLib.

C. F. F. Karney, Algorithms for geodesics, J. Geodesy 87 (2013) 43-55: exact to nanometres.
"""

import random
from typing import Any

import pytest
from django.utils import timezone
from geographiclib.geodesic import Geodesic

from merchants.models import Category, Shop
from portal.kernel.db import point
from tests.cast import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]
AROUND = {
    "Changshu Road": (31.212, 121.457),
    "Wangfujing": (39.915, 116.411),
    "Taipei": (25.033, 121.565),
    "New York": (40.716, -73.997),
    "Quito, on the equator": (0.0, -78.455),
    "Longyearbyen": (78.2232, 15.6267),
    "Ushuaia": (-54.8019, -68.303),
    "Taveuni, on the date line": (-16.8, 179.998),
    "Greenwich": (51.4779, 0.0),
    "Wellington": (-41.2866, 174.7756),
}
RADII = (100, 500, 1000, 3000)


def scatter(lat: float, lon: float, count: int = 400) -> dict[int, float]:
    """Shops from the door to some five kilometres away, and their distances as GeographicLib has them."""
    dice, kind, now = random.Random(f"{lat},{lon}"), Category.objects.get(slug="hair"), timezone.now()
    spots = [(lat + dice.gauss(0, 0.015), wrapped(lon + dice.gauss(0, 0.02))) for _ in range(count)]
    rows = Shop.objects.bulk_create(
        Shop(category=kind, slug=f"place-{n}", name=f"店{n}", location=point(*spot), published_at=now,
             is_listed=True)
        for n, spot in enumerate(spots)
    )  # fmt: skip
    return {
        row.pk: Geodesic.WGS84.Inverse(lat, lon, *spot)["s12"] for row, spot in zip(rows, spots, strict=True)
    }


def wrapped(lon: float) -> float:
    return (lon + 180) % 360 - 180


@pytest.mark.parametrize("place", AROUND)
def test_the_nearest_twenty_and_their_metres_are_those_of_measuring_all(place: str) -> None:
    lat, lon = AROUND[place]
    metres = scatter(lat, lon)
    nearest = sorted(metres, key=lambda key: (metres[key], key))[:20]
    found = Shop.objects.near(lat, lon, limit=20)
    assert [row.id for row in found] == nearest
    assert [row.metres for row in found] == pytest.approx([metres[key] for key in nearest], abs=0.001)


@pytest.mark.parametrize("place", AROUND)
def test_within_a_radius_are_exactly_those_that_measuring_finds(place: str) -> None:
    lat, lon = AROUND[place]
    metres = scatter(lat, lon)
    for radius in RADII:
        found = {row.id for row in Shop.objects.near(lat, lon, within_m=radius, limit=500)}
        assert found == {key for key, far in metres.items() if far <= radius}


SPOOFED = [
    "nan,nan", "inf,-inf", "91,181", "-90.0001,0", "0,180.0001", "1e309,0", "0x1F,0", "٣١,١٢١", "31.2;121.4",
    "POINT(121 31)", "31.2304,121.4737,5", "--31,121", "31.2304", ",", "9" * 400, "31.2304,121.4737' OR 1=1",
]  # fmt: skip


@pytest.mark.parametrize("spoofed", SPOOFED)
def test_a_spoofed_position_is_refused_by_the_machine_and_ignored_by_the_page(spoofed: str) -> None:
    scatter(31.212, 121.457, 3)
    client = client_of()
    assert client.get("/nearby.geojson", {"near": spoofed}).status_code == 400
    page = client.get("/nearby/", {"near": spoofed})
    assert len(page.context["rows"]) == 3
    client.post("/nearby/from/", {"point": spoofed})
    assert "position" not in client.cookies
    client.cookies["position"] = spoofed.encode("ascii", "replace").decode().replace(";", ",")
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("edge", [(90, 0), (-90, 0), (0, 180), (0, -180), (0, 0), (-0.0, 360 - 180)])
def test_the_edges_of_the_globe_are_points_like_any_other(edge: Any) -> None:
    scatter(31.212, 121.457, 3)
    answer = client_of().get("/nearby.geojson", {"near": f"{edge[0]},{edge[1]}"})
    features = answer.json()["features"]
    far = Geodesic.WGS84.Inverse(*edge, 31.212, 121.457)["s12"]
    assert [one["properties"]["distance_m"] for one in features] == pytest.approx([far] * 3, rel=0.001)
