"""A card's statement: each step carries the balance that it left, and a page costs the same at any length."""

import json
import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from loyalty import actions
from loyalty.models import Entry
from loyalty.value.statement import page_of_statement
from tests.cast import client_of, owner_of
from tests.loyalty.makers import give, make_card, take

pytestmark = pytest.mark.django_db
SUMMED = """
    SELECT count(*) FROM (
        SELECT balance_after - sum(amount) OVER (PARTITION BY account_id ORDER BY id) AS off
        FROM loyalty_entry
    ) s WHERE off <> 0
"""
LIFE = """
    INSERT INTO loyalty_entry
        (merchant_id, account_id, amount, kind, key, document, note, created_at, balance_after)
    SELECT a.merchant_id, a.id, 1, 'opening', gen_random_uuid(), '', '', now(), a.balance + g
    FROM loyalty_account a, generate_series(1, %s) g WHERE a.card_id = %s AND a.kind = 'points'
"""


@pytest.fixture
def busy(shop, consumer):
    """A card with 45 steps: 44 times five points, and fifteen used."""
    card = make_card(shop.merchant, consumer)
    for _ in range(44):
        give(card, 5)
    take(card, 15)
    return card


def wrong_balances() -> int:
    with connection.cursor() as cursor:
        cursor.execute(SUMMED)
        return cursor.fetchone()[0]


def test_every_step_carries_the_sum_up_to_it(busy, shop, books_balance):
    actions.reverse(Entry.objects.filter(amount=5)[0], key=uuid.uuid4(), by=None)
    assert wrong_balances() == 0
    books_balance()


def shown(piece: str) -> list[int]:
    return [int(one) for one in re.findall(r"leaves (\d+)", piece)]


@pytest.mark.parametrize("whose", ["holder", "merchant"])
def test_earlier_steps_follow_in_the_page_or_alone_for_htmx(busy, whose):
    card = busy
    page, user = f"/me/cards/{card.token}/", card.customer.user
    if whose == "merchant":
        page, user = f"/m/{card.merchant.slug}/cards/{card.number}/", owner_of(card.merchant)
    browser, seen, more = client_of(user, language="en"), [], ""
    for size in (20, 20, 5):
        whole = browser.get(page + more).content.decode()
        piece = browser.get(page + more, headers={"HX-Request": "true", "HX-Target": "statement"})
        assert "<html" in whole
        assert "<html" not in piece.content.decode()
        assert shown(piece.content.decode()) == shown(whole)
        assert len(shown(whole)) == size
        seen += shown(whole)
        links = re.findall(r'id="statement".*?hx-get="(\?before=\d+)"', whole)
        more = links[0] if links else ""
    assert seen == [205, *range(220, 0, -5)]
    assert more == ""


def test_a_search_keeps_its_words_on_the_way_back_and_tells_true_balances(busy):
    browser = client_of(busy.customer.user, language="en")
    page = browser.get(f"/me/cards/{busy.token}/?kind=earned").content.decode()
    assert shown(page) == list(range(220, 120, -5))
    (more,) = re.findall(r'hx-get="([^"]+)"', page)
    assert "kind=earned" in more
    rest = browser.get(f"/me/cards/{busy.token}/{more.replace('&amp;', '&')}").content.decode()
    assert shown(rest) == list(range(120, 20, -5))


def test_a_page_of_a_long_life_reads_no_more_rows_than_it_shows(busy):
    account = busy.accounts.get()
    with connection.cursor() as cursor:
        cursor.execute(LIFE, [20_000, busy.pk])
        cursor.execute("ANALYZE loyalty_entry")
    middle = str(Entry.objects.filter(account=account).order_by("pk")[10_000].pk)
    for before in ("", middle):
        with CaptureQueriesContext(connection) as asked:
            assert len(page_of_statement(account, before).rows) == 20
        assert len(asked) == 1
        assert rows_read(asked[0]["sql"]) <= 21


def rows_read(sql: str) -> int:
    """How many entries the database looked at."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}")
        (plans,) = cursor.fetchone()
    plans = plans if isinstance(plans, list) else json.loads(plans)
    return most_rows(plans[0]["Plan"])


def most_rows(node: dict) -> int:
    removed = node.get("Rows Removed by Filter", 0)
    own = (node["Actual Rows"] + removed) * node["Actual Loops"]
    inner = [most_rows(one) for one in node.get("Plans", [])]
    return max([own if node.get("Relation Name") == "loyalty_entry" else 0, *inner])
