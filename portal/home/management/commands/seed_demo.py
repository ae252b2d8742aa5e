"""The demo town, with one command."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from merchants.models import Merchant
from portal.home.demo.seed import build
from portal.home.demo.telling import abilities, facts, persons


def _told() -> dict[str, Any]:
    """``abilities`` names each address, ``doers`` who goes there."""
    can = abilities()
    return {
        "persons": persons(),
        "abilities": {name: ability.url for name, ability in can.items()},
        "doers": {name: ability.who for name, ability in can.items()},
        "facts": facts(),
    }


class Command(BaseCommand):
    help = "Build a believable bilingual town through the portal's own verbs; tell its logins."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seed", type=int, default=1, help="the same number gives the same town")
        parser.add_argument("--merchants", type=int, default=60)
        parser.add_argument("--consumers", type=int, default=2000)
        parser.add_argument("--days", type=int, default=90, help="how much history the town has")
        parser.add_argument("--json", action="store_true", help="persons and abilities, for outside tools")
        parser.add_argument("--logins", action="store_true", help="only print who can sign in")

    def handle(self, *args: Any, **options: Any) -> None:
        if not persons() and not options["logins"]:
            self._build(options)
        if options["json"]:
            self.stdout.write(json.dumps(_told(), ensure_ascii=False, indent=1))
            return
        for person in persons():
            self.stdout.write(
                f"  {person['role']:<11} {person['phone']}  {person['password']}  "
                f"{person['name']}: {person['does']}"
            )

    def _build(self, options: dict[str, Any]) -> None:
        if Merchant.objects.exists():
            raise CommandError("This database already holds merchants. The demo wants an empty one.")
        if (
            not 3 <= options["merchants"] <= 500
            or not options["merchants"] * 4 <= options["consumers"] <= 9000
        ):
            raise CommandError("Ask for 3 to 500 merchants, and for 4 consumers a merchant up to 9,000.")
        bars: dict[str, tqdm] = {}

        def told(what: str, done: int, total: int) -> None:
            if what not in bars:
                bars[what] = tqdm(total=total, desc=what, file=sys.stderr, disable=options["verbosity"] == 0)
            bar = bars[what]
            bar.update(done - bar.n)
            if done == total:
                bar.close()

        built = build(
            seed=options["seed"],
            merchants=options["merchants"],
            consumers=options["consumers"],
            days=options["days"],
            told=told,
        )
        self.stderr.write(
            f"{built.people} people, {built.merchants} merchants, {built.shops} shops and listings, "
            f"{built.sales} sales, {built.complaints} complaints"
        )
