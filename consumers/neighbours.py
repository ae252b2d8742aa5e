"""Who is usually near a shop: by their usual areas, as coarse as those are."""

import math
from datetime import datetime
from typing import Any

from django.db.models import F, FloatField, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce, Least

from consumers.cells import METRES_PER_DEGREE, STEP, cell_of, metres_between
from consumers.models import AreaCell, FollowedCategory, HereNow, Interests
from merchants.models import Shop

FARTHEST = max(Interests.DISTANCES)
USUAL_M = 2000  # of somebody who never said how far they go

# The same as ``metres_between`` a square's centre and a place. Decimals would take four times as long.
_NORTH = f'("row" + 0.5::float8) * {STEP}::float8'
_METRES = f"""
    |/ ((%s - {_NORTH}) ^ 2 * {METRES_PER_DEGREE} ^ 2 + (
        (%s - ("column" + 0.5::float8) * {STEP}::float8 / cosd(least(abs({_NORTH}), 89)))
        * {METRES_PER_DEGREE} * cosd((%s + {_NORTH}) / 2)) ^ 2)
"""


def usually_near(here: tuple[float, float], *, within_m: int) -> QuerySet[AreaCell, int]:
    """Keys of people with a usual square within ``within_m`` and no farther than they would go.

    One question, to be put into another; somebody with two such squares is in it twice.
    """
    return _within(AreaCell.objects.all(), here, within_m)


def near_now(here: tuple[float, float], *, within_m: int, moment: datetime) -> QuerySet[HereNow, int]:
    """Keys of people who share where they are just now, within ``within_m`` and what they would go."""
    return _within(HereNow.objects.filter(until__gt=moment), here, within_m)


def _within(squares: "QuerySet[Any]", here: tuple[float, float], within_m: int) -> "QuerySet[Any, int]":
    lat, lon = here
    metres = RawSQL(_METRES, [lat, lon, lat], output_field=FloatField())  # noqa: S611 - numbers alone
    own = Coalesce(F("person__interests__distance_m"), USUAL_M)
    near = squares.filter(_around(here, within_m=min(within_m, FARTHEST)), person__is_active=True)
    return near.alias(metres=metres).filter(metres__lte=Least(own, within_m)).values_list("person", flat=True)


def neighbours_of(shop: Shop) -> set[int]:
    """Keys of people with a usual square within the distance they would go; wants ``category`` at hand."""
    if shop.location is None:
        return set()
    here = (shop.location.y, shop.location.x)
    kinds = Q(category=shop.category_id) | Q(category=shop.category.parent_id)
    follow = FollowedCategory.objects.filter(kinds).values("person")
    far = dict(Interests.objects.filter(person__in=follow).values_list("person", "distance_m"))
    squares = AreaCell.objects.filter(_around(here), person__in=follow, person__is_active=True)
    return {
        one.person_id
        for one in squares
        if metres_between(one.cell.centre, here) <= far.get(one.person_id, USUAL_M)
    }


def _around(here: tuple[float, float], *, within_m: int = FARTHEST) -> Q:
    """Squares within that distance, at least; which columns these are depends on the row."""
    row, reach = cell_of(*here).row, math.ceil(within_m / (STEP * METRES_PER_DEGREE)) + 1
    wanted = Q()
    for one in range(row - reach, row + reach + 1):
        column = cell_of((one + 0.5) * STEP, here[1]).column
        wanted |= Q(row=one, column__range=(column - reach, column + reach))
    return wanted
