"""Saying why a case came about, doing something about it, and checking whether it helped."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from complaints.actions.holding import as_seen, held, keep
from complaints.causes.counting import Counted, counted
from complaints.causes.effect import FEWEST, effect_of
from complaints.models import Cause, Complaint, EffectCheck, Finding, Outcome, Prevention, PreventionState
from complaints.refusals import CauseRetired, EvidenceMissing, NotDecidable, NotForYou
from complaints.roles import acting_as, staff_role
from complaints.states import DESK
from portal.kernel import audit
from portal.kernel.models import User

UNCODED_AT_MOST = 0.1  # of the cases since then; with more, a fall might only be cases not looked into yet
LONGEST = 52  # weeks after which it is no longer looked for an effect
AGAIN_WITHIN = timedelta(weeks=4)  # what didn't help is due anew


@transaction.atomic
def find_causes(
    complaint: Complaint, main: Cause, factors: Sequence[Cause] = (), *, by: User, seen: int | None = None
) -> list[Finding]:
    """The main cause of a case and what contributed, in place of what was found before."""
    complaint = held(complaint)
    as_seen(complaint, seen)
    if acting_as(by, complaint) not in DESK:
        raise NotForYou
    wanted = {cause.pk: cause.pk == main.pk for cause in (*factors, main)}
    stands = dict(complaint.findings.values_list("cause", "is_main"))
    if wanted == stands:
        return list(complaint.findings.order_by("pk"))
    if any(cause.is_retired and cause.pk not in stands for cause in (main, *factors)):
        raise CauseRetired
    with audit.context(user=by.pk):
        fresh = [pk for pk, is_main in wanted.items() if stands.get(pk) != is_main]
        complaint.findings.exclude(cause__in=set(wanted) - set(fresh)).delete()
        Finding.objects.bulk_create(
            Finding(complaint=complaint, cause_id=pk, is_main=wanted[pk], by=by) for pk in fresh
        )
    keep(complaint, by=by)
    return list(complaint.findings.order_by("pk"))


@transaction.atomic
def plan_prevention(cause: Cause, *, by: User, **plan: Any) -> Prevention:
    """``plan``: what, owner, due_on, weeks, and perhaps the merchant or shop that it is about."""
    if not staff_role(by):
        raise NotForYou
    shop = plan.get("shop")
    if shop:
        plan["merchant"] = shop.merchant
    return Prevention.objects.create(cause=cause, by=by, **plan)


@transaction.atomic
def finish_prevention(prevention: Prevention, *, by: User, evidence: str, on: date) -> Prevention:
    """It was done, and this shows it. From here its effect is looked for. Doing it twice is once."""
    if not staff_role(by):
        raise NotForYou
    prevention = Prevention.objects.locked().get(pk=prevention.pk)
    if prevention.state == PreventionState.DONE:
        return prevention
    if prevention.state not in (PreventionState.PLANNED, PreventionState.REOPENED):
        raise NotDecidable(state=prevention.get_state_display())
    if not evidence.strip():
        raise EvidenceMissing
    prevention.state, prevention.evidence, prevention.done_on = PreventionState.DONE, evidence.strip(), on
    prevention.check_on = on + prevention.first_check()
    with audit.context(user=by.pk):
        prevention.save(update_fields=["state", "evidence", "done_on", "check_on"])
    return prevention


def check_effects(moment: datetime) -> int:
    """Every check that is due by then, each once, each in a transaction of its own. How many."""
    today = moment.date()
    due = Prevention.objects.filter(state=PreventionState.DONE, check_on__lte=today)
    return sum(_checked(pk, today) for pk in due.order_by("check_on", "pk").values_list("pk", flat=True))


@transaction.atomic
def _checked(pk: int, today: date) -> bool:
    prevention = Prevention.objects.locked().get(pk=pk)
    if prevention.state != PreventionState.DONE or prevention.check_on is None or prevention.check_on > today:
        return False  # another worker was faster
    check = _compared(prevention, today)
    prevention.state, prevention.check_on = _next(prevention, check)
    if prevention.state == PreventionState.REOPENED:
        prevention.due_on = today + AGAIN_WITHIN
    prevention.save(update_fields=["state", "check_on", "due_on"])
    return True


def _compared(prevention: Prevention, today: date) -> EffectCheck:
    """The days since it was done, and as many before."""
    found = counted(prevention, today)
    check = EffectCheck(
        prevention=prevention,
        on=today,
        days=found.days,
        per=found.per,
        cases_before=found.before,
        of_before=found.of_before,
        cases_after=found.after,
        of_after=found.of_after,
        uncoded=found.uncoded,
        outcome=_outcome_without(found),
    )
    if not check.outcome:
        effect = effect_of(found.before, found.of_before, found.after, found.of_after)
        check.ratio, check.low = (effect.ratio, effect.low) if found.before else (None, effect.low)
        check.high = effect.high if found.before else None
        check.outcome = Outcome.FELL if effect.fell else Outcome.NOT_FALLEN
    check.save(force_insert=True)
    return check


def _outcome_without(found: Counted) -> str:
    """What forbids a comparison; empty when there is one."""
    if found.uncoded > UNCODED_AT_MOST * found.all_after:
        return Outcome.UNCODED
    return Outcome.TOO_FEW if found.before + found.after < FEWEST else ""


def _next(prevention: Prevention, check: EffectCheck) -> tuple[PreventionState, date | None]:
    """Where too little is known, the same weeks more are waited, a year at most."""
    if check.outcome == Outcome.FELL:
        return PreventionState.EFFECTIVE, None
    if check.outcome == Outcome.NOT_FALLEN:
        return PreventionState.REOPENED, None
    if check.days + 1 >= LONGEST * 7:
        return PreventionState.UNCLEAR, None
    return PreventionState.DONE, check.on + prevention.first_check()
