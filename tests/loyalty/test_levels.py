"""Levels: reached at once, kept for notice and grace, given by hand, never rewritten by a new rule."""

import re
import uuid
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from loyalty import actions
from loyalty.actions import giving
from loyalty.actions import levels as verbs
from loyalty.levels import progress_of, who_would_move, window_opens
from loyalty.models import Consumption, Level, LevelMove, LevelRule, Standing
from loyalty.terms import home_today
from loyalty.web.level_forms import from_preset
from merchants.models import Role
from messaging.models import Message
from orders import actions as orders
from portal.kernel.events import deliver_due
from portal.kernel.invariants import all_invariants
from portal.kernel.refused import KeyReused
from tests.cast import client_of, make_staff, make_user, owner_of
from tests.loyalty.makers import buy, make_card, make_levels, rank_of
from tests.together import at_once, succeeded

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2024, 6, 15, 12, tzinfo=SHANGHAI)


@pytest.fixture
def card(shop, consumer):
    found = make_card(shop.merchant, consumer)
    make_levels(found.programme)
    return found


def opened(kind, months, moment, zone="Asia/Shanghai"):
    return window_opens(kind, months, moment, zone)


# --- windows


@pytest.mark.parametrize(
    ("months", "today", "opens"),
    [
        (12, date(2028, 2, 29), date(2027, 2, 28)),
        (12, date(2029, 2, 28), date(2028, 2, 28)),
        (48, date(2028, 2, 29), date(2024, 2, 29)),
        (1, date(2026, 3, 31), date(2026, 2, 28)),
        (1, date(2028, 3, 31), date(2028, 2, 29)),
        (6, date(2026, 8, 31), date(2026, 2, 28)),
        (3, date(2026, 1, 15), date(2025, 10, 15)),
        (120, date(2026, 12, 31), date(2016, 12, 31)),
    ],
)
def test_a_rolling_window_opens_on_the_same_day_or_the_months_last(months, today, opens):
    noon = datetime(today.year, today.month, today.day, 12, tzinfo=SHANGHAI)
    assert opened("rolling", months, noon) == datetime(opens.year, opens.month, opens.day, tzinfo=SHANGHAI)


def test_days_and_years_begin_where_the_shop_is_not_at_greenwich():
    late = datetime(
        2026, 12, 31, 16, 30, tzinfo=ZoneInfo("UTC")
    )  # half past midnight on New Year's Day there
    assert opened("calendar", 12, late) == datetime(2027, 1, 1, tzinfo=SHANGHAI)
    assert opened("calendar", 12, late - timedelta(hours=1)) == datetime(2026, 1, 1, tzinfo=SHANGHAI)
    assert opened("lifetime", 12, late) is None


def test_a_window_that_opens_across_a_change_of_clocks_opens_at_midnight_all_the_same():
    berlin = ZoneInfo("Europe/Berlin")
    summer = datetime(2026, 4, 15, 9, tzinfo=berlin)
    opens = window_opens("rolling", 1, summer, "Europe/Berlin")
    assert opens.isoformat() == "2026-03-15T00:00:00+01:00"
    assert window_opens(
        "rolling", 1, datetime(2026, 11, 15, 9, tzinfo=berlin), "Europe/Berlin"
    ).isoformat() == ("2026-10-15T00:00:00+02:00")


@given(
    kind=st.sampled_from(["lifetime", "calendar", "rolling"]),
    months=st.integers(1, 120),
    moment=st.integers(1_420_070_400, 2_051_222_400).map(
        lambda at: datetime.fromtimestamp(at, ZoneInfo("UTC"))
    ),
    zone=st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Pacific/Auckland"]),
)
@examples(max_examples=150, deadline=None)
def test_the_database_opens_the_window_at_the_same_instant(
    django_db_setup, django_db_blocker, kind, months, moment, zone
):
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("SELECT loyalty_window_opens(%s, %s, %s, %s)", [kind, months, moment, zone])
        assert cursor.fetchone()[0] == window_opens(kind, months, moment, zone)


# --- reached at once


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


# --- notice and grace


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


# --- the rule


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


# --- by decision


def give(card, rank, by, *, until=None, key=None, reason="regular of twenty years", moment=NOW):
    level = Level.objects.get(programme=card.programme, rank=rank)
    until = until or moment.date() + timedelta(days=60)
    return actions.give_level(
        card, level, reason=reason, until=until, key=key or uuid.uuid4(), by=by, moment=moment
    )


def test_a_given_level_stands_until_its_last_day_and_then_falls_to_what_is_earned(card, books_balance):
    buy(card, 60_000, moment=NOW)
    give(card, 3, owner_of(card.merchant))
    for days in (1, 60):
        actions.sweep_levels(NOW + timedelta(days=days))
        assert rank_of(card) == 3
    actions.sweep_levels(NOW + timedelta(days=61))
    assert rank_of(card) == 1
    assert LevelMove.objects.latest("pk").kind == "ended"


def test_a_purchase_lifts_above_a_given_level(card):
    give(card, 1, owner_of(card.merchant))
    buy(card, 200_000, moment=NOW + timedelta(days=1))
    standing = Standing.objects.get()
    assert (rank_of(card), standing.ground, standing.until) == (2, "earned", None)


def test_the_same_gift_sent_twice_is_given_once_and_another_one_is_refused(card):
    by, key = owner_of(card.merchant), uuid.uuid4()
    for _ in range(2):
        give(card, 2, by, key=key)
    with pytest.raises(KeyReused):
        give(card, 3, by, key=key)
    assert LevelMove.objects.filter(kind="granted").count() == 1


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"reason": "  "}, giving.SayWhy),
        ({"until": NOW.date()}, giving.WrongEnd),
        ({"until": NOW.date() + timedelta(days=401)}, giving.WrongEnd),
    ],
)
def test_a_gift_says_why_and_until_when(card, change, refusal):
    with pytest.raises(refusal):
        give(card, 2, owner_of(card.merchant), **change)
    assert rank_of(card) == 0


def test_nobody_gives_a_level_to_themselves_and_a_cashier_to_nobody(shop):
    owner = owner_of(shop.merchant)
    mine = make_card(shop.merchant, owner)
    make_levels(mine.programme)
    with pytest.raises(giving.OwnLevel):
        give(mine, 3, owner)
    with pytest.raises(giving.NotYourLevelToGive):
        give(make_card(shop.merchant), 3, make_staff(shop.merchant, Role.CASHIER).user)


def test_a_manager_gives_so_many_a_day_and_an_owner_more(shop, card, settings):
    settings.MANAGER_GIVES_LEVELS_A_DAY = 2
    manager = make_staff(shop.merchant, Role.MANAGER).user
    for _ in range(2):
        give(make_card(shop.merchant), 1, manager)
    with pytest.raises(giving.GivenEnough):
        give(card, 1, manager)
    give(card, 1, owner_of(shop.merchant))
    give(make_card(shop.merchant), 1, manager, moment=NOW + timedelta(days=1, seconds=1))


def test_a_level_can_not_be_written_round_the_verbs(card):
    buy(card, 60_000)
    with pytest.raises(DatabaseError), transaction.atomic():
        LevelMove.objects.update(reached=1)
    with pytest.raises(DatabaseError), transaction.atomic():
        Consumption.objects.all().delete()
    with pytest.raises(IntegrityError, match="given_level_says_until_when_and_why"), transaction.atomic():
        Standing.objects.update(ground="granted")


def test_the_recount_agrees_and_names_who_does_not(card, capsys):
    buy(card, 60_000)
    call_command("recount_levels")
    assert capsys.readouterr().out.startswith("1 ")
    Standing.objects.update(level=Level.objects.get(rank=3))
    with pytest.raises(SystemExit):
        call_command("recount_levels")
    assert card.number in capsys.readouterr().out


# --- words


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


# --- many hands


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_sales_at_once_that_reach_a_level_together_reach_it_once(shop, books_balance):
    card = make_card(shop.merchant, make_user())
    make_levels(card.programme)
    results = at_once([lambda: buy(card, 10_000) for _ in range(12)])
    assert len(succeeded(results)) == 12
    assert rank_of(card) == 1
    assert LevelMove.objects.count() == 1
    books_balance()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_tabs_do_not_use_the_days_cap_twice(shop, settings):
    settings.MANAGER_GIVES_LEVELS_A_DAY = 3
    manager = make_staff(shop.merchant, Role.MANAGER).user
    cards = [make_card(shop.merchant, make_user()) for _ in range(8)]
    make_levels(cards[0].programme)
    results = at_once([lambda card=card: give(card, 1, manager) for card in cards])
    assert len(succeeded(results)) == 3


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_the_same_gift_from_many_hands_is_one(shop):
    owner, key = owner_of(shop.merchant), uuid.uuid4()
    card = make_card(shop.merchant, make_user())
    make_levels(card.programme)
    assert len(succeeded(at_once([lambda: give(card, 1, owner, key=key)] * 12))) == 12
    assert LevelMove.objects.count() == 1


# --- what nobody may break


def by_force(*statements: str) -> None:
    """As somebody with a database console: no trigger looks."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in ("loyalty_levelmove", "loyalty_consumption"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in statements:
            cursor.execute(statement)


def reported(code: str) -> list:
    return next(one for one in all_invariants() if one.code == code).broken()[1]


@pytest.mark.sabotages("I22")
@pytest.mark.parametrize(
    "sabotage",
    [
        "UPDATE loyalty_standing SET level_id = (SELECT id FROM loyalty_level WHERE rank = 3)",
        "UPDATE loyalty_standing SET level_id = (SELECT id FROM loyalty_level WHERE rank = 0)",
        "UPDATE loyalty_standing SET ground = 'granted', reason = 'a friend', until = current_date + 300",
        "UPDATE loyalty_consumption SET amount = 900000",
        "DELETE FROM loyalty_standing",
    ],
)
def test_a_level_that_nothing_backs_is_reported(card, sabotage):
    buy(card, 60_000)
    assert reported("I22") == []
    by_force(sabotage)
    assert reported("I22") == [card.pk]


@pytest.mark.sabotages("I80")
def test_a_history_with_a_gap_is_reported(card):
    buy(card, 60_000)
    buy(card, 440_000)
    by_force(
        "UPDATE loyalty_levelmove SET was_id = now_id WHERE id = (SELECT max(id) FROM loyalty_levelmove)"
    )
    assert reported("I80") == [LevelMove.objects.latest("pk").pk]


# --- the pages


def page(card, rest=""):
    return f"/m/{card.merchant.slug}/cards/{rest}"


def test_a_merchant_is_done_with_levels_in_three_taps(shop):
    card = make_card(shop.merchant)
    browser = client_of(owner_of(shop.merchant), language="en")
    shown = browser.get(page(card, "levels/")).content.decode()
    form = dict(re.findall(r'name="([a-z_0-9]+)"[^>]*? value="([^"]*)"', shown)) | {
        "metric": "amount",
        "window": "rolling",
    }
    del form["look"]  # the other button
    assert browser.post(page(card, "levels/"), form).status_code == 302
    assert list(Level.objects.order_by("rank").values_list("threshold", "multiplier", "name")) == [
        (0, 100, "普通"),
        (50_000, 120, "银卡"),
        (200_000, 150, "金卡"),
        (500_000, 200, "白金"),
    ]


def test_looking_at_who_would_move_saves_nothing(shop):
    card = make_card(shop.merchant, make_user(name="张女士"))
    buy(card, 60_000)
    browser = client_of(owner_of(shop.merchant), language="en")
    form = from_preset("amount") | {f"name_{rank}": f"{rank}级" for rank in range(4)}
    form |= {f"multiplier_{rank}": 100 for rank in (1, 2, 3)} | {f"discount_{rank}": 0 for rank in (1, 2, 3)}
    answer = browser.post(page(card, "levels/"), form | {"look": "1"})
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert "1 member rises at once" in shown
    assert "张女士" in shown
    assert not Level.objects.exists()
    wrong = browser.post(page(card, "levels/"), form | {"from_2": "abc"})
    assert wrong.status_code == 422


def test_the_page_of_the_holder_shows_level_and_what_is_missing(card, consumer):
    buy(card, 168_000)
    shown = client_of(consumer, language="en").get(f"/me/cards/{card.token}/").content.decode()
    assert "¥320 more for Gold" in shown
    assert "Silver" in shown


def test_a_manager_gives_a_level_on_the_cards_page_and_cannot_by_any_other_field(card, consumer):
    browser = client_of(owner_of(card.merchant), language="en")
    where = page(card, f"{card.number}/level/")
    gold = Level.objects.get(rank=2)
    form = {"key": uuid.uuid4(), "level": gold.pk, "until": (home_today() + timedelta(days=30)).isoformat()}
    assert browser.post(where, form).status_code == 422
    assert browser.post(where, form | {"reason": "twenty years", "rank": 3}).status_code == 302
    assert rank_of(card) == 2
    assert "twenty years" in browser.get(where).content.decode()


def test_a_foreign_level_can_not_be_given(card, other_shop):
    theirs = make_levels(make_card(other_shop.merchant).programme)
    browser = client_of(owner_of(card.merchant))
    form = {"key": uuid.uuid4(), "level": theirs[3].pk, "until": "2030-01-01", "reason": "x"}
    assert browser.post(page(card, f"{card.number}/level/"), form).status_code == 422
    assert rank_of(card) == 0


def test_the_pages_of_levels_ask_as_often_for_many_members_as_for_few(shop, card):
    browser, counts = client_of(owner_of(shop.merchant)), []
    form = from_preset("amount") | {f"name_{rank}": f"{rank}级" for rank in range(4)} | {"look": "1"}
    form |= {f"multiplier_{rank}": 100 for rank in (1, 2, 3)} | {f"discount_{rank}": 0 for rank in (1, 2, 3)}
    for more in (4, 12):
        for _ in range(more):
            buy(make_card(shop.merchant), 60_000)
        with CaptureQueriesContext(connection) as asked:
            browser.get(page(card, "levels/"))
            browser.post(page(card, "levels/"), form | {"from_1": "100000"})
            browser.get(page(card, f"{card.number}/level/"))
        counts.append(len(asked))
    assert counts[0] == counts[1]
