"""What the verbs of complaints do, and what they refuse."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from complaints import actions
from complaints.models import Complaint, ComplaintEvent, InternalNote, Reply, Step
from complaints.refusals import (
    ChangedMeanwhile,
    NotFromHere,
    NotStaff,
    SayWhy,
    TakenMeanwhile,
    TooMany,
)
from messaging.models import Message
from portal.kernel.refused import KeyReused
from tests import cast
from tests.complaints.makers import answer, begin, close, make_agent, make_complaint

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai


def kinds_told(person) -> list[str]:
    return list(Message.objects.of(person).order_by("pk").values_list("kind", flat=True))


def test_filing_opens_a_case_with_number_promise_and_first_step(shop, consumer):
    complaint = make_complaint(shop, consumer, reason="price", moment=MONDAY)

    assert complaint.state == "received"
    assert complaint.merchant == shop.merchant
    assert complaint.due_at == datetime(2026, 11, 23, 7, 30, tzinfo=UTC)  # four hours of work
    assert [(step.before, step.after, step.by) for step in complaint.steps.all()] == [
        ("", "received", consumer)
    ]
    assert kinds_told(consumer) == ["complaints.received"]


def test_the_shops_owner_and_manager_hear_of_it_and_the_cashier_does_not(shop, owner, manager, cashier):
    complaint = make_complaint(shop)

    told = Message.objects.filter(kind="complaints.about_your_shop")
    assert {message.person_id for message in told} == {owner.pk, manager.user_id}
    assert all(complaint.person.says() not in str(message.params) for message in told)


def test_the_same_key_files_once(shop, consumer):
    key = uuid.uuid4()
    facts = {"shop": shop, "reason": "other", "said": "灯坏了", "key": key, "moment": MONDAY}
    first = actions.file_complaint(consumer, **facts)
    assert actions.file_complaint(consumer, **facts) == first
    assert Complaint.objects.count() == 1
    assert kinds_told(consumer) == ["complaints.received"]


def test_the_same_key_with_another_story_is_refused(shop, consumer):
    key = uuid.uuid4()
    actions.file_complaint(consumer, shop=shop, reason="other", said="灯坏了", key=key, moment=MONDAY)
    with pytest.raises(KeyReused):
        actions.file_complaint(consumer, shop=shop, reason="other", said="门坏了", key=key, moment=MONDAY)
    assert Complaint.objects.get().said == "灯坏了"


def test_nobody_files_more_than_twenty_a_day(shop, consumer):
    for _ in range(actions.FILED_A_DAY):
        make_complaint(shop, consumer, moment=MONDAY)
    with pytest.raises(TooMany):
        make_complaint(shop, consumer, moment=MONDAY + timedelta(hours=23))
    make_complaint(shop, consumer, moment=MONDAY + timedelta(hours=25))


def test_a_first_answer_takes_the_case_into_progress_and_tells_once(shop, consumer):
    complaint, agent = make_complaint(shop, consumer, moment=MONDAY), make_agent()
    answer(complaint, agent, moment=MONDAY + timedelta(hours=1))

    complaint.refresh_from_db()
    assert complaint.state == "assessing"
    assert complaint.answered_at == MONDAY + timedelta(hours=1)
    assert complaint.due_at == complaint.clocks.get(kind="resolution").due_at
    assert kinds_told(consumer) == ["complaints.received", "complaints.replied"]


def test_an_answer_that_asks_back_waits_for_the_person_and_their_words_bring_it_back(shop, consumer):
    complaint, agent = make_complaint(shop, consumer), make_agent()
    answer(complaint, agent)
    answer(complaint, agent, "哪一天？", then="consumer")
    complaint.refresh_from_db()
    assert complaint.state == "consumer"

    actions.reply(complaint, by=consumer, said="周三", key=uuid.uuid4(), moment=timezone.now())
    complaint.refresh_from_db()
    assert complaint.state == "investigating"
    assert kinds_told(consumer) == ["complaints.received", "complaints.replied", "complaints.consumer"]
    assert list(complaint.steps.order_by("pk").values_list("before", "after", "role")) == [
        ("", "received", "consumer"),
        ("received", "acknowledged", "agent"),
        ("acknowledged", "assessing", "agent"),
        ("assessing", "consumer", "agent"),
        ("consumer", "investigating", "consumer"),
    ]


def test_the_same_reply_key_speaks_once(shop, consumer):
    complaint, agent, key = make_complaint(shop, consumer), make_agent(), uuid.uuid4()
    answer(complaint, agent, key=key)
    answer(complaint, agent, key=key)
    assert Reply.objects.count() == 1
    with pytest.raises(KeyReused):
        answer(complaint, agent, "别的话", key=key)


def test_the_same_move_twice_moves_once(shop, consumer):
    complaint, agent = make_complaint(shop, consumer), make_agent()
    for _ in (1, 2):
        begin(complaint, agent)
    assert [step.after for step in complaint.steps.order_by("pk")] == [
        "received",
        "acknowledged",
        "assessing",
        "investigating",
    ]
    assert kinds_told(consumer) == ["complaints.received", "complaints.investigating"]


@pytest.mark.parametrize("to", ["consumer", "closed", "nonsense", "received", "silent"])
def test_a_move_that_the_table_does_not_know_is_refused(shop, to):
    complaint, agent = make_complaint(shop), make_agent(leads="manager")
    begin(complaint, agent, "merchant")
    steps = Step.objects.count()
    with pytest.raises(NotFromHere):
        actions.move(complaint, to, by=agent, moment=timezone.now(), why="x")
    assert Step.objects.count() == steps


def test_a_screen_that_is_out_of_date_moves_nothing(shop):
    complaint, agent = make_complaint(shop), make_agent()
    begin(complaint, agent, "investigating")
    with pytest.raises(ChangedMeanwhile, match="处理中"):
        actions.move(complaint, "resolved", by=agent, moment=timezone.now(), seen=complaint.version)
    assert Complaint.objects.get().state == "investigating"


def test_closing_needs_words_that_the_person_reads(shop, consumer):
    complaint = make_complaint(shop, consumer)
    with pytest.raises(SayWhy):
        close(complaint, "  ")
    close(complaint, "店家已退款")

    told = Message.objects.of(consumer).get(kind="complaints.closed")
    assert told.params["why"] == "店家已退款"
    assert Complaint.objects.get().ended_at is not None


def test_a_closed_case_takes_no_more_words(shop, consumer):
    complaint, agent = make_complaint(shop, consumer), make_agent()
    close(complaint, "重复")
    with pytest.raises(NotFromHere):
        answer(complaint, agent)
    assert Reply.objects.count() == 0


def test_nobody_is_told_of_what_they_did_themselves(shop, consumer):
    complaint = make_complaint(shop, consumer)
    actions.move(complaint, "confirmed", by=consumer, moment=timezone.now())
    assert kinds_told(consumer) == ["complaints.received"]


def test_a_case_goes_to_staff_who_answer_and_to_nobody_else(shop):
    complaint, agent = make_complaint(shop), make_agent()
    with pytest.raises(NotStaff):
        actions.assign(complaint, cast.make_user(), by=agent, moment=timezone.now())
    with pytest.raises(NotStaff):
        actions.assign(complaint, make_agent(reads_only=True), by=agent, moment=timezone.now())
    actions.assign(complaint, agent, by=agent, moment=timezone.now())
    assert Complaint.objects.get().assignee == agent


def test_two_agents_who_take_the_same_case_leave_it_with_the_first(shop):
    complaint, first, second = make_complaint(shop), make_agent("小周"), make_agent("小吴")
    actions.assign(complaint, first, by=first, instead_of=None, moment=timezone.now())
    with pytest.raises(TakenMeanwhile, match="小周"):
        actions.assign(complaint, second, by=second, instead_of=None, moment=timezone.now())
    assert Complaint.objects.get().assignee == first


def test_a_note_is_kept_once_and_tells_nobody(shop, consumer):
    complaint, agent, key = make_complaint(shop, consumer), make_agent(), uuid.uuid4()
    for _ in (1, 2):
        actions.note(complaint, by=agent, said="老客户", key=key, moment=timezone.now())
    assert InternalNote.objects.count() == 1
    assert kinds_told(consumer) == ["complaints.received"]


def test_the_trail_says_who_moved_the_case(shop):
    complaint, agent = make_complaint(shop), make_agent()
    begin(complaint, agent, "investigating")
    change = ComplaintEvent.objects.filter(pgh_obj_id=complaint.pk, pgh_label="update").latest("pk")
    assert change.state == "investigating"
    assert change.pgh_context.metadata["user"] == agent.pk
