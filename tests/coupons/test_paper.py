"""Coupons on paper: printed off the stock, claimed once, used by anybody, cancelled by the batch."""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from coupons import actions
from coupons.actions import AlreadyUsed, ClaimedEnough, NobodysNoMore, NotClaimable
from coupons.actions.paper import (
    AsksWhoItIs,
    CountsFromTheClaim,
    NotEnoughLeft,
    NotRunning,
    SayWhyOnPaper,
    WrongQuantity,
)
from coupons.judging import ClaimedMeanwhile, Expired, HadEnough, Revoked
from coupons.models import Coupon, CouponProgramme, CouponQuerySet, CouponState, PaperBatch, Redemption
from merchants.models import Merchant
from portal.kernel.codes import normalise_code
from portal.kernel.invariants import all_invariants
from portal.kernel.models import Code
from portal.kernel.refused import KeyReused
from tests.cast import make_customer, make_merchant, make_user, owner_of
from tests.coupons.makers import make_coupon_programme, make_paper, paper_of
from tests.together import at_once, succeeded, waiting_for_all

pytestmark = pytest.mark.django_db


def use(coupon, shop, by, bill=8000, **more):
    return actions.redeem(coupon, bill=bill, shop=shop, by=by.user, key=uuid.uuid4(), **more)


def test_a_batch_has_as_many_codes_as_were_asked_off_the_stock_and_all_say_the_terms(merchant, books_balance):
    batch = make_paper(merchant, 40, stock=100)
    coupons = list(batch.coupons.all())
    assert len({one.token for one in coupons}) == 40
    assert all(normalise_code(one.token) and one.customer is None for one in coupons)
    assert {(one.state, one.title, one.amount_off, one.minimum) for one in coupons} == {
        (CouponState.ISSUED, "满60减20", 2000, 6000)
    }
    assert {one.valid_until for one in coupons} == {batch.programme.ends_at}
    assert CouponProgramme.objects.get().claimed == 40
    books_balance()


def test_the_same_request_prints_once(merchant):
    programme, key = make_coupon_programme(merchant), uuid.uuid4()
    ask = lambda number: actions.make_paper(programme, number, key=key, by=owner_of(merchant))  # noqa: E731
    assert ask(3) == ask(3)
    with pytest.raises(KeyReused):
        ask(4)
    assert Coupon.objects.count() == 3


@pytest.mark.parametrize("quantity", [0, -1, 10_001, 10**12])
def test_a_batch_is_between_one_and_ten_thousand(merchant, quantity):
    with pytest.raises(WrongQuantity):
        make_paper(merchant, quantity)
    assert not PaperBatch.objects.exists()


def test_no_more_is_printed_than_there_is_and_nothing_in_part(merchant, consumer):
    programme = make_coupon_programme(merchant, stock=10)
    actions.claim_coupon(programme, consumer, key=uuid.uuid4())
    with pytest.raises(NotEnoughLeft):
        actions.make_paper(programme, 10, key=uuid.uuid4(), by=owner_of(merchant))
    assert Coupon.objects.count() == 1
    actions.make_paper(programme, 9, key=uuid.uuid4(), by=owner_of(merchant))
    with pytest.raises(actions.SoldOut):
        actions.claim_coupon(programme, make_user(), key=uuid.uuid4())


def test_what_paper_cannot_keep_is_not_printed(merchant):
    with pytest.raises(NotRunning):
        make_paper(merchant, 1, published=False)
    with pytest.raises(CountsFromTheClaim):
        make_paper(merchant, 1, days=7)
    with pytest.raises(AsksWhoItIs):
        make_paper(merchant, 1, audience="levels", levels=[1])
    Merchant.objects.filter(pk=merchant.pk).update(suspended_at=timezone.now())
    with pytest.raises(NotClaimable):
        make_paper(merchant, 1)


def test_whoever_scans_it_first_has_it_and_claiming_twice_is_once(merchant, consumer, books_balance):
    coupon = paper_of(merchant)
    mine = actions.claim_paper(coupon, consumer)
    assert (mine.customer.user, mine.state) == (consumer, CouponState.CLAIMED)
    assert actions.claim_paper(coupon, consumer) == mine
    with pytest.raises(NobodysNoMore):
        actions.claim_paper(coupon, make_user())
    assert CouponProgramme.objects.get().claimed == 1
    books_balance()


def test_the_limit_per_person_holds_for_paper_too(shop, merchant, consumer, cashier):
    first, second = make_paper(merchant, 2).coupons.order_by("pk")
    mine = actions.claim_paper(first, consumer)
    with pytest.raises(ClaimedEnough):
        actions.claim_paper(second, consumer)
    with pytest.raises(HadEnough):
        use(second, shop, cashier, customer=mine.customer)
    assert use(second, shop, cashier, customer=make_customer(merchant)).discount == 2000


def test_at_the_counter_it_is_the_known_customers_or_stays_anonymous(shop, merchant, cashier, books_balance):
    known, unknown = make_paper(merchant, 2, per_person=2).coupons.order_by("pk")
    customer = make_customer(merchant)
    use(known, shop, cashier, customer=customer)
    used = use(unknown, shop, cashier)
    known.refresh_from_db()
    unknown.refresh_from_db()
    assert (known.customer, known.state) == (customer, CouponState.REDEEMED)
    assert (unknown.customer, unknown.state, used.discount) == (None, CouponState.REDEEMED, 2000)
    with pytest.raises(AlreadyUsed):
        use(unknown, shop, cashier)
    with pytest.raises(NobodysNoMore):
        actions.claim_paper(unknown, make_user())


def test_a_pack_on_paper_becomes_the_customers_with_its_first_use(shop, merchant, cashier):
    first, second = make_paper(merchant, 2, uses=3, minimum=0).coupons.order_by("pk")
    use(first, shop, cashier, customer=make_customer(merchant))
    use(second, shop, cashier)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state, second.left) == (CouponState.CLAIMED, CouponState.ISSUED, 2)
    assert actions.claim_paper(second, make_user()).left == 2


def test_an_anonymous_use_that_is_undone_makes_it_nobodys_again(shop, merchant, cashier, consumer):
    coupon = paper_of(merchant)
    actions.undo_redemption(use(coupon, shop, cashier), by=cashier.user)
    mine = actions.claim_paper(coupon, consumer)
    assert mine.state == CouponState.CLAIMED and use(mine, shop, cashier)


def test_paper_ends_when_it_says(merchant, consumer):
    coupon = paper_of(merchant)
    with pytest.raises(Expired):
        actions.claim_paper(coupon, consumer, moment=coupon.valid_until)
    assert actions.claim_paper(coupon, consumer, moment=coupon.valid_until - timedelta(seconds=1))


def test_what_was_printed_stays_good_when_the_offer_ends_early(shop, merchant, cashier, consumer):
    one, other = make_paper(merchant, 2).coupons.order_by("pk")
    actions.end_programme(one.programme, by=owner_of(merchant))
    assert actions.claim_paper(one, consumer) and use(other, shop, cashier)


def test_cancelling_a_batch_takes_what_is_nobodys_and_leaves_the_rest(
    shop, merchant, consumer, cashier, books_balance
):
    batch, owner = make_paper(merchant, 5), owner_of(merchant)
    mine, used, *rest = batch.coupons.order_by("pk")
    actions.claim_paper(mine, consumer)
    use(used, shop, cashier)
    with pytest.raises(SayWhyOnPaper):
        actions.revoke_nobodys(batch, by=owner, reason=" ")
    assert actions.revoke_nobodys(batch, by=owner, reason="一箱被水泡了") == 3
    assert actions.revoke_nobodys(batch, by=owner, reason="再来一次") == 0
    with pytest.raises(Revoked):
        use(rest[0], shop, cashier)
    with pytest.raises(Revoked):
        actions.claim_paper(rest[1], make_user())
    mine.refresh_from_db()
    assert use(mine, shop, cashier).discount == 2000
    counted = PaperBatch.objects.of(batch.programme).with_counts().get()
    assert (counted.taken, counted.used, counted.cancelled, counted.nobodys) == (1, 2, 3, 0)


@pytest.mark.django_db(transaction=True)
def test_twenty_people_scan_one_coupon_and_one_has_it(merchant):
    coupon, people = paper_of(merchant), [make_user() for _ in range(20)]
    results = at_once([lambda who=who: actions.claim_paper(coupon, who) for who in people])
    assert len(succeeded(results)) == 1
    assert {type(lost) for lost in results if isinstance(lost, Exception)} == {NobodysNoMore}
    assert Coupon.objects.get().customer.user in people


@pytest.mark.django_db(transaction=True)
def test_without_lock_and_condition_one_coupon_is_promised_to_many(merchant, monkeypatch):
    """The control: were the test not able to see the race, this one would fail."""
    coupon, people = paper_of(merchant), [make_user() for _ in range(12)]
    looked = lambda rows: rows.select_related("programme__merchant", "customer", "terms")  # noqa: E731
    monkeypatch.setattr(CouponQuerySet, "locked", looked)
    write = waiting_for_all(CouponQuerySet.update)
    monkeypatch.setattr(
        CouponQuerySet, "update", lambda rows, **values: write(Coupon.objects.all(), **values)
    )
    results = at_once([lambda who=who: actions.claim_paper(coupon, who) for who in people])
    assert len(succeeded(results)) > 1


@pytest.mark.django_db(transaction=True)
def test_claimed_and_used_at_once_only_one_of_the_two_happens(shop, merchant, cashier, consumer):
    for coupon in make_paper(merchant, 6, per_person=6).coupons.order_by("pk"):
        results = at_once(
            [lambda c=coupon: actions.claim_paper(c, consumer), lambda c=coupon: use(c, shop, cashier)]
        )
        assert len(succeeded(results)) == 1
        lost = next(one for one in results if isinstance(one, Exception))
        assert type(lost) in (NobodysNoMore, ClaimedMeanwhile)
        coupon.refresh_from_db()
        assert (coupon.customer is None) == Redemption.objects.filter(coupon=coupon).exists()


@pytest.mark.django_db(transaction=True)
def test_two_batches_at_once_never_print_more_than_there_is(merchant):
    programme, owner = make_coupon_programme(merchant, stock=100), owner_of(merchant)
    deed = lambda: actions.make_paper(programme, 30, key=uuid.uuid4(), by=owner)  # noqa: E731
    results = at_once([deed] * 8)
    assert len(succeeded(results)) == 3
    assert CouponProgramme.objects.get().claimed == Coupon.objects.count() == 90


def test_the_database_keeps_paper_with_its_merchant_and_holderless_coupons_on_paper(merchant, consumer):
    coupon, theirs = paper_of(merchant), make_paper(make_merchant(), 1)
    with pytest.raises(IntegrityError, match="coupon_stays_with_its_batch"), transaction.atomic():
        Coupon.objects.filter(pk=coupon.pk).update(batch=theirs)
    with pytest.raises(IntegrityError, match="coupon_without_a_holder_is_on_paper"), transaction.atomic():
        Coupon.objects.filter(pk=coupon.pk).update(batch=None)
    with pytest.raises(IntegrityError, match="claimed_coupon_has_a_holder"), transaction.atomic():
        Coupon.objects.filter(pk=coupon.pk).update(state=CouponState.CLAIMED)
    with pytest.raises(IntegrityError, match="batch_stays_with_its_programme"), transaction.atomic():
        PaperBatch.objects.filter(pk=theirs.pk).update(programme=coupon.programme)


@pytest.mark.sabotages("I124")
def test_the_checker_names_batches_that_are_not_whole(merchant, books_balance):
    batch, other = make_paper(merchant, 2), make_paper(merchant, 2)
    books_balance()
    broken = lambda: next(one for one in all_invariants() if one.code == "I124").broken()[1]  # noqa: E731
    Code.objects.filter(token=batch.coupons.order_by("pk")[0].token).delete()
    assert broken() == [batch.pk]
    Coupon.objects.filter(pk=batch.coupons.order_by("pk")[1].pk).update(batch=other)
    assert sorted(broken()) == [batch.pk, other.pk]
