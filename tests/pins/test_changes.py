"""A PIN is set and changed with a code to the proven phone, and a new one cools off."""

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.db import DatabaseError, connection, transaction

from loyalty import actions
from loyalty.actions import pins as verbs
from loyalty.models import Pin, PinChange, PinTry
from loyalty.tasks import tidy
from messaging.models import Message
from portal.kernel.events import deliver_due
from tests.cast import make_merchant
from tests.loyalty.makers import CODE, PIN, make_pin
from tests.pins.makers import NOW, judge, wrong

pytestmark = pytest.mark.django_db


def test_a_card_without_a_pin_says_how_to_get_one(card):
    with pytest.raises(verbs.NoPin):
        judge(card, PIN)


def test_a_new_pin_without_the_old_one_spends_after_a_day_and_the_holder_is_told(card):
    make_pin(card, moment=NOW - timedelta(days=2))
    new = make_pin(card, "603185", moment=NOW)
    assert new.cools_off(NOW + timedelta(hours=23))
    assert not new.cools_off(NOW + timedelta(hours=24))
    deliver_due()
    told = Message.objects.filter(kind__startswith="loyalty.pin_").order_by("pk")
    assert {one.kind for one in told} >= {"loyalty.pin_set", "loyalty.pin_reset"}
    assert list(PinChange.objects.order_by("pk").values_list("is_reset", flat=True)) == [False, True]


def ask(card, moment=NOW):
    with patch("loyalty.actions.pins.secrets.randbelow", return_value=int(CODE)):
        return actions.ask_for_code(card, by=card.customer.user, moment=moment)


def change(card, digits="603185", *, code=CODE, old="", by=None, moment=NOW):
    return actions.set_pin(card, digits, code=code, old=old, by=by or card.customer.user, moment=moment)


def test_who_knows_the_old_pin_spends_at_once_with_the_new_one(card):
    make_pin(card, moment=NOW - timedelta(days=2))
    ask(card)
    assert not change(card, old=PIN).cools_off(NOW)


def test_an_old_pin_does_not_shorten_a_cool_off(card):
    make_pin(card, moment=NOW - timedelta(days=2))
    make_pin(card, "603185", moment=NOW)
    ask(card, NOW + timedelta(hours=1))
    again = change(card, "918273", old="603185", moment=NOW + timedelta(hours=1))
    assert again.spends_from == NOW + timedelta(hours=24)


def test_a_wrong_old_pin_is_a_try_and_changes_nothing(card):
    was = make_pin(card, moment=NOW - timedelta(days=2))
    ask(card)
    with pytest.raises(verbs.WrongPin):
        change(card, old="190283")
    assert Pin.objects.get().secret == was.secret
    assert PinTry.objects.get().is_right is False


def test_a_code_sets_one_pin_in_five_minutes(card):
    ask(card)
    with pytest.raises(verbs.WrongCode):
        change(card, moment=NOW + timedelta(minutes=5, seconds=1))
    change(card)
    with pytest.raises(verbs.WrongCode):
        change(card, "918273")


def test_a_code_bears_five_tries_and_then_the_right_one_is_refused_too(card):
    ask(card)
    for _ in range(5):
        with pytest.raises(verbs.WrongCode):
            change(card, code="000000")
    with pytest.raises(verbs.WrongCode):
        change(card)
    ask(card)
    change(card)


def test_codes_are_sent_three_times_in_five_minutes(card):
    for _ in range(3):
        ask(card)
    with pytest.raises(verbs.AskedTooOften):
        ask(card)


def test_the_code_goes_to_the_proven_phone_and_stands_nowhere_readable(card):
    ask(card)
    sent = Message.objects.get(kind="loyalty.pin_code")
    assert card.customer.user.phone in sent.sealed
    assert CODE in sent.sealed
    assert CODE not in str(sent.params)
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed FROM messaging_message WHERE id = %s", [sent.pk])
        assert CODE not in cursor.fetchone()[0]


def test_only_the_holder_sets_the_pin_of_a_card(card, stranger):
    ask(card)
    with pytest.raises(verbs.NotYourCard):
        change(card, by=stranger)
    with pytest.raises(verbs.NotYourCard):
        actions.ask_for_code(card, by=stranger, moment=NOW)


def test_what_was_set_when_is_never_rewritten(card):
    make_pin(card)
    with pytest.raises(DatabaseError), transaction.atomic():
        PinChange.objects.update(is_reset=True)


def test_a_pin_stands_with_the_merchant_of_its_card(card):
    make_pin(card)
    other = make_merchant()
    with pytest.raises(DatabaseError, match="pin_stays_with_its_card"), transaction.atomic():
        Pin.objects.update(merchant=other)


def test_old_codes_and_tries_are_forgotten(card):
    make_pin(card, moment=NOW - timedelta(days=200))
    wrong(card, 1, moment=NOW - timedelta(days=91))
    wrong(card, 1, moment=NOW - timedelta(days=89))
    ask(card, NOW - timedelta(days=2))
    assert tidy() == 2
    assert PinTry.objects.count() == 1
