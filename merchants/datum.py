"""Three ways to say where a place is, and the steps between them.

The portal keeps WGS-84, as GPS gives it. Maps in mainland China are drawn in GCJ-02 (Amap, Tencent, Apple and
Google there) and in BD-09 (Baidu), some 300 to 1,200 m off. The formulas are those that the open-source
conversions share (eviltransform, https://github.com/googollee/eviltransform; PRCoords,
https://github.com/Artoria2e5/PRCoords); the way back is found by repeated correction, to within a centimetre.
"""

import math

from django.db import models
from django.utils.translation import gettext_lazy as _

EARTH_A, EARTH_EE = 6378245.0, 0.00669342162296594323  # Krasovsky 1940: semi-major axis in m, eccentricity²
BAIDU = math.pi * 3000.0 / 180.0
CLOSE = 1e-9  # degrees, a tenth of a millimetre
CHINESE_MAPS = ("Asia/Shanghai", "Asia/Urumqi")  # zones by whose borders a shop is on the mainland

Point = tuple[float, float]  # latitude, longitude in degrees


class Datum(models.TextChoices):
    WGS84 = "WGS-84", _("GPS (WGS-84)")
    GCJ02 = "GCJ-02", _("Amap or Tencent (GCJ-02)")
    BD09 = "BD-09", _("Baidu (BD-09)")


class GivenBy(models.TextChoices):
    DEVICE = "device", _("the device’s position")
    PIN = "pin", _("the pin on the map")
    TYPED = "typed", _("typed coordinates")
    IMPORT = "import", _("an import")


def is_shifted(zone: str) -> bool:
    """Whether street maps of the place are drawn in China's datum; Hong Kong, Macau and Taiwan aren't."""
    return zone in CHINESE_MAPS


def to_gcj02(lat: float, lon: float) -> Point:
    x, y = lon - 105.0, lat - 35.0
    waves = (20.0 * math.sin(6.0 * x * math.pi) + 20.0 * math.sin(2.0 * x * math.pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x)) + waves
    north += (20.0 * math.sin(y * math.pi) + 40.0 * math.sin(y / 3.0 * math.pi)) * 2.0 / 3.0
    north += (160.0 * math.sin(y / 12.0 * math.pi) + 320.0 * math.sin(y / 30.0 * math.pi)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x)) + waves
    east += (20.0 * math.sin(x * math.pi) + 40.0 * math.sin(x / 3.0 * math.pi)) * 2.0 / 3.0
    east += (150.0 * math.sin(x / 12.0 * math.pi) + 300.0 * math.sin(x / 30.0 * math.pi)) * 2.0 / 3.0
    flat = 1 - EARTH_EE * math.sin(math.radians(lat)) ** 2
    d_lat = math.degrees(north / (EARTH_A * (1 - EARTH_EE) / (flat * math.sqrt(flat))))
    d_lon = math.degrees(east / (EARTH_A / math.sqrt(flat) * math.cos(math.radians(lat))))
    return lat + d_lat, lon + d_lon


def to_bd09(lat: float, lon: float) -> Point:
    """From WGS-84 by way of GCJ-02."""
    lat, lon = to_gcj02(lat, lon)
    radius = math.hypot(lon, lat) + 0.00002 * math.sin(lat * BAIDU)
    angle = math.atan2(lat, lon) + 0.000003 * math.cos(lon * BAIDU)
    return radius * math.sin(angle) + 0.006, radius * math.cos(angle) + 0.0065


TO = {Datum.WGS84: lambda lat, lon: (lat, lon), Datum.GCJ02: to_gcj02, Datum.BD09: to_bd09}


def in_datum(lat: float, lon: float, datum: Datum) -> Point:
    """A WGS-84 point as a map of that datum wants it."""
    return TO[datum](lat, lon)


def to_wgs84(lat: float, lon: float, datum: Datum) -> Point:
    """The WGS-84 point that stands at ``lat``, ``lon`` on a map of that datum."""
    guess = (lat, lon)
    for _round in range(30):
        seen = in_datum(*guess, datum)
        off = (lat - seen[0], lon - seen[1])
        guess = (guess[0] + off[0], guess[1] + off[1])
        if max(map(abs, off)) < CLOSE:
            break
    return guess
