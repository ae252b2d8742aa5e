"""Levels are reached at once and kept for notice and grace; a new rule rewrites nothing."""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from loyalty import actions
from loyalty.actions import levels as verbs
from loyalty.levels import progress_of, who_would_move
from loyalty.models import Level, LevelMove, LevelRule, Standing
from messaging.models import Message
from orders import actions as orders
from portal.kernel.events import deliver_due
from tests.levels.makers import NOW
from tests.loyalty.makers import buy, make_card, make_levels, rank_of

pytestmark = pytest.mark.django_db


def test_the_sale_that_reaches_a_level_moves_the_card_in_its_own_transaction(card, books_balance):
    buy(card, 49_999)
    assert rank_of(card) == 0
    buy(card, 1)
    assert rank_of(card) == 1
    move = LevelMove.objects.get()
    assert (move.kind, move.reached, move.threshold) == ("promoted", 50_000, 50_000)
    buy(card, 450_000)
    assert rank_of(card) == 3
    books_balance()


@pytest.mark.parametrize(("metric", "reached"), [("visits", 3), ("points", 1200)])
def test_visits_and_points_count_as_well(shop, metric, reached):
    card = make_card(shop.merchant)
    make_levels(card.programme, reached, metric=metric)
    for _ in range(2):
        buy(card, 40_000)
        assert rank_of(card) == 0
    buy(card, 40_000)
    assert rank_of(card) == 1


def test_what_lies_before_the_window_does_not_count(card):
    buy(card, 49_000, moment=NOW - timedelta(days=367))
    buy(card, 1_000, moment=NOW)
    assert rank_of(card) == 0
    buy(card, 49_000, moment=NOW)
    assert rank_of(card) == 1


def test_an_undone_sale_takes_its_level_with_it_and_no_other(card, books_balance):
    buy(card, 60_000)
    sale = buy(card, 440_000)
    assert rank_of(card) == 3
    orders.undo(sale, by=sale.by, reason="", key=uuid.uuid4())
    assert rank_of(card) == 1
    assert [move.kind for move in LevelMove.objects.order_by("pk")] == ["promoted", "promoted", "undone"]
    books_balance()


def test_an_undone_sale_leaves_a_level_that_was_there_before_it(card):
    buy(card, 60_000, moment=NOW - timedelta(days=300))
    sale = buy(card, 10_000)
    orders.undo(sale, by=sale.by, reason="", key=uuid.uuid4())
    assert rank_of(card) == 1


def test_the_holder_is_told_once_in_their_language(card, consumer):
    buy(card, 60_000)
    for _ in range(2):
        actions.tell_moves(LevelMove.objects.get().at + timedelta(seconds=5))
        deliver_due()
    told = Message.objects.get(person=consumer, kind="loyalty.level_rose")
    assert told.params["level"] == "银卡"


def test_an_old_move_is_nobodys_news(card, consumer):
    buy(card, 60_000, moment=NOW)
    actions.tell_moves(NOW + timedelta(days=3))
    deliver_due()
    assert not Message.objects.filter(kind="loyalty.level_rose").exists()


def test_a_level_no_longer_earned_is_lost_after_a_months_notice(card, consumer, books_balance):
    buy(card, 60_000, moment=NOW)
    lapsed = NOW + timedelta(days=367)
    for day in range(30):
        actions.sweep_levels(lapsed + timedelta(days=day))
        assert rank_of(card) == 1
    assert Standing.objects.get().noticed_on == lapsed.date()
    deliver_due()
    assert Message.objects.filter(person=consumer, kind="loyalty.level_will_fall").count() == 1
    actions.sweep_levels(lapsed + timedelta(days=30))
    assert rank_of(card) == 0
    assert LevelMove.objects.latest("pk").kind == "demoted"
    books_balance()


def test_a_purchase_during_the_notice_keeps_the_level(card):
    buy(card, 60_000, moment=NOW)
    lapsed = NOW + timedelta(days=367)
    actions.sweep_levels(lapsed)
    assert Standing.objects.get().falls_on == lapsed.date() + timedelta(days=30)
    buy(card, 50_000, moment=lapsed + timedelta(days=3))
    assert (Standing.objects.get().falls_on, rank_of(card)) == (None, 1)
    actions.sweep_levels(lapsed + timedelta(days=40))
    assert rank_of(card) == 1


def test_a_longer_grace_is_kept_and_notice_comes_a_month_before_its_end(shop):
    card = make_card(shop.merchant)
    make_levels(card.programme, grace_days=90)
    buy(card, 60_000, moment=NOW)
    lapsed = NOW + timedelta(days=367)
    actions.sweep_levels(lapsed)
    standing = Standing.objects.get()
    assert (standing.falls_on, standing.noticed_on) == (lapsed.date() + timedelta(days=90), None)
    actions.sweep_levels(lapsed + timedelta(days=60))
    assert Standing.objects.get().noticed_on == lapsed.date() + timedelta(days=60)
    actions.sweep_levels(lapsed + timedelta(days=90))
    assert rank_of(card) == 0


def test_a_sweep_that_slept_gives_the_whole_notice_all_the_same(card):
    buy(card, 60_000, moment=NOW)
    late = NOW + timedelta(days=600)
    actions.sweep_levels(late)
    assert rank_of(card) == 1
    assert Standing.objects.get().falls_on == late.date() + timedelta(days=30)


def test_the_sweep_runs_once_for_each_day(card):
    buy(card, 60_000, moment=NOW)
    lapsed = NOW + timedelta(days=367)
    assert actions.sweep_levels(lapsed) == 1
    assert actions.sweep_levels(lapsed + timedelta(hours=1)) == 0
    assert actions.sweep_levels(lapsed + timedelta(days=1)) == 1


def test_the_database_refuses_a_fall_without_a_months_notice(card):
    buy(card, 60_000, moment=NOW)
    with pytest.raises(IntegrityError, match="level_falls_a_month_after_notice"), transaction.atomic():
        Standing.objects.update(noticed_on=NOW.date(), falls_on=NOW.date() + timedelta(days=29))


def test_a_new_rule_lifts_at_once_and_takes_nothing_without_notice(card, books_balance):
    buy(card, 60_000)
    before = list(LevelMove.objects.values_list("pk", "reached", "threshold"))
    make_levels(card.programme, 70_000, 80_000)
    assert rank_of(card) == 1
    make_levels(card.programme, 30_000, 60_000)
    assert rank_of(card) == 2
    assert list(LevelMove.objects.order_by("pk").values_list("pk", "reached", "threshold"))[:1] == before
    assert Level.objects.get(rank=3).is_on is False
    books_balance()


def test_who_would_move_is_counted_before_anything_is_saved_in_one_question(
    shop, card, django_assert_num_queries
):
    for bill in (10_000, 30_000, 60_000):
        buy(make_card(shop.merchant), bill)
    rule, levels = verbs.drafted(
        card.programme,
        [actions.Step(rank=0, name="普通", threshold=0), actions.Step(rank=1, name="银卡", threshold=20_000)],
        metric="amount",
        window="rolling",
        months=12,
        grace_days=30,
    )
    with django_assert_num_queries(1):
        movers = who_would_move(rule, levels, moment=timezone.now())
    assert (movers.up, movers.down) == (1, 0)
    assert [(one.held, one.due, one.reached) for one in movers.some] == [(0, 1, 30_000)]
    assert LevelRule.objects.get().metric == "amount"
    assert Level.objects.get(rank=1).threshold == 50_000


def test_levels_that_do_not_rise_are_refused(card):
    with pytest.raises(verbs.StepsOutOfOrder):
        make_levels(card.programme, 500, 500)


def test_progress_says_what_is_missing_and_by_when(card):
    from django.utils import translation

    buy(card, 168_000, moment=NOW)
    LevelRule.objects.update(window="calendar")
    with translation.override("en"):
        progress = progress_of(card, moment=NOW)
        assert progress.words.startswith("¥320 more for Gold by")
        assert "31 Dec" in progress.words
    with translation.override("zh-hans"):
        assert "金卡" in progress_of(card, moment=NOW).words
