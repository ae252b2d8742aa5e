"""Old member lists as shops have them, and the way from a file to cards."""

import io
import uuid
from typing import Any

import openpyxl

from loyalty import actions
from loyalty.models import ImportState, MemberImport
from merchants.models import Merchant
from portal.kernel import jobs
from portal.kernel.models import User
from tests.cast import owner_of

HEAD = ["手机号", "姓名", "卡号", "积分", "入会日期"]


def csv_file(*rows: list[object], head: list[str] | None = None, encoding: str = "utf-8") -> bytes:
    lines = [",".join(str(cell) for cell in row) for row in [[*(head or HEAD)], *rows]]
    return ("\r\n".join(lines) + "\r\n").encode(encoding)


def workbook(*rows: list[Any], head: list[str] | None = None, merged: str = "") -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (head or HEAD, *rows):
        sheet.append(row)
    if merged:
        sheet.merge_cells(merged)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def people(count: int, *, points: int = 10) -> list[list[object]]:
    return [
        [f"139{number:08d}", f"会员{number}", f"A{number}", points, "2024-05-01"] for number in range(count)
    ]


def upload(
    merchant: Merchant, content: bytes, *, by: User | None = None, name: str = "members.csv"
) -> MemberImport:
    return actions.upload_members(merchant, content, name=name, by=by or owner_of(merchant), key=uuid.uuid4())


def check(batch: MemberImport, *, by: User | None = None, **facts: Any) -> MemberImport:
    facts = {"mapping": batch.mapping, "header": batch.header, "region": batch.region} | facts
    actions.check_members(batch, by=by or batch.by, **facts)
    jobs.run_due()
    return MemberImport.objects.get(pk=batch.pk)


def bring(merchant: Merchant, content: bytes, **facts: Any) -> MemberImport:
    """The whole way; the import as it stands at the end."""
    batch = check(upload(merchant, content), **facts)
    actions.confirm_import(batch, by=owner_of(merchant))
    jobs.run_due()
    batch = MemberImport.objects.get(pk=batch.pk)
    assert batch.state == ImportState.DONE
    return batch


def taken_back(batch: MemberImport, **facts: Any) -> MemberImport:
    actions.undo_import(batch, by=batch.by, **facts)
    jobs.run_due()
    return MemberImport.objects.get(pk=batch.pk)


def address(batch: MemberImport, step: str = "") -> str:
    return f"/m/{batch.merchant.slug}/cards/import/{batch.token}/{step}"
