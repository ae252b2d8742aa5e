"""What a row is worth: a listing, or a reason why not. Dirt that does no harm is left out and noted."""

import math
import re
from dataclasses import dataclass, fields
from datetime import datetime
from hashlib import blake2b
from typing import Any

from django.utils.translation import gettext_lazy as _

from merchants.actions.shops import FARTHEST_LATITUDE, zone_at
from merchants.finding.folding import HAN, findable
from merchants.finding.search import category_words
from merchants.importing.kinds import Kinds
from merchants.importing.rows import RawPlace
from merchants.models import Category
from merchants.opening import hours as opening_hours
from merchants.slugs import slug_of
from portal.kernel.codes import ALPHABET
from portal.kernel.forms import clean_text
from portal.kernel.refused import Refused

LONGEST_NAME, LONGEST_ADDRESS, LONGEST_PHONE, LONGEST_ID = 120, 200, 60, 60
OSM_LICENCE = "© OpenStreetMap contributors, ODbL 1.0"
OSM_ID = re.compile(r"(node|way|relation)/\d+")
DAY = "Mo|Tu|We|Th|Fr|Sa|Su|PH"
DAYS_APART = re.compile(rf"\b({DAY})\s*-\s*({DAY})\b")
DAYS_CLOSE = re.compile(rf"(\d|off|closed),({DAY})\b")
SEVERAL = re.compile(r"\s*[;,/、；，]\s*")


class RowRefused(Refused):
    """Why this row doesn't become a listing."""


@dataclass(frozen=True, slots=True)
class Listing:
    """The columns of a shop that an import writes, in the order of the staging table."""

    source_id: str
    category_id: int
    slug: str
    name: str
    name_en: str
    address: str
    phone: str
    lon: float
    lat: float
    time_zone: str
    hours: str
    opens_at: datetime | None
    closes_at: datetime | None
    next_change_at: datetime | None
    search_text: str
    bigrams: list[str]
    source_licence: str


COLUMNS = [field.name for field in fields(Listing)]


@dataclass(frozen=True)
class Judge:
    """What is the same for all rows: ``zone`` "" means by the place, ``licence`` "" by the source."""

    source: str
    kinds: Kinds
    moment: datetime
    zone: str = ""
    licence: str = ""

    def listing(self, place: RawPlace) -> tuple[Listing, list[Any]]:
        """The listing and what was left out of it. Raises RowRefused."""
        lon, lat = coordinates(place)
        tags = {key: clean_text(text).strip() for key, text in place.tags.items()}
        category = self._category(tags)
        name, name_en = names(tags)
        notes: list[Any] = []
        zone = self.zone or zone_at(lat, lon) or "UTC"
        hours = _hours(tags.get("opening_hours", ""), notes)
        opens_at, closes_at, next_change_at = opening_hours.opening(hours, zone, self.moment)
        words = findable([name, name_en, tags.get("alt_name", "")], category_words(category))
        return Listing(
            source_id=self._source_id(place),
            category_id=category.pk,
            slug=f"{slug_of(name_en or name, limit=60)}-{_token(self.source, place.source_id)}",
            name=name,
            name_en=name_en,
            address=address(tags)[:LONGEST_ADDRESS],
            phone=phone(tags, notes),
            lon=lon,
            lat=lat,
            time_zone=zone,
            hours=hours,
            opens_at=opens_at,
            closes_at=closes_at,
            next_change_at=next_change_at,
            search_text=words.search_text,
            bigrams=words.bigrams,
            source_licence=self.licence or (OSM_LICENCE if self._is_osm(place) else ""),
        ), notes

    def _is_osm(self, place: RawPlace) -> bool:
        return self.source.lower().startswith(("osm", "openstreetmap")) or bool(
            OSM_ID.fullmatch(place.source_id)
        )

    def _source_id(self, place: RawPlace) -> str:
        source_id = clean_text(place.source_id).strip()
        if not source_id:
            raise RowRefused(_("no id: without one a second import would list the place twice"))
        if len(source_id) > LONGEST_ID:
            raise RowRefused(_("the id is longer than %(most)d characters"), most=LONGEST_ID)
        return source_id

    def _category(self, tags: dict[str, str]) -> Category:
        category = self.kinds.of(tags)
        if category is None:
            raise RowRefused(_("no category of the portal fits its tags"))
        return category


def coordinates(place: RawPlace) -> tuple[float, float]:
    """Longitude and latitude in WGS-84 degrees. Raises RowRefused."""
    try:
        lon, lat = float(str(place.lon).strip()), float(str(place.lat).strip())
    except ValueError as fault:
        raise RowRefused(_("no coordinates")) from fault
    if not (math.isfinite(lon) and math.isfinite(lat)) or abs(lat) > 90 or abs(lon) > 180:
        raise RowRefused(_("coordinates outside the globe"))
    if abs(lat) > FARTHEST_LATITUDE:
        raise RowRefused(_("too close to a pole to be a street corner"))
    if lat == 0 and lon == 0:
        raise RowRefused(_("no coordinates"))
    return lon, lat


def names(tags: dict[str, str]) -> tuple[str, str]:
    """The name on the door, Chinese where there is one, and the English one. Raises RowRefused."""
    given, english = tags.get("name", ""), tags.get("name:en", "")
    chinese = next(
        filter(None, (tags.get(key, "") for key in ("name:zh-Hans", "name:zh", "name:zh-Hant"))), ""
    )
    if chinese and not HAN.search(given):
        english = english or given
    name = (given if HAN.search(given) else chinese or given) or english
    if not any(letter.isalnum() for letter in name):
        raise RowRefused(_("no name"))
    if len(name) > LONGEST_NAME or len(english) > LONGEST_NAME:
        raise RowRefused(_("the name is longer than %(most)d characters"), most=LONGEST_NAME)
    return name, "" if english == name else english


def address(tags: dict[str, str]) -> str:
    """As published where it is one text; else large to small in Chinese, small to large elsewhere."""
    if whole := tags.get("addr:full"):
        return whole
    house, street = tags.get("addr:housenumber", ""), tags.get("addr:street", "")
    cities = [tags.get(key, "") for key in ("addr:province", "addr:city", "addr:district")]
    if HAN.search(street + "".join(cities)):
        number = f"{house}号" if house.isdigit() else house
        return "".join([*cities, street, number])
    place = " ".join(filter(None, [tags.get("addr:state") or cities[0], tags.get("addr:postcode", "")]))
    return ", ".join(filter(None, [" ".join(filter(None, [house, street])), cities[1], place]))


def phone(tags: dict[str, str], notes: list[Any]) -> str:
    """As published, full-width digits and all; several numbers stay together while they fit."""
    said = [tags.get(key, "") for key in ("phone", "contact:phone", "contact:mobile")]
    numbers = list(dict.fromkeys(filter(None, said)))
    if numbers and sum(map(str.isdigit, "".join(numbers))) < 3:
        notes.append(_("the phone has fewer than three digits and was left out"))
        return ""
    text = "; ".join(numbers)
    while len(text) > LONGEST_PHONE:
        kept = SEVERAL.split(text)[:-1]
        if not kept:
            notes.append(_("the phone is longer than sixty characters and was left out"))
            return ""
        text = "; ".join(kept)
    return text


def _hours(text: str, notes: list[Any]) -> str:
    try:
        return opening_hours.understood(text)
    except Refused as refusal:
        tidy = _tidied(text)
        if tidy != text:
            return _hours(tidy, notes)
        notes.append(str(refusal))
        return ""


def _tidied(text: str) -> str:
    """The slips that leave no doubt: ``Mo - Th`` and days right behind a comma; ``Mo-Sat`` stays refused."""
    joined = DAYS_APART.sub(r"\1-\2", text)
    return DAYS_CLOSE.sub(r"\1, \2", joined)


def _token(source: str, source_id: str) -> str:
    """Eight characters that are the same at every import, so that the address of a listing stays."""
    number = int.from_bytes(
        blake2b(f"{source}\n{source_id}".encode(errors="replace"), digest_size=5).digest()
    )
    return "".join(ALPHABET[number >> shift & 31] for shift in range(0, 40, 5)).lower()
