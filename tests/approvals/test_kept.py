"""What the database itself keeps of approvals, and what is reported when it was broken behind it."""

import uuid
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from loyalty.models import Approval, PinTry
from portal.kernel.invariants import all_invariants
from tests.approvals.makers import LATER, NOW, consume
from tests.cast import owner_of

pytestmark = pytest.mark.django_db


def by_hand(approval, **facts):
    with transaction.atomic():
        Approval.objects.filter(pk=approval.pk).update(**facts)


def use(approval, **facts):
    shop = approval.card.merchant.shops.all()[0]
    whole = {
        "used_at": LATER,
        "used_amount": 3800,
        "used_key": uuid.uuid4(),
        "used_by": owner_of(shop.merchant),
    }
    by_hand(approval, **(whole | {"used_shop": shop} | facts))


def test_the_database_keeps_amount_time_and_wholeness(agreed):
    for facts, rule in (
        ({"used_amount": 3700}, "approval_is_used_for_its_amount"),
        ({"used_at": NOW + timedelta(minutes=2)}, "approval_is_used_whole_and_in_time"),
        ({"used_key": None}, "approval_is_used_whole_and_in_time"),
        ({"used_amount": None}, "approval_is_used_whole_and_in_time"),
        ({"used_at": None}, "approval_is_used_whole_and_in_time"),
        ({"declined_at": NOW}, "approval_is_used_whole_and_in_time"),
    ):
        with pytest.raises(IntegrityError, match=rule):
            use(agreed, **facts)


def test_the_database_uses_nothing_that_nobody_agreed_to(asked):
    with pytest.raises(IntegrityError, match="approval_is_used_whole_and_in_time"):
        use(asked)


def test_the_database_lets_nobody_change_what_was_asked_or_use_it_again(agreed):
    with pytest.raises(DatabaseError, match="Cannot update"):
        by_hand(agreed, amount=100)
    consume(agreed)
    with pytest.raises(DatabaseError, match="Cannot update"):
        by_hand(agreed, used_at=None, used_amount=None, used_key=None, used_by=None, used_shop=None)
    with pytest.raises(DatabaseError, match="Cannot delete"), transaction.atomic():
        Approval.objects.all().delete()


def test_the_database_gives_nothing_that_has_no_end(asked):
    with pytest.raises(IntegrityError, match="approval_is_good_for_a_while_once_given"):
        by_hand(asked, approved_at=NOW, way="phone")


# --- Sabotage: what is broken behind the verbs' back is reported


def by_force(*statements):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in ("loyalty_approval", "loyalty_pinchange"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for name in (
            "approval_is_used_for_its_amount",
            "approval_is_used_whole_and_in_time",
            "approval_is_good_for_a_while_once_given",
        ):
            cursor.execute(f"ALTER TABLE loyalty_approval DROP CONSTRAINT {name}")
        for statement in statements:
            cursor.execute(statement)


def reported(code):
    return next(one for one in all_invariants() if one.code == code).broken()[1]


@pytest.mark.sabotages("I90")
@pytest.mark.parametrize(
    "broken",
    ["used_amount = 3799", "used_at = good_until", "approved_at = NULL", "declined_at = asked_at"],
)
def test_an_approval_used_otherwise_than_agreed_is_reported(agreed, broken, books_balance):
    used = consume(agreed)
    books_balance()
    by_force(f"UPDATE loyalty_approval SET {broken} WHERE id = {used.pk}")
    assert reported("I90") == [used.pk]


@pytest.mark.sabotages("I91")
def test_an_approval_by_a_pin_that_was_never_set_is_reported(agreed):
    by_force("DELETE FROM loyalty_pinchange")
    assert reported("I91") == [agreed.pk]


@pytest.mark.sabotages("I92")
def test_payment_taken_from_ones_own_card_is_reported(agreed):
    used = consume(agreed)
    by_force(f"UPDATE loyalty_approval SET used_by_id = {agreed.card.customer.user_id}")
    assert reported("I92") == [used.pk]


@pytest.mark.sabotages("I93")
@pytest.mark.parametrize("rows", [0, 10])
def test_a_pin_that_stays_open_after_too_many_tries_is_reported(card, rows):
    pin = card.pin
    now = timezone.now()
    tries = [PinTry(merchant_id=card.merchant_id, pin=pin, tried_at=now) for _ in range(rows)]
    PinTry.objects.bulk_create(tries)
    if not rows:
        by_force("UPDATE loyalty_pin SET wrong = 5")
    assert reported("I93") == [pin.pk]
