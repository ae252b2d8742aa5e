"""Take in old cases from a CSV or a workbook, for the figures."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from complaints import actions
from complaints.importing.columns import HEADINGS
from complaints.importing.uploads import unpacked
from complaints.reasons.tree import reason_tree
from merchants.importing.report import Report
from portal.kernel.refused import Refused


class Command(BaseCommand):
    help = "Import old cases (CSV or .xlsx, also gzipped). Run twice, the second run changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", required=True, help="short name of where the cases come from")
        parser.add_argument("--zone", default=settings.TIME_ZONE, help="IANA time zone of the file's times")
        parser.add_argument(
            "--column",
            action="append",
            default=[],
            metavar="FIELD=HEADING",
            help=f"fields: {', '.join(HEADINGS)}; the usual headings are known; FIELD=- leaves one out",
        )
        parser.add_argument(
            "--reason",
            action="append",
            default=[],
            metavar="WORD=REASON",
            help="what a word of the file means: the code of a reason, such as quality",
        )
        parser.add_argument("--dry-run", action="store_true", help="read, compare and tell; keep nothing")
        parser.add_argument("--report", type=Path, help="write refused rows to this CSV")

    def handle(self, *args: Any, **options: Any) -> None:
        source = options["source"].strip()
        if not 1 <= len(source) <= 40:
            raise CommandError("--source is a name of 1 to 40 characters.")
        try:
            report = actions.import_cases(
                _content(options["file"]),
                source=source,
                zone=_zone(options["zone"]),
                columns=_pairs("--column", options["column"], left=list(HEADINGS)),
                reasons=_pairs("--reason", options["reason"], right=list(reason_tree().of_code)),
                by=None,
                moment=timezone.now(),
                is_trial=options["dry_run"],
            )
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self._tell(report, options)

    def _tell(self, report: Report, options: dict[str, Any]) -> None:
        would = "would be " if options["dry_run"] else ""
        self.stdout.write(
            f"{report.read} read: {report.added} {would}added, {report.changed} {would}changed,"
            f" {report.unchanged} unchanged, {len(report.refused)} refused."
        )
        for reason, count in report.reasons().most_common():
            self.stdout.write(f"  refused {count:>6}  {reason}")
        if options["report"]:
            report.write(options["report"])
            self.stdout.write(f"  Every refused row is in {options['report']}.")


def _content(path: Path) -> bytes:
    """No more is unpacked than the reader takes."""
    try:
        return unpacked(path.read_bytes())
    except OSError as fault:
        raise CommandError(f"The file can't be read: {fault}") from fault
    except Refused as refusal:
        raise CommandError(str(refusal)) from refusal


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as fault:
        raise CommandError(f"There is no time zone {name!r}; write one such as Asia/Shanghai.") from fault


def _pairs(
    option: str, said: list[str], *, left: list[str] | None = None, right: list[str] | None = None
) -> dict[str, str]:
    pairs = {}
    for one in said:
        name, equals, value = one.rpartition("=") if right else one.partition("=")
        if not equals or (left and name not in left) or (right and value not in right):
            raise CommandError(f"{option} {one!r} can't be read; one of {', '.join(left or right or [])}.")
        pairs[name] = value
    return pairs
