"""Many hands on one coupon and on one offer: exact, and seen to be inexact without the guards."""

import uuid

import pytest

from coupons import actions
from coupons.actions import AlreadyUsed, ClaimedEnough, SoldOut, claims
from coupons.models import Coupon, CouponProgramme, CouponQuerySet, CouponState, Redemption
from merchants.models import Shop
from tests.cast import make_user
from tests.coupons.makers import make_coupon, make_coupon_programme
from tests.together import at_once, constraint, succeeded, waiting_for_all, without

pytestmark = pytest.mark.django_db(transaction=True)


def redeem_with_fifty_hands(shop: Shop, cashier) -> list:
    coupon = make_coupon(shop.merchant)
    facts = {"bill": 8000, "shop": shop, "by": cashier.user}
    return at_once([lambda: actions.redeem(coupon, key=uuid.uuid4(), **facts) for _ in range(50)])


def test_fifty_hands_redeem_one_coupon_once(shop, cashier):
    results = redeem_with_fifty_hands(shop, cashier)
    assert len(succeeded(results)) == 1
    assert {type(loser) for loser in results if isinstance(loser, Exception)} == {AlreadyUsed}
    assert Redemption.objects.count() == 1
    assert CouponProgramme.objects.get().redeemed == 1


def test_without_lock_condition_and_unique_row_one_coupon_is_redeemed_more_than_once(
    shop, cashier, monkeypatch
):
    """The control: were the test not able to see the race, this one would fail."""
    monkeypatch.setattr(CouponQuerySet, "locked", lambda rows: rows.select_related("programme", "customer"))
    update = CouponQuerySet.update
    redeem_all = waiting_for_all(lambda values: update(Coupon.objects.all(), **values))

    def blind(rows, **values):
        if values.get("state") == CouponState.REDEEMED:
            return redeem_all(values)
        return update(rows, **values)

    monkeypatch.setattr(CouponQuerySet, "update", blind)
    off, on = constraint("coupons_redemption", "coupon_redeemed_once")
    cap_off, cap_on = constraint("coupons_couponprogramme", "coupons_redeemed_within_claimed")
    with without(off, cap_off, back=[on, cap_on], empty="coupons_redemption, coupons_couponprogramme"):
        assert len(succeeded(redeem_with_fifty_hands(shop, cashier))) > 1


def test_fifty_hands_with_one_key_redeem_once_and_all_hear_yes(shop, cashier):
    coupon, key = make_coupon(shop.merchant), uuid.uuid4()
    deed = lambda: actions.redeem(coupon, bill=8000, shop=shop, by=cashier.user, key=key).pk  # noqa: E731
    results = at_once([deed] * 50)
    assert len(set(results)) == 1
    assert Redemption.objects.count() == 1


def claim_with_two_hundred_people(programme: CouponProgramme) -> list:
    people = [make_user() for _ in range(200)]
    return at_once([lambda who=who: actions.claim_coupon(programme, who, key=uuid.uuid4()) for who in people])


def test_two_hundred_people_claim_exactly_the_hundred_there_are(merchant):
    programme = make_coupon_programme(merchant, stock=100)
    results = claim_with_two_hundred_people(programme)
    assert len(succeeded(results)) == 100
    assert {type(loser) for loser in results if isinstance(loser, Exception)} == {SoldOut}
    programme.refresh_from_db()
    assert (programme.claimed, Coupon.objects.count()) == (100, 100)


def test_a_claim_that_counts_before_it_writes_gives_out_more_than_there_are(merchant, monkeypatch):
    """The control: the same claim with a counter that was read, not moved by a condition."""

    def write(programme: CouponProgramme, claimed: int) -> None:
        CouponProgramme.objects.filter(pk=programme.pk).update(claimed=claimed)

    write_together = waiting_for_all(write)

    def read_then_write(programme: CouponProgramme) -> None:
        write_together(programme, CouponProgramme.objects.get(pk=programme.pk).claimed + 1)

    monkeypatch.setattr(claims, "_take_one", read_then_write)
    claim_with_two_hundred_people(make_coupon_programme(merchant, stock=20))
    assert Coupon.objects.count() > 20


def test_one_person_with_fifty_hands_gets_no_more_than_the_limit(merchant, consumer):
    programme = make_coupon_programme(merchant, per_person=3)
    deeds = [lambda: actions.claim_coupon(programme, consumer, key=uuid.uuid4()) for _ in range(50)]
    results = at_once(deeds)
    assert len(succeeded(results)) == 3
    assert {type(loser) for loser in results if isinstance(loser, Exception)} == {ClaimedEnough}
    assert sorted(Coupon.objects.values_list("ordinal", flat=True)) == [1, 2, 3]
    programme.refresh_from_db()
    assert programme.claimed == 3


def test_fifty_hands_with_one_key_claim_once(merchant, consumer):
    programme, key = make_coupon_programme(merchant, per_person=5), uuid.uuid4()
    results = at_once([lambda: actions.claim_coupon(programme, consumer, key=key).pk] * 50)
    assert len(set(results)) == 1
    assert Coupon.objects.count() == 1
