"""The nearest shops among ten thousand, 100 thousand and a million: bare SQL, the question, the pages."""

import http.client
import os
import random
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from benchmarks import report
from benchmarks.clients import Deed, Figure, bare_connection, fresh_database, measure
from merchants.finding import clusters, vocabulary
from merchants.models import Category, Shop

PLACES = Path(__file__).with_name("places.sql")
WITHIN_M, ROWS = 2000, 20
RARE, COMMON = "钟表", "咖啡"  # words that 1 in 10,000 and 1 in 20 of the made-up names hold
# As the design measured it: the two-column index, cut at two kilometres outside.
BARE = """
SELECT * FROM (
    SELECT id, slug, name, name_en, category_id, merchant_id, hours, time_zone, opens_at, closes_at,
           from_price, headline, cover, source, source_id, source_licence,
           location <-> ST_SetSRID(ST_MakePoint({lon}, {lat}), 4326)::geography AS metres
    FROM merchants_shop
    WHERE is_listed AND category_id = {category} AND opens_at <= '{now}' AND closes_at > '{now}'
    ORDER BY location <-> ST_SetSRID(ST_MakePoint({lon}, {lat}), 4326)::geography LIMIT 20
) near WHERE metres <= 2000
"""
Point = tuple[float, float]


def main(argv: list[str]) -> None:
    asked = _options(argv)
    call_command("collectstatic", interactive=False, verbosity=0)
    rows, found, first = [], [], dict[str, Figure]()
    with fresh_database():
        for size in asked.sizes:
            points = fill(size)
            figures = measured(asked, points)
            first = first or figures
            rows.append(_row(size, figures, first["page"].middle_ms))
            found.append(_found_row(size, figures, first))
    section = report.told(
        "The nearest 20 of one category that are open, within 2 km",
        f"./dev bench nearby --clients {asked.clients} --seconds {asked.seconds:g} --rounds {asked.rounds}",
        [HEAD, *rows],
        "Milliseconds: the median of each round, then of the rounds. The question and the bare SQL with one "
        "client at ever other points, HTTP through gunicorn (2 processes) with the clients named.",
    )
    words = report.told(
        "Suggestions, words and the map over HTTP",
        f"./dev bench nearby --clients {asked.clients} --seconds {asked.seconds:g} --rounds {asked.rounds}",
        [FOUND_HEAD, *found],
        "Milliseconds, middle / 95 of 100; growth compares the slow ones with those of the first size.",
    )
    print(section, words, sep="\n")
    if not asked.dry:
        report.append("Nearby", section)
        report.append("Search and map", words)


HEAD = [
    "shops",
    "bare SQL",
    "the question",
    "× bare",
    f"rare word ({RARE})",
    f"common word ({COMMON})",
    "page over HTTP",
    "× first size",
    "GeoJSON over HTTP",
    "pages/s",
]


#: What is typed: the whole of a common word, its beginning, a rare word, one slip, a sound, nothing at all.
TYPED = (COMMON, COMMON[0], RARE, "kafie", "lifa", "qqqqqq")
ASKED = {
    "suggestions": [f"/search/suggestions/?q={quote(text)}" for text in TYPED],
    "results": [f"/search/?q={quote(text)}" for text in TYPED],
    "city": ["/nearby.geojson?zoom=11"],
    "country": ["/nearby.geojson?zoom=5&cat=hair"],
    "streets": ["/nearby.geojson?zoom=16"],
}
SPANS = {"city": 0.25, "country": 15.0, "streets": 0.012}  # degrees that a phone's map shows at those zooms
FOUND_HEAD = ["shops", *ASKED, "suggestions × first size"]


def _found_row(size: int, got: dict[str, Figure], first: dict[str, Figure]) -> list[str]:
    times = [f"{got[name].middle_ms:.1f} / {got[name].slow_ms:.1f}" for name in ASKED]
    growth = got["suggestions"].slow_ms / first["suggestions"].slow_ms
    return [f"{size:,}", *times, f"{growth:.2f}"]


def _row(size: int, got: dict[str, Figure], first: float) -> list[str]:
    return [
        f"{size:,}",
        f"{got['bare'].middle_ms:.2f}",
        f"{got['question'].middle_ms:.2f}",
        f"{got['question'].middle_ms / got['bare'].middle_ms:.2f}",
        f"{got['rare'].middle_ms:.2f}",
        f"{got['common'].middle_ms:.2f}",
        f"{got['page'].middle_ms:.1f}",
        f"{got['page'].middle_ms / first:.2f}",
        f"{got['geojson'].middle_ms:.1f}",
        f"{got['page'].per_second:.0f}",
    ]


def _options(argv: list[str]) -> Any:
    parser = ArgumentParser("nearby")
    parser.add_argument("--sizes", type=lambda text: [int(n) for n in text.split(",")])
    parser.add_argument("--clients", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--dry", action="store_true", help="print only")
    parser.set_defaults(sizes=[10_000, 100_000, 1_000_000])
    return parser.parse_args(argv)


def fill(size: int) -> list[Point]:
    """So many shops, written before their indexes, which is faster; gives back 2,000 points among them."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE merchants_shop CASCADE")
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes"
            " WHERE tablename = 'merchants_shop' AND indexdef ~ 'USING (gist|gin)'"
        )
        indexes = cursor.fetchall()
        for name, _definition in indexes:
            cursor.execute(f"DROP INDEX {name}")
        cursor.execute("DROP TABLE IF EXISTS city, spot, kind, place")
        cursor.execute(PLACES.read_text("utf-8").replace(":count", str(size)))
        cursor.execute("SET maintenance_work_mem = '512MB'")
        for _name, definition in indexes:
            cursor.execute(definition)
        vocabulary.recount()
        clusters.count_cells()
        cursor.execute("VACUUM ANALYZE merchants_shop, merchants_word, merchants_mapcell")
        cursor.execute(
            "SELECT ST_Y(location::geometry), ST_X(location::geometry) FROM merchants_shop"
            " ORDER BY md5(id::text) LIMIT 2000"
        )
        return list(cursor.fetchall())


def measured(asked: Any, points: list[Point]) -> dict[str, Figure]:
    kind = Category.objects.get(slug="hair")
    alone = partial(measure, clients=1, seconds=asked.seconds, rounds=asked.rounds)
    crowd = partial(measure, clients=asked.clients, seconds=asked.seconds, rounds=asked.rounds)
    figures = {
        "bare": alone(partial(_bare, points, kind.pk)),
        "question": alone(partial(_question, points, {"category": kind, "within_m": WITHIN_M}, True)),
        "rare": alone(partial(_question, points, {"text": RARE}, False)),
        "common": alone(partial(_question, points, {"text": COMMON}, False)),
    }
    with served() as port:
        # Without a radius: rows are what a page costs, so every size must show the same number of them.
        list_, json_ = "/nearby/?cat=hair&open=1", "/nearby.geojson?cat=hair&open=1&limit=20"
        figures["page"] = crowd(partial(_page, points, port, list_))
        figures["geojson"] = crowd(partial(_page, points, port, json_))
        for name, paths in ASKED.items():
            figures[name] = crowd(partial(_any_page, points, port, paths, SPANS.get(name)))
    return figures


def _bare(points: list[Point], category: int, number: int) -> Deed:
    link, dice, now = bare_connection(), random.Random(number), timezone.now().isoformat()

    def ask() -> None:
        lat, lon = dice.choice(points)
        link.execute(BARE.format(lat=lat, lon=lon, category=category, now=now)).fetchall()

    return ask


def _question(points: list[Point], wanted: dict[str, Any], only_open: bool, number: int) -> Deed:
    dice, now = random.Random(number), timezone.now()
    wanted = wanted | ({"open_at": now} if only_open else {})
    return lambda: Shop.objects.near(*dice.choice(points), limit=ROWS, **wanted)


def _page(points: list[Point], port: int, path: str, number: int) -> Deed:
    return _any_page(points, port, [path], None, number)


def _any_page(points: list[Point], port: int, paths: list[str], span: float | None, number: int) -> Deed:
    """One of the pages at a point, or over a window ``span`` degrees wide around it."""
    link, dice = http.client.HTTPConnection("127.0.0.1", port, timeout=120), random.Random(number)

    def ask() -> None:
        (lat, lon), path = dice.choice(points), dice.choice(paths)
        where = f"{path}&near={quote(f'{lat:.6f},{lon:.6f}')}"
        if span:
            edges = (lon - span / 2, lat - span / 2, lon + span / 2, lat + span / 2)
            where = f"{path}&bbox={','.join(f'{edge:.6f}' for edge in edges)}"
        try:
            link.request("GET", where, headers={"Host": "localhost"})
            answer = link.getresponse()
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            link.close()  # the server closes a connection that rested between two rounds
            link.request("GET", where, headers={"Host": "localhost"})
            answer = link.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status} {body[:200]!r}")

    return ask


@contextmanager
def served() -> Iterator[int]:
    """The portal as it runs for people, on this database: gunicorn with two processes."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = ["-m", "gunicorn", "portal.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "2"]
    command += ["--worker-class", "gthread", "--threads", "4", "--no-control-socket", "--log-level", "error"]
    setting = os.environ | {"DATABASE_URL": _address(), "DATABASE_POOL": "1", "LOG_LEVEL": "ERROR"}
    server = subprocess.Popen([sys.executable, *command], env=setting, cwd=PLACES.parent.parent)
    try:
        _wait(port)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait(port: int) -> None:
    for _attempt in range(120):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.5)
        else:
            return
    raise RuntimeError("the web server didn't start")


def _address() -> str:
    """DATABASE_URL for the database that is being measured."""
    facts = connection.settings_dict
    person = quote(facts["USER"]) + (f":{quote(facts['PASSWORD'])}" if facts["PASSWORD"] else "")
    if facts["HOST"].startswith("/"):
        return f"postgis://{person}@/{facts['NAME']}?host={quote(facts['HOST'])}"
    return f"postgis://{person}@{facts['HOST']}:{facts['PORT'] or 5432}/{facts['NAME']}"
