"""Places as files bring them."""

import json
from pathlib import Path
from typing import Any

from merchants.actions import import_places
from merchants.importing import Report

NEW_YORK = {"type": "Point", "coordinates": [-73.997, 40.7158]}


def feature(source_id: Any = "node/1", geometry: Any = NEW_YORK, **tags: Any) -> dict[str, Any]:
    tags = {"amenity": "restaurant", "name": "Lotus House"} | tags
    properties = {"@id": source_id} | {key.replace("__", ":"): text for key, text in tags.items()}
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def brought_in(tmp_path: Path, *features: Any, **how: Any) -> Report:
    path = tmp_path / "places.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False))
    return import_places(path, **{"source": "osm"} | how)
