"""Who may take a case where: proposals, opening again, closing, going up, joining to another."""

import uuid
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django.utils import timezone

from complaints import actions
from complaints.models import Complaint
from complaints.refusals import (
    AlreadyThere,
    NotForYou,
    NotStaff,
    NotTheFirst,
    OpenedOften,
    SayWhy,
    TooLate,
)
from messaging.models import Message
from tests import cast
from tests.complaints.makers import answer, make_agent, make_complaint

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai


@pytest.mark.parametrize("who", ["stranger", "cashier", "agent", "owner", "nobody"])
def test_a_proposal_is_accepted_by_the_person_alone(request, shop, consumer, who):
    complaint, agent = make_complaint(shop, consumer), make_agent()
    answer(complaint, agent, "退款", then="proposed")
    somebody = {"agent": agent, "nobody": None}.get(who) or (
        None if who == "nobody" else request.getfixturevalue(who)
    )
    with pytest.raises(NotForYou):
        actions.move(complaint, "accepted", by=getattr(somebody, "user", somebody), moment=timezone.now())
    actions.move(complaint, "accepted", by=consumer, moment=timezone.now())
    assert Complaint.objects.get().state == "accepted"


def test_nobody_on_the_desk_decides_their_own_complaint_or_their_own_shops(shop):
    agent = make_agent(leads="manager")
    own, at_work = make_complaint(shop, agent), make_complaint(shop)
    with pytest.raises(NotForYou):
        actions.move(own, "acknowledged", by=agent, moment=timezone.now())
    cast.make_staff(shop.merchant, user=agent)  # as a cashier
    with pytest.raises(NotForYou):
        actions.move(at_work, "acknowledged", by=agent, moment=timezone.now())
    with pytest.raises(NotStaff):
        actions.assign(at_work, agent, by=make_agent(), moment=timezone.now())


def test_a_case_is_opened_again_in_time_and_twice_at_most(shop, consumer):
    complaint, agent = make_complaint(shop, consumer, moment=MONDAY), make_agent()

    def solve(moment):
        actions.move(complaint, "resolved", by=agent, moment=moment)

    def still_wrong(moment):
        actions.reply(complaint, by=consumer, said="没好", key=uuid.uuid4(), moment=moment)

    solve(MONDAY)
    with pytest.raises(TooLate):
        still_wrong(MONDAY + timedelta(days=7, seconds=1))
    still_wrong(MONDAY + timedelta(days=7))
    for day in (8, 10):
        solve(MONDAY + timedelta(days=day))
        if day == 8:
            still_wrong(MONDAY + timedelta(days=9))
    with pytest.raises(OpenedOften):
        still_wrong(MONDAY + timedelta(days=11))
    assert Complaint.objects.get().reopened == 2


def test_what_is_solved_closes_after_a_week_of_silence_and_tells_once(shop, consumer):
    complaint, agent = make_complaint(shop, consumer, moment=MONDAY), make_agent()
    fresh = make_complaint(shop, moment=MONDAY)
    actions.move(complaint, "resolved", by=agent, moment=MONDAY)
    actions.move(fresh, "resolved", by=agent, moment=MONDAY + timedelta(days=1))
    assert actions.settle(MONDAY + timedelta(days=6, hours=23)) == 0
    assert actions.settle(MONDAY + timedelta(days=7)) == 2  # silent, then closed
    assert actions.settle(MONDAY + timedelta(days=7)) == 0
    complaint.refresh_from_db()
    fresh.refresh_from_db()
    assert (complaint.state, fresh.state) == ("closed", "resolved")
    assert list(complaint.steps.order_by("-pk").values_list("after", "role", "by")[:2]) == [
        ("closed", "system", None),
        ("silent", "system", None),
    ]
    told = Message.objects.of(consumer).get(kind="complaints.closed")
    assert told.params["why"] == "问题已解决，之后没有收到不同意见。"


def test_a_case_goes_up_once_to_each_level_and_by_who_may(shop):
    complaint, agent = make_complaint(shop), make_agent()
    boss, head = make_agent("主管", leads="supervisor"), make_agent("经理", leads="manager")
    up = partial(actions.escalate, complaint, why="店家不理", moment=timezone.now())
    for _ in (1, 2):
        up(1, by=agent)
    with pytest.raises(NotForYou):
        up(2, by=agent)
    up(3, by=boss)
    with pytest.raises(AlreadyThere):
        up(2, by=boss)
    with pytest.raises(SayWhy):
        actions.escalate(complaint, 4, by=head, why=" ", moment=timezone.now())
    up(4, by=head)
    assert list(complaint.escalations.order_by("pk").values_list("level", "role")) == [
        (1, "agent"),
        (3, "supervisor"),
        (4, "manager"),
    ]
    assert Complaint.objects.get().level == 4


def test_a_second_report_ends_with_a_pointer_to_the_first(shop, other_shop, consumer):
    first, second, elsewhere = (
        make_complaint(shop),
        make_complaint(shop, consumer),
        make_complaint(other_shop),
    )
    agent = make_agent()
    join = partial(actions.mark_duplicate, by=agent, why="同一件事", moment=timezone.now())
    for wrong in (second, elsewhere):
        with pytest.raises(NotTheFirst):
            join(second, wrong)
    for _ in (1, 2):
        join(second, first)
    with pytest.raises(NotTheFirst):
        join(first, second)
    told = Message.objects.of(consumer).get(kind="complaints.duplicate")
    assert first.number not in str(told.params).replace(" ", "")
    actions.move(second, "reopened", by=agent, why="不是一件事", moment=timezone.now())
    second.refresh_from_db()
    assert (second.state, second.duplicate_of) == ("reopened", None)


def test_two_reports_never_end_by_pointing_to_each_other(shop):
    agent, moment = make_agent(), timezone.now()
    first, second = make_complaint(shop), make_complaint(shop)
    with pytest.raises(NotTheFirst):
        actions.mark_duplicate(first, second, by=agent, why="同一件事", moment=moment)
    actions.mark_duplicate(second, first, by=agent, why="同一件事", moment=moment)
    with pytest.raises(NotTheFirst):
        actions.mark_duplicate(make_complaint(shop), second, by=agent, why="同一件事", moment=moment)
    for case in (first, second):
        case.refresh_from_db()
    assert (first.is_open, first.duplicate_of, second.duplicate_of) == (True, None, first)
