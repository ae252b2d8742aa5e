"""A holder agrees to one amount at one merchant, for a minute, once; nothing else can be taken with it."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from loyalty import actions
from loyalty.actions import approvals as verbs
from loyalty.actions.pins import NoPin, NotYourCard, PinCoolsOff, TooManyAtTill, WrongPin
from loyalty.keypad import keys_of
from loyalty.models import Approval, PinTry, Stage, Way
from loyalty.value.ledger import CardNotActive
from messaging.models import Message
from portal.kernel.events import deliver_due
from portal.kernel.models import Code
from portal.kernel.refused import KeyReused, Refused
from tests.approvals.makers import LATER, NOW, consume, pay_code
from tests.cast import make_merchant, make_shop, owner_of
from tests.loyalty.makers import PIN, make_approval, make_card, make_pin

pytestmark = pytest.mark.django_db


def test_what_the_holder_agreed_to_is_used_once(agreed):
    assert agreed.stage(LATER) == Stage.APPROVED
    used = consume(agreed)
    assert (used.used_amount, used.stage(LATER)) == (3800, Stage.USED)
    with pytest.raises(verbs.UsedAlready):
        consume(agreed)


def test_the_sale_that_used_it_is_given_it_again_and_other_content_is_refused(agreed):
    key = uuid.uuid4()
    assert (
        consume(agreed, key=key).used_at == consume(agreed, key=key, moment=NOW + timedelta(days=1)).used_at
    )
    with pytest.raises(KeyReused):
        consume(agreed, 3700, key=key)


@pytest.mark.parametrize("amount", [3799, 3801, 0, -3800])
def test_another_amount_than_the_one_agreed_to_is_refused(agreed, amount):
    with pytest.raises(verbs.OtherAmount):
        consume(agreed, amount)
    assert Approval.objects.get().used_at is None


def test_it_lasts_a_minute(agreed):
    with pytest.raises(verbs.Expired):
        consume(agreed, moment=NOW + timedelta(seconds=60))
    consume(agreed, moment=NOW + timedelta(seconds=59))


def test_a_question_is_answered_within_ninety_seconds(asked):
    holder = asked.card.customer.user
    with pytest.raises(verbs.Expired):
        actions.approve(asked, PIN, by=holder, moment=NOW + timedelta(seconds=90))
    assert not PinTry.objects.exists()
    actions.approve(asked, PIN, by=holder, moment=NOW + timedelta(seconds=89))


def test_nothing_is_taken_before_the_holder_agreed_or_after_they_declined(asked):
    with pytest.raises(verbs.NotAnswered):
        consume(asked)
    actions.decline(asked, by=asked.card.customer.user, moment=NOW)
    with pytest.raises(verbs.Declined):
        consume(asked)
    with pytest.raises(verbs.Declined):
        actions.approve(Approval.objects.get(), PIN, by=asked.card.customer.user, moment=NOW)


def test_another_merchant_can_do_nothing_with_it(agreed):
    other = make_shop(make_merchant())
    with pytest.raises(verbs.OtherMerchant):
        consume(agreed, shop=other)
    with pytest.raises(verbs.OtherMerchant):
        make_approval(agreed.card, shop=other, by=owner_of(other.merchant))


def test_a_card_frozen_in_between_pays_nothing(agreed):
    actions.freeze(agreed.card, by=agreed.card.customer.user)
    with pytest.raises(CardNotActive):
        consume(agreed)


def test_a_frozen_card_is_asked_for_nothing(card):
    actions.freeze(card, by=card.customer.user)
    card.refresh_from_db()
    with pytest.raises(CardNotActive):
        make_approval(card)


def test_nobody_takes_payment_from_a_card_of_their_own(shop, cashier):
    own = make_card(shop.merchant, cashier)
    make_pin(own)
    with pytest.raises(verbs.OwnCard):
        make_approval(own, by=cashier)
    asked = make_approval(own)
    agreed = actions.approve(asked, PIN, by=cashier, moment=timezone.now())
    with pytest.raises(verbs.OwnCard):
        consume(agreed, by=cashier, moment=timezone.now())


def test_only_the_holder_agrees(asked, stranger):
    with pytest.raises(NotYourCard):
        actions.approve(asked, PIN, by=stranger, moment=NOW)


def test_a_wrong_pin_agrees_to_nothing_and_is_counted(asked):
    with pytest.raises(WrongPin):
        actions.approve(asked, "190283", by=asked.card.customer.user, moment=NOW)
    assert Approval.objects.get().approved_at is None
    assert PinTry.objects.count() == 1


def test_without_a_pin_and_while_it_cools_off_nobody_agrees(shop, card):
    bare = make_card(shop.merchant)
    with pytest.raises(NoPin):
        actions.approve(make_approval(bare), PIN, by=bare.customer.user, moment=timezone.now())
    make_pin(card, "603185", moment=NOW)
    with pytest.raises(PinCoolsOff):
        actions.approve(make_approval(card, moment=NOW), "603185", by=card.customer.user, moment=NOW)


def test_asked_twice_with_one_key_it_is_asked_once(card):
    key = uuid.uuid4()
    assert make_approval(card, key=key) == make_approval(card, key=key)
    with pytest.raises(KeyReused):
        make_approval(card, 9900, key=key)
    assert Code.objects.filter(kind="approval").count() == 1


def test_the_holder_is_told_at_once_and_never_too_late(asked):
    deliver_due()
    told = Message.objects.get(kind="loyalty.to_approve")
    assert told.params["amount"] == "¥38"
    assert told.url == f"/q/{asked.token}/" or told.url == f"/q/{asked.token}"
    assert told.useless_after == asked.answer_by


def test_a_pay_code_pays_any_amount_up_to_what_the_card_holds_once(card):
    begun = pay_code(card)
    assert (begun.amount, begun.is_exact, begun.shop) == (300, False, None)
    with pytest.raises(verbs.BeyondLimit):
        consume(begun, 301)
    assert consume(begun, 120).used_amount == 120
    with pytest.raises(verbs.UsedAlready):
        consume(begun, 120)


def test_a_new_pay_code_ends_the_one_before(card):
    first, second = pay_code(card), pay_code(card, moment=NOW + timedelta(seconds=5))
    with pytest.raises(verbs.Declined):
        consume(first, 100)
    consume(second, 100)


def test_an_empty_card_has_no_pay_code_and_its_pin_is_not_tried(shop):
    bare = make_card(shop.merchant)
    make_pin(bare, moment=NOW)
    with pytest.raises(verbs.NothingToPayWith):
        pay_code(bare)
    assert not PinTry.objects.exists()


def test_a_pay_code_asked_for_twice_with_one_key_is_one(card):
    key = uuid.uuid4()
    assert pay_code(card, key=key) == pay_code(card, key=key)
    assert PinTry.objects.count() == 1


def spelled(approval, digits=PIN):
    keys = keys_of(approval)
    return "".join(str(keys.index(digit)) for digit in digits)


def on_screen(approval, places, *, turn=None, by, moment=NOW):
    turn = approval.turns if turn is None else turn
    shop = approval.shop
    return actions.approve_on_screen(approval, places, turn=turn, by=by, shop=shop, moment=moment)


def test_the_keys_stand_elsewhere_each_time(asked):
    layouts = {tuple(keys_of(asked, turn)) for turn in range(20)}
    assert len(layouts) == 20
    assert all(sorted(layout) == list("0123456789") for layout in layouts)
    assert keys_of(asked, 3) == keys_of(asked, 3)


def test_six_taps_on_the_shops_screen_agree_and_say_how(asked, cashier):
    agreed = on_screen(asked, spelled(asked), by=cashier)
    assert agreed.way == Way.SCREEN
    tried = PinTry.objects.get()
    assert (tried.till, tried.shop, tried.is_right) == (cashier, asked.shop, True)


def test_a_keypad_is_answered_once_right_or_wrong(asked, cashier):
    places = spelled(asked)
    with pytest.raises(WrongPin):
        on_screen(asked, spelled(asked, "190283"), by=cashier)
    with pytest.raises(verbs.KeypadUsed):
        on_screen(asked, places, turn=0, by=cashier)
    asked.refresh_from_db()
    assert on_screen(asked, spelled(asked), by=cashier).way == Way.SCREEN


@pytest.mark.parametrize("places", ["", "12345", "1234567", "12345x", "１２３４５６"])
def test_taps_that_are_no_six_places_are_no_try(asked, cashier, places):
    with pytest.raises(Refused):
        on_screen(asked, places, by=cashier)
    assert not PinTry.objects.exists()


def test_guesses_on_the_shops_screen_end_for_the_whole_till(shop, cashier):
    for number in range(10):
        one = make_card(shop.merchant)
        make_pin(one, moment=NOW - timedelta(days=2))
        asked = make_approval(one, moment=NOW)
        with pytest.raises(WrongPin):
            on_screen(asked, spelled(asked, f"19028{number}"), by=cashier)
    last = make_card(shop.merchant)
    make_pin(last, moment=NOW)
    asked = make_approval(last, moment=NOW)
    with pytest.raises(TooManyAtTill):
        on_screen(asked, spelled(asked), by=cashier)
