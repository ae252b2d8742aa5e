"""A message to everybody who is usually near a shop, among a million usual areas; then its delivery.

Choosing and enqueuing is `mail_out` with the whole policy; beside it the same people by a bare INSERT.
Delivery goes through the worker's own loop to a sink on this machine, by a gateway of signed text messages.
"""

import statistics
import time
from argparse import ArgumentParser
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing import Process, Value
from typing import Any

from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from benchmarks import report
from benchmarks.clients import bare_connection, fresh_database
from consumers.cells import cell_of
from consumers.models import AreaCell
from consumers.neighbours import usually_near
from messaging import actions, delivery
from messaging.channels import way
from messaging.kinds import Kind, register
from messaging.models import Channel, Dispatch, Mailing, Purpose, State
from messaging.reach import people_of
from portal.kernel.models import User

PLACE = (31.2304, 121.4737)
BOTH = (Channel.INBOX, Channel.PUSH)
KIND = register(Kind("bench.deal", Purpose.DEALS, "A deal", "%(what)s", BOTH))
TEXT = register(Kind("bench.text", Purpose.MONEY, "A receipt", "%(what)s", (Channel.SMS,)))

# Four squares per person, around sixty towns; everybody agreed to deals by push and has a browser.
PEOPLE = """
INSERT INTO kernel_user (password, is_superuser, name, language, time_zone, is_staff, is_active)
SELECT '!', false, '', 'zh-hans', 'Asia/Shanghai', false, true FROM generate_series(1, %(people)s);
"""
AREAS = """
INSERT INTO consumers_areacell (person_id, "row", "column", weight, purchases, searches, is_own, computed_at)
SELECT person.id, {row} + (town.number * 37 + spot.x), {column} + (town.number * 53 + spot.y),
       1, 1, 0, false, now()
FROM (SELECT id, row_number() OVER (ORDER BY id) AS turn FROM kernel_user) AS person
CROSS JOIN LATERAL (SELECT CASE WHEN turn %% 5 < 2 THEN 0 ELSE turn %% 59 + 1 END AS number) AS town
CROSS JOIN LATERAL (
    SELECT (turn * 7 + step * 3) %% 9 - 4 AS x, (turn * 11 + step * 5) %% 9 - 4 AS y
    FROM generate_series(1, 4) AS step
) AS spot
ON CONFLICT DO NOTHING;
INSERT INTO messaging_choice (person_id, purpose, channel, wanted)
SELECT id, 'deals', 'push', true FROM kernel_user;
INSERT INTO django_session (session_key, session_data, expire_date)
SELECT 'bench-' || id, '', now() + interval '1 day' FROM kernel_user;
INSERT INTO messaging_pushsubscription (person_id, session_id, endpoint, endpoint_hash, p256dh, auth)
SELECT id, 'bench-' || id, '', sha256(id::text::bytea), '', '' FROM kernel_user;
ANALYZE;
"""
BARE = """
CREATE TABLE bare_message (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, deal int NOT NULL,
    person bigint NOT NULL, state text NOT NULL DEFAULT 'queued', at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (deal, person));
"""
BARE_INSERT = "INSERT INTO bare_message (deal, person) SELECT %(deal)s, id FROM ({people}) AS asked (id)"


def main(argv: list[str]) -> None:
    asked = _options(argv)
    reverse("messaging:inbox")  # the addresses are read once, not while it is measured
    with fresh_database():
        areas = _town(asked.people)
        near = usually_near(PLACE, within_m=3000)
        chosen = near.values("person").distinct().count()
        ours = [_timed(partial(_enqueue, near, turn)) for turn in range(asked.rounds)]
        bare = [_timed(partial(_bare, near, turn)) for turn in range(asked.rounds)]
        told = Mailing.objects.order_by("-pk")[0].chosen
        speed, sent = _delivery(asked.texts)
    _tell(asked, areas, chosen, told, statistics.median(ours), statistics.median(bare), speed, sent)


def _options(argv: list[str]) -> Any:
    parser = ArgumentParser("fanout")
    parser.add_argument("--people", type=int, default=250_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--texts", type=int, default=5_000)
    parser.add_argument("--dry", action="store_true", help="print, don't append to docs/benchmarks.md")
    return parser.parse_args(argv)


def _town(people: int) -> int:
    """Returns how many usual areas there are."""
    here = cell_of(*PLACE)
    with bare_connection() as connected, connected.cursor() as cursor:
        cursor.execute(PEOPLE, {"people": people})
        for statement in AREAS.format(row=here.row, column=here.column).replace("%%", "%").split(";\n"):
            cursor.execute(statement)
        cursor.execute(BARE)
    return int(AreaCell.objects.count())


def _timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _noon() -> datetime:
    """Nobody sleeps: quiet hours would drop nothing, but put off."""
    return timezone.now().replace(hour=4, minute=0)


def _enqueue(near: Any, turn: int) -> None:
    actions.mail_out(
        near,
        KIND,
        merchant_id=1,
        occurrence=f"deal:{turn}",
        moment=_noon(),
        useless_after=_noon() + timedelta(hours=3),
        what="-20%",
    )


def _bare(near: Any, turn: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(BARE_INSERT.format(people=people_of(near.distinct())), {"deal": turn})


def _delivery(count: int) -> tuple[float, int]:
    """Messages a second through one worker's loop, and how many of them the sink got."""
    arrived = Value("i", 0)
    port = Value("i", 0)
    sink = Process(target=_sink, args=(port, arrived), daemon=True)
    connection.close()
    sink.start()
    while not port.value:
        time.sleep(0.01)
    settings.SMS_PROVIDER = "messaging.channels.gateway.Gateway"
    settings.SMS_URL, settings.SMS_SECRET = f"http://127.0.0.1:{port.value}/", "bench"
    settings.MESSAGING_PACE = {}
    way.cache_clear()
    Dispatch.objects.filter(state=State.QUEUED).update(state=State.SKIPPED, reason="stopped")
    people = [User(password="!", phone=f"+86139{number:08d}") for number in range(count)]
    User.objects.bulk_create(people, batch_size=1000)
    actions.tell_many([one.pk for one in people], TEXT, occurrence="bench", what="38")
    taken = _timed(_drain)
    sink.terminate()
    return count / taken, arrived.value


def _drain() -> None:
    while delivery.send_due(seconds=30):
        pass


def _sink(port: Any, arrived: Any) -> None:
    class Sink(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            with arrived.get_lock():
                arrived.value += 1
            self.send_response_only(202)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Sink)
    server.daemon_threads = True
    port.value = server.server_port
    server.serve_forever()


def _tell(
    asked: Any, areas: int, chosen: int, told: int, ours: float, bare: float, speed: float, sent: int
) -> None:
    table = [
        ["", "", "beside the bare INSERT"],
        ["chosen by place and enqueued with the policy", f"{ours:.2f} s", f"{ours / bare:.1f} times"],
        ["the same people by a bare INSERT ... SELECT", f"{bare:.2f} s", "1"],
        ["delivered by one worker to a local sink", f"{speed:,.0f}/s", ""],
    ]
    note = (
        f"{areas:,} usual areas of {asked.people:,} people; {chosen:,} usually near the place, {told:,} told"
        f" (a message and a dispatch each). Of {asked.texts:,} texts the sink got {sent:,}."
    )
    section = report.told("Everybody near a shop", "./dev bench fanout", table, note)
    print(section)
    if not asked.dry:
        report.append("Fan-out", section)
