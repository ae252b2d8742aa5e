"""Every page of complaints in the admin, found by what is registered: axe finds nothing, and it fits."""

import re
import uuid
from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from complaints import actions
from complaints.models import Cause, Complaint, Macro
from portal.kernel.models import User
from tests import cast
from tests.complaints.makers import (
    answer,
    ask_shop,
    begin,
    close,
    make_agent,
    make_attachment,
    make_complaint,
    make_misconduct,
    promise,
    propose,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MORE = (
    "complaint/figures/",
    "complaint/?queue=escalated",
    "remedy/goodwill/",
    "cause/alike/",
    "cause/costs/",
)
CHIEF = ("complaint/", "complaint/figures/", "remedy/", "cause/costs/")


def a_busy_desk(boss: User) -> Complaint:
    """One case with everything in it, and a row of most other things."""
    shop, agent, moment = cast.make_shop(), make_agent("小周"), timezone.now()
    owner, person = cast.owner_of(shop.merchant), cast.make_user(name="张女士")
    case = begin(make_complaint(shop, person, said="很长的话" * 30), agent)
    cause = Cause.objects.create(code="test-late", name_zh="误点", name_en="Late")
    Macro.objects.create(name="Hello", text_zh="您好", text_en="Hello")
    actions.find_causes(case, cause, by=agent)
    actions.note(case, by=agent, said="老客户", key=uuid.uuid4(), moment=moment)
    actions.regrade(case, "critical", by=agent, why="有伤情", moment=moment)
    actions.escalate(case, 1, by=agent, why="有伤情", moment=moment)
    actions.give_goodwill(case, 1000, by=agent, says="让您久等了", key=uuid.uuid4(), moment=moment)
    promise(case, agent, owner, kind="service", worth=3800, and_apology=True)
    for one in (make_complaint(shop), make_complaint(shop)):
        propose(begin(one, agent), agent, kind="service", worth=60_000)
    plan = {"what": "多排一个人", "owner": agent, "due_on": moment.date(), "weeks": 8}
    actions.plan_prevention(cause, by=boss, merchant=None, shop=None, **plan)
    answer(ask_shop(make_complaint(shop)), owner, "在查")
    make_attachment(person, shop)
    make_misconduct(person, shop)
    close(make_complaint(shop))
    actions.ask_how_it_was(moment)
    return case


def pages(boss: User) -> Iterator[str]:
    request = RequestFactory().get("/")
    request.user = boss
    for model, desk in admin.site._registry.items():
        is_history = hasattr(model, "pgh_tracked_model")
        if model._meta.app_label != "complaints" or is_history or not desk.has_view_permission(request):
            continue
        name = f"admin:complaints_{model._meta.model_name}"
        yield reverse(f"{name}_changelist")
        if desk.has_add_permission(request):
            yield reverse(f"{name}_add")
        if (first := model._default_manager.order_by("pk").first()) and desk.list_display_links is not None:
            yield reverse(f"{name}_change", args=[first.pk])
    yield from (f"/staff/complaints/{page}" for page in MORE)


def untranslated(page: Page) -> list[str]:
    """Heads of columns and names of fields without a Chinese character in them."""
    heads = page.locator("#result_list thead .text, .inline-group label").all_text_contents()
    said = {head.strip() for head in heads} - {""}
    return [f"not in Chinese: {head}" for head in sorted(said) if not re.search("[\u4e00-\u9fff]", head)]


def test_every_page_of_the_desk_is_accessible_and_fits_a_phone(visit, violations):
    boss = cast.make_user(name="老吴", is_staff=True, is_superuser=True)
    a_busy_desk(boss)
    phone = visit("/staff/", user=boss, width=412, color_scheme="dark")
    wide = visit("/staff/", user=boss, width=1280, language="en")
    faults: dict[str, list[str]] = {}
    walked = [(phone, path) for path in pages(boss)]
    walked += [(wide, f"/staff/complaints/{page}") for page in CHIEF]
    for page, path in walked:
        page.goto(path)
        found = violations(page)
        wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        found += [f"{wider} pixels too wide"] if wider > 0 else []
        found += untranslated(page) if page is phone else []
        if found:
            faults[path] = found
    assert faults == {}
    assert len(walked) >= 40
