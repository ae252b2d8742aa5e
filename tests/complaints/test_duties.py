"""Staff with duties see the cases of their region and reason alone: lists, counts, files, figures, verbs."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from complaints import actions, figures
from complaints.causes.costs import costs_by_cause
from complaints.duties import as_rows, covers, seen, seen_of_old
from complaints.facts import facts_of
from complaints.models import (
    Cause,
    Complaint,
    Duty,
    FileLook,
    PastCase,
)
from complaints.queue import standing
from complaints.refusals import NotForYou, NotStaff, NotTheFirst
from messaging.models import Message
from tests.complaints.makers import (
    answer,
    begin,
    limited,
    make_agent,
    make_attachment,
    make_complaint,
    propose,
)

pytestmark = pytest.mark.django_db
QUEUE = "/staff/complaints/complaint/"


def cases_of(user) -> set[int]:
    return set(Complaint.objects.filter(seen(user)).values_list("pk", flat=True))


def test_who_has_no_duties_sees_all_and_duties_add_up(near, far):
    quality, price = make_complaint(near), make_complaint(near, reason="price-shown")
    elsewhere = make_complaint(far, reason="price")
    assert cases_of(make_agent()) == {quality.pk, price.pk, elsewhere.pk}
    assert cases_of(limited(region="jingan-temple")) == {quality.pk, price.pk}
    assert cases_of(limited(reason_id="price")) == {price.pk, elsewhere.pk}
    both = limited(region="jingan-temple", reason_id="price")
    assert cases_of(both) == {price.pk}
    Duty.objects.create(user=both, region="lujiazui")
    assert cases_of(both) == {price.pk, elsewhere.pk}
    assert cases_of(limited(region="gone-from-the-file")) == set()


def test_a_single_case_is_judged_as_the_list_is(near, far):
    cases = [
        make_complaint(near, reason="price-shown"),
        make_complaint(far),
        make_complaint(far, reason="card"),
    ]
    users = [
        make_agent(),
        limited(region="jingan-temple"),
        limited(region="lujiazui", reason_id="card"),
        limited(reason_id="price"),
        limited(region="gone-from-the-file"),
    ]
    for user in users:
        assert {case.pk for case in cases if covers(user, case)} == cases_of(user)


def test_the_queue_its_counts_and_search_hold_nothing_from_elsewhere(signed_in, near, far):
    agent = limited(region="jingan-temple")
    mine, other = make_complaint(near, said="领口还有印子"), make_complaint(far, said="领口还有印子")
    desk = signed_in(agent, language="en")
    for query in ("", "?q=领口还有印子", "?queue=unassigned", "?reason=quality"):
        page = desk.get(QUEUE + query).content.decode()
        assert mine.number_in_groups in page
        assert other.number_in_groups not in page
    assert other.number_in_groups not in desk.get(f"{QUEUE}?q={other.number}").content.decode()
    assert standing(agent, timezone.now()).open == 1
    assert standing(make_agent(), timezone.now()).open == 2


def test_the_page_of_a_case_names_no_case_from_elsewhere(near, far, consumer):
    agent = limited(region="jingan-temple")
    mine, other = make_complaint(near, consumer), make_complaint(far, consumer)
    assert facts_of(mine, Complaint.objects.filter(seen(agent))).earlier == []
    assert facts_of(mine, Complaint.objects.all()).earlier == [other]


def test_the_next_case_is_one_of_mine(signed_in, near, far):
    mine, _other, next_ = make_complaint(near), make_complaint(far), make_complaint(near)
    desk = signed_in(limited(region="jingan-temple"), language="en")
    assert desk.get(f"{QUEUE}{mine.pk}/change/").context["next"] == next_
    assert desk.get(f"{QUEUE}{next_.pk}/change/").context["next"] == mine


def test_in_bulk_only_what_is_seen_is_given(signed_in, near, far):
    agent = limited(region="jingan-temple")
    mine, other = make_complaint(near), make_complaint(far)
    sent = {"action": "take", "_selected_action": [mine.pk, other.pk]}
    signed_in(agent, language="en").post(QUEUE, sent)
    mine.refresh_from_db()
    other.refresh_from_db()
    assert (mine.assignee, other.assignee) == (agent, None)


def test_figures_and_exports_count_what_is_seen(signed_in, near, far):
    for shop, reason in ((near, "quality"), (far, "quality"), (far, "card-points")):
        make_complaint(shop, reason=reason, moment=datetime(2026, 11, 18, 4, tzinfo=UTC))
    scope = {"begins": date(2026, 11, 1), "ends": date(2026, 12, 1)}
    counted = [
        figures.whole(figures.Scope(**scope, duties=as_rows(user))).filed
        for user in (
            make_agent(),
            limited(region="jingan-temple"),
            limited(reason_id="card"),
            limited(region="gone-from-the-file"),
        )
    ]
    assert counted == [3, 1, 1, 0]
    desk = signed_in(limited(region="jingan-temple"), language="en")
    csv = b"".join(desk.get(f"{QUEUE}figures/?begins=2026-11-01&until=2026-11-30&format=csv")).decode()
    assert near.merchant.name in csv
    assert far.merchant.name not in csv


def test_old_cases_follow_reasons_and_lie_in_no_region():
    moment = timezone.now()
    for number, reason in (("1", "price-shown"), ("2", "card")):
        PastCase.objects.create(
            source="old", number=number, reason_id=reason, time_zone="UTC", filed_at=moment
        )

    def numbers(user) -> set[str]:
        return set(PastCase.objects.filter(seen_of_old(user)).values_list("number", flat=True))

    assert numbers(make_agent()) == {"1", "2"}
    assert numbers(limited(reason_id="price")) == {"1"}
    assert numbers(limited(region="jingan-temple")) == set()
    assert numbers(limited(region="jingan-temple", reason_id="price")) == set()


def test_what_causes_cost_is_told_of_the_cases_that_are_seen(near, far):
    cause, agent = Cause.objects.create(code="x", name_zh="原因", name_en="Cause"), make_agent()
    for shop in (near, far):
        actions.find_causes(begin(make_complaint(shop), agent), cause, by=agent)
    counted = [
        next(row.cases for row in costs_by_cause(user) if row.cause == cause)
        for user in (agent, limited(region="jingan-temple"))
    ]
    assert counted == [2, 1]


def test_verbs_refuse_a_case_from_elsewhere(near, far):
    boss, moment = limited(region="jingan-temple", leads="manager"), timezone.now()
    mine, other = make_complaint(near), make_complaint(far)
    tries = (
        lambda: actions.assign(other, boss, by=boss, moment=moment),
        lambda: actions.regrade(other, "critical", by=boss, why="x", moment=moment),
        lambda: actions.move(other, "investigating", by=boss, moment=moment),
        lambda: actions.escalate(other, 1, by=boss, why="x", moment=moment),
        lambda: answer(other, boss),
        lambda: propose(other, boss, kind="service", worth=100),
    )
    for attempt in tries:
        with pytest.raises(NotForYou):
            attempt()
    with pytest.raises(NotStaff):
        actions.assign(other, boss, by=make_agent(), moment=moment)
    other.refresh_from_db()
    assert (other.state, other.version, other.assignee) == ("received", 1, None)
    assert actions.assign(mine, boss, by=boss, moment=moment).assignee == boss


def test_nobody_points_to_a_case_that_they_do_not_see(near):
    agent, moment = limited(reason_id="card"), timezone.now()
    mine, other = make_complaint(near, reason="card"), make_complaint(near)
    with pytest.raises(NotTheFirst):
        actions.mark_duplicate(mine, other, by=agent, why="x", moment=moment)


def test_files_from_elsewhere_are_not_there_and_the_try_is_kept(signed_in, consumer, far):
    file, agent = make_attachment(consumer, far), limited(region="jingan-temple")
    address = reverse("complaints:file", args=[file.complaint.token, file.code])
    assert signed_in(agent).get(address).status_code == 404
    assert FileLook.objects.get(by=agent).was_shown is False


def test_who_is_warned_of_a_case_works_on_it(near):
    mine, other = limited(reason_id="card"), limited(reason_id="price")
    complaint = make_complaint(near, reason="card-points")
    due = complaint.clocks.get(kind="answer").warn_at
    actions.remind(due)
    told = Message.objects.filter(kind="complaints.due_soon")
    assert told.filter(person=mine).exists()
    assert not told.filter(person=other).exists()
