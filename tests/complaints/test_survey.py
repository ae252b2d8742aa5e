"""How it was: asked once after the end, answered with one tap, and a low answer leads to a call."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from complaints import actions, figures
from complaints.figures import Scope
from complaints.models import CallBack, Survey
from complaints.refusals import AnsweredBefore, AskedLongAgo, DoneBefore
from complaints.slots import queue as queue_slot
from merchants.models import Role
from messaging.models import Message
from portal.kernel.invariants import all_invariants
from tests import cast
from tests.complaints.makers import close, make_agent, make_complaint

pytestmark = pytest.mark.django_db


def asked(shop, person=None) -> Survey:
    complaint = close(make_complaint(shop, person))
    actions.ask_how_it_was(timezone.now())
    return Survey.objects.get(complaint=complaint)


def test_who_had_a_case_is_asked_once_after_its_end(shop):
    open_ = make_complaint(shop)
    survey = asked(shop)
    assert actions.ask_how_it_was(timezone.now() + timedelta(days=1)) == 0
    message = Message.objects.get(kind="complaints.how_was_it")
    assert message.person == survey.complaint.person
    assert survey.token in message.url
    assert not Survey.objects.filter(complaint=open_).exists()


def test_who_opened_the_case_again_and_saw_it_closed_again_is_not_asked_again(shop):
    survey, agent = asked(shop), make_agent(leads="supervisor")
    complaint = survey.complaint
    actions.move(complaint, "reopened", by=agent, why="noch etwas", moment=timezone.now())
    actions.move(complaint, "closed", by=agent, why="jetzt gut", moment=timezone.now())
    assert actions.ask_how_it_was(timezone.now()) == 0


def test_an_end_long_ago_is_not_asked_about(shop):
    close(make_complaint(shop))
    assert actions.ask_how_it_was(timezone.now() + timedelta(days=8)) == 0


def test_staff_of_the_portal_and_of_the_merchant_are_not_asked(shop, owner):
    worked_once = cast.make_staff(shop.merchant, Role.CASHIER, cast.make_user(name="小李")).user
    elsewhere = cast.make_user(is_staff=True)
    for person in (owner, worked_once, elsewhere):
        close(make_complaint(shop, person))
    assert actions.ask_how_it_was(timezone.now()) == 0


def test_one_tap_by_the_link_is_enough_and_needs_no_account(signed_in, shop):
    survey = asked(shop)
    address = reverse("complaints:survey", args=[survey.token])
    visitor = signed_in()
    assert visitor.get(address).status_code == 200
    survey.refresh_from_db()
    assert survey.score is None  # looking answers nothing
    page = visitor.post(address, {"score": 5}, follow=True)
    survey.refresh_from_db()
    assert (survey.score, page.status_code) == (5, 200)
    assert survey.complaint.said not in page.content.decode()
    visitor.post(address, {"said": "很快"})
    survey.refresh_from_db()
    assert survey.said == "很快"
    assert visitor.post(address, {"score": 1}).status_code == 409
    assert not CallBack.objects.exists()


@pytest.mark.parametrize("sent", [{"score": "6"}, {"score": "x"}, {"score": "0"}])
def test_what_is_no_score_is_refused(signed_in, shop, sent):
    survey = asked(shop)
    assert signed_in().post(reverse("complaints:survey", args=[survey.token]), sent).status_code == 422
    survey.refresh_from_db()
    assert survey.score is None


def test_the_same_tap_twice_is_one_answer_and_another_is_refused(shop):
    survey, now = asked(shop), timezone.now()
    actions.rate(survey, 2, moment=now)
    actions.rate(survey, 2, moment=now + timedelta(minutes=1))
    assert CallBack.objects.count() == 1
    with pytest.raises(AnsweredBefore):
        actions.rate(survey, 5, moment=now)


def test_an_answer_after_a_month_is_not_counted(shop):
    survey = asked(shop)
    with pytest.raises(AskedLongAgo):
        actions.rate(survey, 5, moment=survey.asked_at + timedelta(days=31))


def test_a_low_answer_is_called_back_from_the_desk(signed_in, shop, rf):
    survey, agent = asked(shop), make_agent()
    actions.rate(survey, 1, moment=timezone.now())
    call = CallBack.objects.get()
    request = rf.get("/staff/")
    request.user = agent
    assert "/staff/complaints/callback/" in queue_slot(request)
    desk = signed_in(agent, language="en")
    assert str(survey.complaint) in desk.get("/staff/complaints/callback/").content.decode()
    door = f"/staff/complaints/callback/{call.pk}/change/"
    assert desk.post(door, {"outcome": ""}).status_code == 200
    assert desk.post(door, {"outcome": "已致电，客人接受道歉"}, follow=True).redirect_chain
    call.refresh_from_db()
    assert (call.by, call.outcome) == (agent, "已致电，客人接受道歉")
    assert str(survey.complaint) not in desk.get("/staff/complaints/callback/").content.decode()
    with pytest.raises(DoneBefore):
        actions.called_back(call, by=agent, outcome="again", moment=timezone.now())


def test_an_auditor_reads_the_call_backs_and_changes_none(signed_in, shop):
    survey = asked(shop)
    actions.rate(survey, 1, moment=timezone.now())
    door = f"/staff/complaints/callback/{CallBack.objects.get().pk}/change/"
    auditor = signed_in(make_agent(reads_only=True))
    assert auditor.get(door).status_code == 200
    assert auditor.post(door, {"outcome": "x"}).status_code == 404
    assert signed_in(cast.make_user(is_staff=True)).get(door).status_code == 404


def test_the_database_knows_no_score_without_its_time(shop):
    survey = asked(shop)
    for wrong in ({"score": 6, "answered_at": timezone.now()}, {"score": 3}, {"said": "x"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Survey.objects.filter(pk=survey.pk).update(**wrong)


def test_the_figures_tell_how_people_answered(shop):
    for score in (5, 4, 1):
        actions.rate(asked(shop, cast.make_user()), score, moment=timezone.now())
    asked(shop, cast.make_user())
    today = timezone.localdate()
    told = figures.satisfaction(Scope(today - timedelta(days=2), today + timedelta(days=2)))
    assert (told.asked, told.answered, told.low) == (4, 3, 1)
    assert told.mean == pytest.approx(10 / 3)
    assert told.by_score == {1: 1, 2: 0, 3: 0, 4: 1, 5: 1}


@pytest.mark.sabotages("I29")
def test_a_low_answer_without_its_call_back_is_found(shop):
    rule = next(rule for rule in all_invariants() if rule.code == "I29")
    low, fine = asked(shop), asked(shop, cast.make_user())
    actions.rate(low, 1, moment=timezone.now())
    actions.rate(fine, 4, moment=timezone.now())
    assert rule.broken()[1] == []
    CallBack.objects.all().delete()
    assert rule.broken()[1] == [low.pk]
    CallBack.objects.create(survey=fine)
    assert set(rule.broken()[1]) == {low.pk, fine.pk}
