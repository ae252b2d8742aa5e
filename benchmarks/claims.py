"""Claims on one hot programme: the verb, its statements by psycopg alone, and the bare database function."""

import itertools
import uuid
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.utils import timezone

from benchmarks import replay, report
from benchmarks.clients import Deed, Figure, bare_connection, fresh_database, measure
from coupons import actions
from coupons.models import Coupon, CouponKind, CouponProgramme
from merchants.actions import open_merchant
from merchants.models import Customer
from portal.kernel.codes import new_code
from portal.kernel.models import User

STOCK = 1_000_000
PEOPLE = 30_000

BARE = """
CREATE TABLE deal (id int PRIMARY KEY, remaining int NOT NULL CHECK (remaining >= 0)) WITH (fillfactor = 50);
CREATE TABLE claim (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, deal_id int NOT NULL,
    customer_id bigint NOT NULL, code text NOT NULL, created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (deal_id, customer_id));
INSERT INTO deal VALUES (1, 100000000);
CREATE FUNCTION claim_deal(d int, cust bigint, c text) RETURNS int LANGUAGE plpgsql AS $$
DECLARE r bigint; BEGIN
  PERFORM 1 FROM deal WHERE id = d AND remaining > 0; IF NOT FOUND THEN RETURN 0; END IF;
  INSERT INTO claim (deal_id, customer_id, code) VALUES (d, cust, c)
    ON CONFLICT (deal_id, customer_id) DO NOTHING RETURNING id INTO r;
  IF r IS NULL THEN RETURN -1; END IF;
  UPDATE deal SET remaining = remaining - 1 WHERE id = d AND remaining > 0;
  IF NOT FOUND THEN DELETE FROM claim WHERE id = r; RETURN 0; END IF;
  RETURN 1; END $$;
"""


def main(argv: list[str]) -> None:
    asked = _options(argv)
    with fresh_database():
        programme, people = _town()
        statements, first = _one_claim(programme, people[-1])
        share = len(people) // (asked.clients * asked.rounds * 2 + 2)

        def mine(number: int, half: int) -> Any:
            begin = (2 * number + half) * share
            return iter(people[begin : begin + share])

        def ours(number: int) -> Deed:
            crowd = mine(number, 0)
            return lambda: actions.claim_coupon(programme, next(crowd), key=uuid.uuid4())

        def alone(number: int) -> Deed:
            bare, crowd = bare_connection(), mine(number, 1)
            return lambda: _send(bare, statements, first, next(crowd))

        def function(number: int) -> Deed:
            bare, turn = bare_connection(), itertools.count(number * 10_000_000)
            return lambda: bare.execute("SELECT claim_deal(1, %s, %s)", [next(turn), new_code()])

        how = {"clients": asked.clients, "seconds": asked.seconds, "rounds": asked.rounds}
        figures = {
            "the verb `claim_coupon`": measure(ours, **how),
            "its statements by psycopg alone": measure(alone, **how),
            "the bare function `claim_deal`": measure(function, **how),
        }
        programme.refresh_from_db()
        exact = programme.claimed == Coupon.objects.count()
    _tell(asked, figures, exact)


def _options(argv: list[str]) -> Any:
    parser = ArgumentParser("claims")
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--dry", action="store_true", help="print, don't append to docs/benchmarks.md")
    return parser.parse_args(argv)


def _town() -> tuple[CouponProgramme, list[User]]:
    """One offer and people whom its merchant knows already."""
    owner = User.objects.create_user(name="owner")
    merchant, now = open_merchant(owner, name="Bench"), timezone.now()
    programme = actions.draft_programme(
        merchant,
        by=owner,
        key=uuid.uuid4(),
        title="10 off",
        kind=CouponKind.AMOUNT,
        amount_off=1000,
        stock=STOCK,
        starts_at=now - timedelta(days=1),
        ends_at=now + timedelta(days=1),
    )
    people = User.objects.bulk_create([User(password="!") for _ in range(PEOPLE)], batch_size=5000)
    Customer.objects.bulk_create([Customer(merchant=merchant, user=one) for one in people], batch_size=5000)
    with bare_connection() as bare:
        bare.execute(BARE)
        bare.execute("ANALYZE")
    return actions.publish_programme(programme, by=owner), people


def _one_claim(programme: CouponProgramme, person: User) -> tuple[list[replay.Statement], dict[str, Any]]:
    key = uuid.uuid4()
    statements = replay.caught(lambda: actions.claim_coupon(programme, person, key=key))
    return statements, {"person": person.pk, "key": key, "token": Coupon.objects.get().token}


def _send(bare: Any, statements: list[replay.Statement], first: dict[str, Any], person: User) -> None:
    values = {first["person"]: person.pk, first["key"]: uuid.uuid4(), first["token"]: new_code()}
    replay.send(bare, statements, values)


def _tell(asked: Any, figures: dict[str, Figure], exact: bool) -> None:
    best = next(iter(figures.values())).per_second
    table = [["", "claims/s", "median", "95 %", "the verb reaches"]]
    for name, one in figures.items():
        share = f"{best / one.per_second:.0%}"
        table.append(
            [name, f"{one.per_second:,.0f}", f"{one.middle_ms:.1f} ms", f"{one.slow_ms:.1f} ms", share]
        )
    note = (
        f"{asked.clients} clients on one programme; claimed = coupons afterwards: {'yes' if exact else 'NO'}."
    )
    section = report.told("One hot programme", "./dev bench claims", table, note)
    print(section)
    if not asked.dry:
        report.append("Claims", section)
