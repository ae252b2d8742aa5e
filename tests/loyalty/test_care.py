"""A card in its life: lost, frozen, replaced, put right by hand, and its whole statement on paper."""

import csv
import uuid
from datetime import timedelta
from io import StringIO

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from loyalty import actions
from loyalty.actions import care
from loyalty.actions.cards import join
from loyalty.models import Card, CardState, Entry, RetiredCode
from loyalty.value.ledger import CardNotActive, NotEnough
from merchants.models import Customer, Role
from messaging.models import Message
from portal.kernel.events import deliver_due
from portal.kernel.models import Code
from portal.kernel.refused import KeyReused
from tests.cast import client_of, make_merchant, make_staff, make_user, owner_of
from tests.loyalty.makers import balance, give, make_card, make_programme, take
from tests.together import at_once, succeeded

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(shop):
    return make_staff(shop.merchant, Role.MANAGER).user


def adjust(card, points, by, *, key=None, reason="till was down", moment=None):
    return actions.adjust(card, points, reason=reason, key=key or uuid.uuid4(), by=by, moment=moment)


def page_of(card):
    return f"/m/{card.merchant.slug}/cards/{card.number}/"


def test_a_frozen_card_earns_and_spends_nothing_and_a_released_one_does(shop):
    card = make_card(shop.merchant, points=50)
    actions.freeze(card, by=owner_of(shop.merchant), because="left at the counter")
    for deed in (give, take):
        with pytest.raises(CardNotActive):
            deed(card, 10)
    released = actions.release(card, by=owner_of(shop.merchant))
    assert (released.state, released.frozen_by, released.frozen_because) == (CardState.ACTIVE, None, "")
    take(card, 10)
    assert balance(card) == 40


def test_a_holder_releases_only_what_they_froze_themselves(shop):
    holder = make_user()
    card = make_card(shop.merchant, holder)
    actions.freeze(card, by=holder)
    assert actions.release(card, by=holder).state == CardState.ACTIVE
    actions.freeze(card, by=owner_of(shop.merchant))
    with pytest.raises(care.NotFrozenByYou):
        actions.release(card, by=holder)


def test_a_replaced_card_keeps_all_it_holds_and_its_old_code_leads_nowhere(shop, books_balance):
    card = make_card(shop.merchant, points=50)
    new = actions.replace(card, by=owner_of(shop.merchant), instead_of=card.number)
    assert {new.number, new.token}.isdisjoint({card.number, card.token})
    assert balance(new) == 50
    assert not Code.objects.filter(token=card.token).exists()
    assert Code.objects.get(token=new.token).ref == card.pk
    books_balance()


def test_asking_twice_for_a_new_number_gives_one(shop):
    card = make_card(shop.merchant)
    first, second = (
        actions.replace(card, by=owner_of(shop.merchant), instead_of=card.number) for _ in range(2)
    )
    assert first.number == second.number
    assert RetiredCode.objects.count() == 1


def test_the_counter_says_that_a_card_was_replaced(shop):
    card = make_card(shop.merchant)
    actions.replace(card, by=owner_of(shop.merchant), instead_of=card.number)
    till = client_of(make_staff(shop.merchant, Role.CASHIER).user, language="en")
    for old in (card.token, card.number):
        answer = till.post(f"/m/{shop.merchant.slug}/counter/find/", {"code": old})
        assert answer.status_code == 422
        assert "This card was replaced" in answer.content.decode()


def test_another_merchant_learns_nothing_of_a_replaced_card(shop):
    card = make_card(shop.merchant)
    actions.replace(card, by=owner_of(shop.merchant), instead_of=card.number)
    other = make_merchant()
    answer = client_of(owner_of(other), language="en").post(
        f"/m/{other.slug}/counter/find/", {"code": card.token}
    )
    assert "was replaced" not in answer.content.decode()


def test_a_retired_number_is_never_rewritten(shop):
    card = make_card(shop.merchant)
    actions.replace(card, by=owner_of(shop.merchant), instead_of=card.number)
    with pytest.raises(DatabaseError), transaction.atomic():
        RetiredCode.objects.update(number="000000000000")


def test_points_are_put_right_with_a_reason_that_the_holder_reads(shop, books_balance):
    holder = make_user()
    card = make_card(shop.merchant, holder, points=50)
    adjust(card, 25, owner_of(shop.merchant), reason="counted wrongly")
    adjust(card, -75, owner_of(shop.merchant))
    assert balance(card) == 0
    deliver_due()
    told = Message.objects.filter(person=holder, kind="loyalty.adjusted").order_by("pk")
    assert [(one.params["points"], one.params["reason"]) for one in told] == [
        ("+25", "counted wrongly"),
        ("-75", "till was down"),
    ]
    books_balance()


@pytest.mark.parametrize(
    ("points", "reason", "refusal"),
    [(0, "why", care.NothingToAdjust), (5, "  ", care.NoReason), (-51, "too much", NotEnough)],
)
def test_an_adjustment_that_can_not_be_made_changes_nothing(shop, points, reason, refusal):
    card = make_card(shop.merchant, points=50)
    with pytest.raises(refusal):
        adjust(card, points, owner_of(shop.merchant), reason=reason)
    assert balance(card) == 50


def test_the_same_adjustment_sent_twice_is_made_once_and_other_content_is_refused(shop):
    card, key, by = make_card(shop.merchant), uuid.uuid4(), owner_of(shop.merchant)
    assert adjust(card, 30, by, key=key).pk == adjust(card, 30, by, key=key).pk
    with pytest.raises(KeyReused):
        adjust(card, 31, by, key=key)
    assert balance(card) == 30


def test_nobody_adjusts_a_card_of_their_own_not_even_by_their_phone_alone(shop):
    owner = make_user("+8613800138000")
    merchant = make_merchant(owner)
    mine = make_card(merchant, owner)
    with pytest.raises(care.OwnCard):
        adjust(mine, 10, owner)
    manager = make_user("+8613900139000")
    make_staff(shop.merchant, Role.MANAGER, manager)
    walk_in = make_card(shop.merchant)
    Customer.objects.filter(pk=walk_in.customer_id).update(phone_index=manager.phone_index)
    with pytest.raises(care.OwnCard):
        adjust(Card.objects.in_full().get(pk=walk_in.pk), 10, manager)


def test_a_cashier_adjusts_nothing_and_somebody_who_left_neither(shop):
    card = make_card(shop.merchant)
    for role, left in ((Role.CASHIER, None), (Role.OWNER, timezone.now())):
        work = make_staff(shop.merchant, role)
        type(work).objects.filter(pk=work.pk).update(left_at=left)
        with pytest.raises(care.NotYourDecision):
            adjust(card, 10, work.user)


def test_a_manager_adjusts_so_much_a_day_in_both_directions_together(shop, manager, settings):
    settings.MANAGER_ADJUSTS_A_DAY = 100
    card, now = make_card(shop.merchant, points=500), timezone.now()
    adjust(card, -60, manager, moment=now)
    with pytest.raises(care.BeyondYourLimit) as refusal:
        adjust(card, 41, manager, moment=now)
    assert refusal.value.values == {"limit": 100, "left": 40}
    adjust(card, 40, manager, moment=now)
    adjust(card, 100, manager, moment=now + timedelta(days=1, seconds=1))
    adjust(card, 5000, owner_of(shop.merchant), moment=now)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_tabs_do_not_use_the_days_limit_twice(shop, settings):
    settings.MANAGER_ADJUSTS_A_DAY = 100
    manager = make_staff(shop.merchant, Role.MANAGER).user
    programme = make_programme(shop.merchant)
    cards = [join(programme, person, by=person) for person in (make_user() for _ in range(8))]
    whole = list(Card.objects.in_full().filter(pk__in=[card.pk for card in cards]))
    results = at_once([lambda card=card: adjust(card, 30, manager) for card in whole])
    assert len(succeeded(results)) == 3
    assert Entry.objects.filter(kind="adjusted").count() == 3


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_without_the_lock_on_the_persons_work_the_limit_is_passed(shop, settings, monkeypatch):
    """The control: everybody reads what is left before anybody has written."""
    from threading import Barrier

    settings.MANAGER_ADJUSTS_A_DAY = 100
    monkeypatch.setattr(care, "_role_held", lambda card, by: Role.MANAGER)
    guard, gate = care._stay_within_limit, Barrier(8)

    def all_look_first(*asked):
        guard(*asked)
        gate.wait(timeout=20)

    monkeypatch.setattr(care, "_stay_within_limit", all_look_first)
    manager = make_staff(shop.merchant, Role.MANAGER).user
    programme = make_programme(shop.merchant)
    for person in (make_user() for _ in range(8)):
        join(programme, person, by=person)
    at_once([lambda card=card: adjust(card, 30, manager) for card in Card.objects.in_full()])
    assert Entry.objects.filter(kind="adjusted").count() == 8


def test_the_page_of_a_card_asks_as_often_for_a_long_life_as_for_a_short_one(shop):
    card, counts = make_card(shop.merchant, points=10), []
    owner = client_of(owner_of(shop.merchant))
    for more in (8, 90):
        for _ in range(more):
            give(card, 1)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert owner.get(page_of(card)).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 9  # with printed cards and passes


def test_the_merchants_page_does_it_all_and_says_so(shop):
    card, owner = make_card(shop.merchant, points=50), client_of(owner_of(shop.merchant), language="en")
    form = {"key": uuid.uuid4(), "points": "-20", "reason": "counted twice"}
    for _ in range(2):
        assert owner.post(f"{page_of(card)}adjust/", form).headers["Location"] == page_of(card)
    assert balance(card) == 30
    owner.post(f"{page_of(card)}freeze/", {"because": "found in the street"})
    shown = owner.get(page_of(card)).content.decode()
    assert "found in the street" in shown
    assert "counted twice" in shown
    owner.post(f"{page_of(card)}release/")
    for _ in range(2):
        moved = owner.post(f"{page_of(card)}replace/", {"sure": "1"}).headers["Location"]
    assert card.number in owner.get(moved).content.decode()
    assert owner.get(page_of(card)).status_code == 404


def test_a_refused_adjustment_keeps_what_was_typed(shop):
    card, owner = make_card(shop.merchant, points=5), client_of(owner_of(shop.merchant), language="en")
    form = {"key": uuid.uuid4(), "points": "-6", "reason": "counted twice"}
    answer = owner.post(f"{page_of(card)}adjust/", form)
    assert answer.status_code == 422
    assert "1 fewer than needed" in answer.content.decode()
    assert 'value="counted twice"' in answer.content.decode()


def test_a_holder_freezes_and_releases_their_own_card(shop):
    holder = make_user()
    card, browser = make_card(shop.merchant, holder), client_of(holder, language="en")
    browser.post(f"/me/cards/{card.token}/freeze/")
    assert "You froze this card" in browser.get(f"/me/cards/{card.token}/").content.decode()
    browser.post(f"/me/cards/{card.token}/release/")
    assert Card.objects.get(pk=card.pk).state == CardState.ACTIVE
    stranger = client_of(make_user())
    assert stranger.post(f"/me/cards/{card.token}/freeze/").status_code == 404


def test_the_statement_is_a_sheet_in_the_holders_language_without_formulas(shop):
    holder = make_user()
    card = make_card(shop.merchant, holder)
    for _ in range(3):
        give(card, 10)
    adjust(card, -5, owner_of(shop.merchant), reason="=HYPERLINK(1)")
    answer = client_of(holder, language="en").get(f"/me/cards/{card.token}/statement.csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(StringIO(text)))
    assert rows[0] == ["When", "What", "Points", "Balance", "Shop", "Note"]
    assert [(row[1], row[2], row[3]) for row in rows[1:]] == [
        ("Adjusted", "-5", "25"),
        ("Earned", "10", "30"),
        ("Earned", "10", "20"),
        ("Earned", "10", "10"),
    ]
    assert rows[1][5] == "'=HYPERLINK(1)"
