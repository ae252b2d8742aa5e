"""A CSV with ``lon``, ``lat``, ``name`` and tags: as columns, as one JSON column, or as key and value."""

import csv
import json
from collections.abc import Iterator
from hashlib import blake2b
from typing import TextIO

from django.utils.translation import gettext_lazy as _

from merchants.importing.rows import RawPlace, UnreadableFile

ALSO_CALLED = {
    "longitude": "lon",
    "lng": "lon",
    "latitude": "lat",
    "name_en": "name:en",
    "name_zh": "name:zh",
    "address": "addr:full",
    "fclass": "amenity",
    "osm_id": "@id",
    "id": "@id",
}
IN_JSON = ("tags", "other_tags")
LONGEST_CELL = 1 << 24


def places(file: TextIO) -> Iterator[RawPlace]:
    csv.field_size_limit(LONGEST_CELL)
    lines = csv.reader(file)
    try:
        header = [ALSO_CALLED.get(cell.strip().lower(), cell.strip()) for cell in next(lines, [])]
        _check(header)
        for row, cells in enumerate(lines, 1):
            if cells:
                yield _place(dict(zip(header, cells, strict=False)), lines.line_num, row)
    except csv.Error as fault:
        raise UnreadableFile(
            _("Line %(line)d can't be read as CSV. Nothing was saved."), line=lines.line_num
        ) from fault


def _check(header: list[str]) -> None:
    if not header:
        raise UnreadableFile(_("The file is empty."))
    if missing := [name for name in ("lon", "lat", "name") if name not in header]:
        raise UnreadableFile(
            _("The first line names no column %(missing)s. The columns lon, lat and name are needed."),
            missing=", ".join(missing),
        )


def _place(cells: dict[str, str], line: int, row: int) -> RawPlace:
    lon, lat, source_id = cells.pop("lon", ""), cells.pop("lat", ""), cells.pop("@id", "").strip()
    tags: dict[str, str] = {}
    for column in IN_JSON:
        tags |= _from_json(cells.pop(column, ""))
    if cells.get("key") and cells.get("value"):
        tags[cells.pop("key")] = cells.pop("value")
    tags |= {key: text for key, text in cells.items() if text.strip()}
    if not source_id:
        facts = f"{tags.get('name', '')}|{lon}|{lat}"
        source_id = "~" + blake2b(facts.encode(errors="replace"), digest_size=10).hexdigest()
    return RawPlace(line=line, row=row, source_id=source_id, lon=lon, lat=lat, tags=tags)


def _from_json(cell: str) -> dict[str, str]:
    """Tags from a JSON object; anything else in the cell carries none."""
    if not cell.lstrip().startswith("{"):
        return {}
    try:
        found = json.loads(cell)
    except (ValueError, RecursionError):
        return {}
    return {str(key): str(value) for key, value in found.items() if isinstance(value, str | int | float)}
