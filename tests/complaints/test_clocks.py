"""The clocks of a case: begun, standing still, going on, warned of, gone up, put off by a holiday."""

import re
import uuid
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from complaints import actions
from complaints.checks import profile_of_law_is_known
from complaints.clocks.promises import current_policy
from complaints.clocks.statutory import PROFILES, counted
from complaints.models import Clock, Complaint, Policy, Target, WorkCalendar
from complaints.refusals import NotForYou, SayWhy
from merchants.models import Shop
from messaging.models import Message
from portal.kernel.invariants import all_invariants
from tests import cast
from tests.complaints.makers import answer, begin, make_agent, make_complaint

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """November 2026 in Shanghai; the 23rd is a Monday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


def due(complaint, kind) -> datetime:
    return complaint.clocks.filter(kind=kind).latest("pk").due_at


def running(complaint) -> set[str]:
    return set(complaint.clocks.running().values_list("kind", flat=True))


def says(complaint, said="补充", moment=None):
    return actions.reply(complaint, by=complaint.person, said=said, key=uuid.uuid4(), moment=moment)


def broken(code: str) -> list[int | str]:
    return next(rule for rule in all_invariants() if rule.code == code).broken()[1]


def test_a_case_begins_with_three_clocks_and_stands_under_the_first(shop):
    complaint = make_complaint(shop, reason="price", moment=at(23, 10))
    assert due(complaint, "acknowledge") == at(23, 15, 30)  # four hours, lunch left out
    assert due(complaint, "answer") == at(24, 10)
    assert due(complaint, "resolution") == datetime(2026, 12, 7, 10, tzinfo=SHANGHAI)
    assert complaint.due_at == at(23, 15, 30)
    assert complaint.clocks.get(kind="answer").target.policy == current_policy()


def test_clocks_follow_the_state(shop):
    complaint, agent = make_complaint(shop, moment=at(23, 10)), make_agent()
    actions.assign(complaint, agent, by=agent, moment=at(23, 11))
    assert running(complaint) == {"answer", "resolution"}
    assert complaint.clocks.get(kind="acknowledge").ended_at == at(23, 11)
    answer(complaint, agent, moment=at(23, 14), then="merchant")
    assert running(complaint) == {"merchant", "resolution"}
    says(complaint, moment=at(23, 15))
    assert running(complaint) == {"merchant", "resolution", "answer"}
    answer(complaint, agent, moment=at(23, 16))
    actions.move(complaint, "investigating", by=agent, moment=at(23, 16))
    assert running(complaint) == {"resolution"}
    actions.move(complaint, "resolved", by=agent, moment=at(23, 17))
    assert running(complaint) == set()
    says(complaint, moment=at(24, 10))
    assert running(complaint) == {"answer", "resolution"}
    assert broken("I25-clocks") == []


def test_what_we_wait_for_the_person_is_given_back_to_the_minute(shop):
    complaint, agent = make_complaint(shop, moment=at(23, 10)), make_agent()
    before = due(complaint, "resolution")
    answer(complaint, agent, "哪一天？", moment=at(23, 11), then="consumer")
    assert running(complaint) == {"consumer"}
    assert Complaint.objects.get().due_at == due(complaint, "consumer")
    says(complaint, moment=at(24, 14))  # 1 h + 4.5 h on Monday, 3 h + 0.5 h on Tuesday
    assert due(complaint, "resolution") == before + timedelta(days=1, hours=1, minutes=30)
    assert complaint.clocks.get(kind="resolution").pauses.count() == 1


def test_a_person_who_does_not_answer_is_reminded_and_then_we_go_on(shop, consumer):
    complaint, agent = make_complaint(shop, consumer, moment=at(2, 10)), make_agent()
    answer(complaint, agent, "哪一天？", moment=at(2, 11), then="consumer")
    actions.remind(at(6, 14))
    assert Message.objects.of(consumer).filter(kind="complaints.answer_awaited").count() == 1
    actions.remind(at(9, 11))
    complaint.refresh_from_db()
    assert (complaint.state, complaint.level) == ("investigating", 0)
    assert complaint.steps.latest("pk").role == "system"


def test_warned_then_gone_up_once_each_and_never_at_night(shop):
    agent, boss = make_agent(), make_agent("主管", leads="supervisor")
    complaint = make_complaint(shop, reason="price", moment=at(23, 16))
    actions.assign(complaint, agent, by=agent, moment=at(23, 16))
    assert due(complaint, "answer") == at(24, 16)

    def told(person, kind):
        return Message.objects.of(person).filter(kind=f"complaints.{kind}").count()

    assert actions.remind(at(24, 13, 29)) == 0
    assert [actions.remind(at(24, 14)), actions.remind(at(24, 14))] == [1, 0]
    assert (told(agent, "due_soon"), told(boss, "due_soon"), told(agent, "overdue")) == (1, 0, 0)
    for closed in (at(24, 18), at(24, 23), at(25, 0), at(25, 8, 59)):
        assert actions.remind(closed) == 0
    assert Complaint.objects.get().level == 0
    for _ in (1, 2):
        actions.remind(at(25, 9))
    assert (told(agent, "overdue"), told(boss, "overdue")) == (1, 1)
    assert list(complaint.escalations.values_list("level", "role", "why")) == [(1, "system", "overdue")]
    assert broken("I26") == []


def test_a_day_without_a_worker_is_made_up_in_order(shop):
    agent = make_agent()
    first = make_complaint(shop, reason="price", moment=at(23, 10))
    second = make_complaint(shop, reason="price", moment=at(23, 11))
    for complaint in (first, second):
        actions.assign(complaint, agent, by=agent, moment=at(23, 12))
    assert actions.remind(at(25, 10)) == 4
    assert actions.remind(at(25, 10)) == 0
    told = Message.objects.of(agent).order_by("pk").values_list("kind", "occurrence")
    clocks = [complaint.clocks.get(kind="answer").pk for complaint in (first, second)]
    assert [(kind.removeprefix("complaints."), occurrence) for kind, occurrence in told] == [
        ("due_soon", f"clock:{clocks[0]}"),
        ("due_soon", f"clock:{clocks[1]}"),
        ("overdue", f"clock:{clocks[0]}"),
        ("overdue", f"clock:{clocks[1]}"),
    ]


def test_a_shop_that_is_late_is_warned_and_the_case_goes_up(shop, manager):
    complaint, agent = make_complaint(shop, moment=at(23, 9)), make_agent()
    begin(complaint, agent, "merchant", moment=at(23, 9))
    answer(complaint, agent, moment=at(23, 9))
    actions.remind(at(23, 17))
    assert Message.objects.of(manager.user).filter(kind="complaints.shop_answer_due").count() == 1
    actions.remind(at(24, 9))
    complaint.refresh_from_db()
    assert (complaint.state, complaint.level) == ("merchant", 1)


def test_a_holiday_puts_off_what_is_due_and_a_worked_day_brings_nothing_forward(shop):
    complaint = make_complaint(shop, reason="price", moment=at(23, 16))
    calendar = WorkCalendar.objects.get()
    actions.add_day(calendar, date(2026, 11, 24), name="放假", by=None)
    assert due(complaint, "answer") == at(25, 16)
    assert Complaint.objects.get().due_at == at(25, 11)
    actions.add_day(calendar, date(2026, 11, 24), name="又一次", by=None)
    assert due(complaint, "answer") == at(25, 16)
    late = make_complaint(shop, reason="price", moment=at(27, 16))
    assert due(late, "answer") == at(30, 16)
    actions.add_day(calendar, date(2026, 11, 28), name="补班", by=None, is_worked=True)
    assert due(late, "answer") == at(30, 16)
    assert due(make_complaint(shop, reason="price", moment=at(27, 16)), "answer") == at(28, 16)
    assert broken("I25-clocks") == []


def test_public_holidays_are_known_once(shop):
    current_policy()
    added = actions.know_holidays(date(2026, 11, 1))
    days = dict(WorkCalendar.objects.get().days.values_list("day", "is_worked"))
    assert added == len(days) > 20
    assert days[date(2026, 10, 1)] is False
    assert actions.know_holidays(date(2026, 11, 1)) == 0


def test_a_graver_case_has_less_time_from_when_it_began(shop):
    complaint, agent = make_complaint(shop, moment=at(23, 10)), make_agent()
    with pytest.raises(SayWhy):
        actions.regrade(complaint, "critical", by=agent, why=" ", moment=at(23, 10))
    with pytest.raises(NotForYou):
        actions.regrade(complaint, "critical", by=complaint.person, why="x", moment=at(23, 10))
    for _ in (1, 2):
        actions.regrade(complaint, "critical", by=agent, why="烫伤", moment=at(23, 10, 30))
    assert due(complaint, "acknowledge") == at(23, 11)
    assert due(complaint, "answer") == at(23, 15, 15)
    assert complaint.gradings.get().why == "烫伤"


def test_a_new_version_of_the_policy_is_for_what_begins_after_it(shop):
    before = make_complaint(shop, reason="price", moment=at(23, 10))
    old = current_policy()
    new = Policy.objects.create(calendar=old.calendar, why="快一些")
    for target in old.targets.all():
        Target.objects.create(
            policy=new,
            kind=target.kind,
            grade=target.grade,
            reason=target.reason,
            minutes=60,
            warn_minutes=10,
        )
    after = make_complaint(shop, reason="price", moment=at(23, 10))
    assert (due(before, "answer"), due(after, "answer")) == (at(24, 10), at(23, 11))
    assert before.clocks.get(kind="answer").target.policy == old
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        old.targets.update(minutes=1)


def test_the_wall_clock_is_the_shops_unless_the_desk_has_its_own(merchant):
    far = cast.make_shop(merchant)
    Shop.objects.filter(pk=far.pk).update(time_zone="America/New_York")
    far.refresh_from_db()
    assert due(make_complaint(far, reason="price", moment=at(23, 22)), "acknowledge") == datetime(
        2026, 11, 23, 19, 30, tzinfo=UTC
    )
    WorkCalendar.objects.update(time_zone="Asia/Shanghai")
    assert due(make_complaint(far, reason="price", moment=at(23, 10)), "acknowledge") == at(23, 15, 30)


def test_a_case_has_one_running_clock_of_a_kind(shop):
    clock = make_complaint(shop, moment=at(23, 10)).clocks.get(kind="answer")
    clock.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        clock.save(force_insert=True)


def test_the_counters_of_the_law_run_only_where_the_profile_is_set(shop, settings):
    complaint, agent = make_complaint(shop, moment=at(23, 10)), make_agent()
    assert counted(complaint) == []
    settings.COMPLAINT_PROFILE = "cn"
    begin(complaint, agent, "acknowledged", moment=at(24, 10))
    accept, mediate = counted(complaint)
    assert accept.due_at == datetime(2026, 12, 2, 18, tzinfo=SHANGHAI)
    assert accept.met_at == at(24, 10)
    assert (mediate.met_at, mediate.due_at) == (None, datetime(2027, 1, 24, tzinfo=SHANGHAI))
    assert "Order 121" in mediate.counter.source and mediate.counter.doubt


@pytest.mark.parametrize(("day", "days", "order"), [(14, 45, "Order 20"), (15, 60, "Order 121")])
def test_a_case_is_counted_by_the_order_that_stood_on_the_day_it_was_filed(shop, settings, day, days, order):
    settings.COMPLAINT_PROFILE = "cn"
    filed = datetime(2026, 4, day, 0, 30, tzinfo=SHANGHAI)
    complaint = begin(make_complaint(shop, moment=filed), make_agent(), "acknowledged", moment=filed)
    mediate = counted(complaint)[-1]
    assert (mediate.counter.days, order in mediate.counter.source) == (days, True)


def test_no_day_is_without_a_counter_or_with_two_of_a_kind():
    for name, counters in PROFILES.items():
        for day in (date(2020, 1, 1), date(2026, 4, 14), date(2026, 4, 15), date(2030, 1, 1)):
            names = [one.name for one in counters if one.holds_on(day)]
            assert len(names) == len(set(names)) == (2 if name else 0)
        assert all(re.search(r", art\. \d+", one.source) for one in counters)


def test_staff_read_where_the_deadlines_of_law_come_from_and_what_is_not_confirmed(signed_in, settings):
    boss = signed_in(cast.make_user(is_staff=True, is_superuser=True), language="en")
    page = boss.get("/staff/complaints/policy/").content.decode()
    for words in ("art. 23 (1) no. 5", "60 days", "45 working days", "Not confirmed:", "not chosen"):
        assert words in page, words
    settings.COMPLAINT_PROFILE = "cn"
    assert "not chosen" not in boss.get("/staff/complaints/policy/").content.decode()


def test_a_profile_of_law_that_nobody_knows_stops_the_start(settings):
    assert profile_of_law_is_known() == []
    settings.COMPLAINT_PROFILE = "cm"
    assert [fault.id for fault in profile_of_law_is_known()] == ["complaints.E002"]


@pytest.mark.sabotages("I25-clocks")
def test_a_case_that_is_due_at_another_time_than_its_clocks_is_found(shop):
    sound, complaint = make_complaint(shop), make_complaint(shop)
    Complaint.objects.filter(pk=complaint.pk).update(due_at=sound.due_at + timedelta(days=9))
    assert broken("I25-clocks") == [complaint.pk]


@pytest.mark.sabotages("I26")
def test_what_went_up_without_a_warning_is_found(shop):
    clock = make_complaint(shop, moment=at(23, 10)).clocks.get(kind="answer")
    Clock.objects.filter(pk=clock.pk).update(raised_at=at(25, 10))
    assert broken("I26") == [clock.pk]
