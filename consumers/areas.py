"""Named places to look from: the parts of town to choose among, and districts that somebody may type."""

import csv
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.text import slugify
from django.utils.translation import get_language

from merchants.finding.folding import fold, sounds

DIVISIONS = Path(settings.ROOT) / "data" / "divisions.csv"


@dataclass(frozen=True)
class Area:
    """A part of town that can be chosen without telling where one is; the first one is the default."""

    zh: str
    en: str
    lat: float
    lon: float
    within_m: int = 3000

    @property
    def name(self) -> str:
        return self.en if (get_language() or "").startswith("en") else self.zh

    @property
    def point(self) -> str:
        return f"{self.lat},{self.lon}"

    @property
    def slug(self) -> str:
        return slugify(self.en.replace("'", ""))


@cache
def areas() -> tuple[Area, ...]:
    """The parts of town of this deployment, from the file that ``AREAS_FILE`` names."""
    rows = json.loads(Path(settings.AREAS_FILE).read_text("utf-8"))
    return tuple(Area(**row) for row in rows)


@cache
def districts() -> tuple[Area, ...]:
    """Wider than the parts of town, from ``data/divisions.csv``."""
    with DIVISIONS.open(encoding="utf-8", newline="") as file:
        return tuple(
            Area(row["zh"], row["en"], float(row["lat"]), float(row["lon"]), within_m=8000)
            for row in csv.DictReader(file)
        )


@cache
def _called() -> tuple[tuple[tuple[str, ...], Area], ...]:
    """Each area with what it may be called: 徐汇区, 上海徐汇, xuhui, xhq, Xuhui, Xuhui, Shanghai."""
    entries = []
    for area in (*areas(), *districts()):
        names = {fold(area.zh), fold(area.zh)[2:], fold(area.en), fold(area.en.split(",")[0])}
        every = {*names, *(name.removesuffix("区") for name in names)}
        entries.append(
            (tuple(filter(None, {*every, *(one for name in every for one in sounds(name))})), area)
        )
    return tuple(entries)


def area_at(slug: str) -> Area | None:
    """The area of that address."""
    return next((area for area in (*areas(), *districts()) if area.slug == slug), None)


def area_called(text: str) -> Area | None:
    """The area somebody means: by its whole name, else the first whose name begins so."""
    typed = fold(text)
    if len(typed) < 2:
        return None
    exact = (area for names, area in _called() if typed in names)
    begun = (area for names, area in _called() if any(name.startswith(typed) for name in names))
    return next(exact, None) or next(begun, None)
