"""Reports, the staff's queue and its decisions, who is told what, and who is asked how it was."""

import uuid
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from consumers import actions, refusals
from consumers.models import Ask, Decision, Report, Review, Rule, State
from messaging.models import Message
from orders.actions import undo
from portal.kernel.events import deliver_due
from tests.cast import client_of, make_staff, make_user
from tests.consumers.makers import buyer_of, make_purchase, make_review, score_of

pytestmark = pytest.mark.django_db
LIST = "/staff/consumers/review/"


@pytest.fixture
def moderator(settings):
    settings.STAFF_MFA_REQUIRED = False
    person = make_user(name="小何", is_staff=True)
    codenames = ["moderate_review", "view_review", "view_report"]
    person.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return person


def desk(person):
    client = client_of(person, language="en")
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": timezone.now().timestamp()}]
    session.save()
    return client


def told(person, kind):
    return Message.objects.filter(person=person, kind=f"consumers.{kind}")


def test_shop_and_neighbour_report_and_both_sides_read_the_reason(shop, owner, books_balance):
    review, neighbour = make_review(shop, stars=1, said="骂人的话"), make_user()
    actions.report(review, by=owner, rule=Rule.INSULT, merchant=shop.merchant)
    actions.report(review, by=neighbour, rule=Rule.INSULT)
    actions.report(review, by=neighbour, rule=Rule.INSULT)
    assert Report.objects.count() == 2
    books_balance()
    actions.decide(review, hide=True, rule=Rule.INSULT, said="有辱骂", by=make_user(is_staff=True))
    deliver_due()
    assert told(review.person, "review_taken_down").get().params["why"] == "有辱骂"
    for reporter in (owner, neighbour):
        assert told(reporter, "report_taken_down").get().params["why"] == "有辱骂"
    assert "有辱骂" in client_of(review.person).get(f"/me/reviews/{review.token}/").content.decode()
    assert "有辱骂" in client_of(owner).get(f"/m/{shop.merchant.slug}/reviews/").content.decode()
    assert "骂人的话" not in client_of().get(f"/s/{shop.slug}/reviews/").content.decode()
    books_balance()


def test_a_report_that_is_turned_down_stays_turned_down(shop, owner, cashier):
    review = make_review(shop, stars=1)
    actions.report(review, by=owner, rule=Rule.NO_VISIT, merchant=shop.merchant)
    actions.decide(review, hide=False, said="只是差评", by=None)
    actions.report(review, by=owner, rule=Rule.NO_VISIT, merchant=shop.merchant)
    review.refresh_from_db()
    assert (review.reported_at, review.state) == (None, State.SHOWN)
    with pytest.raises(refusals.ReportedAlready):
        actions.report(review, by=cashier.user, rule=Rule.INSULT, merchant=shop.merchant)
    with pytest.raises(refusals.OwnReview):
        actions.report(review, by=review.person, rule=Rule.INSULT)


def test_decisions_need_a_reason_and_the_state_that_was_seen(shop):
    review = make_review(shop)
    with pytest.raises(refusals.SayWhy):
        actions.decide(review, hide=True, said="", rule=Rule.INSULT, by=None)
    with pytest.raises(refusals.SayWhy):
        actions.decide(review, hide=True, said="why", by=None)
    with pytest.raises(refusals.DecidedMeanwhile):
        actions.decide(review, hide=True, said="why", rule=Rule.OTHER, by=None, seen=State.HELD)
    actions.withdraw(review, by=review.person)
    with pytest.raises(refusals.DecidedMeanwhile):
        actions.decide(review, hide=False, said="why", by=None)
    assert not Decision.objects.exists()


def test_a_reported_review_that_is_taken_back_leaves_the_queue(shop, books_balance):
    review, neighbour = make_review(shop), make_user()
    actions.report(review, by=neighbour, rule=Rule.OTHER)
    actions.withdraw(review, by=review.person)
    assert not Review.objects.waiting_for_staff().exists()
    assert Report.objects.get().decision.after == State.WITHDRAWN
    books_balance()


def test_staff_find_the_queue_and_decide_with_two_buttons(shop, moderator):
    held = make_review(shop, said="加微信 abc12345")
    make_review(shop, said="nothing wrong with it")
    client = desk(moderator)
    page = client.get(LIST).content.decode()
    assert "加微信" in page and "nothing wrong" not in page
    assert "1 waits for a decision" in client.get("/staff/").content.decode()
    change = f"{LIST}{held.pk}/change/"
    inlines = {
        f"{name}-{field}": "0"
        for name in ("reports", "decisions")
        for field in ("TOTAL_FORMS", "INITIAL_FORMS")
    }
    client.post(change, inlines | {"_hide": "1", "rule": "advert", "reason": "", "seen": "held"})
    assert Review.objects.get(pk=held.pk).state == State.HELD
    sent = inlines | {"_hide": "1", "rule": "advert", "reason": "广告", "seen": "held"}
    assert client.post(change, sent).status_code == 302
    assert Review.objects.get(pk=held.pk).state == State.HIDDEN
    client.post(change, inlines | {"_stand": "1", "reason": "看错了", "seen": "hidden"})
    assert Review.objects.get(pk=held.pk).state == State.SHOWN
    assert Decision.objects.count() == 2


def test_a_wave_is_taken_down_with_one_action(shop, moderator):
    wave = [make_review(shop, verified=False, stars=1).pk for _ in range(6)]
    sent = {"action": "take_down_wave", "_selected_action": wave}
    desk(moderator).post(LIST, sent)
    assert set(Review.objects.values_list("state", flat=True)) == {State.HIDDEN}


@pytest.mark.parametrize("person", ["consumer", "owner"])
def test_nobody_else_gets_to_the_queue(shop, person, request):
    review = make_review(shop)
    client = client_of(request.getfixturevalue(person))
    for path in (LIST, f"{LIST}{review.pk}/change/"):
        assert client.get(path).status_code == 404
        assert client.post(path, {"_hide": "1", "rule": "other", "reason": "x"}).status_code == 404
    assert Review.objects.get().state == State.SHOWN


def test_the_owner_hears_of_a_review_with_its_stars_and_never_of_one_that_is_held(shop, owner, cashier):
    review = make_review(shop, make_user(name="欧阳小满"), stars=2)
    make_review(shop, said="加微信 abc12345")
    deliver_due()
    message = told(owner, "review_written").get()
    assert message.params == {"shop": shop.name, "stars": 2}
    assert not told(cashier.user, "review_written").exists()
    actions.answer(review, "抱歉", merchant=shop.merchant, by=owner)
    actions.answer(review, "真抱歉", merchant=shop.merchant, by=owner)
    deliver_due()
    assert told(review.person, "review_answered").count() == 1


def test_only_owner_and_manager_answer(shop, owner, manager, cashier, stranger, other_shop):
    review = make_review(shop)
    for person in (cashier.user, stranger, make_user()):
        with pytest.raises(refusals.NotYourReview):
            actions.answer(review, "x", merchant=shop.merchant, by=person)
    with pytest.raises(refusals.NotYourReview):
        actions.answer(review, "x", merchant=other_shop.merchant, by=stranger)
    assert actions.answer(review, "谢谢", merchant=shop.merchant, by=manager.user).said == "谢谢"


def test_who_begins_to_work_there_loses_the_word_about_it(shop, consumer, books_balance):
    review = make_review(shop, consumer)
    make_staff(shop.merchant, user=consumer)
    deliver_due()
    review.refresh_from_db()
    assert (review.state, score_of(shop)) == (State.HIDDEN, (None, 0))
    books_balance()


def test_people_are_asked_once_some_hours_after_a_purchase(shop, consumer):
    now = timezone.now()
    purchase = make_purchase(shop, consumer, moment=now)
    deliver_due()
    assert actions.ask_due(now) == 0
    assert actions.ask_due(now + timedelta(hours=4)) == 1
    message = told(consumer, "review_asked").get()
    assert message.url == f"/s/{shop.slug}/reviews/write/?purchase={purchase.token}"
    assert message.purpose == "reviews"
    make_purchase(shop, consumer, moment=now + timedelta(days=2))
    deliver_due()
    assert actions.ask_due(now + timedelta(days=3)) == 0  # the same shop, the same quarter
    assert not Ask.objects.exists()


def test_nobody_is_asked_about_what_was_undone_or_is_reviewed_already(shop, owner):
    now = timezone.now()
    undone, reviewed = make_purchase(shop, make_user()), make_purchase(shop, make_user())
    deliver_due()
    undo(undone, by=owner, reason="", key=uuid.uuid4())
    make_review(shop, purchase=reviewed)
    assert actions.ask_due(now + timedelta(hours=4)) == 0
    for purchase in (undone, reviewed):
        assert not told(buyer_of(purchase), "review_asked").exists()


def test_nobody_is_asked_twice_in_a_day(shop, other_shop, consumer):
    now = timezone.now()
    make_purchase(shop, consumer, moment=now)
    make_purchase(other_shop, consumer, moment=now)
    deliver_due()
    assert actions.ask_due(now + timedelta(hours=4)) == 1
    assert told(consumer, "review_asked").count() == 1
