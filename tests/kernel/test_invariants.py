"""The checker is checked: each invariant is broken by SQL, and names just the row that was broken.

An invariant without a sabotage fails here: put its SQL into ``SABOTAGES`` (or, where it needs a world of
its own, a test marked ``@pytest.mark.sabotages("I25")`` beside its app's tests).
"""

import re
import uuid
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from loyalty.models import Card
from merchants.models import Shop, StaffMember
from orders import actions
from orders.models import Purchase
from portal.kernel.invariants import Invariant, all_invariants
from portal.kernel.models import User
from tests import cast
from tests.coupons.makers import make_coupon
from tests.loyalty.makers import make_card

pytestmark = pytest.mark.django_db

# Each statement breaks one row and returns what the invariant must name.
SABOTAGES = {
    "I02": "UPDATE loyalty_account SET balance = balance + 1 WHERE balance > 0 RETURNING id",
    "I03": "UPDATE loyalty_account SET balance = -1 WHERE balance > 0 RETURNING id",
    "I06": "UPDATE loyalty_entry SET reverses_id = id WHERE kind = 'earned' RETURNING id",
    "I08": "UPDATE loyalty_entry SET shop_id = NULL WHERE kind = 'earned' RETURNING id",
    "I09": "UPDATE orders_purchase SET merchant_id = {other} RETURNING 'orders.purchase ' || id",
    "I10": "UPDATE coupons_couponprogramme SET claimed = claimed + 1 RETURNING id",
    "I11": "UPDATE coupons_coupon SET state = 'claimed' RETURNING id",
    "I18": "UPDATE orders_purchase p SET by_id = c.user_id FROM merchants_customer c"
    " WHERE c.id = p.customer_id RETURNING p.id",
    "I41": "UPDATE loyalty_lot SET remaining = remaining - 1 RETURNING account_id",
    "I42": "UPDATE loyalty_lot SET remaining = remaining - 1 RETURNING id",
    "I43": "UPDATE loyalty_lot SET amount = amount + 1 RETURNING entry_id",
    "I44": "UPDATE loyalty_account SET kind = 'visits' WHERE kind = 'points' RETURNING card_id",
    "I45": "UPDATE coupons_redemption SET bill = 1 RETURNING id",
    "I46": "UPDATE orders_purchaseline SET amount = amount + 1 RETURNING purchase_id",
    "I47": "UPDATE orders_purchase SET points = points + 1 RETURNING id",
    "I48": "UPDATE orders_purchase SET undone_at = now() RETURNING id",
    "I49": "UPDATE orders_purchase SET redemption_id = NULL RETURNING (SELECT id FROM coupons_redemption)",
    "I50": "UPDATE merchants_customer SET visits = visits + 1 WHERE visits > 0 RETURNING id",
    "I75": "UPDATE loyalty_entry SET balance_after = balance_after + 1 WHERE kind = 'earned' RETURNING id",
}
_MARKED = re.compile(r"mark\.sabotages\(([^)]*)\)")


def marked() -> set[str]:
    files = Path(__file__).parents[1].glob("**/test_*.py")
    calls = [call for file in files for call in _MARKED.findall(file.read_text("utf-8"))]
    return {code for call in calls for code in re.findall(r'"([^"]+)"', call)}


def named(code: str) -> Invariant:
    return next(one for one in all_invariants() if one.code == code)


def without_guards() -> None:
    """Take away, for this test's transaction, all that would turn the broken row away."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for model in apps.get_models():
            if model._meta.app_label not in ("loyalty", "coupons", "orders", "merchants"):
                continue
            table = model._meta.db_table
            cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
            cursor.execute(
                "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype IN ('c', 'f')",
                [table],
            )
            for (name,) in cursor.fetchall():
                cursor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT IF EXISTS "{name}" CASCADE')
            for field in model._meta.local_concrete_fields:
                if not field.primary_key:
                    cursor.execute(f'ALTER TABLE "{table}" ALTER "{field.column}" DROP NOT NULL')


@pytest.fixture
def sale(shop: Shop, cashier: StaffMember) -> Purchase:
    """A sale with card and coupon: it touches every table that the books are made of."""
    person = cast.make_user()
    card: Card = make_card(shop.merchant, person)
    coupon = make_coupon(shop.merchant, person)
    return actions.ring_up(
        merchant=shop.merchant,
        shop=shop,
        bill=8000,
        key=uuid.uuid4(),
        by=cashier.user,
        card=card,
        coupon=coupon,
    )


@pytest.mark.parametrize("code", [one.code for one in all_invariants()])
def test_every_invariant_has_its_sabotage(code: str) -> None:
    assert code in SABOTAGES.keys() | marked(), f"{code} is not known to notice anything"


@pytest.mark.parametrize("code", sorted(SABOTAGES))
def test_the_row_that_was_broken_is_the_row_that_is_named(code: str, sale: Purchase, stranger: User) -> None:
    other = cast.make_merchant(stranger, name="别家理发")
    assert named(code).broken() == (0, [])
    without_guards()
    with connection.cursor() as cursor:
        cursor.execute(SABOTAGES[code].format(other=other.pk))
        expected = [row[0] for row in cursor.fetchall()]
    assert len(expected) == 1
    assert expected[0] in named(code).broken(50)[1]


def test_the_command_says_so_and_fails(sale: Purchase) -> None:
    said = StringIO()
    call_command("check_invariants", stdout=said)
    assert "VIOLATED" not in said.getvalue()
    without_guards()
    with connection.cursor() as cursor:
        cursor.execute(SABOTAGES["I02"])
        broken = cursor.fetchone()[0]
    said = StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("check_invariants", only="I02,I46", stdout=said)
    assert end.value.code == 1
    lines = said.getvalue().splitlines()
    assert [line[:12] for line in lines] == ["VIOLATED I02", "ok       I46"]
    assert str(broken) in lines[0]


def test_the_command_lists_every_code_and_speaks_json(sale: Purchase) -> None:
    listed, told = StringIO(), StringIO()
    call_command("check_invariants", list=True, stdout=listed)
    call_command("check_invariants", json=True, stdout=told)
    for one in all_invariants():
        assert f"{one.code}  " in listed.getvalue()
        assert f'"code": "{one.code}"' in told.getvalue()
