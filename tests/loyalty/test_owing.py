"""What is owed on cards by the month in which it lapses: equal to the ledger's own sums, kind by kind."""

import csv
import io
import uuid
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from loyalty import actions
from loyalty.models import Programme, ValueKind
from loyalty.value import owing
from merchants.models import Shop
from tests.cast import client_of, make_shop, make_user, owner_of
from tests.loyalty.makers import give, make_card
from tests.loyalty.money import make_money_card, pay_in
from tests.passes.makers import make_offer, refund, sell, visit

pytestmark = pytest.mark.django_db
#: By the ledger alone: what came less what went, of lots that are still good.
LEDGER = """
SELECT a.kind, sum(l.amount - coalesce(used.taken, 0)) FROM loyalty_lot l
JOIN loyalty_account a ON a.id = l.account_id
LEFT JOIN (
    SELECT lot_id, sum(amount) AS taken FROM loyalty_allocation GROUP BY lot_id
) used ON used.lot_id = l.id
WHERE a.merchant_id = %s AND a.kind <> 'debt' AND (l.expires_at IS NULL OR l.expires_at > %s)
GROUP BY a.kind HAVING sum(l.amount - coalesce(used.taken, 0)) > 0
"""


@pytest.fixture
def card(shop, consumer):
    return make_money_card(shop, consumer, tiers=[(50_000, 10_000)], bonus_expires_months=6)


def of_the_ledger(merchant, moment) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(LEDGER, [merchant.pk, moment])
        return {kind: int(amount) for kind, amount in cursor.fetchall()}


def amounts(rows) -> dict[str, int]:
    sums: dict[str, int] = {}
    for row in rows:
        for cell in row.cells:
            sums[str(cell.kind)] = sums.get(str(cell.kind), 0) + cell.amount
    return sums


def lived(shop, card) -> None:
    """Points of several months, some used, 30 of a visit; money with a bonus; passes used and refunded."""
    now = timezone.now()
    Programme.objects.update(points_expire_months=3)
    card.programme.refresh_from_db()
    for days in (80, 40, 1):
        give(card, 100, moment=now - timedelta(days=days))
    actions.spend(card, 30, key=uuid.uuid4(), shop=shop, by=None)
    Programme.objects.update(points_expire_months=None)
    card.programme.refresh_from_db()
    give(card, 7)
    pay_in(card, 50_000)
    offer = make_offer(card.programme, months=2)
    visit(sell(card, offer))
    refund(sell(card, offer), 30_000)
    sell(card, offer, moment=now - timedelta(days=100))
    actions.set_spending(
        card.programme, by=owner_of(card.merchant), points=100, worth=100, minimum=100, share=50, is_on=True
    )


def test_months_shops_and_the_total_are_the_ledgers_sums(shop, card):
    lived(shop, card)
    now = timezone.now()
    parts = owing.parts_of(card.merchant, now)
    wanted = of_the_ledger(card.merchant, now)
    assert wanted == {"points": 307, "principal": 50_000, "bonus": 10_000, "visits": 9}
    months = owing.by_expiry(parts, now, ZoneInfo(card.merchant.zone))
    assert amounts(months) == amounts(owing.by_shop(parts, card.merchant)) == wanted
    total = owing.total(parts)
    assert amounts([total]) == wanted
    worths = {str(cell.kind): cell.worth for cell in total.cells}
    assert worths == {"principal": 50_000, "bonus": 10_000, "visits": 27_000, "points": 307}
    assert total.worth == sum(worths.values())
    assert months[-1].says in ("Without an end", "不过期")


def test_what_ends_at_midnight_after_a_month_lapses_in_that_month(shop, card):
    Programme.objects.update(points_expire_months=4)
    card.programme.refresh_from_db()
    zone = ZoneInfo(card.merchant.zone)
    give(card, 100, moment=datetime(2026, 1, 31, 23, 30, tzinfo=zone))
    give(card, 10, moment=datetime(2026, 2, 1, 0, 30, tzinfo=zone))
    parts = owing.parts_of(card.merchant, datetime(2026, 3, 2, tzinfo=zone))
    assert {part.month: part.amount for part in parts} == {date(2026, 5, 1): 100, date(2026, 6, 1): 10}
    midnight = datetime(2026, 6, 1, tzinfo=zone)
    assert [part.amount for part in owing.parts_of(card.merchant, midnight)] == [10]
    before = owing.parts_of(card.merchant, midnight - timedelta(seconds=1))
    assert sum(part.amount for part in before) == 110


def test_months_far_away_are_one_line(shop, card):
    zone, now = ZoneInfo(card.merchant.zone), timezone.now()
    for months in (1, 11, 15, 40):
        Programme.objects.update(points_expire_months=months)
        card.programme.refresh_from_db()
        give(card, months)
    rows = owing.by_expiry(owing.parts_of(card.merchant, now), now, zone)
    assert [row.cells[0].amount for row in rows] == [1, 11, 55]
    assert rows[-1].says in ("More than a year from now", "一年以后")


def test_what_has_lapsed_is_shown_by_month(shop, card):
    sell(card, months=1, moment=timezone.now() - timedelta(days=60))
    assert owing.lapsed(card.merchant, timezone.now()) == []
    actions.expire_due(timezone.now())
    (row,) = owing.lapsed(card.merchant, timezone.now())
    assert [(cell.kind, cell.amount) for cell in row.cells] == [(ValueKind.VISITS, 10)]


def test_the_page_says_it_and_the_file_adds_up(shop, card):
    other = make_shop(card.merchant, name="青禾理发 二店")
    lived(shop, card)
    facts = {"key": uuid.uuid4(), "by": owner_of(card.merchant), "shop": other}
    actions.sell_pass(card, make_offer(card.programme), **facts)
    owner, home = client_of(owner_of(card.merchant), language="en"), f"/m/{card.merchant.slug}/reports"
    page = owner.get(f"{home}/liability/").content.decode()
    assert "What is owed, and when it lapses" in page and "What is owed, by shop" in page
    assert other.title in page and "Without an end" in page
    file = owner.get(f"{home}/liability/owed.csv").content.decode().removeprefix("\ufeff")
    rows = list(csv.DictReader(io.StringIO(file)))
    sums: dict[str, float] = {}
    for row in rows:
        sums[row["Kind"]] = sums.get(row["Kind"], 0) + float(row["Amount"].strip("¥").replace(",", ""))
    assert sums == {"paid in": 500.0, "bonus": 100.0, "visits": 19.0, "points": 307.0}


@pytest.mark.parametrize("path", ["liability/", "liability/owed.csv"])
def test_the_page_asks_as_much_for_sixty_members_as_for_ten(shop, card, path):
    address, browser = f"/m/{card.merchant.slug}/reports/{path}", client_of(owner_of(card.merchant))

    def grown(members: int) -> int:
        for _ in range(members):
            give(make_card(shop.merchant, make_user()), 10)
        with CaptureQueriesContext(connection) as seen:
            assert browser.get(address).status_code == 200
        return len(seen)

    lived(shop, card)
    browser.get(address)
    assert grown(10) == grown(50)


def test_another_merchants_cards_are_no_part_of_it(shop, card, other_shop):
    give(make_card(other_shop.merchant), 1_000)
    assert owing.parts_of(card.merchant, timezone.now()) == []
    assert Shop.objects.of(card.merchant).count() == 1
