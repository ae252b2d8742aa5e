"""Many hands on one promise and on one month's goodwill: exact, and inexact without the guards."""

import uuid

import pgtrigger
import pytest
from django.db.models import QuerySet
from django.utils import timezone

from complaints import actions
from complaints.actions import executing, moving, remedies
from complaints.models import Complaint, ComplaintQuerySet, Remedy
from complaints.models.remedies import RemedyQuerySet
from coupons.models import Coupon
from loyalty.actions import adjust
from loyalty.models import Card
from portal.kernel.models import User
from portal.kernel.refused import Refused
from tests.complaints.makers import answer, begin, make_agent, make_complaint, promise, propose
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


MOVE_GUARDS = (
    "complaints.Complaint:complaint_moves_as_allowed",
    "complaints.Complaint:complaint_state_has_its_step",
    "complaints.Step:step_follows_the_table",
)


def offered_points(shop, consumer, owner) -> tuple[Complaint, Remedy, Card]:
    """A proposal that lies before the person."""
    agent, card = make_agent(), make_card(shop.merchant, consumer)
    case = begin(make_complaint(shop, consumer), agent)
    remedy = propose(case, owner, kind="points", points=300)
    answer(case, agent, "方案", then="proposed")
    case.refresh_from_db()
    return case, remedy, card


def decide_at_once(case: Complaint, consumer) -> list:
    """Three tabs of the person say yes, no and never mind, four times each."""
    facts = {"by": consumer, "moment": timezone.now(), "seen": case.version}
    ways = ("accepted", "rejected", "withdrawn") * (HANDS // 3)
    return at_once([lambda to=to: actions.move(case, to, **facts).state for to in ways])


def test_one_of_yes_no_and_never_mind_counts_and_the_remedy_follows_it(shop, consumer, owner):
    case, remedy, card = offered_points(shop, consumer, owner)
    results = decide_at_once(case, consumer)
    decided = {result for result in results if isinstance(result, str)}
    assert len(decided) == 1
    assert all(isinstance(one, str | Refused) for one in results)
    assert case.steps.filter(by=consumer, before="proposed").count() == 1
    actions.keep_promises(timezone.now())
    remedy.refresh_from_db()
    assert (remedy.state == "executed") is (decided == {"accepted"})
    assert balance(card) == (300 if decided == {"accepted"} else 0)


def unlocked(monkeypatch) -> None:
    """The rows of cases and remedies are held by nobody."""
    for rows in (ComplaintQuerySet, RemedyQuerySet):
        monkeypatch.setattr(rows, "locked", lambda self: self.order_by("pk"))


def test_without_the_lock_and_the_table_of_moves_two_answers_count(shop, consumer, owner, monkeypatch):
    """The control: with the triggers as well out of the way, yes and no are both written down."""
    case, *_ = offered_points(shop, consumer, owner)
    unlocked(monkeypatch)
    monkeypatch.setattr(moving, "as_seen", waiting_for_all(moving.as_seen))
    original = moving.take_to

    def unguarded(*asked, **more):
        with pgtrigger.ignore(*MOVE_GUARDS):
            return original(*asked, **more)

    monkeypatch.setattr(moving, "take_to", unguarded)
    decide_at_once(case, consumer)
    assert case.steps.filter(by=consumer, before="proposed").count() > 1


def promised_points(shop, consumer, owner) -> tuple[Remedy, Card]:
    """Beside a service that hands still owe, so that the case goes on whoever is done first."""
    agent, card = make_agent(), make_card(shop.merchant, consumer)
    case = begin(make_complaint(shop, consumer), agent)
    propose(case, owner, kind="service", worth=3800)
    remedy = promise(case, agent, owner, kind="points", points=300)
    answer(case, owner, "周五来", then="remedy")
    return remedy, card


def give_with_all_hands(remedy: Remedy, owner) -> list:
    """The worker, the person's yes that the worker heard, and the shop's press, four times each."""
    moment = timezone.now()
    deeds = [
        lambda: actions.keep_promises(moment),
        lambda: actions.keep_promises(moment, complaint=remedy.complaint_id),
        lambda: actions.execute_remedy(remedy, by=owner, moment=moment).entry_id,
    ]
    return at_once(deeds * (HANDS // 3))


def test_worker_and_shop_at_once_give_the_points_once(shop, consumer, owner):
    remedy, card = promised_points(shop, consumer, owner)
    results = give_with_all_hands(remedy, owner)
    assert [one for one in results if isinstance(one, Exception)] == []
    assert balance(card) == 300
    remedy.refresh_from_db()
    assert remedy.state == "executed"


def test_without_lock_key_and_trigger_the_points_are_given_again(shop, consumer, owner, monkeypatch):
    """The control: each of the three guards alone would keep it to once."""
    (remedy, card), moment = promised_points(shop, consumer, owner), timezone.now()
    unlocked(monkeypatch)
    monkeypatch.setattr(executing, "_may_execute", waiting_for_all(executing._may_execute))
    monkeypatch.setattr(
        executing, "adjust", lambda *asked, key, **more: adjust(*asked, key=uuid.uuid4(), **more)
    )

    def deed() -> None:
        with pgtrigger.ignore("complaints.Remedy:remedy_goes_forward"):
            actions.execute_remedy(remedy, by=None, moment=moment)

    at_once([deed] * HANDS)
    assert balance(card) > 300
