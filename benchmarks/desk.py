"""The desk over many cases: the queue, its filters and searches, one case, and the figures."""

import gc
import json
import os
import statistics
import time
import uuid
from argparse import ArgumentParser
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.contrib.gis.geos import Point
from django.db import connection
from django.test import Client
from django.utils import timezone

from benchmarks import report
from benchmarks.clients import fresh_database
from complaints import actions
from complaints.likeness import grams
from complaints.models import Complaint, Duty
from merchants.actions import open_merchant
from merchants.models import Category, Shop
from portal.kernel.models import User

LIMIT_MS = 250  # what the desk promises for the queue
LIMITS = {"front page": 150, "figures of a year": 800}
QUEUE = "/staff/complaints/complaint/"
WORDS = (
    "洗头水太烫",
    "衬衫领口还有印子",
    "结账多收了二十元",
    "coupon was not taken off",
    "等了四十分钟",
    "积分没有到账",
)
TABLES = ("complaints_complaint", "complaints_step", "complaints_clock")
#: One real case is copied with its step and clocks: fewer than a third are open, as after a busy year.
COPIES = """
    INSERT INTO complaints_complaint (number, token, person_id, merchant_id, shop_id, reason, said, grams,
        is_named, came_by, state, grade, graded_by_id, version, level, reopened, key, filed_at, due_at,
        assignee_id)
    SELECT lpad(g::text, 10, '0'), md5(g::text)::varchar(20), person_id, merchant_id, shop_id,
        (ARRAY['quality-late','price-shown','card','conduct'])[1 + g %% 4],
        (%(words)s::text[])[1 + g %% 6] || ' ' || g,
        ARRAY(SELECT jsonb_array_elements_text(%(grams)s::jsonb -> (g %% 6)::int)) || g::text,
        false, 'web', 'received', (ARRAY['minor','serious','critical'])[1 + g %% 3], graded_by_id,
        1, 0, 0, gen_random_uuid(),
        now() - g * interval '5 minutes', now() + (g %% 2000 - 500) * interval '3 minutes',
        CASE WHEN g %% 5 = 0 THEN %(agent)s END
    FROM complaints_complaint, generate_series(1, %(rows)s) g WHERE id = %(first)s;
"""
STEPS = """
    INSERT INTO complaints_step (complaint_id, before, after, role, by_id, why, at)
    SELECT id, '', 'received', 'consumer', person_id, '', filed_at FROM complaints_complaint
    WHERE id <> %(first)s;
"""
CLOCKS = """
    INSERT INTO complaints_clock (complaint_id, kind, target_id, started_at, warn_at, due_at)
    SELECT c.id, 'answer', k.target_id, c.filed_at - interval '2 days', c.filed_at - interval '1 day',
           greatest(c.due_at, c.filed_at)
    FROM complaints_complaint c, complaints_clock k
    WHERE k.complaint_id = %(first)s AND k.kind = 'answer' AND c.id <> %(first)s;
"""
ENDED = """
    UPDATE complaints_complaint SET state = 'closed', ended_at = filed_at + interval '2 days' WHERE id % 3 > 0
"""


def main(argv: list[str]) -> None:
    parser = ArgumentParser("desk")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=40)
    parser.add_argument("--dry", action="store_true", help="print, don't append to docs/benchmarks.md")
    asked = parser.parse_args(argv)
    with fresh_database():
        section = _measured(asked.rows, asked.times)
    print(section)
    if not asked.dry:
        report.append("Desk", section)


def _measured(rows: int, times: int) -> str:
    agent = User.objects.create_user(name="agent", is_staff=True, is_superuser=True)
    first = _filled(rows, agent)
    client, narrow = Client(), Client()
    client.force_login(agent)
    narrow.force_login(_limited())
    pages = {
        "queue": QUEUE,
        "queue, page 20": f"{QUEUE}?p=20",
        "due in 4 h": f"{QUEUE}?queue=soon",
        "mine": f"{QUEUE}?queue=mine",
        "critical": f"{QUEUE}?queue=critical",
        "waiting for shop > 24 h": f"{QUEUE}?queue=shop",
        "search by number": f"{QUEUE}?q={first.number}",
        "search by words": f"{QUEUE}?q=领口还有印子",
        "search by a short word": f"{QUEUE}?q=印子",
        "search by an English word": f"{QUEUE}?q=coupon",
        "search by a shop": f"{QUEUE}?q=bench",
        "ended": f"{QUEUE}?queue=ended",
        "one reason": f"{QUEUE}?reason=card",
        "one case": f"{QUEUE}{first.pk}/change/",
        "front page": "/staff/",
        "figures of a year": f"{QUEUE}figures/",
    }
    gc.freeze()  # as portal/wsgi.py does
    table = [["page", "middle ms", "p95 ms", "queries", "these alone, ms", "ratio", "CPU ms", "p95 ≤ ms"]]
    for name, path in pages.items():
        ask = lambda path=path: client.get(path)  # noqa: E731 - the path of this turn
        table.append([name, *_timed(ask, times, LIMITS.get(name, LIMIT_MS))])
    table.append(["queue of who has duties", *_timed(lambda: narrow.get(QUEUE), times, LIMIT_MS)])
    return report.told(f"{rows:,} cases", f"./dev bench desk --rows {rows}", table)


def _limited() -> User:
    """A colleague who works on one reason in one part of town."""
    colleague = User.objects.create_user(name="colleague", is_staff=True, is_superuser=True)
    Duty.objects.create(user=colleague, region="peoples-square", reason_id="card")
    return colleague


def _filled(rows: int, agent: User) -> Complaint:
    """Straight into the tables, past the triggers: the pages are measured, not the verbs."""
    merchant = open_merchant(User.objects.create_user(name="owner"), name="Bench")
    category = Category.objects.leaves()[0]
    shop = Shop.objects.create(
        merchant=merchant, category=category, name="Bench", slug="bench", location=Point(121.47, 31.23)
    )
    first = actions.file_complaint(
        User.objects.create_user(name="person"),
        shop=shop,
        reason="quality",
        said=WORDS[0],
        key=uuid.uuid4(),
        moment=timezone.now() - timedelta(hours=1),
    )
    values: dict[str, Any] = {"rows": rows, "first": first.pk, "agent": agent.pk, "words": list(WORDS)}
    values["grams"] = json.dumps([grams(words) for words in WORDS])
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in (COPIES, STEPS, CLOCKS):
            cursor.execute(statement, values)
        cursor.execute(ENDED)
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        cursor.execute("VACUUM ANALYZE")  # as autovacuum leaves the tables within a minute
    return first


def _timed(ask: Callable[[], Any], times: int, limit: int) -> list[str]:
    ask()
    with _Kept() as kept:
        ask()
    took, worked = [], _worked()
    for _ in range(times):
        began = time.perf_counter()
        answer = ask()
        took.append((time.perf_counter() - began) * 1000)
        if answer.status_code != 200:
            raise SystemExit(f"{answer.request['PATH_INFO']} answered {answer.status_code}")
    worked = (_worked() - worked) / times
    middle, slow = statistics.median(took), statistics.quantiles(took, n=20)[-1]
    bare = statistics.median(kept.again() for _ in range(max(3, times // 4)))
    met = "yes" if slow <= limit else "no"
    told = [f"{middle:.0f}", f"{slow:.0f}", str(len(kept.statements)), f"{bare:.0f}"]
    return [*told, f"{middle / bare:.1f}", f"{worked:.0f}", f"{limit}: {met}"]


def _worked() -> float:
    """Milliseconds of CPU so far, of this process and of its connection's at the database beside it."""
    fields = (
        Path(f"/proc/{connection.connection.info.backend_pid}/stat").read_text().rsplit(")", 1)[1].split()
    )
    ticks = int(fields[11]) + int(fields[12])
    return time.process_time() * 1000 + ticks * 1000 / os.sysconf("SC_CLK_TCK")


class _Kept:
    """The statements that went to the database meanwhile, to be asked again without Django around them."""

    def __init__(self) -> None:
        self.statements: list[tuple[Any, Any]] = []

    def __enter__(self) -> "_Kept":
        self._wrapper = connection.execute_wrapper(self._one)
        self._wrapper.__enter__()
        return self

    def __exit__(self, *fault: Any) -> None:
        self._wrapper.__exit__(*fault)

    def again(self) -> float:
        """Milliseconds until all their rows were here."""
        began = time.perf_counter()
        with connection.connection.cursor() as cursor:
            for sql, params in self.statements:
                cursor.execute(sql, params)
                if cursor.description:
                    cursor.fetchall()
        return (time.perf_counter() - began) * 1000

    def _one(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        self.statements.append((sql, params))
        return execute(sql, params, many, context)
