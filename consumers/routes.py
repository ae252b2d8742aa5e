"""Ways to a shop in the map apps that people have. The portal keeps WGS-84; each link says so, and the
app converts where its country wants another datum (GCJ-02 is some 480 m off in Shanghai)."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from merchants.models import Shop


@dataclass(frozen=True)
class Way:
    label: Any
    href: str


def routes_to(shop: Shop) -> list[Way]:
    """The device's own choice first; empty for a shop without a place."""
    if shop.location is None:
        return []
    lat, lon, name = f"{shop.location.y:.6f}", f"{shop.location.x:.6f}", shop.title
    amap = {"position": f"{lon},{lat}", "name": name, "coordinate": "wgs84", "callnative": "1"}
    tencent = {"marker": f"coord:{lat},{lon};title:{name}", "coord_type": "1", "referer": "street-corner"}
    baidu = {
        "location": f"{lat},{lon}",
        "title": name,
        "content": name,
        "coord_type": "wgs84",
        "output": "html",
    }
    return [
        Way(_("Map app of this device"), f"geo:{lat},{lon}?{urlencode({'q': f'{lat},{lon}({name})'})}"),
        Way(_("Amap"), f"https://uri.amap.com/marker?{urlencode(amap)}"),
        Way(_("Tencent Maps"), f"https://apis.map.qq.com/uri/v1/marker?{urlencode(tencent)}"),
        Way(_("Baidu Maps"), f"https://api.map.baidu.com/marker?{urlencode(baidu)}"),
        Way(_("Apple Maps"), f"https://maps.apple.com/?{urlencode({'daddr': f'{lat},{lon}', 'q': name})}"),
        Way(_("OpenStreetMap"), f"https://www.openstreetmap.org/?mlat={lat}&mlon={lon}#map=18/{lat}/{lon}"),
    ]
