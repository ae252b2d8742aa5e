"""Levels given by decision, and what nobody may break."""

import uuid
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction

from loyalty import actions
from loyalty.actions import giving
from loyalty.models import Consumption, Level, LevelMove, Standing
from merchants.models import Role
from portal.kernel.invariants import all_invariants
from portal.kernel.refused import KeyReused
from tests.cast import make_staff, make_user, owner_of
from tests.levels.makers import NOW, give
from tests.loyalty.makers import buy, make_card, make_levels, rank_of
from tests.together import at_once, succeeded

pytestmark = pytest.mark.django_db


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
