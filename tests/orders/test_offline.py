"""Coupons that a till took on trust: what becomes of them when they arrive."""

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from coupons.models import CouponKind, Redemption
from orders import actions
from orders.models import OfflineUse, Purchase
from portal.kernel.invariants import all_invariants
from portal.kernel.refused import KeyReused
from tests.cast import make_shop
from tests.coupons.makers import make_coupon
from tests.orders.offline import allow_offline, keep
from tests.together import at_once, constraint, without

HOUR = timedelta(hours=1)
LATELY = timedelta(minutes=50)


@pytest.fixture
def noon():
    return timezone.now() - LATELY


@pytest.fixture
def till(shop, cashier, noon):
    """``till(code, …)``: what the cashier's till kept ten minutes after it lost the network."""
    allow_offline(shop)

    def kept(code, *, after=timedelta(minutes=10), **facts):
        return keep(shop, cashier.user, code, issued_at=noon, used_at=noon + after, **facts)

    return kept


def settle(kept, shop, by, **more):
    return actions.settle(kept, merchant=shop.merchant, shop=shop, by=by, **more)


def test_it_becomes_the_sale_of_its_moment_and_cashier(till, shop, cashier, manager, noon, books_balance):
    coupon = make_coupon(shop.merchant, moment=noon)
    use = settle(till(f"HTTPS://X/Q/{coupon.token}"), shop, manager.user)
    assert (use.state, use.reasons, use.coupon) == ("settled", {}, coupon)
    assert (use.sale.paid, use.sale.by, use.sale.made_at) == (6000, cashier.user, use.used_at)
    coupon.refresh_from_db()
    assert coupon.state == "redeemed"
    books_balance()


def test_a_coupon_that_ended_meanwhile_is_judged_by_when_the_customer_stood_there(till, shop, cashier, noon):
    coupon = make_coupon(shop.merchant, moment=noon)
    after = coupon.valid_until + HOUR
    assert settle(till(coupon.token), shop, cashier.user, moment=after).state == "settled"


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"given": 1500}, "¥15 was taken off; the coupon gives ¥20."),
        ({"given": 5100}, "¥51 was taken off; without a network at most ¥50 may be."),
        ({"after": 5 * HOUR}, "The till had been without a network for too long; 4 h are allowed."),
        ({"after": -HOUR}, "The till had been without a network for too long; 4 h are allowed."),
        ({"bill": 5000}, "This coupon needs a bill of ¥60; this one is ¥50, ¥10 short."),
    ],
)
def test_what_does_not_fit_waits_for_a_manager_with_the_reason(till, shop, cashier, noon, facts, reason):
    coupon = make_coupon(shop.merchant, moment=noon)
    use = settle(till(coupon.token, **facts), shop, cashier.user)
    assert (use.state, use.sale, use.reasons["en"]) == ("conflict", None, reason)
    assert use.reasons["zh-hans"] != reason
    coupon.refresh_from_db()
    assert (coupon.state, Purchase.objects.count(), Redemption.objects.count()) == ("claimed", 0, 0)


def test_a_coupon_used_meanwhile_or_of_another_shop_or_of_none_waits_too(till, shop, cashier, noon):
    coupon = make_coupon(shop.merchant, moment=noon)
    assert settle(till(coupon.token), shop, cashier.user).state == "settled"
    assert "Already redeemed" in settle(till(coupon.token), shop, cashier.user).reasons["en"]
    foreign = make_coupon(make_shop().merchant, moment=noon)
    for code in (foreign.token, "0000000000", "nonsense"):
        use = settle(till(code), shop, cashier.user)
        assert (use.reasons["en"], use.coupon) == ("No coupon of this shop has this code.", None)


def test_never_for_a_coupon_that_is_used_up_in_parts_and_never_for_the_cashiers_own(
    till, shop, cashier, noon
):
    gift = make_coupon(shop.merchant, moment=noon, kind=CouponKind.VALUE, amount_off=2000, minimum=0)
    assert "used up in parts" in settle(till(gift.token), shop, cashier.user).reasons["en"]
    own = make_coupon(shop.merchant, cashier.user, moment=noon)
    assert "your own" in settle(till(own.token), shop, cashier.user).reasons["en"]


@pytest.mark.parametrize(
    "changed", [{"bill": 9000}, {"code": "0000000000"}, {"used_at": 1}, {"grant": "made:up"}]
)
def test_what_was_changed_after_signing_is_not_believed(till, shop, cashier, noon, changed):
    kept = replace(till(make_coupon(shop.merchant, moment=noon).token), **changed)
    assert "isn’t signed" in settle(kept, shop, cashier.user).reasons["en"]


def test_another_merchants_till_is_not_believed(till, shop, cashier, other_shop, noon):
    kept = keep(other_shop, cashier.user, "0000000000", issued_at=noon, used_at=noon)
    use = settle(kept, shop, cashier.user)
    assert ("isn’t signed" in use.reasons["en"], use.shop) == (True, shop)


def test_the_owner_takes_it_back_and_a_till_keeps_no_more_than_it_may(till, shop, cashier, noon):
    allow_offline(shop, most_waiting=2)
    coupons = [make_coupon(shop.merchant, moment=noon).token for _ in range(3)]
    first = till(coupons[0])
    uses = [settle(first, shop, cashier.user)]
    uses += [settle(till(code, grant=first.grant), shop, cashier.user) for code in coupons[1:]]
    assert [use.state for use in uses] == ["settled", "settled", "conflict"]
    allow_offline(shop, is_on=False)
    assert "takes no coupons" in settle(till("0000000000"), shop, cashier.user).reasons["en"]


def test_it_arrives_once_and_the_same_nonce_with_another_bill_is_refused(till, shop, cashier, noon):
    kept = till(make_coupon(shop.merchant, moment=noon).token)
    assert settle(kept, shop, cashier.user) == settle(kept, shop, cashier.user)
    with pytest.raises(KeyReused):
        settle(replace(kept, bill=9000), shop, cashier.user)
    conflict = till("0000000000")
    said = [settle(conflict, shop, cashier.user).reasons for _ in range(2)]
    assert said[0] == said[1] != {}
    assert (OfflineUse.objects.count(), Purchase.objects.count()) == (2, 1)


def test_a_manager_counts_what_was_paid_or_sets_it_aside_and_it_stays_decided(till, shop, cashier, manager):
    counted = settle(till("0000000000"), shop, cashier.user)
    counted = actions.decide(counted, by=manager.user, count=True, note="客人看错了券")
    assert (counted.state, counted.sale.paid, counted.sale.discount) == ("counted", 6000, 0)
    assert (counted.decided_by, counted.note) == (manager.user, "客人看错了券")
    aside = actions.decide(
        settle(till("1" * 10), shop, cashier.user), by=manager.user, count=False, note="试的"
    )
    again = actions.decide(aside, by=manager.user, count=True, note="又")
    assert (again.state, again.sale, again.note) == ("set_aside", None, "试的")
    free = settle(till("2" * 10, bill=2000, given=2000), shop, cashier.user)
    assert actions.decide(free, by=manager.user, count=True, note="送了").sale is None
    assert OfflineUse.objects.of(shop.merchant).lost() == 4000


@pytest.mark.parametrize(
    "broken", [{"given": 9000}, {"given": 0}, {"state": "settled"}, {"state": "set_aside"}]
)
def test_the_database_refuses_what_cannot_be(till, shop, cashier, broken):
    use = settle(till("0000000000"), shop, cashier.user)
    with pytest.raises(IntegrityError), transaction.atomic():
        OfflineUse.objects.filter(pk=use.pk).update(**broken)


def test_a_row_cannot_hold_another_merchants_coupon(till, shop, cashier, noon):
    use = settle(till("0000000000"), shop, cashier.user)
    foreign = make_coupon(make_shop().merchant, moment=noon)
    with pytest.raises(IntegrityError), transaction.atomic():
        OfflineUse.objects.filter(pk=use.pk).update(coupon=foreign)


@pytest.mark.django_db(transaction=True)
def test_twelve_tabs_that_send_one_queue_settle_it_once(till, shop, cashier, noon):
    kept = till(make_coupon(shop.merchant, moment=noon).token)
    results = at_once([lambda: settle(kept, shop, cashier.user).state] * 24)
    assert set(results) == {"settled"}
    assert (OfflineUse.objects.count(), Purchase.objects.count(), Redemption.objects.count()) == (1, 1, 1)


@pytest.mark.django_db(transaction=True)
def test_without_the_unique_nonce_one_queue_is_kept_several_times(till, shop, cashier):
    """The control: what can't be a sale has nothing else that would hold it back."""
    kept = till("0000000000")
    off, on = constraint("orders_offlineuse", "offline_use_arrives_once")
    with without(off, back=[on], empty="orders_offlineuse"):
        at_once([lambda: settle(kept, shop, cashier.user)] * 12)
        assert OfflineUse.objects.filter(nonce=kept.nonce).count() > 1


def test_a_nonce_is_known_only_to_its_own_merchant(till, shop, cashier, other_shop, stranger, noon):
    kept = till("0000000000", nonce=uuid.UUID(int=7))
    settle(kept, shop, cashier.user)
    allow_offline(other_shop)
    theirs = keep(other_shop, stranger, "1" * 10, issued_at=noon, used_at=noon, nonce=uuid.UUID(int=7))
    assert settle(theirs, other_shop, stranger).merchant == other_shop.merchant


@pytest.mark.sabotages("I125")
@pytest.mark.parametrize("changed", [{"bill": 8001}, {"given": 1999}])
def test_a_sale_that_is_not_what_was_kept_is_reported(till, shop, cashier, noon, books_balance, changed):
    use = settle(till(make_coupon(shop.merchant, moment=noon).token), shop, cashier.user)
    books_balance()
    OfflineUse.objects.filter(pk=use.pk).update(**changed)
    (broken,) = [one.broken()[1] for one in all_invariants() if one.code == "I125"]
    assert broken == [use.pk]
