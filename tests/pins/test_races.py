"""Many hands at one PIN and one approval: tries count exactly, and nothing is used twice."""

import uuid
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.utils import timezone

from loyalty import actions, pins
from loyalty.actions import pins as verbs
from loyalty.disagreeing import UsedAlready
from loyalty.models import Approval, Pin, PinTry, Value
from tests.cast import owner_of
from tests.loyalty.makers import PIN, make_approval, make_card, make_pin
from tests.together import at_once, constraint, succeeded, waiting_for_all, without

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def card(shop):
    card = make_card(shop.merchant, points=300)
    make_pin(card, moment=timezone.now() - timedelta(days=2))
    return card


class Judged:
    """Counts how many hashes were looked at."""

    def __init__(self):
        self.times, self.fits = 0, pins.fits

    def __call__(self, *asked, **facts):
        self.times += 1
        return self.fits(*asked, **facts)


def test_fifty_wrong_tries_at_once_are_five_and_no_sixth_hash_is_judged(card):
    now = timezone.now()
    with patch("loyalty.pins.fits", Judged()) as judged:
        results = at_once([lambda: verbs.judge_pin(card, "190283", moment=now)] * 50)
    assert judged.times == PinTry.objects.count() == 5
    assert not succeeded(results)
    refusals = [type(one) for one in results]
    assert refusals.count(verbs.PinIsLocked) + refusals.count(verbs.WrongPin) == 50
    pin = Pin.objects.get()
    assert (pin.locks, pin.locked_until) == (1, now + timedelta(minutes=15))


def test_the_right_pin_among_many_guesses_is_not_found(card):
    now = timezone.now()
    guesses = [f"1902{number:02d}" for number in range(100)] + [PIN]
    results = at_once([lambda one=one: verbs.judge_pin(card, one, moment=now) for one in guesses])
    assert not succeeded(results)
    assert PinTry.objects.count() == 5


def test_without_the_lock_more_than_five_are_judged(card):
    """The control: everybody reads the counter before anybody has written it."""
    from threading import Barrier

    gate = Barrier(12)
    plain = Pin.objects.all

    def all_look_first(found):
        pin = found.first()
        gate.wait(timeout=20)
        return pin

    class Unlocked:
        def filter(self, **asked):
            found = plain().filter(**asked)
            return type(
                "Rows", (), {"first": staticmethod(lambda: (found.first(), gate.wait(timeout=20))[0])}
            )

    with (
        patch.object(type(Pin.objects), "locked", lambda self: Unlocked()),
        patch("loyalty.actions.pins._accept"),
        patch("loyalty.pins.fits", Judged()) as judged,
    ):
        at_once([lambda: verbs.judge_pin(card, "190283", moment=timezone.now())] * 12)
    assert judged.times == 12


def test_the_counters_outlive_a_dead_redis(card, settings):
    settings.REDIS_URL = "unix:///nowhere/redis.sock"
    settings.CACHES = settings.CACHES | {"fast": settings.CACHES["fast"] | {"LOCATION": settings.REDIS_URL}}
    for number in range(5):
        with pytest.raises((verbs.WrongPin, verbs.PinIsLocked)):
            verbs.judge_pin(card, "190283", moment=timezone.now() + timedelta(seconds=number))
    with pytest.raises(verbs.PinIsLocked):
        verbs.judge_pin(card, PIN, moment=timezone.now())


def consume(approval, key=None):
    shop = approval.card.merchant.shops.all()[0]
    return actions.consume_approval(
        approval,
        120,
        key=key or uuid.uuid4(),
        shop=shop,
        by=owner_of(shop.merchant),
        moment=timezone.now(),
    )


def agreed(card):
    asked = make_approval(card, 120, value=Value.POINTS)
    return actions.approve(asked, PIN, by=card.customer.user, moment=timezone.now())


def test_one_approval_pays_one_of_fifty_sales(card):
    approval = agreed(card)
    results = at_once([lambda: consume(approval)] * 50)
    assert len(succeeded(results)) == 1
    assert {type(one) for one in results if isinstance(one, Exception)} == {UsedAlready}


def test_one_sale_sent_by_fifty_hands_uses_it_once(card):
    approval, key = agreed(card), uuid.uuid4()
    results = at_once([lambda: consume(approval, key)] * 50)
    assert len(succeeded(results)) == 50
    assert Approval.objects.get().used_key == key


def test_without_lock_and_trigger_an_approval_is_used_more_than_once(card):
    """The control: the row is read without a lock, and the table guards nothing."""
    approval = agreed(card)
    off, on = constraint("loyalty_approval", "approval_pays_one_sale_of_a_kind")
    with (
        without(
            off,
            "ALTER TABLE loyalty_approval DISABLE TRIGGER USER",
            back=["ALTER TABLE loyalty_approval ENABLE TRIGGER USER", on],
            empty="loyalty_approval",
        ),
        patch.object(type(Approval.objects), "locked", lambda self: self.in_full()),
        patch("loyalty.actions.approvals._judge_use", waiting_for_all(lambda *asked: None)),
    ):
        results = at_once([lambda: consume(approval)] * 50)
        assert len(succeeded(results)) > 1


def test_a_pay_code_asked_for_by_many_hands_with_one_key_is_one(card):
    key, holder = uuid.uuid4(), card.customer.user

    def begin():
        return actions.start_pay_code(
            card, PIN, value=Value.POINTS, key=key, by=holder, moment=timezone.now()
        ).pk

    results = at_once([begin] * 4)
    assert len(set(succeeded(results))) == 1
    assert Approval.objects.count() == 1
