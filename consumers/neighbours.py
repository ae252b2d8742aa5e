"""Who is usually near a shop and follows its kind: by their usual areas, as coarse as those are."""

import math

from django.db.models import Q, QuerySet

from consumers.cells import METRES_PER_DEGREE, STEP, cell_of, metres_between
from consumers.models import AreaCell, FollowedCategory, Interests
from merchants.models import Shop

FARTHEST = max(Interests.DISTANCES)
USUAL_M = 2000  # of somebody who never said how far they go


def neighbours_of(shop: Shop) -> set[int]:
    """Keys of people with a usual square within the distance they would go; wants ``category`` at hand."""
    if shop.location is None:
        return set()
    here = (shop.location.y, shop.location.x)
    kinds = Q(category=shop.category_id) | Q(category=shop.category.parent_id)
    follow = FollowedCategory.objects.filter(kinds).values("person")
    far = dict(Interests.objects.filter(person__in=follow).values_list("person", "distance_m"))
    squares = _around(here).filter(person__in=follow, person__is_active=True)
    return {
        one.person_id
        for one in squares
        if metres_between(one.cell.centre, here) <= far.get(one.person_id, USUAL_M)
    }


def _around(here: tuple[float, float]) -> QuerySet[AreaCell]:
    """Squares within the farthest distance that can be chosen; which columns these are depends on the row."""
    row, reach = cell_of(*here).row, math.ceil(FARTHEST / (STEP * METRES_PER_DEGREE)) + 1
    wanted = Q()
    for one in range(row - reach, row + reach + 1):
        column = cell_of((one + 0.5) * STEP, here[1]).column
        wanted |= Q(row=one, column__range=(column - reach, column + reach))
    return AreaCell.objects.filter(wanted)
