"""A file of old cases by a page: kept with its columns, tried at will, taken in once by a job."""

import csv
import io
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from complaints.actions.importing import import_cases, import_in_steps
from complaints.importing.uploads import unpacked
from complaints.models import CaseFile
from complaints.refusals import TakenInBefore
from loyalty.importing.files import read_table
from merchants.importing.report import Report
from portal.kernel.codes import new_code
from portal.kernel.jobs import Running, job_kind, start_job
from portal.kernel.models import User
from portal.kernel.refused import KeyReused

TAKE_IN = "complaints.import_cases"


@transaction.atomic
def upload_cases(content: bytes, *, name: str, source: str, zone: ZoneInfo, by: User, key: UUID) -> CaseFile:
    """Keep a file that can be read, CSV or workbook, also gzipped. The same key keeps it once."""
    if earlier := CaseFile.objects.filter(key=key).first():
        if earlier.by_id != by.pk:
            raise KeyReused
        return earlier
    content = unpacked(content)
    read_table(content)
    return CaseFile.objects.create(
        token=new_code(16),
        name=name[:120],
        content=content,
        source=source,
        zone=zone.key,
        key=key,
        by=by,
    )


@transaction.atomic
def try_cases(
    file: CaseFile, *, columns: Mapping[str, str], reasons: Mapping[str, str], moment: datetime
) -> Report:
    """What taking the file in would do; the choice is kept, nothing else is."""
    file = _held(file)
    file.columns, file.reasons = dict(columns), dict(reasons)
    file.save(update_fields=["columns", "reasons"])
    return import_cases(**_asked(file), moment=moment, is_trial=True)


@transaction.atomic
def start_taking_in(
    file: CaseFile, *, columns: Mapping[str, str], reasons: Mapping[str, str], by: User
) -> CaseFile:
    """Begin the job, once; where the file lacks what is needed, nothing begins."""
    try_cases(file, columns=columns, reasons=reasons, moment=timezone.now())
    file = _held(file)
    file.job = start_job(TAKE_IN, by=by, params={"file": file.pk})
    file.save(update_fields=["job"])
    return file


@job_kind(TAKE_IN, _("Taking in old cases"))
def take_in(running: Running) -> None:
    """Begun again after a break, it finds what it kept before unchanged; refused rows are the result."""
    file = CaseFile.objects.select_related("by").get(pk=running.params["file"])
    report = import_in_steps(**_asked(file), moment=timezone.now(), tell=running.progress)
    if report.refused:
        running.save_result("refused.csv", _sheet(report))
    note = gettext("%(added)d added, %(changed)d changed, %(unchanged)d unchanged")
    counts = {"added": report.added, "changed": report.changed, "unchanged": report.unchanged}
    running.finish_with(note=note % counts, failed_rows=len(report.refused))


def _asked(file: CaseFile) -> dict[str, Any]:
    return {
        "content": bytes(file.content),
        "source": file.source,
        "zone": ZoneInfo(file.zone),
        "columns": file.columns,
        "reasons": file.reasons,
        "by": file.by,
    }


def _held(file: CaseFile) -> CaseFile:
    held = CaseFile.objects.select_for_update(no_key=True).get(pk=file.pk)
    if held.job_id:
        raise TakenInBefore
    return held


def _sheet(report: Report) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(report.rows())
    return text.getvalue().encode("utf-8-sig")
