"""No sequence of moves, by whomever and past whatever, reaches a state that the table forbids."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pgtrigger
import pytest
from django.db import DatabaseError, transaction
from django.db.models import F
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from complaints import actions
from complaints.actions.moving import reachable
from complaints.models import Complaint, Step
from complaints.states import MOVES, OPEN_STATES, OVER_STATES, Acting, ComplaintState
from portal.kernel.invariants import all_invariants
from portal.kernel.refused import Refused
from tests.complaints.makers import make_agent, make_complaint

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
ROLES = [role.value for role in Acting]
many = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
#: What a person may end or open, however the table is written: these hold whatever else changes.
ONLY_THE_PERSON = {"accepted", "rejected", "confirmed", "withdrawn"}


@pytest.fixture
def players(shop, consumer, owner):
    """Somebody for every role; nobody for the system."""
    leads = {role: make_agent(role, leads=role) for role in ("supervisor", "manager")}
    return {"consumer": consumer, "merchant": owner, "agent": make_agent(), "system": None, **leads}


@pytest.fixture
def untouched():
    """Runs an example and forgets what it wrote."""

    def run(example):
        with transaction.atomic():
            example()
            transaction.set_rollback(True)

    return run


@many
@given(st.lists(st.tuples(st.sampled_from(ROLES), st.sampled_from(ComplaintState.values)), max_size=14))
def test_no_sequence_of_moves_leaves_the_table(untouched, players, shop, consumer, tries):
    untouched(lambda: _wander(players, shop, consumer, tries))


def _wander(players, shop, consumer, tries):
    complaint = make_complaint(shop, consumer, moment=MONDAY)
    for turn, (role, to) in enumerate(tries):
        complaint.refresh_from_db()
        stood, moment = complaint.state, MONDAY + timedelta(hours=turn + 1)
        try:
            with transaction.atomic():
                actions.move(complaint, to, by=players[role], why="因为", moment=moment)
            came = to
        except Refused:
            came = stood
            assert to not in reachable(stood, role) or to in ("duplicate", "reopened")
        complaint.refresh_from_db()
        assert complaint.state == came
    _sound(complaint)


def _sound(complaint):
    """Read from what was written, not from what was asked."""
    steps = list(complaint.steps.order_by("pk"))
    assert steps[0].before == "" and steps[0].after == "received"
    for earlier, step in pairwise(steps):
        assert step.before == earlier.after
        assert step.role in MOVES[step.before][step.after]
        assert step.after not in ONLY_THE_PERSON or step.role == "consumer"
        assert step.after != "silent" or step.role == "system"
    assert complaint.state == steps[-1].after
    assert complaint.reopened == sum(step.after == "reopened" for step in steps) <= 2
    broken = {rule.code: rule.broken()[0] for rule in all_invariants() if rule.code in ("I25", "I28")}
    assert broken == {"I25": 0, "I28": 0}


@many
@given(st.sampled_from(ComplaintState.values), st.sampled_from(ComplaintState.values), st.sampled_from(ROLES))
def test_the_database_takes_exactly_the_steps_of_the_table(
    untouched, players, shop, consumer, before, after, role
):
    untouched(lambda: _bypass(players, shop, consumer, before, after, role))


def _bypass(players, shop, consumer, before, after, role):
    """Step and state written straight into the tables, as somebody would who forgot the verbs."""
    complaint, first = make_complaint(shop, consumer, moment=MONDAY), make_complaint(shop, moment=MONDAY)
    _stand(complaint, before, first)
    ended = complaint.ended_at
    try:
        with transaction.atomic():
            Step.objects.create(
                complaint=complaint,
                before=before,
                after=after,
                role=role,
                by=players[role],
                why="x",
                at=(ended or MONDAY) + timedelta(hours=1),
            )
            _put(complaint, after, first)
        written = True
    except DatabaseError:
        written = False
    assert written == (role in MOVES[before].get(after, ()))


def _stand(complaint, state, first):
    if state == "received":
        return
    with pgtrigger.ignore(
        "complaints.Complaint:complaint_moves_as_allowed", "complaints.Step:step_follows_the_table"
    ):
        Step.objects.create(
            complaint=complaint, before="received", after=state, role="agent", by=make_agent(), why="x"
        )
        _put(complaint, state, first)
        Complaint.objects.filter(pk=complaint.pk).update(reopened=0)
    complaint.refresh_from_db()


def _put(complaint, state, first):
    Complaint.objects.filter(pk=complaint.pk).update(
        state=state,
        version=F("version") + 1,
        ended_at=MONDAY if state in OVER_STATES else None,
        duplicate_of=first if state == "duplicate" else None,
        reopened=F("reopened") + (1 if state == "reopened" else 0),
    )


def test_a_case_moved_first_and_explained_afterwards_is_refused(shop, players):
    complaint = make_complaint(shop, moment=MONDAY)
    _put(complaint, "acknowledged", None)
    with pytest.raises(DatabaseError, match="not in the table"), transaction.atomic():
        Step.objects.create(
            complaint=complaint, before="received", after="acknowledged", role="agent", by=players["agent"]
        )
    with pgtrigger.ignore("complaints.Step:step_follows_the_table"):  # so that the end of the test may commit
        Step.objects.create(
            complaint=complaint, before="received", after="acknowledged", role="agent", by=players["agent"]
        )


def test_a_move_without_a_new_version_is_refused(shop, players):
    complaint = make_complaint(shop, moment=MONDAY)
    Step.objects.create(
        complaint=complaint, before="received", after="acknowledged", role="agent", by=players["agent"]
    )
    case = Complaint.objects.filter(pk=complaint.pk)
    with pytest.raises(DatabaseError, match="new version"), transaction.atomic():
        case.update(state="acknowledged")
    _put(complaint, "acknowledged", None)


def test_nobody_signs_for_the_person(shop, players):
    complaint = make_complaint(shop, moment=MONDAY)
    with pytest.raises(DatabaseError, match="not in the table"), transaction.atomic():
        Step.objects.create(
            complaint=complaint, before="received", after="withdrawn", role="consumer", by=players["agent"]
        )


def test_opening_again_late_is_refused_by_the_database_too(shop, consumer):
    complaint = make_complaint(shop, consumer, moment=MONDAY)
    actions.move(complaint, "confirmed", by=consumer, moment=MONDAY)
    with pytest.raises(DatabaseError, match="too late"), transaction.atomic():
        Step.objects.create(
            complaint=complaint,
            before="confirmed",
            after="reopened",
            role="consumer",
            by=consumer,
            why="x",
            at=MONDAY + timedelta(days=7, seconds=1),
        )


def test_every_state_is_reached_and_every_open_one_can_end():
    reached, waiting = {"received"}, ["received"]
    while waiting:
        for after in MOVES[waiting.pop()]:
            if after not in reached:
                reached.add(after)
                waiting.append(after)
    assert reached == set(ComplaintState.values) == set(MOVES)
    for state in OPEN_STATES:
        assert set(MOVES[state]) & set(OVER_STATES), state
