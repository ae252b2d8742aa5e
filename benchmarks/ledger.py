"""Entries of the value ledger: the verb, its statements by psycopg alone, and the bare database function."""

import random
import uuid
from argparse import ArgumentParser
from functools import partial
from typing import Any

from django.db import connection

from benchmarks import replay, report
from benchmarks.clients import Deed, Figure, bare_connection, fresh_database, measure
from loyalty import actions
from loyalty.invariants import balances
from loyalty.models import Account, Card, Programme, ValueKind
from loyalty.numbers import new_number
from merchants.actions import open_merchant
from merchants.models import Category, Customer, Shop
from portal.kernel.codes import new_code
from portal.kernel.db import point
from portal.kernel.models import User

CARDS = 20_000

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
            bare.execute("INSERT INTO purse SELECT g, 0 FROM generate_series(0, %s) g", [len(cards)])
            bare.execute("ANALYZE")
        sections = [_measured(asked, cards, shop, owner), _measured(asked, cards[-1:], shop, owner)]
        exact = not _unbalanced()
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
    return cards, shop, owner


def _card(programme: Programme, customer: Customer, number: str) -> Card:
    return Card(
        merchant=programme.merchant,
        programme=programme,
        customer=customer,
        number=number,
        token=new_code(),
    )


def _measured(asked: Any, cards: list[Card], shop: Shop, owner: User) -> str:
    sample, key = cards[-1], uuid.uuid4()  # a key that no other value equals
    statements = replay.caught(lambda: actions.earn(sample, 38, key=key, shop=shop, by=owner))

    def ours(number: int) -> Deed:
        dice = random.Random(number)
        return lambda: actions.earn(dice.choice(cards), 38, key=uuid.uuid4(), shop=shop, by=owner)

    def alone(number: int) -> Deed:
        bare, dice = bare_connection(), random.Random(number)
        return lambda: replay.send(bare, statements, {sample.pk: dice.choice(cards).pk, key: uuid.uuid4()})

    def function(number: int) -> Deed:
        bare, dice = bare_connection(), random.Random(number)
        return lambda: bare.execute("SELECT move(%s, 38, %s)", [dice.randrange(len(cards)), uuid.uuid4()])

    how = {"clients": asked.clients, "seconds": asked.seconds, "rounds": asked.rounds}
    figures = {
        "the verb `earn`": measure(ours, **how),
        "its statements by psycopg alone": measure(alone, **how),
        "the bare function": measure(function, **how),
    }
    return _told(asked, figures, len(cards))


def _told(asked: Any, figures: dict[str, Figure], cards: int) -> str:
    best = next(iter(figures.values())).per_second
    table = [["", "entries/s", "median", "95 %", "the verb reaches"]]
    for name, one in figures.items():
        share = f"{best / one.per_second:.0%}"
        table.append(
            [name, f"{one.per_second:,.0f}", f"{one.middle_ms:.1f} ms", f"{one.slow_ms:.1f} ms", share]
        )
    note = (
        f"{asked.clients} clients. The verb writes an entry and a lot with its expiry, keeps four tables"
        " within their merchant and looks for a replay first; the bare function moves a balance"
        " and adds a row."
    )
    where = "One hot card" if cards == 1 else f"{cards:,} cards"
    return report.told(where, "./dev bench ledger", table, note)


def _unbalanced() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(balances())
        return cursor.fetchone() is not None
