"""A coupon's life after the claim: used in parts and undone exactly, passed on, cancelled, about to end."""

import uuid
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from coupons import actions
from coupons.actions import redemptions
from coupons.actions.presents import NoLongerGiven, NotYours, OwnPresent, StaysWithYou, TakenAlready
from coupons.actions.revoking import SayWhy, UsedAlready
from coupons.judging import AlreadyUsed, Reserved, Revoked
from coupons.models import Coupon, CouponQuerySet, CouponState, Present, Redemption
from coupons.tasks import tell_what_ends
from messaging.models import Message
from portal.kernel.events import deliver_due
from tests.cast import client_of, make_user, owner_of
from tests.coupons.makers import make_coupon, make_present
from tests.together import at_once, constraint, sql_of, succeeded, waiting_for_all, without

pytestmark = pytest.mark.django_db
VALUE = {"kind": "value", "amount_off": 10_000, "minimum": 0}
PACK = {"uses": 3, "minimum": 0, "amount_off": 1000}


def use(coupon, shop, by, bill=8000, **more):
    return actions.redeem(coupon, bill=bill, shop=shop, by=by.user, key=uuid.uuid4(), **more)


def left(coupon):
    coupon.refresh_from_db()
    return coupon.left, coupon.state


def test_a_value_coupon_is_used_in_parts_and_each_is_undone_to_the_cent(shop, cashier, books_balance):
    coupon = make_coupon(shop.merchant, **VALUE)
    first, second = use(coupon, shop, cashier, 3001), use(coupon, shop, cashier, 2500)
    assert (first.discount, second.discount, left(coupon)) == (3001, 2500, (4499, CouponState.CLAIMED))
    actions.undo_redemption(first, by=cashier.user)
    assert left(coupon) == (7500, CouponState.CLAIMED)
    rest = use(coupon, shop, cashier, 9000)
    assert (rest.discount, left(coupon)) == (7500, (0, CouponState.REDEEMED))
    with pytest.raises(AlreadyUsed):
        use(coupon, shop, cashier)
    actions.undo_redemption(second, by=cashier.user)
    assert left(coupon) == (2500, CouponState.RETURNED)


def test_a_pack_gives_its_uses_and_an_undone_one_again(shop, cashier):
    coupon = make_coupon(shop.merchant, **PACK)
    used = [use(coupon, shop, cashier) for _ in range(3)]
    assert left(coupon) == (0, CouponState.REDEEMED)
    actions.undo_redemption(used[1], by=cashier.user)
    assert left(coupon) == (1, CouponState.RETURNED)
    assert use(coupon, shop, cashier).turn == 2
    with pytest.raises(AlreadyUsed):
        use(coupon, shop, cashier)


@pytest.mark.django_db(transaction=True)
def test_four_tills_at_once_spend_no_more_than_a_value_coupon_is_worth(shop, cashier):
    coupon = make_coupon(shop.merchant, **VALUE)
    results = at_once([lambda: use(coupon, shop, cashier, 3000).discount] * 8)
    assert sorted(succeeded(results)) == [1000, 3000, 3000, 3000]
    assert left(coupon) == (0, CouponState.REDEEMED)


def blindly(monkeypatch):
    """No lock, no condition; and nobody writes before all have looked."""
    monkeypatch.setattr(
        CouponQuerySet, "locked", lambda rows: rows.select_related("programme__merchant", "customer", "terms")
    )
    monkeypatch.setattr(redemptions, "_use", waiting_for_all(redemptions._use, 4))
    update = CouponQuerySet.update

    def unconditional(rows, **values):
        return update(Coupon.objects.all() if "times" in values else rows, **values)

    monkeypatch.setattr(CouponQuerySet, "update", unconditional)


@pytest.mark.django_db(transaction=True)
def test_without_lock_and_condition_the_database_alone_keeps_it_within_its_worth(shop, cashier, monkeypatch):
    coupon = make_coupon(shop.merchant, **VALUE)
    blindly(monkeypatch)
    results = at_once([lambda: use(coupon, shop, cashier, 6000)] * 4)
    assert len(succeeded(results)) == 1
    assert {type(lost) for lost in results if isinstance(lost, Exception)} == {IntegrityError}
    assert Redemption.objects.get().discount == 6000


@pytest.mark.django_db(transaction=True)
def test_with_the_databases_guards_gone_too_more_is_spent_than_there_is(shop, cashier, monkeypatch):
    """The control: were these tests not able to see the race, this one would fail."""
    coupon = make_coupon(shop.merchant, **VALUE)
    off, on = constraint("coupons_redemption", "coupon_redeemed_once")
    guard = "DROP TRIGGER coupon_use_guard ON coupons_redemption"
    again = sql_of("coupons.migrations.0002_walls_claims_and_uses", "TRIGGER")
    with without(off, guard, back=[on, again], empty="coupons_redemption, coupons_couponprogramme"):
        blindly(monkeypatch)
        results = at_once([lambda: use(coupon, shop, cashier, 6000)] * 4)
        assert sum(used.discount for used in succeeded(results)) > 10_000


@pytest.mark.parametrize(
    ("was", "to"),
    [("claimed", "issued"), ("claimed", "returned"), ("redeemed", "claimed"), ("revoked", "claimed")],
)
def test_a_move_that_is_not_allowed_is_refused_by_the_database_itself(shop, cashier, was, to):
    coupon = make_coupon(shop.merchant)
    if was == "redeemed":
        use(coupon, shop, cashier)
    if was == "revoked":
        actions.revoke_coupon(coupon, by=cashier.user, reason="印错了")
    facts = {"times": 0, "revoked_at": None, "revoked_by": None}
    with pytest.raises(DatabaseError, match="Invalid transition"), transaction.atomic():
        Coupon.objects.filter(pk=coupon.pk).update(state=to, **facts)


def test_a_coupon_that_is_passed_on_is_reserved_and_then_the_others_with_all_its_terms(shop, cashier):
    giver, friend = make_user(), make_user()
    present = make_present(shop.merchant, giver)
    with pytest.raises(Reserved):
        use(present.coupon, shop, cashier)
    with pytest.raises(OwnPresent):
        actions.take_present(present, user=giver)
    taken = actions.take_present(present, user=friend)
    assert actions.take_present(present, user=friend) == taken
    with pytest.raises(TakenAlready):
        actions.take_present(present, user=make_user())
    assert (taken.customer.user, taken.state, taken.held_until) == (friend, CouponState.CLAIMED, None)
    assert use(taken, shop, cashier).discount == 2000


def test_one_that_stays_with_its_holder_and_a_strangers_cannot_be_given(merchant, consumer, stranger):
    own = make_coupon(merchant, consumer)
    with pytest.raises(StaysWithYou):
        actions.give_coupon(own, by=consumer, key=uuid.uuid4())
    with pytest.raises(NotYours):
        actions.give_coupon(own, by=stranger, key=uuid.uuid4())


def test_what_nobody_takes_in_a_day_is_the_givers_again_before_anything_tidies(shop, cashier, consumer):
    present = make_present(shop.merchant, consumer)
    tomorrow = timezone.now() + timedelta(hours=24, seconds=1)
    with pytest.raises(NoLongerGiven):
        actions.take_present(present, user=make_user(), moment=tomorrow)
    assert actions.let_go_of_lapsed(timezone.now()) == 0
    assert actions.let_go_of_lapsed(tomorrow) == 1
    assert left(present.coupon)[1] == CouponState.CLAIMED
    again = actions.give_coupon(present.coupon, by=consumer, key=uuid.uuid4())
    actions.take_back(present.coupon, by=consumer)
    assert use(present.coupon, shop, cashier)
    with pytest.raises(NoLongerGiven):
        actions.take_present(again, user=make_user())


@pytest.mark.django_db(transaction=True)
def test_twelve_people_reach_for_one_present_and_one_has_it(merchant, consumer):
    present = make_present(merchant, consumer)
    people = [make_user() for _ in range(12)]
    results = at_once([lambda who=who: actions.take_present(present, user=who) for who in people])
    assert len(succeeded(results)) == 1
    assert {type(lost) for lost in results if isinstance(lost, Exception)} == {TakenAlready}
    assert Present.objects.get().taken_by == Coupon.objects.get().customer.user


def test_the_pages_of_passing_on_work_without_scripts(merchant, consumer):
    coupon, friend = make_coupon(merchant, consumer, is_transferable=True), make_user()
    mine, theirs = client_of(consumer, language="en"), client_of(friend, language="en")
    assert "Pass it on to somebody" in mine.get(f"/me/coupons/{coupon.token}/").content.decode()
    mine.post(f"/me/coupons/{coupon.token}/give/", {"key": uuid.uuid4()})
    link = f"/present/{Present.objects.get().token}/"
    page = mine.get(f"/me/coupons/{coupon.token}/").content.decode()
    assert link in page and "Show this at the counter" not in page
    assert "Take it" in theirs.get(link).content.decode()
    assert theirs.post(link, {"key": uuid.uuid4()})["Location"] == f"/me/coupons/{coupon.token}/"
    assert mine.get(f"/me/coupons/{coupon.token}/").status_code == 404
    assert "no longer there" in client_of(make_user(), language="en").get(link).content.decode()


def test_cancelling_needs_a_reason_which_the_holder_reads(shop, cashier, consumer):
    coupon, owner = make_coupon(shop.merchant, consumer), owner_of(shop.merchant)
    with pytest.raises(SayWhy):
        actions.revoke_coupon(coupon, by=owner, reason=" ")
    page = f"/m/{shop.merchant.slug}/coupons/{coupon.programme.token}/issued/"
    assert "Claimed" in client_of(owner, language="en").get(page).content.decode()
    client_of(owner).post(f"{page}{coupon.token}/revoke/", {"reason": "印错了"})
    with pytest.raises(Revoked):
        use(coupon, shop, cashier)
    deliver_due()
    assert Message.objects.get(person=consumer, kind="coupons.revoked").params["reason"] == "印错了"
    assert "印错了" in client_of(consumer).get(f"/me/coupons/{coupon.token}/").content.decode()


def test_what_is_used_up_cannot_be_cancelled(shop, cashier):
    coupon = make_coupon(shop.merchant)
    use(coupon, shop, cashier)
    with pytest.raises(UsedAlready):
        actions.revoke_coupon(coupon, by=cashier.user, reason="x")


def test_what_ends_in_three_days_is_told_of_once_and_a_short_or_used_one_never(shop, cashier, consumer):
    coupon = make_coupon(shop.merchant, consumer)
    used = make_coupon(shop.merchant, consumer)
    use(used, shop, cashier)
    make_coupon(shop.merchant, consumer, ends_at=timezone.now() + timedelta(days=2))
    moment = coupon.valid_until - timedelta(days=3)
    tell_what_ends(moment - timedelta(seconds=1))
    assert not Message.objects.filter(kind="coupons.ending").exists()
    for later in (timedelta(), timedelta(days=1), timedelta(days=2)):
        tell_what_ends(moment + later)
    told = Message.objects.get(kind="coupons.ending")
    assert (told.person, told.occurrence) == (consumer, f"coupon:{coupon.pk}:ends")


@pytest.mark.parametrize("count", [3, 30])
def test_the_list_of_issued_coupons_takes_the_same_queries_however_many(
    merchant, count, django_assert_num_queries
):
    coupon = make_coupon(merchant, stock=100)
    for _ in range(count):
        actions.claim_coupon(coupon.programme, make_user(), key=uuid.uuid4())
    browser = client_of(owner_of(merchant))
    page = f"/m/{merchant.slug}/coupons/{coupon.programme.token}/issued/"
    browser.get(page)
    with django_assert_num_queries(6):
        browser.get(page)
