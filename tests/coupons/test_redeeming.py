"""What a coupon gives, when it doesn't, and in which words."""

import uuid
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import translation

from coupons import actions
from coupons.actions import AlreadyUsed, BelowMinimum, Expired, OtherMerchant
from coupons.judging import NotYetValid
from coupons.models import Coupon, CouponKind, CouponProgramme, Redemption
from coupons.terms import discount_on
from portal.kernel.refused import KeyReused
from tests.coupons.makers import make_coupon, make_coupon_programme

PERCENT = {"kind": CouponKind.PERCENT, "amount_off": None, "minimum": 0}


@pytest.mark.parametrize(
    ("terms", "bill", "off"),
    [
        ({"kind": "amount", "amount_off": 2000}, 6000, 2000),
        ({"kind": "amount", "amount_off": 2000}, 1500, 1500),
        ({"kind": "percent", "percent_off": 20}, 3850, 770),
        ({"kind": "percent", "percent_off": 15}, 3333, 500),
        ({"kind": "percent", "percent_off": 15}, 3330, 500),
        ({"kind": "percent", "percent_off": 15}, 3329, 499),
        ({"kind": "percent", "percent_off": 50, "most_off": 1000}, 9000, 1000),
        ({"kind": "percent", "percent_off": 100}, 9001, 9001),
    ],
)
def test_a_discount_is_rounded_half_up_once_and_never_above_the_bill(terms, bill, off):
    assert discount_on(CouponProgramme(**terms), bill) == off


def use(coupon, shop, by, *, bill=8000, key=None, moment=None):
    return actions.redeem(coupon, bill=bill, shop=shop, by=by, key=key or uuid.uuid4(), moment=moment)


def test_a_coupon_is_good_from_its_first_moment_and_not_at_its_last(shop, cashier):
    coupon = make_coupon(shop.merchant)
    with pytest.raises(Expired):
        use(coupon, shop, cashier.user, moment=coupon.valid_until)
    with pytest.raises(NotYetValid):
        use(coupon, shop, cashier.user, moment=coupon.valid_from - timedelta(seconds=1))
    used = use(coupon, shop, cashier.user, moment=coupon.valid_until - timedelta(seconds=1))
    assert used.discount == 2000


def test_the_refusals_say_what_is_missing_whose_it_is_and_who_was_first(shop, other_shop, cashier, stranger):
    coupon = make_coupon(shop.merchant)
    with translation.override("en"):
        with pytest.raises(BelowMinimum, match="needs a bill of ¥60; this one is ¥48, ¥12 short"):
            use(coupon, shop, cashier.user, bill=4800)
        with pytest.raises(OtherMerchant) as refusal:
            use(coupon, other_shop, stranger)
        assert str(refusal.value) == "This coupon belongs to 青禾理发."
        use(coupon, shop, cashier.user)
        with pytest.raises(AlreadyUsed) as second:
            use(coupon, shop, cashier.user)
        assert str(second.value).endswith("by 小陈.")


def test_one_key_redeems_once_and_another_bill_under_it_is_refused(shop, cashier):
    coupon, key = make_coupon(shop.merchant), uuid.uuid4()
    assert use(coupon, shop, cashier.user, key=key) == use(coupon, shop, cashier.user, key=key)
    with pytest.raises(KeyReused):
        use(coupon, shop, cashier.user, key=key, bill=9000)


def test_a_coupon_keeps_the_terms_it_was_claimed_under(merchant, consumer):
    programme = make_coupon_programme(merchant)
    coupon = actions.claim_coupon(programme, consumer, key=uuid.uuid4())
    CouponProgramme.objects.update(amount_off=1, minimum=1)
    coupon.refresh_from_db()
    assert (coupon.amount_off, coupon.minimum, coupon.valid_until) == (2000, 6000, programme.ends_at)


def test_undone_it_can_be_used_again(shop, cashier, books_balance):
    coupon = make_coupon(shop.merchant)
    first = use(coupon, shop, cashier.user)
    for _ in range(2):
        actions.undo_redemption(first, by=cashier.user)
    assert CouponProgramme.objects.get().redeemed == 0
    assert use(coupon, shop, cashier.user).pk != first.pk
    assert Redemption.objects.count() == 2


def test_the_database_itself_refuses_what_goes_round_the_verbs(shop, other_shop, cashier):
    coupon = make_coupon(shop.merchant)
    used = use(coupon, shop, cashier.user)
    second = {"merchant": shop.merchant, "coupon": coupon, "shop": shop, "by": cashier.user, "bill": 100}
    again = lambda **changes: Redemption.objects.create(**(second | {"key": uuid.uuid4()} | changes))  # noqa: E731
    deeds = {
        "coupon_redeemed_once": lambda: again(discount=1),
        "discount_within_bill": lambda: Redemption.objects.filter(pk=used.pk).update(discount=99999),
        "coupons_claimed_within_stock": lambda: CouponProgramme.objects.update(claimed=101),
        "coupons_redeemed_within_claimed": lambda: CouponProgramme.objects.update(redeemed=2),
        "coupon_programme_ends_after": lambda: (
            CouponProgramme.objects.update(ends_at=coupon.valid_from)
            and CouponProgramme.objects.update(starts_at=coupon.valid_until)
        ),
        "stays_with_its": lambda: Coupon.objects.update(merchant=other_shop.merchant),
    }
    for name, deed in deeds.items():
        with pytest.raises(DatabaseError, match=name), transaction.atomic():
            deed()
