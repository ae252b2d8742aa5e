"""Levels of an old list: understood, asked about, given until a day, and taken back to where they were."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from loyalty import actions
from loyalty.actions import importing as verbs
from loyalty.actions.giving import WrongEnd
from loyalty.importing.level_names import guess_rank
from loyalty.importing.sums import levels_of
from loyalty.models import Card, ImportRow, Level, LevelMove, Outcome, RowState, Standing
from merchants.models import Role
from messaging.models import Message
from portal.kernel import events, jobs
from portal.kernel.invariants import all_invariants
from tests.cast import client_of, make_staff, make_user, owner_of
from tests.levels.makers import give as give_level
from tests.loyalty.lists import address, bring, check, csv_file, taken_back, upload
from tests.loyalty.makers import balance, buy, home_today, make_card, make_levels, make_programme, rank_of

pytestmark = pytest.mark.django_db
HEAD = ["手机号", "姓名", "积分", "会员等级"]
END = home_today() + timedelta(days=90)


@pytest.fixture(autouse=True)
def programme(shop):
    programme = make_programme(shop.merchant)
    make_levels(programme)
    return programme


def listed(*names: str, points: int = 10, first: int = 0) -> bytes:
    rows = [[f"139{place:08d}", f"会员{place}", points, name] for place, name in enumerate(names, first)]
    return csv_file(*rows, head=HEAD)


def choose(batch, ranks, until=END):
    actions.choose_levels(batch, ranks=ranks, until=until, by=batch.by)
    jobs.run_due()
    batch.refresh_from_db()
    return batch


def card_of(place: int) -> Card:
    return Card.objects.in_full().get(customer__phone_tail=f"{place:04d}")


@pytest.mark.parametrize(
    ("name", "rank"),
    [
        ("金卡", 2),
        ("金卡会员", 2),
        ("黄金会员", 2),
        ("Gold Member", 2),
        ("GOLD", 2),
        ("VIP银卡", 1),
        ("白金卡", 3),
        ("铂金", 3),
        ("普通会员", 0),
        ("regular", 0),
        ("钻石卡", None),
        ("老友", None),
    ],
)
def test_the_usual_names_are_understood_in_both_languages(programme, name, rank):
    assert guess_rank(name, list(Level.objects.of(programme))) == rank


def test_members_stand_at_the_level_of_the_list_until_its_day(shop, books_balance):
    batch = bring(shop.merchant, listed("金卡", "Silver", "普通", ""))
    assert [rank_of(card_of(place)) for place in range(4)] == [2, 1, 0, 0]
    gold = Standing.objects.get(card=card_of(0))
    assert (gold.ground, gold.reason, gold.until) == ("granted", "import", home_today() + timedelta(days=365))
    move = LevelMove.objects.get(card=card_of(0))
    assert (move.kind, move.was.rank, move.now.rank, move.by) == ("granted", 0, 2, owner_of(shop.merchant))
    assert [(level.rank, number) for level, number in levels_of(batch)] == [(1, 1), (2, 1)]
    assert not LevelMove.objects.filter(told_at=None).exists()  # nobody of them has an account
    books_balance()


def test_unknown_names_are_shown_and_chosen_or_left_out(shop, books_balance):
    batch = check(upload(shop.merchant, listed("老友", "老友", "路人", "金卡")))
    assert {name: (said["rows"], said["rank"]) for name, said in batch.levels.items()} == {
        "老友": (2, None),
        "路人": (1, None),
        "金卡": (1, 2),
    }
    owner = client_of(owner_of(shop.merchant), language="en")
    page = owner.get(address(batch)).content.decode()
    assert "We don’t know these levels: 老友, 路人." in page
    chinese = client_of(owner_of(shop.merchant), language="zh-hans").get(address(batch)).content.decode()
    assert f'value="{batch.level_until.isoformat()}"' in chinese  # as a browser's calendar takes it
    sent = {"level_0": "1", "level_1": "0", "level_2": "2", "until": END.isoformat()}
    assert owner.post(address(batch, "levels/"), sent).status_code == 302
    jobs.run_due()
    batch.refresh_from_db()
    assert "We don’t know" not in owner.get(address(batch)).content.decode()
    actions.confirm_import(batch, by=batch.by)
    jobs.run_due()
    assert [rank_of(card_of(place)) for place in range(4)] == [1, 1, 0, 2]
    assert set(Standing.objects.exclude(until=None).values_list("until", flat=True)) == {END}
    books_balance()


def test_nobody_falls_by_an_old_list(shop, books_balance):
    card = make_card(shop.merchant, make_user(phone="+8613900000000"))
    buy(card, 200_000)
    bring(shop.merchant, listed("银卡"))
    assert rank_of(card) == 2
    assert not LevelMove.objects.filter(kind="granted").exists()
    assert ImportRow.objects.get().rank == 0
    books_balance()


def test_a_list_that_came_before_there_were_levels_may_bring_them_later(shop, books_balance):
    content = listed("金卡")
    Level.objects.filter(rank__gt=0).update(is_on=False)
    bring(shop.merchant, content)
    Level.objects.update(is_on=True)
    again = bring(shop.merchant, content + b"\r\n")
    assert again.counts == {Outcome.CHANGE: 1}
    assert (rank_of(card_of(0)), balance(card_of(0))) == (2, 10)
    books_balance()


def test_two_rows_of_one_card_lift_it_once_to_the_higher_level(shop, books_balance):
    head = ["手机号", "姓名", "卡号", "会员等级"]
    bring(shop.merchant, csv_file(["13900000000", "张", "A1", ""], head=head))
    bring(shop.merchant, csv_file(["13900000000", "张", "", "银卡"], ["", "张", "A1", "金卡"], head=head))
    assert [(move.was.rank, move.now.rank) for move in LevelMove.objects.all()] == [(0, 2)]
    assert sorted(ImportRow.objects.values_list("rank", flat=True)) == [0, 0, 2]
    books_balance()


def test_nobody_lifts_a_card_of_their_own_and_managers_leave_levels_to_the_owner(shop):
    boss = make_user(phone="+8613900000001", name="老板")
    make_staff(shop.merchant, Role.OWNER, boss)
    manager = make_staff(shop.merchant, Role.MANAGER).user
    batch = check(upload(shop.merchant, listed("金卡", "金卡", points=0), by=boss))
    assert [row.rank for row in ImportRow.objects.order_by("number")] == [2, 0]
    with pytest.raises(verbs.OwnerDecides):
        actions.confirm_import(batch, by=manager)


@pytest.mark.parametrize("days", [0, 401])
def test_the_levels_of_a_list_end_some_day(shop, days):
    batch = check(upload(shop.merchant, listed("金卡")))
    with pytest.raises(WrongEnd):
        choose(batch, {}, home_today() + timedelta(days=days))


def test_taken_back_every_card_stands_where_it_stood_with_its_history(shop, books_balance):
    owner = owner_of(shop.merchant)
    given, fresh = make_card(shop.merchant, make_user(phone="+8613900000000")), None
    give_level(given, 1, owner, until=END, moment=given.joined_at)
    before = Standing.objects.filter(card=given).values().get()
    batch = bring(shop.merchant, listed("金卡", "银卡"))
    fresh = card_of(1)
    assert [rank_of(given), rank_of(fresh)] == [2, 1]
    taken_back(batch)
    assert Standing.objects.filter(card=given).values().get() == before
    assert (rank_of(fresh), Standing.objects.get(card=fresh).ground) == (0, "earned")
    moves = LevelMove.objects.order_by("pk")
    assert [(m.kind, m.was.rank, m.now.rank) for m in moves.filter(card=given)] == [
        ("granted", 0, 1),
        ("granted", 1, 2),
        ("granted", 2, 1),
    ]
    assert [(m.kind, m.was.rank, m.now.rank) for m in moves.filter(card=fresh)] == [
        ("granted", 0, 1),
        ("taken", 1, 0),
    ]
    books_balance()


def test_a_level_that_changed_since_keeps_the_row(shop, books_balance):
    batch = bring(shop.merchant, listed("银卡", "银卡"))
    changed, _rest = card_of(0), card_of(1)
    give_level(changed, 3, owner_of(shop.merchant), until=END, moment=batch.done_at + timedelta(seconds=1))
    taken_back(batch)
    kept = ImportRow.objects.get(state=RowState.KEPT)
    assert (kept.card_id, kept.kept_because, rank_of(changed), balance(changed)) == (
        changed.pk,
        "level",
        3,
        10,
    )
    assert rank_of(card_of(1)) == 0
    books_balance()


def test_what_lowered_thresholds_give_stays_when_the_list_is_taken_back(shop, programme, books_balance):
    card = make_card(shop.merchant, make_user(phone="+8613900000000"))
    buy(card, 10_000)
    batch = bring(shop.merchant, listed("金卡"))
    make_levels(programme, 5_000, 300_000, 500_000)
    taken_back(batch)
    assert rank_of(card) == 1
    books_balance()


def test_a_holder_with_an_account_reads_why(shop):
    person = make_user(phone="+8613900000000", language="en")
    make_card(shop.merchant, person)
    bring(shop.merchant, listed("金卡"))
    actions.tell_moves(Standing.objects.get().since)
    events.deliver_due()
    told = Message.objects.get(person=person, kind="loyalty.level_given")
    assert "brought along from the old list" in str(told.params)


def test_a_hundred_levels_come_and_go_with_as_many_questions_as_two(shop, books_balance):
    counts = []
    for members, first in ((2, 0), (100, 2)):
        batch = check(upload(shop.merchant, listed(*["金卡"] * members, first=first)))
        actions.confirm_import(batch, by=batch.by)
        with CaptureQueriesContext(connection) as coming:
            jobs.run_due()
        batch.refresh_from_db()
        actions.undo_import(batch, by=batch.by)
        with CaptureQueriesContext(connection) as going:
            jobs.run_due()
        counts.append((len(coming), len(going)))
    assert counts[0] == counts[1]
    assert {rank_of(card) for card in Card.objects.all()} == {0}
    books_balance()


@pytest.mark.sabotages("I64")
def test_a_level_of_a_list_that_left_no_trace_is_found(shop):
    bring(shop.merchant, listed("金卡", ""))
    base = Level.objects.get(rank=0)
    (broken,) = [one for one in all_invariants() if one.code == "I64"]
    assert not broken.broken()[0]
    ImportRow.objects.filter(rank=0).update(stood={"level": base.pk})
    assert broken.broken()[0]
