"""A shop's old list on its way to cards: read, checked, brought in, taken back; beside the bare inserts."""

import io
import time
import uuid
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.db import connection
from openpyxl import Workbook

from benchmarks import report
from benchmarks.clients import bare_connection, fresh_database
from loyalty import actions
from loyalty.importing.sums import sums_of
from loyalty.models import Card, Entry, MemberImport
from merchants.actions import open_merchant
from portal.kernel import jobs
from portal.kernel.invariants import all_invariants
from portal.kernel.models import User

#: What one member leaves at least: customer, card, code, three accounts, three entries with their lots.
BARE = """
CREATE TABLE person (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, phone bytea UNIQUE, name text);
CREATE TABLE plastic (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id bigint UNIQUE, number text UNIQUE);
CREATE TABLE token (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, token text UNIQUE);
CREATE TABLE purse (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    plastic_id bigint, kind int, balance bigint);
CREATE TABLE step (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    purse_id bigint, amount bigint, key uuid);
CREATE TABLE lot (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, step_id bigint, remaining bigint);
"""
EACH, THRICE = "FROM generate_series(1, %(n)s) g", "FROM generate_series(1, 3 * %(n)s) g"
INSERTS = (
    f"INSERT INTO person (phone, name) SELECT decode(md5(g::text), 'hex'), 'x' {EACH}",
    f"INSERT INTO plastic (person_id, number) SELECT g, g::text {EACH}",
    f"INSERT INTO token (token) SELECT g::text {EACH}",
    f"INSERT INTO purse (plastic_id, kind, balance) SELECT g / 3, g % 3, 10 {THRICE}".replace("% 3", "%% 3"),
    f"INSERT INTO step (purse_id, amount, key) SELECT g, 10, gen_random_uuid() {THRICE}",
    f"INSERT INTO lot (step_id, remaining) SELECT g, 10 {THRICE}",
)


def main(argv: list[str]) -> None:
    parser = ArgumentParser("members")
    parser.add_argument("--rows", type=int, default=5000)
    parser.add_argument("--dry", action="store_true", help="print, don't append to docs/benchmarks.md")
    asked = parser.parse_args(argv)
    with fresh_database():
        section = _measured(asked.rows)
    print(section)
    if not asked.dry:
        report.append("Members", section)


def _measured(rows: int) -> str:
    owner = User.objects.create_user(name="owner")
    merchant = open_merchant(owner, name="Bench")
    actions.open_programme(merchant, by=owner, name="Bench card")
    content, steps = _list(rows), dict[str, float]()
    facts: dict[str, Any] = {"name": "members.xlsx", "by": owner, "key": uuid.uuid4()}
    batch = _timed(
        steps, "upload, columns guessed", lambda: actions.upload_members(merchant, content, **facts)
    )
    chosen = {"mapping": batch.mapping, "header": batch.header, "region": "CN"}
    actions.check_members(batch, by=owner, **chosen)
    _timed(steps, "checked row by row", jobs.run_due)
    actions.confirm_import(batch, by=owner)
    _timed(steps, "brought in", jobs.run_due)
    batch = MemberImport.objects.get(pk=batch.pk)
    agree = all(one.agrees for one in sums_of(batch)) and Card.objects.count() == rows
    entries = Entry.objects.count()
    actions.undo_import(batch, by=owner)
    _timed(steps, "taken back", jobs.run_due)
    whole = not any(one.broken()[0] for one in all_invariants())
    with bare_connection() as bare:
        bare.execute(BARE)
        _timed(steps, "the bare rows", lambda: [bare.execute(text, {"n": rows}) for text in INSERTS])
    return _told(
        rows,
        steps,
        f"{entries:,} entries; file and ledger agree: {_yes(agree)}; all promises hold: {_yes(whole)}.",
    )


def _list(rows: int) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Members")
    sheet.append(["手机号", "姓名", "卡号", "积分", "余额", "赠送余额", "入会日期"])
    for place in range(rows):
        sheet.append([f"139{place:08d}", f"会员{place}", f"A{place}", place, 100.5, 20, "2024-05-01"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _timed(steps: dict[str, float], name: str, deed: Callable[[], Any]) -> Any:
    begun = time.perf_counter()
    result = deed()
    steps[name] = time.perf_counter() - begun
    connection.queries_log.clear()
    return result


def _yes(fact: bool) -> str:
    return "yes" if fact else "NO"


def _told(rows: int, steps: dict[str, float], note: str) -> str:
    table = [["", "seconds", "rows/s"]]
    table += [[name, f"{took:.1f}", f"{rows / took:,.0f}"] for name, took in steps.items()]
    return report.told(f"{rows:,} members with points and balances", "./dev bench members", table, note)
