"""Many hands at one purchase, one key, one shop: one review, and sums that add up."""

import uuid

import pytest

from consumers import actions, refusals
from consumers.actions import Said, reviews
from consumers.models import Review
from orders.actions import undo
from portal.kernel.events import deliver_due
from tests.cast import make_user
from tests.consumers.makers import make_purchase, make_review, score_of
from tests.together import at_once, constraint, sql_of, succeeded, waiting_for_all, without

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
SCORES = "consumers.migrations.0002_counts_and_walls"


def write(shop, person, purchase=None, key=None, stars=5):
    return lambda: actions.write_review(
        person, shop, Said(stars=stars), key=key or uuid.uuid4(), purchase=purchase
    )


def unlock(monkeypatch):
    """Neither person nor purchase is held, and a dozen have looked before the first one writes."""
    monkeypatch.setattr(reviews.User.objects, "select_for_update", lambda **how: reviews.User.objects.all())
    monkeypatch.setattr(reviews.Purchase.objects, "locked", lambda: reviews.Purchase.objects.all())
    monkeypatch.setattr(reviews, "_held_for", waiting_for_all(reviews._held_for))


def test_twenty_threads_at_one_purchase_write_one_review(shop, consumer, books_balance):
    purchase = make_purchase(shop, consumer)
    results = at_once([write(shop, consumer, purchase) for _ in range(20)])
    assert len(succeeded(results)) == 1
    assert {type(one) for one in results if isinstance(one, Exception)} == {refusals.ReviewedAlready}
    assert Review.objects.count() == 1
    books_balance()


def test_without_lock_and_constraint_one_purchase_gets_several(shop, consumer, monkeypatch):
    """The control: the purchase is reviewed once because somebody sees to it."""
    purchase = make_purchase(shop, consumer)
    unlock(monkeypatch)
    off, on = constraint("consumers_review", "purchase_reviewed_once")
    with without(off, back=[on], empty="consumers_review"):
        at_once([write(shop, consumer, purchase) for _ in range(20)])
        assert Review.objects.count() > 1


def test_without_the_lock_the_constraint_alone_lets_one_through(shop, consumer, monkeypatch):
    purchase = make_purchase(shop, consumer)
    unlock(monkeypatch)
    results = at_once([write(shop, consumer, purchase) for _ in range(20)])
    assert len(succeeded(results)) == 1
    assert {type(one) for one in results if isinstance(one, Exception)} == {refusals.ReviewedAlready}


def test_twenty_threads_with_one_key_write_one_ordinary_review(shop, consumer):
    key = uuid.uuid4()
    results = at_once([write(shop, consumer, key=key)] * 20)
    assert len({one.pk for one in results}) == 1


def test_twenty_threads_of_one_person_write_one_ordinary_review(shop, consumer):
    results = at_once([write(shop, consumer) for _ in range(20)])
    assert len(succeeded(results)) == 1
    assert Review.objects.count() == 1


def test_reviews_of_many_people_at_once_are_all_counted(shop, books_balance):
    people = [make_user() for _ in range(24)]
    deeds = [
        write(shop, person, make_purchase(shop, person), stars=number % 5 + 1)
        for number, person in enumerate(people)
    ]
    assert len(succeeded(at_once(deeds))) == 24
    assert score_of(shop) == (2.92, 24)
    books_balance()


def test_without_holding_the_shop_some_are_not_counted(shop):
    """The control: two counts at once each miss what the other one wrote."""
    counted = sql_of(SCORES, "COUNT")
    careless = counted.replace("ORDER BY id FOR NO KEY UPDATE", "").replace(
        "INSERT INTO consumers_score", "PERFORM pg_sleep(0.02); INSERT INTO consumers_score"
    )
    assert careless.count("FOR NO KEY UPDATE") == 0
    people = [make_user() for _ in range(24)]
    deeds = [write(shop, person, make_purchase(shop, person)) for person in people]
    with without(careless, back=[counted], empty="consumers_review, consumers_score"):
        at_once(deeds)
        counted_now = score_of(shop)[1]
        shop.__class__.objects.filter(pk=shop.pk).update(rating=None, rating_count=0)
    assert counted_now < 24


def test_an_undo_and_a_review_at_once_never_leave_a_badge(shop, owner, books_balance):
    for _ in range(6):
        purchase = make_purchase(shop, make_user())
        at_once(
            [
                write(shop, purchase.customer.user, purchase),
                lambda purchase=purchase: undo(purchase, by=owner, reason="", key=uuid.uuid4()),
            ]
        )
    deliver_due()
    assert not Review.objects.filter(kind="verified").exists()
    books_balance()


def test_two_reviews_of_one_shop_and_a_move_do_not_stand_in_each_others_way(shop, other_shop, books_balance):
    there = [make_review(shop).pk for _ in range(6)]
    people = [make_user() for _ in range(10)]
    moves = [
        lambda: Review.objects.filter(pk__in=there).update(shop=other_shop),
        lambda: Review.objects.filter(pk__in=there).update(shop=shop),
    ]
    results = at_once([write(shop, person, make_purchase(shop, person)) for person in people] + moves)
    assert len(succeeded(results)) == 12
    books_balance()
