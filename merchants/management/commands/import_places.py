"""List places from open data: a GeoJSON FeatureCollection with OpenStreetMap tags, or a CSV."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from merchants.actions import import_places
from merchants.importing import Report
from merchants.models import Category
from portal.kernel.refused import Refused

SHOWN = 20


class Command(BaseCommand):
    help = "Import places (GeoJSON or CSV, also gzipped). Run twice, the second run changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", required=True, help="short name shown on each listing, such as osm")
        parser.add_argument("--licence", default="", help="licence and attribution, shown on each listing")
        parser.add_argument("--zone", default="", help="IANA time zone; default: the zone at each place")
        parser.add_argument("--category", default="", help="slug, for places whose tags and name don't say")
        parser.add_argument("--report", type=Path, help="write refused and noted rows to this CSV")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        source = options["source"].strip()
        if not 1 <= len(source) <= 40:
            raise CommandError("--source is a name of 1 to 40 characters.")
        try:
            with self._bar(path, options["verbosity"]) as bar:
                report = import_places(
                    path,
                    source=source,
                    licence=options["licence"][:120],
                    zone=_zone(options["zone"]),
                    category=_category(options["category"]),
                    progress=lambda read: bar.update(read - bar.n),
                )
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self._tell(report, options["report"])

    def _bar(self, path: Path, verbosity: int) -> Any:
        size = path.stat().st_size if path.is_file() else 0
        return tqdm(
            total=size, unit="B", unit_scale=True, desc=path.name, disable=verbosity == 0, leave=False
        )

    def _tell(self, report: Report, sheet: Path | None) -> None:
        refused, noted = report.refused, report.noted
        self.stdout.write(
            f"{report.read} read: {report.added} added, {report.changed} changed,"
            f" {report.unchanged} unchanged,"
            f" {report.claimed} claimed by their owner and left alone, {len(refused)} refused."
        )
        for reason, count in report.reasons().most_common():
            self.stdout.write(f"  refused {count:>6}  {reason}")
        if noted:
            self.stdout.write(f"  {len(noted)} rows were taken with something left out.")
        if sheet:
            report.write(sheet)
            self.stdout.write(f"  Every refused and noted row is in {sheet}.")
            return
        for trouble in report.troubles[:SHOWN]:
            self.stdout.write(
                f"  line {trouble.line}, row {trouble.row}: {trouble.name or '—'}: {trouble.reason}"
            )
        if len(report.troubles) > SHOWN:
            self.stdout.write(f"  … and {len(report.troubles) - SHOWN} more: --report FILE lists them all.")


def _zone(name: str) -> str:
    try:
        return str(ZoneInfo(name)) if name else ""
    except (KeyError, ValueError, OSError) as fault:
        raise CommandError(f"There is no time zone {name!r}; write one such as Asia/Shanghai.") from fault


def _category(slug: str) -> Category | None:
    found = Category.objects.filter(slug=slug).first() if slug else None
    if slug and found is None:
        raise CommandError(f"There is no category {slug!r}.")
    return found
