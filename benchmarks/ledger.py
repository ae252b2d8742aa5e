"""The value ledger: the verbs, their statements sent by psycopg alone, the bare function, pages."""

import random
import uuid
from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import connection
from django.utils import timezone

from benchmarks import replay, report, statement
from benchmarks.clients import Deed, Figure, bare_connection, fresh_database, measure
from loyalty import actions
from loyalty.cards.numbers import new_number
from loyalty.invariants import balances
from loyalty.models import Account, Card, EntryKind, Programme, ValueKind
from loyalty.value.ledger import Posting, post_many
from merchants.actions import open_merchant
from merchants.models import Category, Customer, Shop
from portal.kernel.codes import new_code
from portal.kernel.db import point
from portal.kernel.models import User

CARDS = 10_000
MONEY = 10**12  # on every card, minor units: nobody runs out while it is measured

BARE = """
CREATE TABLE purse (id bigint PRIMARY KEY, balance bigint NOT NULL CHECK (balance >= 0))
    WITH (fillfactor = 50);
CREATE TABLE step (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, purse_id bigint NOT NULL,
    delta bigint NOT NULL, key uuid NOT NULL UNIQUE, at timestamptz NOT NULL DEFAULT now());
CREATE INDEX ON step (purse_id, id);
CREATE FUNCTION move(p bigint, d bigint, k uuid) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE b bigint; BEGIN
  UPDATE purse SET balance = balance + d WHERE id = p AND balance + d >= 0 RETURNING balance INTO b;
  IF b IS NULL THEN RETURN -1; END IF;
  INSERT INTO step (purse_id, delta, key) VALUES (p, d, k);
  RETURN b; END $$;
"""


def main(argv: list[str]) -> None:
    asked = _options(argv)
    with fresh_database():
        cards, shop, owner = _town()
        with bare_connection() as bare:
            bare.execute(BARE)
            bare.execute("INSERT INTO purse SELECT g, 10^12 FROM generate_series(0, %s) g", [len(cards)])
            bare.execute("ANALYZE")
        verbs = [EARN, PAY]
        sections = [
            _measured(asked, verb, some, shop, owner) for verb in verbs for some in (cards, cards[-1:])
        ]
        exact = not _unbalanced()
        sections.append(statement.measured(cards[:2], asked.entries, owner))
    for section in [
        *sections,
        f"Balances are the sums of their entries afterwards: {'yes' if exact else 'NO'}.\n",
    ]:
        print(section)
        if not asked.dry:
            report.append("Ledger", section)


def _options(argv: list[str]) -> Any:
    parser = ArgumentParser("ledger")
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--entries", type=int, default=1_000_000, help="of the long statement")
    parser.add_argument("--dry", action="store_true", help="print, don't append to docs/benchmarks.md")
    return parser.parse_args(argv)


def _town() -> tuple[list[Card], Shop, User]:
    owner = User.objects.create_user(name="owner")
    merchant = open_merchant(owner, name="Bench")
    category = Category.objects.get_or_create(slug="bench", defaults={"name_zh": "试", "name_en": "Bench"})[0]
    shop = Shop.objects.create(
        merchant=merchant, category=category, slug="bench", name="Bench", location=point(31.23, 121.47)
    )
    programme = actions.open_programme(merchant, by=owner, name="Bench card")
    people = Customer.objects.bulk_create(
        [Customer(merchant=merchant) for _ in range(CARDS)], batch_size=5000
    )
    numbers = {new_number() for _ in range(CARDS + 100)}  # two random numbers may be the same
    cards = Card.objects.bulk_create(map(partial(_card, programme), people, numbers), batch_size=5000)
    Account.objects.bulk_create(
        [Account(merchant=merchant, card=card, kind=ValueKind.POINTS) for card in cards], batch_size=5000
    )
    actions.offer_stored_value(programme, by=owner, is_on=True)
    _pay_in(cards)
    return cards, shop, owner


def _pay_in(cards: list[Card]) -> None:
    facts: Any = {"amount": MONEY, "kind": EntryKind.TOPPED_UP, "moment": timezone.now()}
    steps = [(Posting(card=card, key=uuid.uuid4(), **facts), ValueKind.PRINCIPAL) for card in cards]
    for start in range(0, len(steps), 1000):
        post_many(steps[start : start + 1000])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _card(programme: Programme, customer: Customer, number: str) -> Card:
    return Card(
        merchant=programme.merchant,
        programme=programme,
        customer=customer,
        number=number,
        token=new_code(),
    )


@dataclass(frozen=True)
class Verb:
    """What is measured; ``moves`` is what it adds to the bare purse."""

    name: str
    do: Callable[..., object]
    moves: int
    says: str


EARN = Verb(
    "earn",
    actions.earn,
    38,
    "The verb writes an entry and a lot with its expiry, keeps four tables within their merchant and looks"
    " for a replay first; the bare function moves a balance and adds a row.",
)
PAY = Verb(
    "pay_with_balance",
    actions.pay_with_balance,
    -38,
    "The verb reads the terms, locks both accounts of money, looks for a replay, what is held and what has"
    " expired, writes an entry and what it took from which lot, and leaves an event; the bare function moves"
    " a balance and adds a row.",
)


def _measured(asked: Any, verb: Verb, cards: list[Card], shop: Shop, owner: User) -> str:
    sample, key = cards[-1], uuid.uuid4()  # a key that no other value equals
    statements = replay.caught(lambda: verb.do(sample, 38, key=key, shop=shop, by=owner))

    def ours(number: int) -> Deed:
        dice = random.Random(number)
        return lambda: verb.do(dice.choice(cards), 38, key=uuid.uuid4(), shop=shop, by=owner)

    def alone(number: int) -> Deed:
        bare, dice = bare_connection(), random.Random(number)
        return lambda: replay.send(bare, statements, {sample.pk: dice.choice(cards).pk, key: uuid.uuid4()})

    def function(number: int) -> Deed:
        bare, dice = bare_connection(), random.Random(number)
        return lambda: bare.execute(
            "SELECT move(%s, %s, %s)", [dice.randrange(len(cards)), verb.moves, uuid.uuid4()]
        )

    how = {"clients": asked.clients, "seconds": asked.seconds, "rounds": asked.rounds}
    figures = {
        f"the verb `{verb.name}`": measure(ours, **how),
        "its statements by psycopg alone": measure(alone, **how),
        "the bare function": measure(function, **how),
    }
    return _told(asked, verb, figures, len(cards))


def _told(asked: Any, verb: Verb, figures: dict[str, Figure], cards: int) -> str:
    best = next(iter(figures.values())).per_second
    table = [["", "entries/s", "median", "95 %", "the verb reaches"]]
    for name, one in figures.items():
        share = f"{best / one.per_second:.0%}"
        table.append(
            [name, f"{one.per_second:,.0f}", f"{one.middle_ms:.1f} ms", f"{one.slow_ms:.1f} ms", share]
        )
    where = "one hot card" if cards == 1 else f"{cards:,} cards"
    what = "Points earned" if verb is EARN else "Payments by balance"
    return report.told(
        f"{what}, {where}", "./dev bench ledger", table, f"{asked.clients} clients. {verb.says}"
    )


def _unbalanced() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(balances())
        return cursor.fetchone() is not None
