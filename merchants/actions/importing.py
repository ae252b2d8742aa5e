"""Listing places from open data."""

from collections.abc import Callable
from datetime import datetime
from itertools import islice
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from merchants.importing.judging import Judge, Listing, RowRefused
from merchants.importing.kinds import Kinds
from merchants.importing.reading import read_places
from merchants.importing.report import Report, Trouble
from merchants.importing.rows import RawPlace
from merchants.importing.saving import prepare, save, take_stock
from merchants.models import Category

BATCH = 2000


@transaction.atomic
def import_places(
    path: Path,
    *,
    source: str,
    licence: str = "",
    zone: str = "",
    category: Category | None = None,
    moment: datetime | None = None,
    progress: Callable[[int], None] | None = None,
) -> Report:
    """List every usable place of a GeoJSON or CSV file; the same file again changes nothing.

    ``zone`` is the IANA zone of all of them (default: by each place), ``category`` what a place is whose
    tags and name don't say, ``progress`` is told the bytes read. Raises UnreadableFile, and then nothing
    is saved.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"import {source}"])
    kinds = Kinds(Category.objects.select_related("parent"), category)
    judge = Judge(source=source, kinds=kinds, moment=moment or timezone.now(), zone=zone, licence=licence)
    report, seen, batches = Report(), dict[str, int](), 0
    prepare()
    places = read_places(path, progress=progress)
    while batch := list(islice(places, BATCH)):
        report.read += len(batch)
        listings = [good for place in batch if (good := _judged(place, judge, report, seen))]
        saved = save(listings, source)
        report.added += saved.added
        report.changed += saved.changed
        report.claimed += saved.claimed
        report.unchanged += len(listings) - sum(saved)
        batches += 1
        if batches & (batches - 1) == 0:  # the first, second, fourth, eighth …: the tables have doubled
            take_stock()
    return report


def _judged(place: RawPlace, judge: Judge, report: Report, seen: dict[str, int]) -> Listing | None:
    """The listing, or None with the reason in the report. ``seen`` maps ids to the row they stood in."""

    def note(reason: object, *, refused: bool) -> None:
        report.troubles.append(
            Trouble(place.line, place.row, place.source_id[:60], place.name[:60], reason, refused)
        )

    try:
        listing, notes = judge.listing(place)
        if (first := seen.setdefault(listing.source_id, place.row)) != place.row:
            raise RowRefused(_("the same id as in row %(first)d"), first=first)
    except RowRefused as refusal:
        note(str(refusal), refused=True)
        return None
    for reason in notes:
        note(str(reason), refused=False)
    return listing
