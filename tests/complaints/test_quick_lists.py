"""Long lists of the desk: rows that cost little, and searches that say where they end."""

import uuid
from datetime import timedelta

import pytest
from django.contrib.admin import ModelAdmin
from django.contrib.admin.views.main import ChangeList
from django.db import connection
from django.test.html import parse_html
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from complaints import actions, searching
from complaints.admin.changelist import ComplaintAdmin
from complaints.models import Complaint
from complaints.written import COLUMNS, everything_written
from tests import cast
from tests.complaints.makers import answer, begin, close, make_agent, make_attachment, make_complaint

pytestmark = pytest.mark.django_db
QUEUE = "/staff/complaints/complaint/"


@pytest.fixture
def agent():
    return make_agent("小周")


@pytest.fixture
def desk(signed_in, agent):
    return signed_in(agent, language="en")


def table(page) -> object:
    text = page.content.decode()
    return parse_html(text[text.index("<table") : text.index("</table>") + len("</table>")])


def numbers_in(page) -> list[str]:
    return [case.number for case in page.context["cl"].result_list]


@pytest.mark.parametrize("asked", ["", "?queue=mine&o=2", "?q=太烫&_popup=1"])
def test_rows_read_as_the_admin_itself_would_write_them(desk, agent, shop, monkeypatch, asked):
    later = timezone.now() + timedelta(days=9, hours=1, minutes=30)
    for said in ("洗头水太烫", "<b>太烫</b>"):
        begin(make_complaint(shop, said=said), agent)
    Complaint.objects.update(due_at=later, assignee=agent)
    ours = desk.get(QUEUE + asked)
    assert len(numbers_in(ours)) == 2
    monkeypatch.setattr(ComplaintAdmin, "get_changelist", lambda *_: ChangeList)
    monkeypatch.setattr(ComplaintAdmin, "action_checkbox", ModelAdmin.action_checkbox)
    assert table(ours) == table(desk.get(QUEUE + asked))


def test_who_finds_too_many_reads_the_last_ones_and_is_told(desk, shop, monkeypatch):
    monkeypatch.setattr(searching, "MOST", 2)
    made = [make_complaint(shop) for _ in range(3)]
    page = desk.get(QUEUE, {"q": "太烫"})
    assert set(numbers_in(page)) == {case.number for case in made[1:]}
    assert "More than 2 found; these are the 2 filed last." in page.content.decode()


def test_as_many_as_are_shown_are_counted_plainly(desk, shop, monkeypatch):
    monkeypatch.setattr(searching, "MOST", 2)
    for _ in range(2):
        make_complaint(shop)
    page = desk.get(QUEUE, {"q": "太烫"}).content.decode()
    assert "2 results" in page
    assert "More than" not in page


def test_a_filter_narrows_before_the_last_ones_are_taken(desk, agent, shop, monkeypatch):
    monkeypatch.setattr(searching, "MOST", 1)
    mine, _later = make_complaint(shop), make_complaint(shop)
    Complaint.objects.filter(pk=mine.pk).update(assignee=agent)
    page = desk.get(QUEUE, {"q": "太烫", "queue": "mine"})
    assert numbers_in(page) == [mine.number]
    assert "More than" not in page.content.decode()


@pytest.mark.parametrize("term", ["COUPON", "oupon w", "couppon", "烫", "Coupon (was)"])
def test_words_are_found_in_part_in_either_case_and_misspelt(desk, shop, term):
    told = make_complaint(shop, said="烫 Coupon (was) not taken off; the coupon was refused")
    make_complaint(shop, said="结账多收了二十元")
    assert numbers_in(desk.get(QUEUE, {"q": term})) == [told.number]


def test_cases_are_found_by_shop_and_by_words_at_once(desk, shop, other_shop):
    type(shop).objects.filter(pk=shop.pk).update(name="太烫小吃")
    of_shop, of_words = make_complaint(shop, said="关门了"), make_complaint(other_shop)
    assert set(numbers_in(desk.get(QUEUE, {"q": "太烫"}))) == {of_shop.number, of_words.number}


@pytest.mark.parametrize(("term", "index"), [("领口还有", "complaint_grams"), ("coupon", "complaint_words")])
def test_words_are_looked_up_in_an_index(term, index):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert index in Complaint.objects.filter(searching._tells_of(term)).explain()


def test_a_case_costs_the_same_however_long_its_story(desk, agent, shop):
    complaint = begin(make_complaint(shop), agent)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert desk.get(f"{QUEUE}{complaint.pk}/change/").status_code == 200
        return len(seen)

    answer(complaint, agent)
    few = queries()
    for number in range(30):
        answer(complaint, agent if number % 2 else make_agent(f"同事 {number}"), f"我们看一下 {number}")
        actions.note(complaint, by=agent, said=f"{number}", key=uuid.uuid4(), moment=timezone.now())
    assert queries() == few <= 20


def test_what_was_written_reads_as_in_its_tables(agent, shop):
    complaint = begin(make_attachment(cast.make_user(), shop).complaint, agent)
    moment = timezone.now()
    answer(complaint, agent)
    actions.note(complaint, by=agent, said="留意", key=uuid.uuid4(), moment=moment)
    actions.regrade(complaint, "critical", by=agent, why="受伤", moment=moment)
    actions.escalate(complaint, 1, by=agent, why="请看", moment=moment)
    read = everything_written(complaint)
    assert [(type(row), row.pk) for row in read] == [
        (table, key)
        for table in COLUMNS
        for key in table.objects.filter(complaint=complaint).order_by("pk").values_list("pk", flat=True)
    ]
    assert {type(row) for row in read} == set(COLUMNS)
    for row in read:
        kept = type(row).objects.select_related("by").get(pk=row.pk)
        names = (*COLUMNS[type(row)], "at", "by_id")
        assert [getattr(row, name) for name in names] == [getattr(kept, name) for name in names]
        assert (row.by and row.by.says()) == (kept.by and kept.by.says())


def test_of_what_has_ended_the_last_filed_stands_first(desk, shop):
    first, last = (close(make_complaint(shop)) for _ in range(2))
    assert numbers_in(desk.get(QUEUE, {"queue": "ended"})) == [last.number, first.number]
