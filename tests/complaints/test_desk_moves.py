"""Moving a case from the desk: only what is allowed is offered, on what was really read."""

import uuid

import pytest
from django.utils import timezone

from complaints import actions
from complaints.clocks.promises import current_policy
from complaints.models import WorkCalendar
from tests import cast
from tests.complaints.makers import begin, make_agent, make_complaint

pytestmark = pytest.mark.django_db
QUEUE = "/staff/complaints/complaint/"


@pytest.fixture
def agent():
    return make_agent("小周")


@pytest.fixture
def desk(signed_in, agent):
    return signed_in(agent, language="en")


def door(complaint, name: str) -> str:
    return f"{QUEUE}{complaint.pk}/{name}/"


def test_only_allowed_moves_are_buttons(desk, agent, shop):
    complaint = make_complaint(shop)
    begin(complaint, agent, "merchant")
    page = desk.get(f"{QUEUE}{complaint.pk}/change/").content.decode()
    assert 'name="to" value="investigating"' in page
    assert 'name="to" value="proposed"' in page
    assert 'name="to" value="closed"' not in page
    assert 'name="to" value="consumer"' not in page
    assert 'name="to" value="accepted"' not in page


def test_a_forbidden_move_is_answered_on_the_page_and_changes_nothing(desk, agent, shop):
    complaint = make_complaint(shop)
    begin(complaint, agent, "merchant")
    page = desk.post(door(complaint, "move"), {"to": "closed", "seen": 99, "why": "x"})
    assert page.status_code == 422
    assert "Waiting for shop" in page.content.decode()
    complaint.refresh_from_db()
    assert complaint.state == "merchant"


def test_a_refused_close_keeps_the_case_and_asks_why(signed_in, shop):
    complaint, desk = make_complaint(shop), signed_in(make_agent(leads="supervisor"), language="en")
    page = desk.post(door(complaint, "move"), {"to": "closed", "seen": 1, "why": ""})
    assert page.status_code == 422
    assert "Write down why" in page.content.decode()
    complaint.refresh_from_db()
    assert complaint.state == "received"


def test_an_agent_does_not_close_without_agreement(desk, shop):
    complaint = make_complaint(shop)
    assert 'value="closed"' not in desk.get(f"{QUEUE}{complaint.pk}/change/").content.decode()
    page = desk.post(door(complaint, "move"), {"to": "closed", "seen": 1, "why": "x"})
    assert "isn’t yours" in page.content.decode()
    complaint.refresh_from_db()
    assert complaint.state == "received"


def test_who_answers_a_case_that_changed_meanwhile_reads_it_first(desk, agent, shop, consumer):
    complaint = make_complaint(shop, consumer)
    saw = complaint.version
    key = uuid.uuid4()
    actions.reply(complaint, by=consumer, said="还有一件事", key=key, moment=timezone.now())
    sent = {"key": str(uuid.uuid4()), "said": "我写了很久", "then": "resolved", "seen": saw}
    page = desk.post(door(complaint, "reply"), sent)
    assert page.status_code == 422
    for words in ("Somebody changed this case", "我写了很久", "还有一件事"):
        assert words in page.content.decode()
    complaint.refresh_from_db()
    assert complaint.state == "received"
    assert desk.post(door(complaint, "reply"), sent | {"seen": complaint.version}).status_code == 302


def test_a_case_goes_up_through_its_door_and_the_queue_says_so(desk, shop):
    complaint = make_complaint(shop)
    page = desk.get(f"{QUEUE}{complaint.pk}/change/").content.decode()
    assert 'name="level" value="1"' in page
    assert 'name="level" value="2"' not in page
    sent = {"level": 1, "why": "店家不理", "seen": 1}
    for _ in (1, 2):
        assert desk.post(door(complaint, "escalate"), sent).status_code == 302
    assert complaint.escalations.count() == 1
    assert "店家不理" in desk.get(f"{QUEUE}{complaint.pk}/change/").content.decode()
    assert complaint.number_in_groups in desk.get(f"{QUEUE}?queue=escalated").content.decode()


def test_a_second_report_is_joined_to_the_first_by_its_number(desk, shop, consumer):
    first, second = make_complaint(shop), make_complaint(shop, consumer)
    wrong = {"of": "1234567890", "why": "同一件事", "seen": 1}
    assert "There is no case" in desk.post(door(second, "duplicate"), wrong).content.decode()
    assert desk.post(door(second, "duplicate"), wrong | {"of": first.number_in_groups}).status_code == 302
    second.refresh_from_db()
    assert (second.state, second.duplicate_of) == ("duplicate", first)
    assert first.number_in_groups in desk.get(f"{QUEUE}{second.pk}/change/").content.decode()


def test_the_desk_shows_every_clock_and_regrades_with_a_reason(desk, shop):
    complaint = make_complaint(shop)
    page = desk.get(f"{QUEUE}{complaint.pk}/change/").content.decode()
    for words in ("Acknowledge", "Answer the person", "Solution", "Version"):
        assert words in page
    sent = {"grade": "critical", "why": "烫伤", "seen": 1}
    for _ in (1, 2):
        assert desk.post(door(complaint, "grade"), sent).status_code == 302
    complaint.refresh_from_db()
    assert complaint.grade == "critical"
    page = desk.get(f"{QUEUE}{complaint.pk}/change/").content.decode()
    assert "烫伤" in page and "Critical" in page


def test_a_new_version_of_the_policy_opens_with_what_is_promised_now(signed_in):
    boss = signed_in(cast.make_user(is_staff=True, is_superuser=True), language="en")
    old = current_policy()
    form = boss.get("/staff/complaints/policy/add/").context["inline_admin_formsets"][0].formset
    shown = [{name: form[name].value() or "" for name in form.fields} for form in form.forms]
    filled = [row for row in shown if row["minutes"]]
    assert len(filled) == old.targets.count()
    sent = {
        "calendar": old.calendar_id,
        "why": "价格问题当天答复",
        "targets-TOTAL_FORMS": len(shown),
        "targets-INITIAL_FORMS": 0,
    }
    for number, row in enumerate(shown):
        if (row["kind"], row["reason"]) == ("answer", "price"):
            row["minutes"] = 240
        sent |= {f"targets-{number}-{name}": value for name, value in row.items()}
    assert boss.post("/staff/complaints/policy/add/", sent).status_code == 302
    new = current_policy()
    assert new != old
    assert new.targets.count() == old.targets.count()
    assert new.targets.get(kind="answer", reason="price").minutes == 240


def test_a_holiday_added_by_staff_puts_off_what_is_due(signed_in, shop):
    complaint = make_complaint(shop)
    boss = signed_in(cast.make_user(is_staff=True, is_superuser=True), language="en")
    before, day = complaint.due_at, timezone.localdate(complaint.due_at)
    calendar = WorkCalendar.objects.get()
    sent = {"calendar": calendar.pk, "day": day.isoformat(), "name": "停电"}
    assert boss.post("/staff/complaints/calendarday/add/", sent).status_code == 302
    complaint.refresh_from_db()
    assert complaint.due_at > before
    assert boss.get(f"/staff/complaints/workcalendar/{calendar.pk}/change/").status_code == 200
