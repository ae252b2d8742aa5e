"""Whoever goes round the verbs is turned away by the database, and what was broken is found."""

import threading
import uuid
from datetime import UTC, datetime, timedelta

import pgtrigger
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import F
from django.utils import timezone

from complaints import actions
from complaints.actions import assigning
from complaints.models import Complaint, Escalation, Reply, Step
from complaints.states import OVER_STATES
from portal.kernel.invariants import all_invariants
from tests import cast
from tests.complaints.makers import answer, begin, close, make_agent, make_complaint

pytestmark = pytest.mark.django_db


def constraint_of(error: IntegrityError) -> str:
    return error.__cause__.diag.constraint_name


def broken(code: str) -> list[int | str]:
    return next(rule for rule in all_invariants() if rule.code == code).broken()[1]


def put(complaint, state):
    """Straight into the table, round the verbs."""
    ended = timezone.now() if state in OVER_STATES else None
    Complaint.objects.filter(pk=complaint.pk).update(state=state, ended_at=ended, version=F("version") + 1)


def complete(complaint, agent):
    """Leave a step for where the case stands, so that the end of the test may commit."""
    complaint.refresh_from_db()
    Step.objects.create(complaint=complaint, before="received", after=complaint.state, role="agent", by=agent)


def test_a_complaint_cannot_start_in_the_middle(shop):
    complaint = make_complaint(shop)
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Complaint.objects.create(
            number="1",
            token="1",
            person=complaint.person,
            shop=shop,
            merchant=shop.merchant,
            reason_id="other",
            said="x",
            state="investigating",
            key=uuid.uuid4(),
            due_at=timezone.now(),
        )
    assert constraint_of(refused.value) == "complaint_starts_as_received"


def test_a_move_without_its_step_does_not_commit(shop):
    complaint = make_complaint(shop)
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute("SAVEPOINT before_the_move")
        put(complaint, "acknowledged")
        with pytest.raises(IntegrityError) as refused:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ROLLBACK TO SAVEPOINT before_the_move")
    assert constraint_of(refused.value) == "complaint_state_has_its_step"


def test_an_open_case_has_no_end_and_an_ended_one_has(shop):
    complaint = make_complaint(shop)
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Complaint.objects.filter(pk=complaint.pk).update(ended_at=timezone.now())
    assert constraint_of(refused.value) == "complaint_has_an_end_when_it_is_over"


def test_a_complaint_about_one_merchant_never_points_into_another(shop, other_shop):
    complaint = make_complaint(shop)
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Complaint.objects.filter(pk=complaint.pk).update(merchant=other_shop.merchant)
    assert constraint_of(refused.value) == "complaint_stays_with_its_shop"


@pytest.mark.parametrize("change", ["update", "delete"])
def test_what_was_written_stays_written(shop, change):
    complaint, agent = make_complaint(shop), make_agent()
    answer(complaint, agent)
    actions.note(complaint, by=agent, said="x", key=uuid.uuid4(), moment=timezone.now())
    for rows in (Step.objects.all(), Reply.objects.all(), complaint.notes.all()):
        with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
            rows.update(at=timezone.now()) if change == "update" else rows._raw_delete(rows.db)


def test_sound_complaints_break_nothing(shop, consumer):
    complaint, agent = make_complaint(shop, consumer), make_agent()
    answer(complaint, agent)
    close(complaint, "已退款")
    make_complaint(shop)
    for code in ("I25", "I27", "I28", "I09-complaints"):
        assert broken(code) == []


@pytest.mark.sabotages("I25")
def test_an_open_complaint_without_a_promise_is_found(shop):
    sound, complaint = make_complaint(shop), make_complaint(shop)
    Complaint.objects.filter(pk=complaint.pk).update(due_at=complaint.filed_at - timedelta(days=1))
    assert broken("I25") == [complaint.pk]
    assert sound.pk not in broken("I25")


@pytest.mark.sabotages("I27")
def test_a_complaint_closed_without_telling_is_found(shop, consumer):
    complaint = make_complaint(shop, consumer)
    close(complaint, "已退款")
    consumer.messages.filter(kind="complaints.closed").delete()
    assert broken("I27") == [complaint.pk]


@pytest.mark.sabotages("I28")
def test_a_complaint_whose_steps_end_elsewhere_is_found(shop):
    complaint = make_complaint(shop)
    with pgtrigger.ignore("complaints.Complaint:complaint_state_has_its_step"):
        put(complaint, "acknowledged")
    assert broken("I28") == [complaint.pk]
    with pgtrigger.ignore("complaints.Step:step_follows_the_table"):
        complete(complaint, make_agent())
    assert broken("I28") == []


def test_a_gap_in_the_steps_is_found(shop):
    complaint, agent = make_complaint(shop), make_agent()
    begin(complaint, agent)
    with pgtrigger.ignore("complaints.Step:step_follows_the_table"):
        Step.objects.create(
            complaint=complaint, before="merchant", after="investigating", role="agent", by=agent
        )
    assert broken("I28") == [complaint.pk]


@pytest.mark.sabotages("I26-levels")
def test_a_level_that_nobody_took_it_to_is_found(shop):
    sound, complaint = make_complaint(shop), make_complaint(shop)
    actions.escalate(sound, 1, by=make_agent(), why="x", moment=timezone.now())
    with pgtrigger.ignore("complaints.Complaint:complaint_goes_up_with_a_word"):
        Complaint.objects.filter(pk=complaint.pk).update(level=2)
    assert broken("I26-levels") == [complaint.pk]


def test_a_level_is_neither_taken_in_silence_nor_given_back(shop):
    complaint = make_complaint(shop)
    rows = Complaint.objects.filter(pk=complaint.pk)
    for level in (1, 9):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(level=level)
    actions.escalate(complaint, 1, by=make_agent(), why="x", moment=timezone.now())
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        rows.update(level=0)
    assert constraint_of(refused.value) == "complaint_goes_up_with_a_word"
    for level, role, by in ((2, "agent", complaint.person), (4, "system", None)):
        with pytest.raises(IntegrityError) as refused, transaction.atomic():
            Escalation.objects.create(complaint=complaint, level=level, role=role, by=by, why="x")
        assert constraint_of(refused.value) == "escalation_is_by_who_may"


@pytest.mark.sabotages("I09-complaints")
def test_a_complaint_under_a_foreign_merchant_is_found(shop, other_shop):
    complaint = make_complaint(shop)
    with pgtrigger.ignore("complaints.Complaint:complaint_stays_with_its_shop"):
        Complaint.objects.filter(pk=complaint.pk).update(merchant=other_shop.merchant)
    assert broken("I09-complaints") == [complaint.pk]


def together(number: int, act) -> list[object]:
    """Run ``act`` in real threads that start at once; what each returned or raised."""
    results: list[object] = [None] * number
    barrier = threading.Barrier(number)

    def run(turn: int) -> None:
        barrier.wait()
        try:
            results[turn] = act(turn)
        except Exception as fault:  # the test looks at it
            results[turn] = fault
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(turn,)) for turn in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_ten_sends_of_one_report_file_one_case():
    shop, person, key = cast.make_shop(), cast.make_user(), uuid.uuid4()
    moment = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)

    def send(_turn):
        return actions.file_complaint(
            person, shop=shop, reason="other", said="灯坏了", key=key, moment=moment
        ).pk

    results = together(10, send)
    assert set(results) == {Complaint.objects.get().pk}


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_agents_who_take_a_case_at_once_leave_it_with_one():
    complaint = make_complaint(cast.make_shop())
    agents = [make_agent(f"客服{turn}") for turn in range(5)]

    results = together(
        5,
        lambda turn: actions.assign(
            complaint, agents[turn], by=agents[turn], instead_of=None, moment=timezone.now()
        ),
    )
    winners = [result for result in results if isinstance(result, Complaint)]
    assert len(winners) == 1
    assert Complaint.objects.get().assignee == winners[0].assignee


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_without_the_lock_several_agents_would_each_believe_they_have_it(monkeypatch):
    """The negative control: the test above can fail."""
    complaint = make_complaint(cast.make_shop())
    agents = [make_agent(f"客服{turn}") for turn in range(3)]
    begin(complaint, agents[0], "acknowledged")
    everybody_has_read = threading.Barrier(3)

    def unlocked(seen: Complaint) -> Complaint:
        read = Complaint.objects.select_related("assignee").get(pk=seen.pk)
        everybody_has_read.wait()
        return read

    monkeypatch.setattr(assigning, "held", unlocked)
    results = together(
        3,
        lambda turn: actions.assign(
            complaint, agents[turn], by=agents[turn], instead_of=None, moment=timezone.now()
        ),
    )
    assert all(isinstance(result, Complaint) for result in results)
