"""Ways to a shop in the map apps that people have, each in the datum that the app reads.

The portal keeps WGS-84. On the mainland street maps are drawn in GCJ-02 (Amap, Tencent, and Apple and
Google there) and in BD-09 (Baidu); elsewhere all of them speak WGS-84, as ``geo:`` links (RFC 5870) and
OpenStreetMap always do. Converted here, once, and said in the link where the app lets it be said.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from merchants.datum import Datum, in_datum, is_shifted
from merchants.models import Shop


@dataclass(frozen=True)
class Way:
    label: Any
    href: str


def routes_to(shop: Shop) -> list[Way]:
    """The device's own choice first; empty for a shop without a place."""
    if shop.location is None:
        return []
    place, name = (shop.location.y, shop.location.x), shop.title
    shifted = is_shifted(shop.time_zone)
    wgs = _text(place, Datum.WGS84)
    gcj = _text(place, Datum.GCJ02) if shifted else wgs
    baidu = _text(place, Datum.BD09) if shifted else wgs
    (lat, lon), (gcj_lat, gcj_lon) = wgs.split(","), gcj.split(",")
    # outside the mainland the Chinese apps are told that it is WGS-84
    amap = {"position": f"{gcj_lon},{gcj_lat}", "name": name, "callnative": "1"}
    amap["coordinate"] = "gaode" if shifted else "wgs84"
    tencent = {"marker": f"coord:{gcj};title:{name}", "referer": "street-corner"}
    tencent["coord_type"] = "2" if shifted else "1"
    bd = {"location": baidu, "title": name, "content": name, "output": "html"}
    bd["coord_type"] = "bd09ll" if shifted else "wgs84"
    google = {"api": "1", "destination": gcj}
    return [
        Way(_("Map app of this device"), f"geo:{wgs}?{urlencode({'q': f'{wgs}({name})'})}"),
        Way(_("Amap"), f"https://uri.amap.com/marker?{urlencode(amap)}"),
        Way(_("Tencent Maps"), f"https://apis.map.qq.com/uri/v1/marker?{urlencode(tencent)}"),
        Way(_("Baidu Maps"), f"https://api.map.baidu.com/marker?{urlencode(bd)}"),
        Way(_("Apple Maps"), f"https://maps.apple.com/?{urlencode({'daddr': gcj, 'q': name})}"),
        Way(
            _("Google Maps"),
            f"https://www.google.com/maps/dir/?{urlencode(google)}",
        ),
        Way(_("OpenStreetMap"), f"https://www.openstreetmap.org/?mlat={lat}&mlon={lon}#map=18/{lat}/{lon}"),
    ]


def _text(place: tuple[float, float], datum: Datum) -> str:
    """``31.230400,121.473700``: to a hand's breadth."""
    lat, lon = in_datum(*place, datum)
    return f"{lat:.6f},{lon:.6f}"
