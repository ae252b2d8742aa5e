"""A page of a statement, of a card's short life and of a long one: its newest steps, those in its middle, and
the whole page of the merchant's console around them."""

import statistics
import time
from collections.abc import Callable
from functools import partial

from django.db import connection
from django.test import Client
from django.urls import reverse

from benchmarks import report
from loyalty.models import Account, Card, Entry, ValueKind
from loyalty.value.statement import page_of_statement
from portal.kernel.models import User

SHORT, TURNS, PAGES = 1_000, 300, 60
LIFE = """
INSERT INTO loyalty_entry
    (merchant_id, account_id, amount, kind, key, document, note, created_at, balance_after)
SELECT a.merchant_id, a.id, 1, 'opening', gen_random_uuid(), '', '', now(), a.balance + g
FROM loyalty_account a, generate_series(1, %s) g WHERE a.id = %s
"""
PARTS = ("newest steps", "steps in the middle", "whole page")


def measured(cards: list[Card], entries: int, by: User) -> str:
    """The first of the cards lives ``SHORT`` entries long, the second ``entries``."""
    lives = {size: _live(card, size) for card, size in zip(cards, (SHORT, entries), strict=True)}
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE loyalty_entry")
    times = {size: _times(account, by) for size, account in lives.items()}
    short = times[SHORT]
    table = [["entries", *(word for part in PARTS for word in (part, "× short"))]]
    for size, parts in times.items():
        cells = [
            word
            for part, first in zip(parts, short, strict=True)
            for word in (f"{part:.2f} ms", f"{part / first:.2f}")
        ]
        table.append([f"{size:,}", *cells])
    note = f"20 steps with their balances, one client: medians of {TURNS} questions and of {PAGES} pages."
    return report.told("A page of the statement", "./dev bench ledger", table, note)


def _live(card: Card, entries: int) -> Account:
    account = Account.objects.select_related("card__merchant").get(card=card, kind=ValueKind.POINTS)
    with connection.cursor() as cursor:
        cursor.execute(LIFE, [entries, account.pk])
    account.balance += entries
    account.save(update_fields=["balance"])
    return account


def _times(account: Account, by: User) -> tuple[float, ...]:
    rows = Entry.objects.filter(account=account).order_by("pk")
    middle = str(rows[rows.count() // 2].pk)
    address = reverse("loyalty:card", args=[account.card.merchant.slug, account.card.number])
    browser = Client(SERVER_NAME="localhost")
    browser.force_login(by, backend="portal.home.accounts.backends.PortalBackend")
    if (status := browser.get(address).status_code) != 200:
        raise RuntimeError(f"{address} answers {status}")
    return (
        _median(TURNS, partial(page_of_statement, account)),
        _median(TURNS, partial(page_of_statement, account, middle)),
        _median(PAGES, partial(browser.get, address)),
    )


def _median(turns: int, ask: Callable[[], object]) -> float:
    """Milliseconds."""
    times = []
    for _ in range(turns):
        began = time.perf_counter()
        ask()
        times.append(time.perf_counter() - began)
    return statistics.median(times) * 1000
