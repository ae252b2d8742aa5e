"""Remedies: proposed within one's limit, promised by the person's yes, done once, and never pretended."""

import uuid

import pgtrigger
import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from complaints import actions
from complaints.models import Authority, Complaint, Remedy
from complaints.refusals import (
    AboveYourLimit,
    GoodwillSpent,
    NotForYou,
    NotGiveable,
    NotReady,
    NotYourOwn,
    PromisesOpen,
    ProofMissing,
)
from coupons.actions import claim_coupon
from coupons.models import Coupon
from loyalty.models import Entry
from orders.models import Return
from portal.kernel.invariants import all_invariants
from tests import cast
from tests.complaints.makers import answer, begin, make_agent, make_complaint, promise, propose
from tests.coupons.makers import make_coupon_programme
from tests.loyalty.makers import balance, buy, make_card

pytestmark = pytest.mark.django_db


def broken(code: str) -> list[int | str]:
    return next(rule for rule in all_invariants() if rule.code == code).broken()[1]


def constraint_of(error: IntegrityError) -> str:
    return error.__cause__.diag.constraint_name


def do(remedy, by=None, **more):
    return actions.execute_remedy(remedy, by=by, moment=timezone.now(), **more)


@pytest.fixture
def agent():
    return make_agent("小周")


@pytest.fixture
def case(shop, consumer, agent):
    return begin(make_complaint(shop, consumer), agent)


def test_promised_points_are_given_once_and_the_case_is_solved(case, agent, owner, consumer):
    card = make_card(case.merchant, consumer)
    remedy = promise(case, agent, owner, kind="points", points=300)
    assert actions.keep_promises(timezone.now()) == 1
    assert actions.keep_promises(timezone.now()) == 0
    remedy.refresh_from_db()
    assert (remedy.state, balance(card)) == ("executed", 300)
    assert remedy.entry == Entry.objects.get(key=remedy.key)
    assert remedy.entry.by_id == owner.pk
    case.refresh_from_db()
    assert case.state == "resolved"
    assert list(case.steps.order_by("pk").values_list("after", "role"))[-2:] == [
        ("remedy", "system"),
        ("resolved", "system"),
    ]
    assert broken("I28-remedies") == []


def test_a_coupon_and_an_apology_are_given_by_the_portal_itself(case, agent, owner, consumer):
    programme = make_coupon_programme(case.merchant)
    promise(case, agent, owner, kind="coupon", programme=programme, and_apology=True)
    assert actions.keep_promises(timezone.now()) == 2
    coupon = Coupon.objects.get(programme=programme)
    assert coupon.remedy.worth == 2000
    assert case.replies.filter(remedy__kind="apology", from_staff=True).count() == 1


def test_money_waits_for_hands_and_their_proof(shop, consumer, agent, owner):
    card = make_card(shop.merchant, consumer)
    sale = buy(card, 3800)
    case = begin(make_complaint(shop, consumer, purchase=sale), agent)
    remedy = promise(case, agent, owner, kind="refund", worth=1000)
    assert actions.keep_promises(timezone.now()) == 0
    assert list(Remedy.objects.to_do_by_hand()) == [remedy]
    with pytest.raises(ProofMissing):
        do(remedy, owner, proof=" ")
    assert not Return.objects.exists()
    remedy = do(remedy, owner, proof="转账 20261122-7")
    again = do(remedy, owner, proof="转账 20261122-7")
    assert again.returned == Return.objects.get()
    assert (again.returned.amount, again.returned.line) == (1000, sale.lines.get())
    assert Complaint.objects.get(pk=case.pk).state == "resolved"


def test_no_more_is_proposed_than_is_left_of_the_line(shop, consumer, agent):
    sale = buy(make_card(shop.merchant, consumer), 3800)
    case = begin(make_complaint(shop, consumer, purchase=sale), agent)
    propose(case, agent, kind="refund", worth=3000)
    with pytest.raises(NotGiveable):
        propose(case, agent, kind="refund", worth=801)
    propose(case, agent, kind="refund", worth=800)


def test_nobody_proposes_alone_above_the_limit_nor_approves_their_own(case, agent, owner):
    remedy = propose(case, agent, kind="service", worth=60_000)
    actions.approve_remedy(remedy, by=owner, moment=timezone.now())
    assert remedy.needs_second
    with pytest.raises(NotReady):
        answer(case, agent, "方案", then="proposed")
    with pytest.raises(NotYourOwn):
        actions.approve_remedy(remedy, by=agent, moment=timezone.now())
    with pytest.raises(AboveYourLimit):
        actions.approve_remedy(remedy, by=make_agent("主管", leads="supervisor"), moment=timezone.now())
    boss = make_agent("经理", leads="manager")
    actions.approve_remedy(remedy, by=boss, moment=timezone.now())
    answer(case, agent, "方案", then="proposed")
    remedy.refresh_from_db()
    assert remedy.approved_by == boss


def test_a_limit_that_staff_change_holds_at_once(case, agent):
    Authority.objects.update_or_create(role="agent", defaults={"most": 100, "goodwill": 0})
    assert propose(case, agent, kind="service", worth=101).needs_second
    assert not propose(case, agent, kind="service", worth=100).needs_second


def test_what_the_merchant_gives_waits_for_the_merchant(case, agent, manager, shop):
    remedy = propose(case, agent, kind="service", worth=4000)
    assert remedy.waits_for_merchant
    with pytest.raises(NotReady):
        answer(case, agent, "方案", then="proposed")
    stranger = cast.owner_of(cast.make_merchant())
    with pytest.raises(NotForYou):
        actions.approve_remedy(remedy, by=stranger, moment=timezone.now())
    actions.approve_remedy(remedy, by=manager.user, moment=timezone.now())
    answer(case, agent, "方案", then="proposed")


def test_a_merchants_manager_agrees_up_to_the_limit_and_the_owner_beyond(case, manager, owner):
    remedy = propose(case, manager.user, kind="service", worth=20_001)
    assert remedy.waits_for_merchant
    actions.approve_remedy(remedy, by=owner, moment=timezone.now())
    remedy.refresh_from_db()
    assert remedy.agreed_by == owner


def test_the_person_of_the_case_decides_nothing_as_staff(shop):
    both = make_agent("小周")
    case = begin(make_complaint(shop, both), make_agent())
    with pytest.raises(NotForYou):
        propose(case, both, kind="service", worth=100)
    remedy = propose(case, make_agent(), kind="service", worth=100)
    with pytest.raises(NotForYou):
        actions.approve_remedy(remedy, by=both, moment=timezone.now())


def test_a_case_is_not_solved_while_something_is_owed(case, agent, owner):
    remedy = promise(case, agent, owner, kind="service", worth=3800)
    with pytest.raises(PromisesOpen):
        actions.move(case, "resolved", by=agent, moment=timezone.now())
    boss = make_agent("主管", leads="supervisor")
    with pytest.raises(NotForYou):
        actions.drop_remedy(remedy, by=agent, why="客人不要了", moment=timezone.now())
    actions.drop_remedy(remedy, by=boss, why="客人不要了", moment=timezone.now())
    actions.move(case, "resolved", by=agent, moment=timezone.now())


def test_the_database_ends_no_case_that_owes(case, agent, owner):
    promise(case, agent, owner, kind="service", worth=3800)
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Complaint.objects.filter(pk=case.pk).update(state="resolved", ended_at=timezone.now(), version=99)
    assert constraint_of(refused.value) == "complaint_ends_with_its_promises_kept"


def test_a_rejected_proposal_promises_nothing(case, agent, owner, consumer):
    remedy = propose(case, agent, kind="service", worth=3800)
    actions.approve_remedy(remedy, by=owner, moment=timezone.now())
    answer(case, agent, "方案", then="proposed")
    actions.move(case, "rejected", by=consumer, moment=timezone.now())
    remedy.refresh_from_db()
    assert remedy.state == "dropped"


def test_what_cannot_be_done_waits_for_people_with_its_reason(case, agent, owner):
    programme = make_coupon_programme(case.merchant, stock=1)
    remedy = promise(case, agent, owner, kind="coupon", programme=programme)
    claim_coupon(programme, cast.make_user(), key=uuid.uuid4())
    assert actions.keep_promises(timezone.now()) == 0
    remedy.refresh_from_db()
    assert remedy.state == "promised"
    assert remedy.stuck
    assert list(Remedy.objects.to_do_by_hand()) == [remedy]


@pytest.mark.parametrize(
    ("changed", "constraint"),
    [
        ({"state": "executed"}, "remedy_goes_forward"),
        ({"state": "promised"}, "remedy_of_a_merchant_is_agreed_by_it"),
        ({"worth": 1}, "remedy_goes_forward"),
    ],
)
def test_the_database_turns_away_who_goes_round_the_verbs(case, agent, changed, constraint):
    remedy = propose(case, agent, kind="service", worth=3800)
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Remedy.objects.filter(pk=remedy.pk).update(**changed)
    assert constraint_of(refused.value) == constraint


def test_nobody_signs_as_the_second_person_of_their_own(case, agent):
    remedy = propose(case, agent, kind="service", worth=38_000)
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Remedy.objects.filter(pk=remedy.pk).update(approved_by=agent)
    assert constraint_of(refused.value) == "remedy_is_never_approved_by_who_proposed_it"


@pytest.mark.sabotages("I28-remedies")
def test_points_of_another_amount_are_found(case, agent, owner, consumer):
    make_card(case.merchant, consumer)
    remedy = promise(case, agent, owner, kind="points", points=300)
    do(remedy)
    with pgtrigger.ignore("complaints.Remedy:remedy_goes_forward"):
        Remedy.objects.filter(pk=remedy.pk).update(points=301)
    assert broken("I28-remedies") == [remedy.pk]


@pytest.mark.sabotages("I28-owed")
def test_a_case_that_ended_owing_is_found(case, agent, owner):
    remedy = promise(case, agent, owner, kind="service", worth=3800)
    do(remedy, owner, proof="11 月 22 日重剪")
    with pgtrigger.ignore("complaints.Remedy:remedy_goes_forward"):
        Remedy.objects.filter(pk=remedy.pk).update(state="promised", executed_at=None)
    assert broken("I28-owed") == [remedy.pk]


def test_goodwill_ends_with_what_a_month_holds(case, agent):
    facts = {"by": agent, "says": "让您久等了", "moment": timezone.now()}
    given = actions.give_goodwill(case, 15_000, key=uuid.uuid4(), **facts)
    assert actions.give_goodwill(case, 15_000, key=given.key, **facts) == given
    with pytest.raises(GoodwillSpent):
        actions.give_goodwill(case, 5_001, key=uuid.uuid4(), **facts)
    actions.give_goodwill(case, 5_000, key=uuid.uuid4(), **facts)
    assert Remedy.objects.filter(is_goodwill=True).count() == 2


def test_goodwill_is_the_desks_and_not_the_merchants(case, agent, owner):
    facts = {"says": "让您久等了", "key": uuid.uuid4(), "moment": timezone.now()}
    with pytest.raises(NotForYou):
        actions.give_goodwill(case, 100, by=owner, **facts)
    given = actions.give_goodwill(case, 100, by=agent, **facts)
    with pytest.raises(NotForYou):
        do(given, owner, proof="7")
