"""Places from open data: files in (``reading``), what a row is worth (``judging``), rows out (``saving``)."""

from merchants.importing.report import Report, Trouble
from merchants.importing.rows import RawPlace, UnreadableFile

__all__ = ["RawPlace", "Report", "Trouble", "UnreadableFile"]
