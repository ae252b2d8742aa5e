"""The database and the workers are killed, as by kill -9, while value moves: nothing confirmed is lost,
nothing is done twice, everything is told once."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from celery import Celery

from tests.chaos.stack import ROOT, Stack
from tools.processes import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.chaos, pytest.mark.xdist_group("chaos")]
TILLS, KILLS, CARDS = 4, 2, 8
STEPS = 25  # of value between two kills
PATIENCE = 300  # seconds; a slow machine is no failure
KEYS = (  # of what somebody asked for: what follows by itself, as points that pay off a debt, has others
    "select key from loyalty_entry where kind not in ('settled', 'expired')"
    " union select key from loyalty_hold"
)
TOLD = (
    "select split_part(occurrence, ':', 2) from messaging_message where kind = 'loyalty.balance_paid'"
    " and occurrence like 'paid:%' order by 1"
)
OLD_POINTS = """
import uuid
from datetime import timedelta
from django.utils import timezone
from loyalty.actions import earn, join, open_programme
from merchants.actions import open_shop
from merchants.models import Category
from portal.kernel.models import User
owner = User.objects.create_user(name="owner")
leaf = Category.objects.filter(is_sellable=True, is_discovery_only=False).order_by("pk")[0]
shop = open_shop(owner, name="old points", category=leaf, key=uuid.uuid4())
programme = open_programme(shop.merchant, by=owner, name="old points", points_expire_months=1)
for number in range({cards}):
    person = User.objects.create_user(name=f"old {{number}}")
    earn(join(programme, person, by=person), 5, key=uuid.uuid4(), shop=shop, by=None,
         moment=timezone.now() - timedelta(days=100))
print(programme.pk)
"""


class Storm:
    """The tills' process, and what it has said so far."""

    def __init__(self, process: "subprocess.Popen[str]", said: Path) -> None:
        self.process, self.said = process, said

    def next(self, until: str) -> dict[str, set[str]]:
        """Ends what it does: the deeds since then, ``kind key amount``, by their outcome."""
        before = len(self.said.read_text().splitlines()) if until == "repeated" else 0
        assert self.process.stdin
        self.process.stdin.write("go on\n")
        self.process.stdin.flush()
        assert wait_until(lambda: self.said.read_text().endswith(f"{until}\n"), seconds=PATIENCE)
        heard: dict[str, set[str]] = {"done": set(), "unsure": set(), "refused": set()}
        for line in self.said.read_text().splitlines()[before:-1]:
            outcome, deed = line.split(" ", 1)
            heard[outcome].add(deed)
        return heard


@contextmanager
def storm_on(stack: Stack, token: str, said: Path) -> Iterator[Storm]:
    command = [sys.executable, "-W", "ignore", "-m", "tests.chaos.storm", token, str(TILLS)]
    with said.open("w") as lines:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=stack.env | {"DATABASE_POOL": "0"},
            stdin=subprocess.PIPE,
            stdout=lines,
            text=True,
        )
    try:
        yield Storm(process, said)
    finally:
        process.kill()
        process.wait()


def test_killed_in_a_spending_storm_nothing_confirmed_is_lost_and_nothing_is_done_twice(
    stack: Stack, tmp_path: Path
) -> None:
    token = stack.town["facts"]["card_token"]
    stack.redis.start()
    stack.start("worker", "beat")
    with storm_on(stack, token, tmp_path / "said") as storm:
        for _ in range(KILLS):
            goes_on(stack)
            stack.kill("worker")
            stack.cluster.kill()
            stack.start("worker")  # it finds the database still down, or on its way
            stack.cluster.start()
        heard = storm.next("over")
        leases_end(stack)
        written = keys_in(stack)
        repeated = storm.next("repeated")
    assert heard["unsure"], "no kill was ever noticed, so this proves nothing"
    assert {key_of(deed) for deed in heard["done"]} <= written
    assert heard["done"] <= repeated["done"]
    assert not repeated["unsure"]
    assert keys_in(stack) - written <= {key_of(deed) for deed in heard["unsure"]}
    assert "VIOLATED" not in stack.manage("check_invariants")
    paid = sorted(key_of(deed) for deed in repeated["done"] if deed.startswith("pay "))
    assert wait_until(lambda: stack.sql(TOLD).split() == paid, seconds=PATIENCE)


def goes_on(stack: Stack) -> None:
    """Until value has moved again, and the worker has told of some of it."""
    steps, told = len(keys_in(stack)) + STEPS, len(stack.sql(TOLD).split()) + 1
    assert wait_until(lambda: len(keys_in(stack)) >= steps, seconds=PATIENCE)
    assert wait_until(lambda: len(stack.sql(TOLD).split()) >= told, seconds=PATIENCE)


def leases_end(stack: Stack) -> None:
    """What a killed worker held is due again, as it would be half a minute later."""
    stack.sql("update kernel_delivery set due_at = now() where done_at is null")


def key_of(deed: str) -> str:
    return deed.split()[1]


def keys_in(stack: Stack) -> set[str]:
    return set(stack.sql(KEYS).split())


def test_workers_killed_while_points_expire_tell_everybody_once(stack: Stack) -> None:
    stack.redis.start()
    programme = stack.manage("shell", "-v0", "-c", OLD_POINTS.format(cards=CARDS)).split()[-1]
    told = (
        "select count(*), count(distinct m.person_id) from messaging_message m"
        " join merchants_customer c on c.user_id = m.person_id join loyalty_card k on k.customer_id = c.id"
        f" where m.kind = 'loyalty.expired' and k.programme_id = {programme}"
    )
    gone = (
        "select count(*), count(distinct e.account_id) from loyalty_entry e"
        " join loyalty_account a on a.id = e.account_id join loyalty_card k on k.id = a.card_id"
        f" where e.kind = 'expired' and k.programme_id = {programme}"
    )
    stack.start("worker", "beat")
    for before in (1, CARDS // 2):
        with stopped_at(stack, programme, before):
            sweep(stack)
            expired = f"{before}|{before}"
            assert wait_until(lambda expired=expired: stack.sql(gone) == expired, seconds=PATIENCE)
            stack.kill("worker")
        stack.start("worker")
    leases_end(stack)
    sweep(stack)
    assert wait_until(lambda: stack.sql(told) == f"{CARDS}|{CARDS}", seconds=PATIENCE)
    assert stack.sql(gone) == f"{CARDS}|{CARDS}"


@contextmanager
def stopped_at(stack: Stack, programme: str, place: int) -> Iterator[None]:
    """The sweep can't get past the card after ``place`` others: somebody holds its account."""
    hold = (
        "select id from loyalty_account where id = ("
        " select a.id from loyalty_account a join loyalty_card k on k.id = a.card_id"
        " where a.kind = 'points' and k.programme_id = %s order by a.id offset %s limit 1) for update"
    )
    at = f"host={stack.cluster.sockets} user=postgres dbname=portal"
    with psycopg.connect(at) as line:
        assert line.execute(hold, [programme, place]).fetchone()
        yield


def sweep(stack: Stack) -> None:
    """The night's task, asked for as the beat asks."""
    broker = stack.env["REDIS_URL"].replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")
    with Celery(broker=broker) as app:
        app.send_task("loyalty.tasks.expire_points", queue="default")
