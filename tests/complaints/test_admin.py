"""The desk: a queue by due time, one case with everything beside it, changes through the doors only."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from complaints import actions
from complaints.models import Complaint, InternalNote, Reply, Step
from complaints.slots import queue as queue_slot
from tests import cast
from tests.complaints.makers import answer, begin, close, make_agent, make_complaint

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


def due(complaint, in_hours: int):
    Complaint.objects.filter(pk=complaint.pk).update(due_at=timezone.now() + timedelta(hours=in_hours))
    return complaint


def order_in(page: str, *complaints) -> bool:
    places = [page.index(complaint.number_in_groups) for complaint in complaints]
    return places == sorted(places)


def test_the_queue_stands_by_due_time_and_says_it_in_words(desk, shop):
    later, late, soon = (make_complaint(shop) for _ in range(3))
    due(later, 30), due(late, -2), due(soon, 3)
    page = desk.get(QUEUE).content.decode()
    assert order_in(page, late, soon, later)
    for words in ("2 h late", "in 2 h", "in 29 h"):
        assert words in page


def test_the_queue_shows_what_is_open_and_the_filters_the_rest(desk, agent, shop):
    open_, mine, waiting, ended = (make_complaint(shop) for _ in range(4))
    due(open_, 2), due(mine, 30), due(waiting, 30)
    actions.assign(mine, agent, by=agent, moment=timezone.now())
    begin(waiting, agent, "consumer")
    close(ended, "重复")
    everything = [open_, mine, waiting, ended]

    def shown(query: str) -> list[Complaint]:
        page = desk.get(QUEUE + query).content.decode()
        return [complaint for complaint in everything if complaint.number_in_groups in page]

    assert shown("") == [open_, mine, waiting]
    assert shown("?queue=soon") == [open_]
    assert shown("?queue=mine") == [mine]
    assert shown("?queue=waiting") == [waiting]
    assert shown("?queue=ended") == [ended]
    assert shown(f"?q={ended.number_in_groups.replace(' ', '+')}") == [ended]


def test_a_case_is_found_by_whole_phone_and_by_shop(desk, shop, other_shop):
    person = cast.make_user("+8613912345678")
    theirs, another = make_complaint(shop, person), make_complaint(other_shop)
    by_phone = desk.get(QUEUE, {"q": "139 1234 5678"}).content.decode()
    assert theirs.number_in_groups in by_phone
    assert another.number_in_groups not in by_phone
    by_shop = desk.get(QUEUE, {"q": "别家"}).content.decode()
    assert another.number_in_groups in by_shop
    assert theirs.number_in_groups not in by_shop


def test_no_page_of_the_desk_shows_a_whole_phone(desk, shop):
    complaint = make_complaint(shop, cast.make_user("+8613912345678"))
    for url in (QUEUE, f"{QUEUE}{complaint.pk}/change/"):
        assert "13912345678" not in desk.get(url).content.decode()


def test_one_case_shows_its_story_and_the_facts(desk, agent, shop, consumer):
    earlier = make_complaint(shop, consumer)
    complaint = make_complaint(shop, consumer, said="价格不对")
    actions.note(complaint, by=agent, said="问过店长", key=uuid.uuid4(), moment=timezone.now())
    page = desk.get(f"{QUEUE}{complaint.pk}/change/").content.decode()
    for words in (
        "价格不对",
        "问过店长",
        "Internal note",
        "张女士",
        earlier.number_in_groups,
        "1 other open case",
    ):
        assert words in page


def test_a_reply_is_sent_once_and_moves_the_case(desk, shop, consumer):
    complaint = make_complaint(shop, consumer)
    sent = {"key": str(uuid.uuid4()), "said": "哪一天？", "then": "consumer", "seen": 1}
    for _ in (1, 2):
        assert desk.post(door(complaint, "reply"), sent).status_code == 302
    complaint.refresh_from_db()
    assert complaint.state == "consumer"
    assert Reply.objects.filter(from_staff=True).count() == 1
    assert consumer.messages.filter(kind="complaints.consumer").count() == 1


def test_notes_and_assignment_go_through_their_doors(desk, agent, shop):
    complaint, key = make_complaint(shop), str(uuid.uuid4())
    for _ in (1, 2):
        desk.post(door(complaint, "note"), {"key": key, "said": "老客户"})
        desk.post(door(complaint, "assign"), {"to": agent.pk, "instead_of": ""})
    complaint.refresh_from_db()
    assert complaint.assignee == agent
    assert InternalNote.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("reply", {"key": "x", "said": "a", "seen": 1}),
        ("reply", {"key": str(uuid.uuid4()), "said": "", "seen": 1}),
        ("reply", {"key": str(uuid.uuid4()), "said": "a", "seen": "x"}),
        ("reply", {"key": str(uuid.uuid4()), "said": "a", "then": "nowhere", "seen": 1}),
        ("escalate", {"level": 7, "why": "x", "seen": 1}),
        ("escalate", {"level": 1, "why": " ", "seen": 1}),
        ("duplicate", {"of": "", "why": "x", "seen": 1}),
        ("note", {"key": str(uuid.uuid4()), "said": "x" * 4001}),
        ("move", {"to": "nowhere", "seen": 1}),
        ("assign", {"to": "0", "instead_of": ""}),
        ("assign", {"to": "zz", "instead_of": "zz"}),
    ],
)
def test_what_cannot_be_read_is_shown_again(desk, shop, name, sent):
    complaint = make_complaint(shop)
    assert desk.post(door(complaint, name), sent).status_code == 422
    assert (Reply.objects.count(), InternalNote.objects.count(), Step.objects.count()) == (0, 0, 1)


def test_what_was_typed_survives_a_refusal(desk, agent, shop):
    complaint = make_complaint(shop)
    close(complaint, "重复")
    page = desk.post(door(complaint, "note"), {"key": "broken", "said": "我写了很久"})
    assert "我写了很久" in page.content.decode()


@pytest.mark.parametrize("name", ["reply", "note", "move", "assign", "escalate", "duplicate"])
def test_who_only_reads_changes_nothing(signed_in, shop, name):
    complaint, reader = make_complaint(shop), make_agent(reads_only=True)
    browser = signed_in(reader)
    page = browser.get(f"{QUEUE}{complaint.pk}/change/")
    assert page.status_code == 200
    assert 'name="said"' not in page.content.decode()
    sent = {"key": uuid.uuid4(), "said": "x", "to": reader.pk, "seen": 1}
    assert browser.post(door(complaint, name), sent).status_code == 404
    assert (Reply.objects.count(), InternalNote.objects.count(), Step.objects.count()) == (0, 0, 1)


@pytest.mark.parametrize("who", ["consumer", "owner", "nobody", "staff without the permission"])
def test_nobody_else_comes_near_the_desk(request, signed_in, shop, who):
    complaint = make_complaint(shop)
    if who == "nobody":
        browser = signed_in()
    elif who == "staff without the permission":
        browser = signed_in(cast.make_user(is_staff=True))
    else:
        browser = signed_in(request.getfixturevalue(who))
    for url in (QUEUE, f"{QUEUE}{complaint.pk}/change/"):
        assert browser.get(url).status_code in (302, 404)
    sent = {"key": uuid.uuid4(), "said": "x"}
    assert browser.post(door(complaint, "reply"), sent).status_code in (302, 404)
    assert Reply.objects.count() == 0


@pytest.mark.parametrize("path", ["{pk}/delete/"])
def test_nobody_removes_a_case_by_hand(signed_in, shop, path):
    complaint = make_complaint(shop)
    boss = cast.make_user(is_staff=True, is_superuser=True)
    for method in ("get", "post"):
        answer = getattr(signed_in(boss), method)(QUEUE + path.format(pk=complaint.pk), {"post": "yes"})
        assert answer.status_code == 404
    assert Complaint.objects.count() == 1


@pytest.mark.parametrize("model", ["step", "reply", "internalnote"])
def test_history_is_read_only_even_for_the_boss(signed_in, agent, shop, model):
    complaint = make_complaint(shop)
    answer(complaint, agent)
    actions.note(complaint, by=agent, said="x", key=uuid.uuid4(), moment=timezone.now())
    boss = signed_in(cast.make_user(is_staff=True, is_superuser=True))
    assert boss.get(f"/staff/complaints/{model}/").status_code == 200
    assert boss.get(f"/staff/complaints/{model}/add/").status_code == 404


def test_several_cases_are_taken_at_once(desk, agent, shop):
    first, second = make_complaint(shop), make_complaint(shop)
    actions.assign(second, make_agent("小吴"), by=agent, moment=timezone.now())
    chosen = {"action": "take", "_selected_action": [first.pk, second.pk]}
    page = desk.post(QUEUE, chosen, follow=True).content.decode()
    assert "小吴" in page
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.assignee, second.assignee.says()) == (agent, "小吴")


def test_the_next_case_is_the_one_behind_and_at_the_end_the_first(desk, shop):
    first, second = due(make_complaint(shop), 1), due(make_complaint(shop), 2)
    assert f"{QUEUE}{second.pk}/change/" in desk.get(f"{QUEUE}{first.pk}/change/").content.decode()
    assert f"{QUEUE}{first.pk}/change/" in desk.get(f"{QUEUE}{second.pk}/change/").content.decode()


def test_a_case_that_does_not_exist_is_404(desk):
    assert desk.get(f"{QUEUE}999/change/").status_code == 404
    assert desk.get(f"{QUEUE}x/change/").status_code == 404


def test_the_queue_costs_the_same_with_100_rows(desk, agent, shop, other_shop):
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert desk.get(QUEUE).status_code == 200
        return len(seen)

    for _ in range(3):
        make_complaint(shop)
    few = queries()
    for number in range(97):
        made = make_complaint(shop if number % 2 else other_shop)
        Complaint.objects.filter(pk=made.pk).update(assignee=agent)
    assert queries() == few <= 12


def test_the_index_tells_how_the_queue_stands(rf, agent, shop):
    late, _ = due(make_complaint(shop), -1), due(make_complaint(shop), 30)
    request = rf.get("/staff/")
    request.user = agent
    text = queue_slot(request)
    assert "2" in text
    assert late.number_in_groups not in text
    request.user = cast.make_user()
    assert queue_slot(request) == ""


def test_every_address_of_the_desk_answers_to_its_name(shop):
    complaint = make_complaint(shop)
    for name in ("reply", "note", "move", "assign", "escalate", "duplicate"):
        assert reverse(f"admin:complaints_complaint_{name}", args=[complaint.pk]) == door(complaint, name)
