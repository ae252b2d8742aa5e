"""Misconduct reports: the person and those with the one right read them; to all others there are none."""

import uuid
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from complaints import actions
from complaints.models import Complaint, MisconductLook, MisconductNote, MisconductReply, MisconductReport
from complaints.queue import standing
from complaints.refusals import NotForYou, ReportClosed, TooMany
from messaging.models import Message
from tests import cast
from tests.complaints.makers import make_agent, make_complaint, make_handler, make_misconduct

pytestmark = pytest.mark.django_db
LIST = "/staff/complaints/misconductreport/"


def words(**fields):
    return {"key": str(uuid.uuid4()), "conduct": "harass", "said": "店员威胁我"} | fields


def on_desk(report) -> str:
    return f"{LIST}{report.pk}/change/"


def mine(report) -> str:
    return reverse("complaints:misconduct_case", args=[report.token])


def said(report, by, words="我们在查", **fields):
    moment = fields.pop("moment", timezone.now())
    return actions.answer_misconduct(report, by=by, said=words, key=uuid.uuid4(), moment=moment, **fields)


def test_a_person_reports_once_follows_and_adds(signed_in, shop, consumer):
    browser, sent = signed_in(consumer, language="en"), words()
    url = f"{reverse('complaints:misconduct')}?shop={shop.slug}"
    assert url in browser.get(reverse("complaints:report", args=[shop.slug])).content.decode()
    for _ in (1, 2):
        assert browser.post(url, sent).status_code == 302
    report = MisconductReport.objects.get()
    assert (report.shop, report.person) == (shop, consumer)
    browser.post(mine(report), {"key": uuid.uuid4(), "said": "有录像"})
    page = browser.get(mine(report)).content.decode()
    assert "店员威胁我" in page
    assert "有录像" in page
    assert mine(report) in browser.get(reverse("complaints:mine")).content.decode()


@pytest.mark.parametrize("wrong", [{"conduct": ""}, {"conduct": "x"}, {"said": ""}, {"key": ""}])
def test_a_report_that_cannot_be_read_comes_back(signed_in, consumer, wrong):
    assert signed_in(consumer).post(reverse("complaints:misconduct"), words(**wrong)).status_code == 422
    assert MisconductReport.objects.count() == 0


def test_nobody_floods_those_who_handle_reports(consumer):
    for _ in range(5):
        make_misconduct(consumer)
    with pytest.raises(TooMany):
        make_misconduct(consumer)


def test_a_handler_answers_notes_and_closes_and_the_message_tells_nothing(signed_in, shop, consumer):
    report, handler = make_misconduct(consumer, shop), make_handler()
    desk = signed_in(handler)
    assert report.number_in_groups in desk.get(LIST).content.decode()
    sent = {"key": uuid.uuid4(), "said": "我们在查", "as": "answer"}
    for _ in (1, 2):
        assert desk.post(on_desk(report), sent).status_code == 302
    desk.post(on_desk(report), {"key": uuid.uuid4(), "said": "惯犯", "as": ""})
    desk.post(on_desk(report), {"key": uuid.uuid4(), "said": "已处理", "as": "close"})
    report.refresh_from_db()
    assert report.closed_at is not None
    assert (MisconductReply.objects.count(), MisconductNote.objects.get().said) == (2, "惯犯")
    page = signed_in(consumer).get(mine(report)).content.decode()
    assert "我们在查" in page and "已处理" in page
    assert "惯犯" not in page and handler.says() not in page
    for message in Message.objects.filter(person=consumer):
        assert (message.url, message.params) == ("/me/complaints/", {})


def everybody_else(shop):
    boss = cast.make_user(is_staff=True, is_superuser=True)
    works_there, own_shop = make_handler("在店里"), cast.make_staff
    own_shop(shop.merchant, user=works_there)
    return {
        "agent": make_agent(),
        "auditor": make_agent(reads_only=True),
        "manager of the desk": make_agent(leads="manager"),
        "superuser": boss,
        "handler who works there": works_there,
        "owner": cast.owner_of(shop.merchant),
        "stranger": cast.make_user(),
    }


def test_to_all_others_there_is_no_such_report_and_each_try_is_kept(signed_in, shop, consumer):
    report = make_misconduct(consumer, shop)
    for name, somebody in everybody_else(shop).items():
        browser, tries = signed_in(somebody), MisconductLook.objects.count()
        for answer in (
            browser.get(on_desk(report)),
            browser.post(on_desk(report), {"key": uuid.uuid4(), "said": "x", "as": "answer"}),
            browser.get(mine(report)),
            browser.post(mine(report), {"key": uuid.uuid4(), "said": "x"}),
            browser.get(f"{LIST}{report.pk}/history/"),
        ):
            assert answer.status_code == 404, name
        if somebody.is_staff:
            assert MisconductLook.objects.count() == tries + 2, name
    assert not MisconductLook.objects.filter(was_shown=True).exists()
    assert MisconductReply.objects.count() == 0


def test_no_list_search_or_count_of_others_meets_a_report(signed_in, shop, consumer):
    make_complaint(shop, consumer, said="普通投诉")
    report = make_misconduct(consumer, shop, said="绝密内容")
    for name, somebody in everybody_else(shop).items():
        browser = signed_in(somebody)
        for url in (
            "/staff/",
            LIST,
            f"{LIST}?q={report.number}",
            f"/staff/complaints/complaint/?q={report.number}",
            f"/staff/complaints/complaint/?q={shop.name}",
            reverse("complaints:of_merchant", args=[shop.merchant.slug]),
        ):
            text = browser.get(url).content.decode()
            for canary in ("绝密内容", report.number_in_groups, report.token):
                assert canary not in text, (name, url)
            if name != "handler who works there":
                assert "misconductreport/" not in text or url.startswith(LIST), (name, url)
    assert Complaint.objects.count() == 1
    assert standing(make_agent(), timezone.now()).open == 1


def test_who_reported_does_not_handle_the_own_report(signed_in, shop):
    handler = make_handler()
    report = make_misconduct(handler, shop)
    assert signed_in(handler).get(on_desk(report)).status_code == 404
    assert report.number_in_groups not in signed_in(handler).get(LIST).content.decode()


def test_the_right_comes_by_a_group_too_and_ends_with_it(signed_in, consumer):
    report, agent = make_misconduct(consumer), make_agent()
    right = Permission.objects.get(codename="handle_misconduct")
    agent.groups.get().permissions.add(right)
    assert signed_in(agent).get(on_desk(report)).status_code == 200
    agent.groups.get().permissions.remove(right)
    assert signed_in(agent).get(on_desk(report)).status_code == 404


def test_the_verbs_refuse_who_may_not(shop, consumer):
    report = make_misconduct(consumer, shop)
    for somebody in everybody_else(shop).values():
        with pytest.raises(NotForYou):
            said(report, somebody)
        with pytest.raises(NotForYou):
            actions.note_misconduct(report, by=somebody, said="x", key=uuid.uuid4(), moment=timezone.now())
    with pytest.raises(NotForYou):
        said(report, consumer, closes=True)


def test_a_closed_report_takes_no_more_words(signed_in, consumer):
    report, handler = make_misconduct(consumer), make_handler()
    said(report, handler, closes=True, moment=timezone.now() + timedelta(minutes=1))
    with pytest.raises(ReportClosed):
        said(report, consumer)
    assert signed_in(consumer).post(mine(report), {"key": uuid.uuid4(), "said": "x"}).status_code == 409


def test_what_was_said_noted_and_looked_at_stays_as_written(signed_in, consumer):
    report, handler = make_misconduct(consumer), make_handler()
    said(report, handler)
    actions.note_misconduct(report, by=handler, said="x", key=uuid.uuid4(), moment=timezone.now())
    signed_in(handler).get(on_desk(report))
    for model in (MisconductReply, MisconductNote, MisconductLook):
        with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
            model.objects.all()._raw_delete("default")
