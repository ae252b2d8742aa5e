"""The tills of a spending storm, a process of its own: `python -m tests.chaos.storm CARD TILLS`.

Each till earns, spends, holds, tops up, pays and takes back on one card, and a line is said for each deed:
``done KIND KEY AMOUNT`` once the verb has come back, ``unsure …`` when the database broke, ``refused …``.
A line on its input ends the storm, it says ``over``; a second line has everything that was done or unsure
done again with the same keys.
"""

import os
import random
import sys
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Lock
from typing import Any

KINDS = ("earn", "spend", "hold", "top_up", "pay", "claw")
PAUSE = 0.1  # seconds between two deeds of a till: what is done is told and repeated, and that takes longer
Asked = tuple[str, str, int]  # kind, key, amount


def main(token: str, tills: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    import django
    from django.db import connection

    django.setup()
    storm = Storm(deeds_on(token))
    connection.close()  # it won't outlive the storm
    with ThreadPoolExecutor(int(tills)) as pool:
        rounds = [pool.submit(storm.till, storm.at_random(number)) for number in range(int(tills))]
        sys.stdin.readline()
        storm.over.set()
        for one in rounds:
            one.result()
        storm.say("over")
        sys.stdin.readline()
        storm.till(list(storm.to_repeat))
        storm.say("repeated")


class Storm:
    def __init__(self, do: dict[str, Callable[[str, int], object]]) -> None:
        self.do, self.over, self.speaking = do, Event(), Lock()
        self.to_repeat: list[Asked] = []

    def at_random(self, seed: int) -> Iterator[Asked]:
        dice = random.Random(seed)
        while not self.over.wait(PAUSE):
            key = uuid.UUID(int=dice.getrandbits(128), version=4)
            yield dice.choice(KINDS), str(key), dice.randrange(1, 60)

    def till(self, deeds: Iterable[Asked]) -> None:
        for kind, key, amount in deeds:
            outcome = _attempt(self.do[kind], key, amount)
            if outcome != "refused":
                self.to_repeat.append((kind, key, amount))
            self.say(f"{outcome} {kind} {key} {amount}")

    def say(self, line: str) -> None:
        with self.speaking:
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()


def _attempt(deed: Callable[[str, int], object], key: str, amount: int) -> str:
    from django.db import Error, connection

    from portal.kernel.refused import Refused

    try:
        deed(key, amount)
    except Refused:
        return "refused"
    except Error:
        connection.close()
        time.sleep(PAUSE)
        return "unsure"
    return "done"


def deeds_on(token: str) -> dict[str, Callable[[str, int], object]]:
    """What a till does, with money switched on at its shop."""
    from datetime import timedelta

    from django.utils import timezone

    from loyalty import actions
    from loyalty.models import Card, ValueKind
    from merchants.models import Role, Shop

    card = Card.objects.select_related("programme", "customer").get(token=token)
    owner = card.merchant.staff.current().filter(role=Role.OWNER)[0].user
    actions.offer_stored_value(card.programme, by=owner, tiers=[(30, 3)], is_on=True, most_on_card=None)
    at: dict[str, Any] = {"shop": Shop.objects.filter(merchant=card.merchant_id)[0], "by": None}

    def hold(key: str, amount: int) -> object:
        moment = timezone.now()
        times = {"until": moment + timedelta(seconds=1), "moment": moment}
        return actions.hold(card, amount, value=ValueKind.POINTS, key=uuid.UUID(key), **times)

    return {
        "earn": lambda key, amount: actions.earn(card, amount, key=uuid.UUID(key), **at),
        "spend": lambda key, amount: actions.spend(card, amount, key=uuid.UUID(key), **at),
        "top_up": lambda key, amount: actions.top_up(card, amount, key=uuid.UUID(key), **at),
        "pay": lambda key, amount: actions.pay_with_balance(card, amount, key=uuid.UUID(key), **at),
        "claw": lambda key, amount: actions.claw_back(card, amount, key=uuid.UUID(key), **at),
        "hold": hold,
    }


if __name__ == "__main__":
    main(*sys.argv[1:])
