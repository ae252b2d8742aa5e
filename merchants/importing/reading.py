"""Opening a file of places: plain or gzipped, GeoJSON or CSV, told apart by what is in it."""

import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext_lazy as _

from merchants.importing import geojson, table
from merchants.importing.rows import RawPlace, UnreadableFile

GZIP = b"\x1f\x8b"


def read_places(path: Path, *, progress: Callable[[int], None] | None = None) -> Iterator[RawPlace]:
    """Every row of the file. ``progress`` is told the bytes read so far, of the file as it lies there."""
    try:
        with path.open("rb") as raw:
            for place in _parsed(raw):
                yield place
                if progress and place.row % 500 == 0:
                    progress(raw.tell())
    except UnicodeDecodeError as fault:
        raise UnreadableFile(_("The file is not UTF-8 text. Nothing was saved.")) from fault
    except (EOFError, gzip.BadGzipFile, zlib.error) as fault:
        raise UnreadableFile(_("The gzip file is damaged or cut off. Nothing was saved.")) from fault
    except OSError as fault:
        raise UnreadableFile(_("The file can't be opened: %(reason)s."), reason=fault.strerror) from fault


def _parsed(raw: IO[bytes]) -> Iterator[RawPlace]:
    zipped = raw.read(2) == GZIP
    raw.seek(0)
    plain: Any = gzip.open(raw) if zipped else raw  # noqa: SIM115 - closed with raw
    text = io.TextIOWrapper(plain, encoding="utf-8-sig", newline="")
    start = text.read(4096).lstrip()
    text.seek(0)
    return geojson.places(text) if start.startswith(("{", "[")) else table.places(text)
