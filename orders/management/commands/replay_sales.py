"""Play a file of real invoices through the counter: what load tests and proofs of the ledger start from."""

import random
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from orders.actions import MOST
from orders.replaying import counter_for_replays, net_points, play
from orders.retail import Journal, read_journal
from portal.kernel.refused import Refused


class Command(BaseCommand):
    help = "Play invoices (CSV, also gzipped) as sales and returns. Killed and started again, it goes on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--shuffle", type=int, metavar="SEED", help="in an order drawn from this seed")
        parser.add_argument("--twice", action="store_true", help="each invoice twice: it must count once")
        parser.add_argument("--limit", type=int, metavar="N", help="only the first N invoices of the file")

    def handle(self, *args: Any, **options: Any) -> None:
        journal = _journal(options["file"])
        invoices = journal.invoices[: options["limit"]] * (2 if options["twice"] else 1)
        if options["shuffle"] is not None:
            random.Random(options["shuffle"]).shuffle(invoices)  # noqa: S311 - an order, no secret
        counter = counter_for_replays()
        hidden = options["verbosity"] == 0
        with tqdm(total=len(invoices), unit="invoice", file=self.stderr, disable=hidden or None) as bar:
            try:
                play(invoices, counter, bar.update)
            except Refused as refusal:
                raise CommandError(str(refusal)) from refusal
        net = net_points(counter)
        self.stdout.write(
            f"{len(invoices)} played; {len(net)} customers hold {sum(net.values())} points net."
        )
        for reason, count in journal.left_out.most_common():
            self.stdout.write(f"  left out {count:>6}  {reason}")


def _journal(path: Path) -> Journal:
    try:
        return read_journal(path, settings.CURRENCY_EXPONENT, MOST)
    except (OSError, KeyError, ValueError, ArithmeticError, EOFError) as fault:
        raise CommandError(f"{path} can't be read as lines of invoices: {fault}") from fault
