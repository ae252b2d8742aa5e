"""The nearest shops, measured as a surveyor would, through the index that was made for it."""

import random
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from merchants.models import Category, Shop
from portal.kernel.db import point

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]
PLACES = {
    "people's square": (31.2304, 121.4737),
    "equator": (0.0, 0.0),
    "far north": (78.2232, 15.6267),
    "date line": (-17.0, 179.9995),
    "wellington": (-41.2866, 174.7756),
}


def scatter(lat: float, lon: float, count: int, **fields: Any) -> list[Shop]:
    """Shops around a point, most of them within a few kilometres, the same ones every time."""
    dice = random.Random(7)
    kinds = list(Category.objects.exclude(parent=None).order_by("pk")[:8])
    start = Shop.objects.count()
    return Shop.objects.bulk_create(
        Shop(
            **{
                "category": kinds[n % len(kinds)],
                "slug": f"scattered-{start + n}",
                "name": f"店 {n}",
                "location": point(
                    max(-90, min(90, lat + dice.gauss(0, 0.02))), wrapped(lon + dice.gauss(0, 0.02))
                ),
                "published_at": timezone.now(),
                "is_listed": True,
            }
            | fields
        )
        for n in range(count)
    )


def wrapped(lon: float) -> float:
    return (lon + 180) % 360 - 180


def by_measuring_all(lat: float, lon: float, limit: int, where: str = "true") -> list[tuple[int, float]]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, ST_Distance(location, ST_SetSRID(ST_MakePoint(%s, %s), 4326)::geography) AS metres"
            f" FROM merchants_shop WHERE is_listed AND {where} ORDER BY metres, id LIMIT %s",
            [lon, lat, limit],
        )
        return cursor.fetchall()


@pytest.mark.parametrize("place", PLACES)
def test_the_nearest_twenty_are_those_of_measuring_every_shop(place: str) -> None:
    lat, lon = PLACES[place]
    scatter(lat, lon, 600)
    found = Shop.objects.near(lat, lon, limit=20)
    assert [(row.id, row.metres) for row in found] == by_measuring_all(lat, lon, 20)


def test_a_shop_that_the_sphere_puts_first_but_the_spheroid_second_comes_second() -> None:
    kind = Category.objects.get(slug="hair")
    for slug, lat, lon in [("north", 0.0904, 0.0), ("east", 0.0, 0.09005)]:
        scatter(lat, lon, 1, slug=slug, location=point(lat, lon), category=kind)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT slug FROM merchants_shop ORDER BY location <-> ST_MakePoint(0, 0)::geography LIMIT 1"
        )
        assert cursor.fetchone() == ("east",)
    assert [row.slug for row in Shop.objects.near(0.0, 0.0, limit=1)] == ["north"]


def test_a_ring_of_shops_that_are_all_equally_far_still_gives_the_nearest() -> None:
    scatter(31.0, 121.0, 60, location=point(31.0, 121.01))
    nearest = scatter(31.0, 121.0, 1, location=point(31.0, 121.0099))[0]
    found = Shop.objects.near(31.0, 121.0, limit=3)
    assert found[0].id == nearest.pk
    assert [row.id for row in found] == [row[0] for row in by_measuring_all(31.0, 121.0, 3)]


def test_a_distance_is_given_to_the_metre_on_the_spheroid() -> None:
    scatter(31.0, 121.0, 1, location=point(31.24, 121.5))
    (row,) = Shop.objects.near(31.2304, 121.4737, limit=5)
    assert row.distance_m == by_hand(31.2304, 121.4737, 31.24, 121.5)


def by_hand(lat1: float, lon1: float, lat2: float, lon2: float) -> int:
    """Vincenty's inverse formula (Survey Review 23, 1975), written here a second time as a witness."""
    from math import atan, atan2, cos, radians, sin, sqrt, tan

    a, f = 6378137.0, 1 / 298.257223563
    b, length = a * (1 - f), radians(lon2 - lon1)
    u1, u2 = atan((1 - f) * tan(radians(lat1))), atan((1 - f) * tan(radians(lat2)))
    lam = length
    for _ in range(50):
        sin_s = sqrt((cos(u2) * sin(lam)) ** 2 + (cos(u1) * sin(u2) - sin(u1) * cos(u2) * cos(lam)) ** 2)
        cos_s = sin(u1) * sin(u2) + cos(u1) * cos(u2) * cos(lam)
        sigma, alpha = atan2(sin_s, cos_s), cos(u1) * cos(u2) * sin(lam) / sin_s
        cos2 = 1 - alpha**2
        middle = cos_s - 2 * sin(u1) * sin(u2) / cos2
        c = f / 16 * cos2 * (4 + f * (4 - 3 * cos2))
        lam = length + (1 - c) * f * alpha * (sigma + c * sin_s * (middle + c * cos_s * (2 * middle**2 - 1)))
    k = cos2 * (a**2 - b**2) / b**2
    big = 1 + k / 16384 * (4096 + k * (-768 + k * (320 - 175 * k)))
    small = k / 1024 * (256 + k * (-128 + k * (74 - 47 * k)))
    delta = (
        small
        * sin_s
        * (
            middle
            + small
            / 4
            * (cos_s * (2 * middle**2 - 1) - small / 6 * middle * (4 * sin_s**2 - 3) * (4 * middle**2 - 3))
        )
    )
    return round(b * big * (sigma - delta))


def test_a_leaf_and_a_branch_of_the_tree_find_their_own() -> None:
    scatter(31.0, 121.0, 400)
    leaf = Category.objects.get(slug="cafe")
    assert [
        (row.id, row.metres) for row in Shop.objects.near(31.0, 121.0, category=leaf)
    ] == by_measuring_all(31.0, 121.0, 20, f"category_id = {leaf.pk}")
    below = f"category_id IN (SELECT id FROM merchants_category WHERE parent_id = {leaf.parent_id})"
    branch = leaf.parent
    assert [
        (row.id, row.metres) for row in Shop.objects.near(31.0, 121.0, category=branch)
    ] == by_measuring_all(31.0, 121.0, 20, below)


def test_a_radius_keeps_what_is_inside_to_the_metre() -> None:
    scatter(31.0, 121.0, 300)
    inside = Shop.objects.near(31.0, 121.0, within_m=1500, limit=300)
    assert [row.id for row in inside] == [
        key for key, metres in by_measuring_all(31.0, 121.0, 300) if metres <= 1500
    ]
    assert 10 < len(inside) < 300


def test_only_listed_shops_that_are_open_are_found() -> None:
    now = timezone.now()
    hour = timedelta(hours=1)
    scatter(31.0, 121.0, 1, slug="open", opens_at=now - hour, closes_at=now + hour)
    scatter(31.0, 121.0, 1, slug="closing", opens_at=now - hour, closes_at=now)
    scatter(31.0, 121.0, 1, slug="later", opens_at=now + hour, closes_at=now + 2 * hour)
    scatter(31.0, 121.0, 1, slug="unknown")
    scatter(31.0, 121.0, 1, slug="hidden", is_listed=False, opens_at=now - hour, closes_at=now + hour)
    assert [row.slug for row in Shop.objects.near(31.0, 121.0, open_at=now)] == ["open"]
