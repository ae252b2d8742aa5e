"""A card's PIN: hard to guess, kept so that nobody can try it out, locked when it is guessed at."""

import base64
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.db import transaction

from loyalty import pins
from loyalty.actions import pins as verbs
from loyalty.checks import pins_can_be_hashed
from loyalty.models import Pin, PinTry
from messaging.models import Message
from portal.kernel.events import deliver_due
from tests.cast import make_shop, make_staff, owner_of
from tests.loyalty.makers import PIN, make_card, make_pin
from tests.pins.makers import NOW, judge, wrong

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("digits", "refusal"),
    [
        ("000000", pins.RepeatingPin),
        ("121212", pins.RepeatingPin),
        ("848848", pins.RepeatingPin),
        ("123456", pins.RowOfDigits),
        ("890123", pins.RowOfDigits),
        ("654321", pins.RowOfDigits),
        ("948172", pins.PinFromPhone),
        ("138529", pins.PinFromPhone),
        ("870613", pins.PinIsDate),
        ("199812", pins.PinIsDate),
        ("147258", pins.WeakPin),
        ("12345", pins.NotSixDigits),
        ("1234567", pins.NotSixDigits),
        ("28571a", pins.NotSixDigits),
    ],
)
def test_a_pin_that_is_guessed_first_is_refused_with_what_to_do(card, digits, refusal):
    with pytest.raises(refusal) as said:
        make_pin(card, digits)
    assert type(said.value) is refusal
    assert not Pin.objects.exists()


def test_the_card_number_is_no_pin(card):
    with pytest.raises(pins.PinFromPhone):
        make_pin(card, card.number[-6:] if len(set(card.number[-6:])) > 2 else card.number[:6])


def test_a_pin_fits_itself_and_nothing_else_and_is_kept_as_a_hash(card):
    pin = make_pin(card)
    assert judge(card, PIN) == pin
    assert judge(card, "２８５ ７１４") == pin
    assert wrong(card, 1) == [verbs.WrongPin]
    assert PIN not in pin.secret
    assert pin.secret.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")


def test_two_cards_with_one_pin_have_different_secrets_that_cannot_be_swapped(shop, card):
    other = make_card(shop.merchant)
    mine, theirs = make_pin(card), make_pin(other)
    assert mine.secret != theirs.secret
    Pin.objects.filter(pk=theirs.pk).update(secret=mine.secret, pepper=mine.pepper)
    with pytest.raises(verbs.WrongPin):
        judge(other, PIN)


def test_without_the_pepper_the_hash_fits_no_pin(card, settings):
    pin = make_pin(card)
    settings.PIN_PEPPER = base64.b64encode(b"another pepper of thirty-two byte").decode()
    with pytest.raises(pins.PepperGone):
        pins.fits(PIN, card.pk, secret=pin.secret, pepper=pin.pepper)


def test_a_pepper_is_replaced_as_pins_are_used(card, settings):
    pin = make_pin(card)
    settings.PIN_PEPPER_PREVIOUS = settings.PIN_PEPPER
    settings.PIN_PEPPER = base64.b64encode(b"another pepper of thirty-two byte").decode()
    judge(card, PIN)
    moved = Pin.objects.get()
    assert moved.pepper != pin.pepper
    settings.PIN_PEPPER_PREVIOUS = ""
    judge(card, PIN)


@pytest.mark.parametrize("pepper", ["", "c2hvcnQ=", "no base64!"])
def test_a_pepper_that_is_none_does_not_start(settings, pepper):
    settings.PIN_PEPPER = pepper
    assert [fault.id for fault in pins_can_be_hashed()] == ["loyalty.E001"]


def test_five_wrong_in_a_row_lock_for_a_quarter_of_an_hour_even_for_the_right_one(card):
    make_pin(card, moment=NOW - timedelta(days=2))
    assert wrong(card, 5) == [verbs.WrongPin] * 4 + [verbs.PinIsLocked]
    with pytest.raises(verbs.PinIsLocked) as said:
        judge(card, PIN, moment=NOW + timedelta(seconds=64))
    assert said.value.values == {"minutes": 14}
    judge(card, PIN, moment=NOW + timedelta(minutes=15, seconds=4))
    assert PinTry.objects.count() == 6


def test_the_person_is_told_how_many_tries_are_left(card):
    make_pin(card, moment=NOW - timedelta(days=2))
    with pytest.raises(verbs.WrongPin) as said:
        judge(card, "190283")
    assert said.value.values == {"left": 4}
    assert "4" in str(said.value)


def test_each_lock_lasts_twice_as_long_until_the_right_pin_comes(card):
    make_pin(card, moment=NOW - timedelta(days=30))
    lasted = []
    for day in range(4):
        begin = NOW + timedelta(days=2 * day)
        wrong(card, 5, moment=begin)
        lasted.append(Pin.objects.get().locked_until - begin - timedelta(seconds=4))
    assert lasted == [timedelta(minutes=15 * 2**turn) for turn in range(4)]
    judge(card, PIN, moment=NOW + timedelta(days=9))
    wrong(card, 5, moment=NOW + timedelta(days=11))
    assert Pin.objects.get().locked_until == NOW + timedelta(days=11, minutes=15, seconds=4)


def test_ten_wrong_in_a_day_lock_until_a_new_pin_is_set(card):
    make_pin(card, moment=NOW - timedelta(days=2))
    wrong(card, 5)
    said = wrong(card, 5, moment=NOW + timedelta(hours=1))
    assert said[-1] is verbs.PinIsShut
    with pytest.raises(verbs.PinIsShut):
        judge(card, PIN, moment=NOW + timedelta(days=40))
    make_pin(card, "603185", moment=NOW + timedelta(hours=2))
    judge(card, "603185", moment=NOW + timedelta(hours=3))


def test_a_right_one_in_between_does_not_give_the_day_back(card):
    make_pin(card, moment=NOW - timedelta(days=2))
    for turn in range(4):
        wrong(card, 2, moment=NOW + timedelta(minutes=turn))
        judge(card, PIN, moment=NOW + timedelta(minutes=turn, seconds=30))
    said = wrong(card, 2, moment=NOW + timedelta(minutes=9))
    assert said == [verbs.WrongPin, verbs.PinIsShut]


def test_a_try_stays_counted_when_what_it_was_for_fails(card):
    make_pin(card, moment=NOW - timedelta(days=2))
    for number in range(5):
        with patch("loyalty.pins.fits", side_effect=ZeroDivisionError), pytest.raises(ZeroDivisionError):
            judge(card, PIN, moment=NOW + timedelta(seconds=number))
    with pytest.raises(verbs.PinIsLocked):
        judge(card, PIN, moment=NOW + timedelta(seconds=9))


@pytest.mark.django_db(transaction=True)
def test_a_pin_is_never_judged_inside_somebodys_transaction():
    card = make_card(make_shop().merchant)
    make_pin(card)
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        judge(card, PIN)
    assert not PinTry.objects.exists()


def test_guesses_spread_over_cards_are_stopped_at_the_till_and_the_owner_is_told(shop):
    cashier = make_staff(shop.merchant).user
    cards = [make_card(shop.merchant) for _ in range(4)]
    for one in cards:
        make_pin(one, moment=NOW - timedelta(days=2))
    for one in cards[:3]:
        wrong(one, 3, till=cashier, shop=shop)
    wrong(cards[3], 1, till=cashier, shop=shop)
    with pytest.raises(verbs.TooManyAtTill):
        judge(cards[3], PIN, till=cashier, shop=shop)
    judge(cards[3], PIN)
    deliver_due()
    told = Message.objects.get(kind="loyalty.pins_guessed")
    assert told.person_id == owner_of(shop.merchant).pk
    judge(cards[3], PIN, moment=NOW + timedelta(minutes=16), till=cashier, shop=shop)
