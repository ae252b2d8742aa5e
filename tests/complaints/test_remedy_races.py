"""Many hands on one promise and on one month's goodwill: exact, and inexact without the guards."""

import uuid

import pytest
from django.db.models import QuerySet
from django.utils import timezone

from complaints import actions
from complaints.actions import executing, remedies
from complaints.models import Complaint, Remedy
from coupons.models import Coupon
from portal.kernel.models import User
from tests.complaints.makers import begin, make_agent, make_complaint, promise
from tests.coupons.makers import make_coupon_programme
from tests.loyalty.makers import balance, make_card
from tests.together import HANDS, at_once, succeeded, waiting_for_all

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_promise_in_many_hands_is_kept_once(shop, consumer, owner):
    agent = make_agent()
    case, card = begin(make_complaint(shop, consumer), agent), make_card(shop.merchant, consumer)
    remedy = promise(case, agent, owner, kind="points", points=300)
    deed = lambda: actions.execute_remedy(remedy, by=None, moment=timezone.now()).entry_id  # noqa: E731
    results = at_once([deed] * HANDS)
    assert len(set(results)) == 1
    assert balance(card) == 300
    assert Complaint.objects.get(pk=case.pk).steps.filter(after="resolved").count() == 1


def give_with_many_hands(shop) -> list:
    agent = make_agent()
    cases = [begin(make_complaint(shop), agent) for _ in range(HANDS)]
    facts = {"by": agent, "says": "让您久等了", "moment": timezone.now()}
    deeds = [
        lambda case=case: actions.give_goodwill(case, 15_000, key=uuid.uuid4(), **facts) for case in cases
    ]
    return at_once(deeds)


def test_a_months_goodwill_is_given_once_by_many_tabs(shop):
    assert len(succeeded(give_with_many_hands(shop))) == 1
    assert Remedy.objects.count() == 1


def test_without_the_persons_lock_a_months_goodwill_is_overdrawn(shop, monkeypatch):
    """The control: were the test not able to see the race, this one would fail."""

    class Unlocked(QuerySet):
        def select_for_update(self, *asked, **more):
            return self

    monkeypatch.setattr(remedies.User.objects, "select_for_update", Unlocked(User).select_for_update)
    monkeypatch.setattr(remedies, "goodwill_left", waiting_for_all(remedies.goodwill_left))
    assert len(succeeded(give_with_many_hands(shop))) > 1


def test_a_coupon_that_two_promises_reach_for_goes_to_one(shop, owner):
    agent, programme = make_agent(), make_coupon_programme(shop.merchant, stock=1)
    cases = [begin(make_complaint(shop), agent) for _ in range(2)]
    promised = [promise(case, agent, owner, kind="coupon", programme=programme) for case in cases]
    results = at_once([lambda one=one: executing._kept(one, timezone.now()) for one in promised])
    assert sorted(results) == [False, True]
    assert Coupon.objects.count() == 1
    assert Remedy.objects.to_do_by_hand().count() == 1
