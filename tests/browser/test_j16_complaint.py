"""J16 from its sides: the shop proposes by itself; without scripts; nothing chosen is lost; notes apart."""

import re

import pytest
from playwright.sync_api import Page, expect

from complaints.links import link_to
from complaints.models import Complaint
from tests import cast
from tests.browser.taps import Taps
from tests.complaints.makers import answer, ask_shop, make_agent, make_complaint, make_misconduct

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = {
    "ask shop": "请商户答复",
    "shop says": "给客户的答复",
    "offer": "作为解决方案发送",
    "accept": "接受方案",
    "begin": "发送并开始办理",
    "solved": "已经解决",
    "done": "已确认解决",
}


def field(page: Page, label: str):
    return page.get_by_label(label, exact=False).first


def test_the_shop_offers_in_two_taps_and_the_person_accepts_by_the_link_in_one(visit, violations):
    """Without the desk between them: the shop proposes by itself and does by itself what it promised."""
    words, shop, language = WORDS, cast.make_shop(), "zh-hans"
    person, agent = cast.make_user(name="张女士", language=language), make_agent("小周")
    owner, complaint = cast.owner_of(shop.merchant), make_complaint(shop, person, said="染发过敏")
    desk = visit(f"/staff/complaints/complaint/{complaint.pk}/change/", user=agent, language=language)
    desk.get_by_label(re.compile("what you ask the shop|向商户提的问题")).first.fill("请说明当时的情况")
    desk.get_by_role("button", name=words["ask shop"], exact=True).click()
    expect(desk.locator(".messagelist")).to_be_visible()

    console = visit(f"/m/{shop.merchant.slug}/complaints/", user=owner, language=language)
    taps = Taps()
    assert violations(console) == []
    taps.tap(console.locator("#waiting ~ ul a").first)
    expect(console.get_by_text("请说明当时的情况")).to_be_visible()
    assert violations(console) == []
    field(console, words["shop says"]).fill("免费重做一次")
    taps.tap(console.get_by_role("button", name=words["offer"], exact=True))
    expect(console.locator("#answer")).to_have_count(0)
    assert taps.count == 2

    page, taps = visit(f"/case/{link_to(complaint.token)}/", language=language, scripts=False), Taps()
    expect(page.get_by_text("免费重做一次")).to_be_visible()
    taps.tap(page.get_by_role("button", name=words["accept"], exact=True))
    expect(page.get_by_role("button", name=words["accept"], exact=True)).to_have_count(0)
    assert taps.count == 1
    assert Complaint.objects.get().state == "accepted"

    console.reload()
    field(console, words["shop says"]).fill("周五下午来")
    console.get_by_role("button", name=words["begin"], exact=True).click()
    expect(console.get_by_text("周五下午来")).to_be_visible()
    seen = visit(f"/case/{link_to(complaint.token)}/", language=language)
    assert violations(seen) == []
    seen.get_by_role("button", name=words["solved"], exact=True).click()
    expect(seen.get_by_text(words["done"]).first).to_be_visible()
    assert Complaint.objects.get().state == "confirmed"


def test_a_report_works_without_scripts(visit):
    shop, person = cast.make_shop(), cast.make_user()
    page = visit(f"/s/{shop.slug}/complain/", user=person, language="en", scripts=False)
    page.get_by_text("Something else", exact=True).click()
    page.get_by_label("What happened?").fill("灯坏了")
    page.get_by_role("button", name="Send report").click()
    expect(page.locator("#promise")).to_be_visible()


def test_a_report_without_words_keeps_what_was_chosen(visit, violations):
    shop, person = cast.make_shop(), cast.make_user()
    page = visit(f"/s/{shop.slug}/complain/", user=person, language="en")
    page.get_by_text("How I was treated", exact=True).click()
    page.get_by_role("button", name="Send report").click()
    expect(page.get_by_role("alert")).to_contain_text("Write down what happened")
    expect(page.get_by_role("radio", name="How I was treated")).to_be_checked()
    assert violations(page) == []


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_the_desk_is_accessible_and_keeps_notes_apart(visit, violations, colours):
    agent, complaint = make_agent("小周"), make_complaint(cast.make_shop())
    answer(complaint, agent)
    path = f"/staff/complaints/complaint/{complaint.pk}/change/"
    desk = visit(path, user=agent, language="en", color_scheme=colours)
    desk.get_by_label("Internal note: only staff read this").fill("老客户")
    desk.get_by_role("button", name="Keep note").click()
    expect(desk.locator("[data-internal]")).to_contain_text("老客户")
    assert violations(desk) == []


@pytest.mark.parametrize("width", [320, 412, 1280])
def test_nothing_is_wider_than_the_screen(visit, width):
    shop, person = cast.make_shop(), cast.make_user()
    complaint = make_complaint(shop, person, said="很长的话" * 50 + "x" * 200)
    manager = cast.owner_of(shop.merchant)
    ask_shop(complaint, "y" * 200)
    pages = [
        (f"/me/complaints/{complaint.token}/", person),
        ("/me/complaints/", person),
        (f"/s/{shop.slug}/complain/", person),
        (f"/m/{shop.merchant.slug}/complaints/", manager),
        (f"/m/{shop.merchant.slug}/complaints/{complaint.number}/", manager),
        (f"/me/misconduct/{make_misconduct(person, shop, said='y' * 200).token}/", person),
        ("/me/misconduct/", person),
    ]
    for path, who in pages:
        page = visit(path, user=who, width=width)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
