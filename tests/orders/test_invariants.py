"""The checker is tested by sabotage: a row broken behind the verbs' back is the row that is reported."""

import uuid
from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.db import connection

from coupons.models import Coupon, CouponProgramme, Redemption
from loyalty.models import Account, Entry, Lot
from orders import actions
from orders.models import Purchase
from portal.kernel.invariants import all_invariants
from tests.cast import make_customer
from tests.coupons.makers import make_coupon
from tests.loyalty.makers import balance, give, make_card, take

LOYALTY = ("I02", "I03", "I06", "I08", "I41", "I42", "I43", "I44")
COUPONS = ("I10", "I11", "I45")
ORDERS = ("I18", "I46", "I47", "I48", "I49", "I50")
OURS = {*LOYALTY, *COUPONS, *ORDERS, "I09"}


@pytest.fixture
def sold(shop, cashier, consumer):
    """A sale with card and coupon, and another one undone."""
    card = make_card(shop.merchant, consumer, points=50)
    facts = {"merchant": shop.merchant, "shop": shop, "bill": 8000, "by": cashier.user, "card": card}
    gone = actions.ring_up(**facts, key=uuid.uuid4(), coupon=make_coupon(shop.merchant, consumer))
    actions.undo(gone, by=cashier.user, reason="", key=uuid.uuid4())
    return actions.ring_up(**facts, key=uuid.uuid4(), coupon=make_coupon(shop.merchant, consumer))


def by_force(*statements: str) -> None:
    """As somebody with a database console: no trigger and no foreign key looks."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in ("loyalty_entry", "loyalty_allocation", "coupons_coupon"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for name in ("account_never_overdrawn", "entry_reverses_only_as_reversal"):
            table = "loyalty_account" if name.startswith("account") else "loyalty_entry"
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}")
        for table, name in (
            ("coupons_couponprogramme", "coupons_claimed_within_stock"),
            ("coupons_couponprogramme", "coupons_redeemed_within_claimed"),
            ("coupons_coupon", "coupon_is_used_exactly_when_used_up"),
            ("loyalty_lot", "lot_holds_between_nothing_and_its_amount"),
            ("loyalty_account", "account_stays_with_its_card"),
            ("loyalty_lot", "lot_stays_with_its_account"),
            ("loyalty_entry", "entry_stays_with_its_account"),
        ):
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        for statement in statements:
            cursor.execute(statement)


def reported(code: str) -> list:
    return next(one for one in all_invariants() if one.code == code).broken()[1]


def test_after_sales_and_undoing_every_invariant_holds(sold, books_balance):
    books_balance()
    assert balance(sold.card) == 110


SABOTAGE: dict[str, tuple[str, Callable[[Purchase], object]]] = {
    "I02": ("UPDATE loyalty_account SET balance = balance + 1", lambda sale: Account.objects.get().pk),
    "I03": ("UPDATE loyalty_account SET balance = -1", lambda sale: Account.objects.get().pk),
    "I06": (
        "UPDATE loyalty_entry SET amount = amount - 1 WHERE kind = 'reversed'",
        lambda sale: Entry.objects.get(kind="reversed").pk,
    ),
    "I08": (
        "UPDATE loyalty_entry SET shop_id = NULL WHERE id = (SELECT max(id) FROM loyalty_entry)",
        lambda sale: sale.entry_id,
    ),
    "I41": (
        "UPDATE loyalty_lot SET remaining = remaining - 1 WHERE id = (SELECT max(id) FROM loyalty_lot)",
        lambda sale: Account.objects.get().pk,
    ),
    "I42": (
        "UPDATE loyalty_lot SET remaining = remaining - 1 WHERE id = (SELECT max(id) FROM loyalty_lot)",
        lambda sale: Lot.objects.order_by("-pk")[0].pk,
    ),
    "I43": (
        "DELETE FROM loyalty_lot WHERE id = (SELECT max(id) FROM loyalty_lot)",
        lambda sale: sale.entry_id,
    ),
    "I44": ("UPDATE loyalty_account SET kind = 'visits'", lambda sale: sale.card_id),
    "I10": (
        "UPDATE coupons_couponprogramme SET claimed = stock + 1 WHERE redeemed = 1",
        lambda sale: CouponProgramme.objects.get(redeemed=1).pk,
    ),
    "I11": (
        "UPDATE coupons_coupon SET state = 'claimed'",
        lambda sale: sale.redemption.coupon_id,
    ),
    "I45": (
        "UPDATE coupons_coupon SET minimum = 9000 WHERE state = 'redeemed'",
        lambda sale: sale.redemption_id,
    ),
    "I46": (
        "UPDATE orders_purchaseline SET amount = amount + 1 WHERE discount > 0",
        lambda sale: sale.pk,
    ),
    "I47": (
        "UPDATE orders_purchase SET points = 7 WHERE undone_at IS NULL",
        lambda sale: sale.pk,
    ),
    "I48": (
        "UPDATE orders_purchase SET undone_at = now(), undone_by_id = by_id WHERE undone_at IS NULL",
        lambda sale: sale.pk,
    ),
    "I49": (
        "UPDATE orders_purchase SET redemption_id = NULL WHERE undone_at IS NULL",
        lambda sale: sale.redemption_id,
    ),
    "I50": ("UPDATE merchants_customer SET visits = 9 WHERE visits = 1", lambda sale: sale.customer_id),
    "I18": (
        "UPDATE merchants_customer SET user_id = (SELECT min(by_id) FROM orders_purchase) WHERE spent > 0",
        lambda sale: sale.pk,
    ),
}


@pytest.mark.parametrize("code", sorted(SABOTAGE))
def test_a_row_broken_by_force_is_the_row_reported(sold, code):
    statement, broken = SABOTAGE[code]
    expected = broken(sold)
    by_force(statement)
    assert expected in reported(code)


def test_a_row_that_points_into_another_merchants_data_is_reported(sold, other_shop):
    stranger = make_customer(other_shop.merchant)
    by_force(f"UPDATE orders_purchase SET customer_id = {stranger.pk} WHERE id = {sold.pk}")
    assert reported("I09") == [f"orders.purchase {sold.pk}"]


def test_the_command_ends_with_one_and_names_the_row(sold, capsys):
    by_force("UPDATE loyalty_account SET balance = balance + 1")
    with pytest.raises(SystemExit) as end:
        call_command("check_invariants", only="I02")
    assert end.value.code == 1
    assert str([Account.objects.get().pk]) in capsys.readouterr().out


def test_spending_and_giving_back_keeps_every_lot_exact(sold, books_balance):
    from loyalty.actions import reverse

    spent = take(sold.card, 70)
    give(sold.card, 5)
    reverse(spent, key=uuid.uuid4(), by=None)
    assert balance(sold.card) == 115
    books_balance()
    assert (
        Coupon.objects.filter(state="redeemed").count() == Redemption.objects.filter(undone_at=None).count()
    )
