"""Bringing members along from an old list: upload, columns, check, and the decision to go ahead."""

import base64
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from loyalty.actions.giving import judge_end
from loyalty.importing.files import Table, read_table
from loyalty.importing.headers import Field, find_header, guess
from loyalty.importing.judging import Read, read_members
from loyalty.importing.level_names import hear_levels, ranks_by_name
from loyalty.importing.matching import KINDS, Known
from loyalty.models import Account, ImportRow, ImportState, LevelRule, MemberImport, Outcome
from loyalty.models.importing import BROUGHT_IN
from loyalty.terms import today_of
from merchants.models import Merchant, Role, StaffMember
from portal.kernel.audit import context
from portal.kernel.codes import new_code
from portal.kernel.jobs import Running, start_job
from portal.kernel.models import User
from portal.kernel.refused import KeyReused, Refused

CHUNK = 500
DECIDED = [
    "state",
    "job",
    "mapping",
    "header",
    "region",
    "levels",
    "level_until",
    "before",
    "confirmed_by",
    "confirmed_at",
    "undone_by",
    "undone_at",
]
CHECK, BRING, TAKE_BACK = "loyalty.check_import", "loyalty.bring_members", "loyalty.take_back_import"


class BroughtAlready(Refused):
    status = 409
    sentence = _("This very file was imported on %(day)s already. Nothing is put on a card twice.")


class NotNow(Refused):
    status = 409
    sentence = _("This import has moved on meanwhile. Look at it again.")


class NobodyKnown(Refused):
    sentence = _("Choose the column with the phone numbers, or the one with the old card numbers.")


class ColumnTwice(Refused):
    sentence = _("Two things can't be read from the same column.")


class NothingToBring(Refused):
    sentence = _("No row of this file brings anything. Mend it and upload it again.")


class OwnerDecides(Refused):
    sentence = _(
        "This file brings money, levels, or more points than managers may give in a day (%(limit)d)."
        " Only the owner can confirm it."
    )


class NotYourImport(Refused):
    sentence = _("Only owners and managers import members.")


def offered() -> list[str]:
    """What columns may be chosen for: people's facts, and the kinds of value that there are."""
    money = [kind for kind in KINDS if kind != Field.POINTS]
    return [*Field.values, *money]


@transaction.atomic
def upload_members(
    merchant: Merchant, content: bytes, *, name: str, by: User, key: UUID, sheet: str = ""
) -> MemberImport:
    """Take a file in, sealed, and guess its columns. Raises Unreadable, and then nothing is kept."""
    digest = sha256(content).hexdigest()
    if earlier := MemberImport.objects.of(merchant).filter(key=key).first():
        if earlier.digest != digest:
            raise KeyReused
        return earlier
    _not_yet_brought(merchant, digest)
    table = read_table(content, sheet)
    header = find_header(table.rows)
    return MemberImport.objects.create(
        merchant=merchant,
        token=new_code(16),
        key=key,
        name=name[-120:],
        digest=digest,
        content=base64.b64encode(content).decode(),
        sheet=table.sheet[:80],
        header=header,
        mapping=guess(table.rows[header], offered=offered()),
        region=settings.PHONENUMBER_DEFAULT_REGION,
        by=by,
    )


def _not_yet_brought(merchant: Merchant, digest: str) -> None:
    same = MemberImport.objects.of(merchant).filter(digest=digest, state__in=BROUGHT_IN).first()
    if same and same.confirmed_at:
        raise BroughtAlready(day=timezone.localtime(same.confirmed_at).strftime("%Y-%m-%d"))


def table_of(batch: MemberImport) -> Table:
    """The file's rows; empty once it was forgotten."""
    return read_table(base64.b64decode(batch.content), batch.sheet) if batch.content else Table([])


@transaction.atomic
def choose_sheet(batch: MemberImport, sheet: str) -> MemberImport:
    """Another sheet of the workbook: its columns are guessed anew."""
    batch = _held(batch, ImportState.UPLOADED, ImportState.CHECKED)
    table = read_table(base64.b64decode(batch.content or ""), sheet)
    batch.sheet, batch.header = table.sheet[:80], find_header(table.rows)
    batch.mapping = guess(table.rows[batch.header], offered=offered()) if table.rows else {}
    batch.state = ImportState.UPLOADED
    batch.save(update_fields=["sheet", "header", "mapping", "state"])
    return batch


@transaction.atomic
def check_members(
    batch: MemberImport, *, mapping: dict[str, int], header: int, region: str, by: User
) -> MemberImport:
    """Choose the columns and look through all rows in the background; nothing is written to any card."""
    batch = _held(batch, ImportState.UPLOADED, ImportState.CHECKED, ImportState.CHECKING)
    if batch.state == ImportState.CHECKING and not batch.is_stuck:
        return batch
    if not {Field.PHONE.value, Field.NUMBER.value} & set(mapping):
        raise NobodyKnown
    if len(set(mapping.values())) < len(mapping):
        raise ColumnTwice
    batch.mapping, batch.header, batch.region = mapping, header, region
    return _set_to_work(batch, ImportState.CHECKING, CHECK, by)


@transaction.atomic
def choose_again(batch: MemberImport) -> MemberImport:
    """Back to the columns; what was checked is checked anew."""
    batch = _held(batch, ImportState.CHECKED, ImportState.UPLOADED, ImportState.CHECKING)
    batch.state = ImportState.UPLOADED
    batch.save(update_fields=["state"])
    return batch


def look_through(running: Running) -> None:
    """The work of checking. Broken off, it begins anew: nothing but its own rows was written."""
    batch = MemberImport.objects.get(pk=running.params["import"])
    today = today_of(batch.merchant)
    rows = read_members(
        table_of(batch), header=batch.header, mapping=batch.mapping, region=batch.region, today=today
    )
    hear_levels(batch, rows, today)
    ImportRow.objects.filter(batch=batch).delete()
    for start in range(0, len(rows), CHUNK):
        if not _check_chunk(batch, rows[start : start + CHUNK], running):
            return
        running.progress(min(start + CHUNK, len(rows)), len(rows))
    counts = _finish_check(batch, running)
    running.finish_with(failed_rows=counts.get(Outcome.BAD, 0))


@transaction.atomic
def _check_chunk(batch: MemberImport, rows: list[Read], running: Running) -> bool:
    held = MemberImport.objects.locked().select_related("merchant__programme", "by").get(pk=batch.pk)
    if held.state != ImportState.CHECKING or held.job_id != running.job.pk:
        return False  # somebody went back to the columns
    facts, levels = [row.facts for row in rows], ranks_by_name(held.levels)
    known = Known.about(held.merchant.programme, running.job.by, facts, levels)
    ImportRow.objects.bulk_create([_row(held, row, known) for row in rows])
    return True


def _row(batch: MemberImport, read: Read, known: Known) -> ImportRow:
    outcome, reasons = (Outcome.BAD, read.reasons) if read.reasons else known.judge(read.facts)
    card = known.card(read.facts)
    brought = known.to_bring(read.facts, card) if outcome == Outcome.CHANGE else None
    values = {kind: read.facts.worth(kind) for kind in KINDS}
    if brought is not None:
        values = {kind: brought.get(kind, 0) for kind in KINDS}
    return ImportRow(
        merchant_id=batch.merchant_id,
        batch=batch,
        number=read.number,
        sealed=read.sealed(),
        rank=0 if outcome == Outcome.BAD else known.rank(read.facts, card),
        outcome=outcome,
        reasons=reasons,
        **values,
    )


@transaction.atomic
def _finish_check(batch: MemberImport, running: Running) -> dict[str, int]:
    batch = MemberImport.objects.locked().get(pk=batch.pk)
    batch.counts = count_rows(batch)
    if batch.state == ImportState.CHECKING and batch.job_id == running.job.pk:
        batch.state = ImportState.CHECKED
    batch.save(update_fields=["counts", "state"])
    return batch.counts


def count_rows(batch: MemberImport) -> dict[str, int]:
    """Outcome → rows."""
    rows = ImportRow.objects.filter(batch=batch).order_by().values_list("outcome")
    return dict(rows.annotate(number=Count("pk")))


@transaction.atomic
def confirm_import(batch: MemberImport, *, by: User, moment: datetime | None = None) -> MemberImport:
    """Go ahead: cards and opening balances are written in the background. Also goes on after a break."""
    moment = moment or timezone.now()
    batch = _held(batch, ImportState.CHECKED, ImportState.IMPORTING)
    if batch.state == ImportState.IMPORTING and not batch.is_stuck:
        return batch
    to_bring = ImportRow.objects.filter(batch=batch).to_bring()
    if batch.state == ImportState.CHECKED and not to_bring.exists():
        raise NothingToBring
    _may_confirm(batch, by)
    if batch.state == ImportState.CHECKED:
        _levels_end_later(batch, moment)
        batch.confirmed_by, batch.confirmed_at, batch.before = by, moment, held_by_all(batch.merchant)
    try:
        with transaction.atomic():
            return _set_to_work(batch, ImportState.IMPORTING, BRING, by)
    except IntegrityError as fault:
        if "same_file_brought_in_once" not in str(fault):
            raise
        _not_yet_brought(batch.merchant, batch.digest)
        raise NotNow from fault


def _levels_end_later(batch: MemberImport, moment: datetime) -> None:
    """The check may lie some days back."""
    rule = LevelRule.objects.filter(programme__merchant=batch.merchant_id).first()
    if rule and batch.level_until and any(said["rank"] for said in batch.levels.values()):
        judge_end(rule, batch.level_until, moment)


def held_by_all(merchant: Merchant) -> dict[str, int]:
    """Kind of value → what all the merchant's cards hold of it together: what the shop owes."""
    accounts: QuerySet[Account, Any] = (
        Account.objects.filter(merchant=merchant).order_by().values_list("kind")
    )
    return {kind: int(total or 0) for kind, total in accounts.annotate(total=Sum("balance"))}


def worth_of(batch: MemberImport) -> dict[str, int]:
    """Kind → what the rows to be brought in bring, by the file."""
    rows = ImportRow.objects.filter(batch=batch, outcome__in=[Outcome.NEW, Outcome.CHANGE])
    return rows.aggregate(**{kind: Sum(kind, default=0) for kind in KINDS})


def needs_owner(batch: MemberImport) -> bool:
    """Money, levels, or more points than a manager may give in a day: no way round the limits of giving."""
    worth = worth_of(batch)
    points = worth.pop("points", 0)
    lifts = ImportRow.objects.filter(batch=batch, rank__gt=0).exists()
    return lifts or points > settings.MANAGER_ADJUSTS_A_DAY or any(worth.values())


def _may_confirm(batch: MemberImport, by: User) -> None:
    work = StaffMember.objects.current().filter(merchant=batch.merchant_id, user=by).first()
    if work is None or not Role(work.role).covers(Role.MANAGER):
        raise NotYourImport
    if not Role(work.role).covers(Role.OWNER) and needs_owner(batch):
        raise OwnerDecides(limit=settings.MANAGER_ADJUSTS_A_DAY)


def _held(batch: MemberImport, *states: ImportState) -> MemberImport:
    held = MemberImport.objects.locked().select_related("merchant", "job").get(pk=batch.pk)
    if held.state not in states or not held.content:
        raise NotNow
    return held


def _set_to_work(batch: MemberImport, state: ImportState, kind: str, by: User) -> MemberImport:
    batch.state = state
    batch.job = start_job(kind, by=by, merchant_id=batch.merchant_id, params={"import": batch.pk})
    with context(user=by.pk):
        batch.save(update_fields=DECIDED)
    return batch
