"""Where somebody looks around: the point in the address, the one they gave before, else the town's centre."""

import math
import re
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _

from consumers.areas import Area, areas, districts

COOKIE = "position"
COOKIE_AGE = 90 * 24 * 3600
SHARED_DECIMALS = 3  # about 110 m: a link that is passed on doesn't tell where somebody lives
PAIR = re.compile(r"\s*([+-]?\d{1,3}(?:\.\d{1,17})?)\s*,\s*([+-]?\d{1,3}(?:\.\d{1,17})?)\s*", re.ASCII)


@dataclass(frozen=True)
class Position:
    """``own`` when the person let the device tell, ``given`` when they or the link chose the point."""

    lat: float
    lon: float
    area: Area | None = None
    own: bool = False
    given: bool = False

    @property
    def name(self) -> str:
        """What the distances are measured from."""
        if self.area:
            return self.area.name
        return _("your position") if self.own else _("the chosen point")

    @property
    def shared(self) -> str:
        return f"{round(self.lat, SHARED_DECIMALS):g},{round(self.lon, SHARED_DECIMALS):g}"

    @property
    def exact(self) -> str:
        return f"{self.lat:.6f},{self.lon:.6f}"


def read_point(text: str) -> tuple[float, float] | None:
    """Latitude and longitude out of ``31.2304,121.4737``; None for anything that isn't on the globe."""
    found = PAIR.fullmatch(text[:60])
    if not found:
        return None
    lat, lon = float(found[1]), float(found[2])
    return (lat, lon) if abs(lat) <= 90 and abs(lon) <= 180 else None


def position_of(request: HttpRequest) -> Position:
    """The address wins over what was given before; its three decimals stand for the exact point kept."""
    linked = read_point(request.GET.get("near", ""))
    kept = read_point(request.COOKIES.get(COOKIE, ""))
    if linked and kept and _rounded(kept) == _rounded(linked):
        linked = kept
    if point := linked or kept:
        area = next((area for area in (*areas(), *districts()) if _same(point, (area.lat, area.lon))), None)
        return Position(*point, area=area, own=point == kept and area is None, given=True)
    home = areas()[0]
    return Position(home.lat, home.lon, area=home)


def _rounded(point: tuple[float, float]) -> tuple[float, float]:
    return round(point[0], SHARED_DECIMALS), round(point[1], SHARED_DECIMALS)


def _same(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return math.dist(one, other) < 0.0001
