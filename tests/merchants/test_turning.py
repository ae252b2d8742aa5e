"""The signs on the doors turn by themselves, only where they are due, a batch at a time."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from merchants import actions
from merchants.models import Category, Merchant, Shop
from tests import cast

SUNDAY_NIGHT = datetime(2026, 11, 22, 13, 0, tzinfo=UTC)  # 21:00 in Shanghai


def make_due(
    merchant: Merchant, category: Category, count: int, hours: str = "Mo-Su 10:00-21:00"
) -> list[Shop]:
    """Shops whose noted opening ended this minute."""
    ended = {
        "opens_at": SUNDAY_NIGHT - timedelta(hours=11),
        "closes_at": SUNDAY_NIGHT,
        "next_change_at": SUNDAY_NIGHT,
    }
    start = Shop.objects.count()
    return Shop.objects.bulk_create(
        [
            Shop(
                merchant=merchant, category=category, name="店", slug=f"due-{start + n}", hours=hours, **ended
            )
            for n in range(count)
        ]
    )


def test_a_closed_shop_notes_its_next_opening(merchant: Merchant, hair: Category) -> None:
    [shop] = make_due(merchant, hair, 1)
    assert actions.turn_hours(SUNDAY_NIGHT) == 1
    shop.refresh_from_db()
    assert shop.opens_at == datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai
    assert shop.closes_at == shop.next_change_at == datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
    assert not shop.is_open_at(SUNDAY_NIGHT) and shop.is_open_at(shop.opens_at)
    assert actions.turn_hours(SUNDAY_NIGHT) == 0


def test_what_is_not_due_is_left_alone(shop: Shop) -> None:
    before = Shop.objects.filter(pk=shop.pk).values().get()
    assert shop.next_change_at
    assert actions.turn_hours(shop.next_change_at - timedelta(seconds=1)) == 0
    assert Shop.objects.filter(pk=shop.pk).values().get() == before


def test_a_shop_that_never_opens_again_is_not_due_again(merchant: Merchant, hair: Category) -> None:
    [shop] = make_due(merchant, hair, 1, hours="2020 Mo-Su 10:00-20:00")
    actions.turn_hours(SUNDAY_NIGHT)
    shop.refresh_from_db()
    assert (shop.opens_at, shop.closes_at, shop.next_change_at) == (None, None, None)


@pytest.mark.parametrize("count", [10, 1000])
def test_a_batch_costs_four_statements_however_many_are_due(
    merchant: Merchant, hair: Category, count: int
) -> None:
    make_due(merchant, hair, count)
    make_due(merchant, hair, 5, hours="24/7")
    with CaptureQueriesContext(connection) as seen:
        assert actions.turn_hours(SUNDAY_NIGHT) == count + 5
    assert len(seen) == 4  # savepoint, select for update, one update, release


def test_batches_go_on_until_nothing_is_due(merchant: Merchant, hair: Category, monkeypatch: Any) -> None:
    from merchants import tasks

    make_due(merchant, hair, 25)
    monkeypatch.setattr(tasks, "BATCH", 10)
    monkeypatch.setattr(tasks.timezone, "now", lambda: SUNDAY_NIGHT)
    assert tasks.turn_hours() == 25
    assert tasks.turn_hours() == 0


def test_a_machine_s_turning_leaves_no_trace_in_the_history(shop: Shop) -> None:
    history = shop.events.count()
    assert shop.next_change_at
    actions.turn_hours(shop.next_change_at)
    assert shop.events.count() == history


def test_open_now_is_one_comparison(shop: Shop, hair: Category) -> None:
    assert shop.merchant and shop.opens_at and shop.closes_at
    cast.make_shop(shop.merchant, name="无时间", category=hair, hours="Mo-Su 10:00-21:00")
    assert Shop.objects.open_at(shop.opens_at).count() == 2
    assert Shop.objects.open_at(shop.closes_at).count() == 0
