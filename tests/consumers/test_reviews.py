"""Two kinds of reviews that are never mixed: who may write which, and what the database counts."""

import uuid
from datetime import timedelta

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from consumers import actions, refusals
from consumers.actions import Said
from consumers.models import Kind, Review, Score, State
from consumers.words import has_contacts, language_of, masked, useful_from
from merchants.actions import remove_staff
from merchants.models import Shop
from orders.actions import undo
from portal.kernel.events import deliver_due
from portal.kernel.invariants import all_invariants
from portal.kernel.refused import KeyReused
from tests.cast import make_category, make_listing, make_shop, make_user
from tests.consumers.makers import buyer_of, make_purchase, make_review, score_of

pytestmark = pytest.mark.django_db


def test_a_review_of_ones_own_purchase_is_verified_and_says_in_which_month(shop, consumer):
    review = make_review(shop, consumer, stars=4, service=5, said="剪得很好", tags=["skilled"])
    assert (review.kind, review.state, review.service) == (Kind.VERIFIED, State.SHOWN, 5)
    assert review.visited_on == timezone.localdate(timezone=timezone.get_fixed_timezone(480))


def test_the_headline_score_is_of_verified_reviews_and_begins_at_five(shop, books_balance):
    for stars in (5, 4, 4, 3):
        make_review(shop, stars=stars)
    make_review(shop, verified=False, stars=1)
    assert score_of(shop) == (None, 4)
    make_review(shop, stars=2)
    assert score_of(shop) == (3.6, 5)
    both = Score.objects.of(shop)
    assert (both["verified"].average, both["verified"].stars) == (3.6, [0, 1, 1, 2, 1])
    assert (both["ordinary"].average, both["ordinary"].count) == (None, 1)
    books_balance()


def test_an_undone_purchase_takes_the_badge_with_it(shop, books_balance):
    reviews = [make_review(shop, stars=stars) for stars in (5, 5, 5, 5, 1)]
    assert score_of(shop) == (4.2, 5)
    undo(reviews[4].purchase, by=shop.merchant.staff.get().user, reason="退款", key=uuid.uuid4())
    deliver_due()
    reviews[4].refresh_from_db()
    assert (reviews[4].kind, reviews[4].state) == (Kind.ORDINARY, State.SHOWN)
    assert reviews[4].demoted_at is not None
    assert score_of(shop) == (None, 4)
    assert actions.demote(reviews[4].purchase_id) == 0
    books_balance()


def test_hiding_and_taking_back_count_at_once(shop, books_balance):
    reviews = [make_review(shop, stars=stars) for stars in (1, 5, 5, 5, 5, 5)]
    assert score_of(shop) == (4.33, 6)
    actions.withdraw(reviews[0], by=reviews[0].person)
    assert score_of(shop) == (5.0, 5)
    Review.objects.filter(pk=reviews[1].pk).update(state=State.HIDDEN)
    assert score_of(shop) == (None, 4)
    books_balance()


def test_moving_reviews_to_another_shop_moves_their_sums(shop, merchant, hair, books_balance):
    other = make_shop(merchant, name="青禾理发 分店", category=hair)
    for stars in (5, 4, 3, 2, 1, 5):
        make_review(shop, stars=stars)
    Review.objects.filter(shop=shop).update(shop=other)
    assert (score_of(shop), score_of(other)) == ((None, 0), (3.33, 6))
    books_balance()


def test_one_purchase_is_reviewed_once(shop, consumer):
    first = make_review(shop, consumer)
    with pytest.raises(refusals.ReviewedAlready):
        make_review(shop, purchase=first.purchase)


@pytest.mark.parametrize("days", [31, 400])
def test_a_purchase_can_be_judged_for_thirty_days(shop, consumer, days):
    purchase = make_purchase(shop, consumer, moment=timezone.now() - timedelta(days=days))
    with pytest.raises(refusals.ReviewTooLate):
        make_review(shop, purchase=purchase)


def test_only_the_buyer_judges_a_purchase_and_only_the_shop_it_was_made_at(shop, other_shop, consumer):
    purchase = make_purchase(shop, consumer)
    what = Said(stars=5)
    with pytest.raises(refusals.NotYourPurchase):
        actions.write_review(make_user(), shop, what, key=uuid.uuid4(), purchase=purchase)
    with pytest.raises(refusals.NotYourPurchase):
        actions.write_review(consumer, other_shop, what, key=uuid.uuid4(), purchase=purchase)
    undo(purchase, by=shop.merchant.staff.get().user, reason="", key=uuid.uuid4())
    with pytest.raises(refusals.NotYourPurchase):
        actions.write_review(consumer, shop, what, key=uuid.uuid4(), purchase=purchase)
    assert not Review.objects.exists()


def test_owner_cashier_and_who_has_left_cannot_review_their_shop(shop, owner, manager, cashier):
    remove_staff(cashier)
    for person in (owner, manager.user, cashier.user):
        with pytest.raises(refusals.OwnShop):
            make_review(shop, person, verified=False)


def test_an_ordinary_review_is_written_once_in_half_a_year(shop, consumer):
    now = timezone.now()
    make_review(shop, consumer, verified=False, moment=now - timedelta(days=179))
    with pytest.raises(refusals.SaidAlready):
        make_review(shop, consumer, verified=False)
    make_review(shop, consumer)  # a purchase may always be judged
    make_review(shop, consumer, verified=False, moment=now + timedelta(days=2))


def test_nobody_writes_more_than_three_ordinary_reviews_a_day(hair, consumer):
    shops = [make_shop(name=f"理发 {n}", category=hair) for n in range(4)]
    for shop in shops[:3]:
        make_review(shop, consumer, verified=False)
    with pytest.raises(refusals.TooManyReviews):
        make_review(shops[3], consumer, verified=False)


def test_public_places_are_not_reviewed(consumer):
    bank = make_listing(category=make_category("bank", is_discovery_only=True))
    with pytest.raises(refusals.NothingToReview):
        make_review(bank, consumer, verified=False)


def test_the_same_key_writes_once_and_never_something_else(shop, consumer):
    key = uuid.uuid4()
    first = make_review(shop, consumer, verified=False, key=key, said="不错")
    assert make_review(shop, consumer, verified=False, key=key, said="不错") == first
    with pytest.raises(KeyReused):
        make_review(shop, consumer, verified=False, key=key, said="很差")


def test_a_wave_of_ordinary_reviews_waits_for_staff_and_so_do_those_before_it(shop, books_balance):
    wave = [make_review(shop, verified=False, stars=1) for _ in range(7)]
    verified = make_review(shop, stars=5)
    states = list(Review.objects.filter(pk__in=[one.pk for one in wave]).values_list("state", "held_for"))
    assert states == [(State.HELD, "burst")] * 7
    assert verified.state == State.SHOWN
    assert Score.objects.of(shop)["ordinary"].count == 0
    books_balance()


def test_a_shop_that_is_talked_of_every_day_has_no_wave(shop):
    now = timezone.now()
    for hours in range(0, 90 * 24, 12):
        make_review(shop, verified=False, moment=now - timedelta(days=90) + timedelta(hours=hours + 1))
    for _ in range(6):
        assert make_review(shop, verified=False, moment=now).state == State.SHOWN


@pytest.mark.parametrize(
    "said",
    ["加微信 abc12345 领优惠", "see www.cheap.example", "电话 138 0013 8000", "http://x.y", "021-62345678"],
)
def test_advertising_waits_for_staff(shop, said):
    review = make_review(shop, said=said)
    assert (review.state, review.held_for) == (State.HELD, "link")
    assert score_of(shop) == (None, 0)


@pytest.mark.parametrize(
    "said", ["等了 30 分钟，花了 138 元", "微信支付很方便", "5 stars, 10/10", "2026年11月22日"]
)
def test_numbers_and_ordinary_words_are_no_advertising(said):
    assert not has_contacts(said)


def test_a_review_is_edited_for_thirty_days_and_what_it_said_stays_on_record(shop, consumer):
    review = make_review(shop, consumer, stars=2, said="一般")
    actions.edit_review(review, Said(stars=4, said="后来好多了"))
    actions.edit_review(review, Said(stars=4, said="后来好多了"))
    history = apps.get_model("consumers", "ReviewEvent").objects.filter(pgh_obj=review.pk).order_by("pgh_id")
    assert [row.said for row in history] == ["一般", "后来好多了"]
    review.refresh_from_db()
    assert review.edited_at is not None
    with pytest.raises(refusals.EditTooLate):
        actions.edit_review(review, Said(stars=5), moment=review.written_at + timedelta(days=31))
    actions.withdraw(review, by=consumer)
    with pytest.raises(refusals.NotOpen):
        actions.edit_review(review, Said(stars=5))


def test_nobody_else_takes_a_review_back(shop, owner):
    review = make_review(shop)
    with pytest.raises(refusals.NotYourPurchase):
        actions.withdraw(review, by=owner)
    assert Review.objects.get().state == State.SHOWN


GUARDED = {
    "review_has_one_to_five_stars": {"stars": 6},
    "review_aspects_have_one_to_five_stars": {"service": 0},
    "held_review_says_why": {"state": "held"},
    "verified_review_has_a_purchase": {"demoted_at": timezone.now()},
    "review_keeps_writer_and_purchase": {"purchase": None},
}


@pytest.mark.parametrize("name", GUARDED)
def test_the_database_refuses_what_goes_round_the_verbs(shop, name):
    review = make_review(shop)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Review.objects.filter(pk=review.pk).update(**GUARDED[name])


def test_the_database_refuses_a_badge_without_a_purchase_of_ones_own_and_never_gives_one_later(shop):
    ordinary = make_review(shop, verified=False)
    theirs = make_purchase(shop)
    with pytest.raises(IntegrityError, match="review_keeps_writer_and_purchase"), transaction.atomic():
        Review.objects.filter(pk=ordinary.pk).update(kind=Kind.VERIFIED, purchase=theirs)
    with (
        pytest.raises(IntegrityError, match="verified_review_begins_with_its_purchase"),
        transaction.atomic(),
    ):
        Review.objects.create(
            token="x",
            shop=shop,
            person=ordinary.person,
            kind=Kind.VERIFIED,
            purchase=theirs,
            stars=5,
            useful_at=timezone.now(),
            written_at=timezone.now(),
            key=uuid.uuid4(),
        )


def test_a_shops_score_is_not_set_by_hand_without_five_reviews(shop):
    with pytest.raises(IntegrityError, match="shop_score_only_from_five_reviews"), transaction.atomic():
        Shop.objects.filter(pk=shop.pk).update(rating=5)


def by_force(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE consumers_review DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE merchants_shop DROP CONSTRAINT shop_score_only_from_five_reviews")
        cursor.execute(statement)


def reported(code: str) -> list[int | str]:
    return next(one for one in all_invariants() if one.code == code).broken()[1]


SABOTAGE = {
    "I21": "UPDATE orders_purchase SET made_at = made_at - interval '40 days'",
    "I51": "UPDATE consumers_score SET stars_sum = stars_sum + 1 WHERE kind = 'verified'",
    "I52": "UPDATE merchants_shop SET rating = 5",
    "I53": "UPDATE merchants_staffmember SET user_id = (SELECT person_id FROM consumers_review),"
    " joined_at = now() - interval '1 year'",
    "I54": "UPDATE consumers_review SET answered_at = now()",
    "I55": "UPDATE consumers_review SET reported_at = now()",
}


@pytest.mark.sabotages("I21", "I51", "I52", "I53", "I54", "I55")
@pytest.mark.parametrize("code", SABOTAGE)
def test_what_is_broken_by_force_is_reported(shop, code):
    review = make_review(shop)
    assert reported(code) == []
    by_force(SABOTAGE[code])
    score = Score.objects.get(shop=shop, kind="verified").pk
    assert reported(code) == [{"I51": score, "I52": shop.pk}.get(code, review.pk)]


def test_words_about_words():
    now = timezone.now()
    assert (language_of("好 good"), language_of("good")) == ("zh-Hans", "en")
    assert (masked("张女士"), masked("Grace H.")) == ("张**", "G**")
    long, short = useful_from(now, "很" * 2000, photos=1), useful_from(now, "好", photos=0)
    assert (long - now, short - now) == (timedelta(days=135), timedelta())


def test_the_checker_finds_nothing_after_all_of_it(shop, capsys):
    review = make_review(shop)
    actions.edit_review(review, Said(stars=1, said="改了"))
    actions.withdraw(review, by=buyer_of(review.purchase))
    call_command("check_invariants")
