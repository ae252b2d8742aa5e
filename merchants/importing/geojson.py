"""A GeoJSON FeatureCollection (RFC 7946), one feature at a time however long the file is."""

import json
from collections.abc import Iterator
from typing import Any, TextIO

from django.utils.translation import gettext_lazy as _

from merchants.importing.rows import RawPlace, UnreadableFile

CHUNK = 1 << 16
LONGEST_VALUE = 1 << 24  # characters of one feature
DEEPEST = 6  # a MultiPolygon's numbers lie four lists deep


class _Stream:
    """JSON values off a text file, knowing the line that each begins at."""

    def __init__(self, file: TextIO) -> None:
        self.file, self.text, self.at, self.line, self.ended = file, "", 0, 1, False
        self.decode = json.JSONDecoder().raw_decode

    def broken(self) -> UnreadableFile:
        return UnreadableFile(
            _("Line %(line)d is not valid JSON; the file may be cut off. Nothing was saved."), line=self.line
        )

    def _more(self) -> None:
        self.line += self.text.count("\n", 0, self.at)
        wanted = max(CHUNK, len(self.text) - self.at)
        read = self.file.read(wanted)
        self.text, self.at, self.ended = self.text[self.at :] + read, 0, not read

    def peek(self) -> str:
        """The next character that isn't space; "" at the end of the file."""
        while True:
            while self.at < len(self.text):
                if not self.text[self.at].isspace():
                    return self.text[self.at]
                self.at += 1
            if self.ended:
                return ""
            self._more()

    def expect(self, *wanted: str) -> str:
        found = self.peek()
        if found not in wanted or not found:
            raise self.broken()
        self.at += 1
        return found

    def begins_at(self) -> int:
        self.peek()
        return self.line + self.text.count("\n", 0, self.at)

    def value(self) -> Any:
        self.peek()
        while True:
            try:
                found, end = self.decode(self.text, self.at)
                if end < len(self.text) or self.ended:  # else a number may go on
                    self.at = end
                    return found
            except json.JSONDecodeError as fault:
                cut_short = fault.msg.startswith("Unterminated") or fault.pos >= len(self.text) - 8
                if self.ended or not cut_short or len(self.text) - self.at > LONGEST_VALUE:
                    raise self.broken() from fault
            except (ValueError, RecursionError) as fault:  # a number of 5,000 digits, lists without end
                raise self.broken() from fault
            self._more()


def places(file: TextIO) -> Iterator[RawPlace]:
    """Every feature, also those that can't be used. Raises UnreadableFile, at the end at the latest."""
    stream, kind, listed = _Stream(file), "FeatureCollection", False
    if stream.peek() == "":
        raise UnreadableFile(_("The file is empty."))
    stream.expect("{")
    while True:
        key = stream.value()
        stream.expect(":")
        if key == "features":
            listed = True
            yield from _features(stream)
        elif key == "type":
            kind = stream.value()
        else:
            stream.value()
        if stream.expect(",", "}") == "}":
            break
    if stream.peek():
        raise stream.broken()
    if kind != "FeatureCollection" or not listed:
        raise UnreadableFile(
            _("This is JSON but not a GeoJSON FeatureCollection (RFC 7946). Nothing was saved.")
        )


def _features(stream: _Stream) -> Iterator[RawPlace]:
    stream.expect("[")
    if stream.peek() == "]":
        stream.at += 1
        return
    row = 0
    while True:
        row, line = row + 1, stream.begins_at()
        yield _place(stream.value(), line, row)
        if stream.expect(",", "]") == "]":
            return


def _place(feature: Any, line: int, row: int) -> RawPlace:
    feature = feature if isinstance(feature, dict) else {}
    properties = feature.get("properties")
    tags = properties if isinstance(properties, dict) else {}
    source_id = tags.get("@id") or tags.get("id") or feature.get("id") or ""
    plain = {str(key): str(value) for key, value in tags.items() if isinstance(value, str | int | float)}
    lon, lat = centre(feature.get("geometry"))
    return RawPlace(line=line, row=row, source_id=str(source_id), lon=lon, lat=lat, tags=plain)


def centre(geometry: Any) -> tuple[object, object]:
    """A point's coordinates, or the centre of the box around a line or an area; None, None without any."""
    if not isinstance(geometry, dict):
        return None, None
    pairs = list(_pairs(geometry.get("coordinates"), DEEPEST))
    if not pairs:
        return None, None
    lons, lats = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    return (min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2


def _pairs(coordinates: Any, depth: int) -> Iterator[tuple[float, float]]:
    if not isinstance(coordinates, list) or depth == 0:
        return
    if len(coordinates) >= 2 and all(_is_number(number) for number in coordinates[:2]):
        yield float(coordinates[0]), float(coordinates[1])
    else:
        for inner in coordinates:
            yield from _pairs(inner, depth - 1)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e6
