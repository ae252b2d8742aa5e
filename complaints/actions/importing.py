"""Taking in old cases: tried first if wanted, and twice changes nothing."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from complaints.importing.columns import columns_of
from complaints.importing.rows import OldCase, Reading, read_cases
from complaints.models import CaseImport, PastCase
from complaints.reasons.tree import reason_tree
from loyalty.importing.files import read_table
from merchants.importing.report import Report
from merchants.models import Merchant
from portal.kernel.models import User

BATCH = 500


@transaction.atomic
def import_cases(content: bytes, **asked: Any) -> Report:
    """All of ``import_in_steps`` or nothing of it."""
    return import_in_steps(content, **asked)


def import_in_steps(
    content: bytes,
    *,
    source: str,
    zone: ZoneInfo,
    columns: Mapping[str, str],
    reasons: Mapping[str, str],
    by: User | None,
    moment: datetime,
    is_trial: bool = False,
    tell: Callable[[int, int], None] | None = None,
) -> Report:
    """Keep what a file says of old cases; a case that stands there already is changed where it differs.

    A trial reads and compares the same and keeps nothing. ``tell`` hears how many of how many are done, each
    time that a step is kept.
    """
    table = read_table(content)
    found = columns_of(table.rows[0], columns)
    report = Report()
    slugs = dict(Merchant.objects.values_list("slug", "pk")) if "merchant" in found.places else {}
    cases = read_cases(table, Reading(found, zone, reasons, reason_tree(), slugs, moment), report)
    for start in range(0, len(cases), BATCH):
        _take(cases[start : start + BATCH], source, report, is_trial)
        if tell:
            tell(min(start + BATCH, len(cases)), len(cases))
    if not is_trial:
        mapping = {"columns": found.headings, "reasons": dict(reasons), "zone": zone.key}
        _write_down(report, source, mapping, by, moment)
    return report


@transaction.atomic
def _take(cases: list[OldCase], source: str, report: Report, is_trial: bool) -> None:
    numbers = [case.number for case in cases]
    known = {case.number: case for case in PastCase.objects.filter(source=source, number__in=numbers)}
    new, changed = [], []
    for case in cases:
        facts = asdict(case)
        before = known.get(case.number)
        if before is None:
            new.append(PastCase(source=source, **facts))
        elif differing := [name for name, value in facts.items() if getattr(before, name) != value]:
            for name in differing:
                setattr(before, name, facts[name])
            changed.append(before)
    report.added += len(new)
    report.changed += len(changed)
    report.unchanged += len(cases) - len(new) - len(changed)
    if is_trial:
        return
    PastCase.objects.bulk_create(new)
    if changed:
        PastCase.objects.bulk_update(changed, [name for name in asdict(cases[0]) if name != "number"])


def _write_down(
    report: Report, source: str, mapping: dict[str, Any], by: User | None, moment: datetime
) -> None:
    CaseImport.objects.create(
        source=source,
        mapping=mapping,
        read=report.read,
        added=report.added,
        changed=report.changed,
        unchanged=report.unchanged,
        refused=len(report.refused),
        by=by,
        at=moment,
    )
