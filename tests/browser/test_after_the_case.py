"""After a case: one tap by the link says how it was, and the figures tell staff."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from complaints import actions
from complaints.models import CallBack, Macro, Survey
from tests import cast
from tests.browser.taps import Taps
from tests.complaints.makers import close, make_agent, make_complaint

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_one_tap_answers_and_a_low_one_waits_on_the_desk(visit, violations):
    shop, agent = cast.make_shop(), make_agent("小周")
    complaint = close(make_complaint(shop))
    actions.ask_how_it_was(timezone.now())
    survey = Survey.objects.get(complaint=complaint)
    Macro.objects.create(name="Hello", text_zh="您好", text_en="Hello")

    page, taps = visit(reverse("complaints:survey", args=[survey.token]), language="en"), Taps()
    assert violations(page) == []
    taps.tap(page.get_by_role("button", name="Very poor"))
    expect(page.get_by_text("One of us will call you")).to_be_visible()
    assert taps.count == 1
    assert violations(page) == []
    assert CallBack.objects.count() == 1

    for path in ("", "complaints/complaint/figures/", f"complaints/complaint/{complaint.pk}/change/"):
        desk = visit(f"/staff/{path}", user=agent, language="en")
        assert violations(desk) == []
    desk = visit("/staff/complaints/complaint/figures/", user=agent, language="en")
    expect(desk.get_by_role("figure").first).to_be_visible()
