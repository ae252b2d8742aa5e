"""Causes, what is done about them, and whether it helped: exact counts, each checked once."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from complaints import actions
from complaints.causes.clusters import clusters, joined
from complaints.causes.costs import costs_by_cause
from complaints.causes.effect import at_most, clopper_pearson, effect_of
from complaints.models import Cause, EffectCheck, Finding, Prevention
from complaints.refusals import CauseRetired, EvidenceMissing, NotForYou
from portal.kernel.invariants import all_invariants
from tests import cast
from tests.complaints.makers import begin, make_agent, make_complaint, promise

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 9, 1, 4, tzinfo=UTC)  # 12:00 in China
DONE = NOON.date()


def broken(code: str) -> list[int | str]:
    return next(rule for rule in all_invariants() if rule.code == code).broken()[1]


def make_cause(code: str = "late", parent: Cause | None = None) -> Cause:
    return Cause.objects.create(code=f"test-{code}", name_zh="误点", name_en="Late", parent=parent)


def make_prevention(cause: Cause, by, **plan) -> Prevention:
    plan = {"what": "多排一个人", "owner": by, "due_on": DONE, "weeks": 4} | plan
    return actions.plan_prevention(cause, by=by, **plan)


def done(prevention: Prevention, by) -> Prevention:
    return actions.finish_prevention(prevention, by=by, evidence="排班表", on=DONE)


def happened(shop, cause, agent, *, days: int, times: int) -> None:
    """So many cases of the cause, filed so many days after it was done; before, with minus."""
    for _ in range(times):
        case = make_complaint(shop, moment=NOON + timedelta(days=days))
        if cause:
            actions.find_causes(case, cause, by=agent)


def check(days: int = 28) -> int:
    return actions.check_effects(NOON + timedelta(days=days))


@pytest.fixture
def agent():
    return make_agent("小周")


def test_the_limits_are_those_of_the_tables():
    """Clopper and Pearson's for 8 of 20 (0.1912, 0.6395) and for none of 10 (0, 0.3085)."""
    assert clopper_pearson(8, 20) == pytest.approx((0.19119, 0.63946), abs=1e-5)
    assert clopper_pearson(0, 10) == pytest.approx((0, 0.30850), abs=1e-5)
    assert clopper_pearson(10, 10) == pytest.approx((0.69150, 1), abs=1e-5)
    assert at_most(3, 10, 0.5) == pytest.approx(176 / 1024)


def test_a_rate_is_by_its_purchases():
    effect = effect_of(20, 1000, 20, 4000)
    assert effect.ratio == pytest.approx(0.25)
    assert effect.fell
    assert not effect_of(20, 1000, 20, 1000).fell
    assert not effect_of(0, 100, 10, 100).fell


def test_a_rate_that_fell_is_said_to_have_helped_once(shop, agent):
    cause = make_cause()
    prevention = done(make_prevention(cause, agent, shop=shop), agent)
    happened(shop, make_cause("below", cause), agent, days=-3, times=16)
    happened(shop, cause, agent, days=3, times=2)
    assert check(27) == 0
    assert check() == 1
    assert check() == 0
    prevention.refresh_from_db()
    found = EffectCheck.objects.get()
    assert (prevention.state, found.outcome) == ("effective", "fell")
    assert (found.cases_before, found.cases_after, found.days, found.per) == (16, 2, 27, "days")
    assert found.high < 1
    assert broken("I28-effects") == []


def test_a_rate_that_did_not_fall_opens_it_again(shop, agent):
    cause = make_cause()
    prevention = done(make_prevention(cause, agent), agent)
    happened(shop, cause, agent, days=-3, times=6)
    happened(shop, cause, agent, days=3, times=5)
    check()
    prevention.refresh_from_db()
    assert prevention.state == "reopened"
    assert prevention.due_on == DONE + timedelta(days=28 + 28)


def test_with_too_few_cases_more_weeks_are_waited_and_a_year_at_most(shop, agent):
    cause = make_cause()
    prevention = done(make_prevention(cause, agent, weeks=26), agent)
    happened(shop, cause, agent, days=-3, times=9)
    check(182)
    prevention.refresh_from_db()
    assert (prevention.state, prevention.check_on) == ("done", DONE + timedelta(weeks=52))
    check(364)
    assert check(600) == 0
    prevention.refresh_from_db()
    assert prevention.state == "unclear"
    assert set(prevention.checks.values_list("outcome", flat=True)) == {"few"}


def test_cases_that_nobody_looked_into_do_not_count_as_a_fall(shop, agent):
    cause = make_cause()
    done(make_prevention(cause, agent), agent)
    happened(shop, cause, agent, days=-3, times=15)
    happened(shop, None, agent, days=3, times=2)
    check()
    assert EffectCheck.objects.get().outcome == "uncoded"


def test_other_shops_and_withdrawn_cases_are_not_counted(shop, agent, consumer):
    cause = make_cause()
    done(make_prevention(cause, agent, shop=shop), agent)
    happened(cast.make_shop(), cause, agent, days=-3, times=3)
    case = make_complaint(shop, consumer, moment=NOON - timedelta(days=3))
    actions.find_causes(case, cause, by=agent)
    actions.move(case, "withdrawn", by=consumer, moment=NOON)
    check()
    assert EffectCheck.objects.get().cases_before == 0


def test_without_evidence_nothing_is_done_and_strangers_do_nothing(agent, owner):
    prevention = make_prevention(make_cause(), agent)
    with pytest.raises(EvidenceMissing):
        actions.finish_prevention(prevention, by=agent, evidence=" ", on=DONE)
    with pytest.raises(NotForYou):
        done(prevention, owner)


def test_a_case_has_one_main_cause_and_the_last_word_counts(shop, agent):
    case, late, rude = make_complaint(shop), make_cause("late"), make_cause("rude")
    actions.find_causes(case, late, [rude], by=agent)
    actions.find_causes(case, rude, by=agent)
    assert list(Finding.objects.values_list("cause", "is_main")) == [(rude.pk, True)]
    with pytest.raises(IntegrityError), transaction.atomic():
        Finding.objects.create(complaint=case, cause=late, is_main=True, by=agent)
    Cause.objects.filter(pk=late.pk).update(is_retired=True)
    late.refresh_from_db()
    with pytest.raises(CauseRetired):
        actions.find_causes(case, late, by=agent)


def test_no_cause_stands_under_itself():
    top = make_cause("top")
    below = make_cause("below", top)
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Cause.objects.filter(pk=top.pk).update(parent=below)
    assert refused.value.__cause__.diag.constraint_name == "causes_form_a_tree"


def test_a_cause_costs_the_sum_of_its_remedies_and_those_below(shop, agent, owner, consumer):
    top = make_cause("top")
    below = make_cause("below", top)
    for cause, worth in ((top, 3800), (below, 4000), (below, 1000)):
        case = begin(make_complaint(shop), agent)
        actions.find_causes(case, cause, by=agent)
        remedy = promise(case, agent, owner, kind="service", worth=worth)
        if worth != 1000:
            actions.execute_remedy(remedy, by=owner, moment=timezone.now(), proof="重做")
    costs = {row.cause: (row.cases, row.worth, row.promised) for row in costs_by_cause(make_agent())}
    assert costs[top] == (3, 7800, 1000)
    assert costs[below] == (2, 4000, 1000)


def test_cases_alike_are_proposed_by_shop_and_by_words(shop):
    now = timezone.now()
    same = [make_complaint(shop, said=f"The water was far too hot, number {n}") for n in range(3)]
    other = [make_complaint(cast.make_shop(), said=f"头发剪坏了{uuid.uuid4()}")]
    found = clusters(now + timedelta(minutes=1))
    keys = tuple(sorted(case.pk for case in same))
    assert {(one.by, one.cases) for one in found} == {("shop", keys), ("words", keys)}
    assert other[0].pk not in {pk for one in found for pk in one.cases}


def test_pairs_that_hang_together_are_one_group():
    assert joined([(1, 2), (2, 3), (7, 8)]) == [(1, 2, 3)]


@pytest.mark.sabotages("I28-effects")
def test_an_effect_that_nobody_checked_is_found(agent):
    prevention = done(make_prevention(make_cause(), agent), agent)
    Prevention.objects.filter(pk=prevention.pk).update(state="effective", check_on=None)
    assert broken("I28-effects") == [prevention.pk]
