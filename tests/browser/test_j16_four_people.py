"""J16 with four people: reported, asked, offered, taken up, approved by a second one, accepted, given."""

import pytest
from playwright.sync_api import Locator, Page, expect

from complaints.links import link_to
from complaints.models import Complaint
from portal.kernel.events import deliver_due
from tests import cast
from tests.browser.taps import Taps
from tests.complaints.makers import make_agent
from tests.loyalty.makers import balance, make_card

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DESK = "/staff/complaints/complaint/"


def button(page: Page | Locator, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def test_four_people_bring_a_case_to_its_end(visit):
    shop = cast.make_shop()
    person, owner = cast.make_user(name="张女士", language="en"), cast.owner_of(shop.merchant)
    agent, boss = make_agent("小周"), make_agent("老吴", leads="supervisor")
    card = make_card(shop.merchant, person)

    # The person reports in three taps.
    page, taps = visit(f"/s/{shop.slug}/", user=person, language="en"), Taps()
    taps.tap(page.get_by_role("link", name="Report a problem"))
    taps.tap(page.get_by_text("The service or product was not right", exact=True))
    page.get_by_label("What happened?").fill("染发过敏，头皮红了")
    taps.tap(button(page, "Send report"))
    expect(page.locator("#promise")).to_be_visible()
    assert taps.count == 3
    case = Complaint.objects.get()

    # The agent takes it from the queue and asks the shop: two taps.
    desk, taps = visit(DESK, user=agent, language="en"), Taps()
    taps.tap(desk.get_by_role("link", name=case.number_in_groups))
    desk.get_by_label("what you ask the shop").first.fill("请说明当时的情况")
    taps.tap(button(desk, "Waiting for shop"))
    expect(desk.locator(".messagelist")).to_contain_text("The case has moved.")
    assert taps.count == 2

    # The shop offers points on the card and answers: five taps.
    console, taps = visit(f"/m/{shop.merchant.slug}/complaints/", user=owner, language="en"), Taps()
    taps.tap(console.locator("#waiting ~ ul a").first)
    expect(console.get_by_text("请说明当时的情况")).to_be_visible()
    taps.tap(console.get_by_role("link", name="Offer something"))
    taps.tap(console.get_by_role("link", name="Points", exact=True).last)
    console.get_by_label("How many points").fill("300")
    console.get_by_label("What the customer reads").fill("非常抱歉，送您积分")
    taps.tap(button(console, "Add to the proposal"))
    expect(console.locator("#offers")).to_contain_text("300 points")
    console.get_by_label("What the customer reads from you").fill("师傅换了染膏，没有先试")
    taps.tap(button(console, "Send answer"))
    expect(console.locator("#answer")).to_have_count(0)
    assert taps.count == 5

    # The agent takes it up and wants more than an agent decides alone.
    desk.reload()
    desk.get_by_label("Why it goes up, for the colleagues").fill("有伤情")
    button(desk, "Supervisor").click()
    expect(desk.locator(".messagelist")).to_contain_text("The case has gone up.")
    desk.get_by_text("Add a remedy to the proposal", exact=True).first.click()
    remedies = desk.locator("#remedies")
    remedies.get_by_label("What is given").select_option("service")
    remedies.get_by_label("What the person reads").fill("免费护理一次")
    remedies.get_by_label("Money: how much back").fill("280")
    button(remedies, "Add a remedy to the proposal").click()
    expect(desk.locator("#remedies")).to_contain_text("Waits for the merchant to agree")
    expect(desk.locator("#remedies")).to_contain_text("Waits for a second person")

    # The shop agrees in one tap.
    console.reload()
    button(console.locator("#offers"), "Agree").click()
    expect(console.locator("#offers")).to_contain_text("Waits for a second person")

    # The supervisor finds it among the cases that went up, approves, and sends the proposal: three taps.
    lead, taps = visit(f"{DESK}?queue=escalated", user=boss, language="en"), Taps()
    taps.tap(lead.get_by_role("link", name=case.number_in_groups))
    taps.tap(button(lead, "Approve"))
    expect(lead.locator(".messagelist")).to_contain_text("The remedy is approved.")
    lead.get_by_label("Reply: the person reads this").fill("这是店家和我们的方案")
    taps.tap(button(lead, "Send as a proposal"))
    expect(lead.locator(".messagelist")).to_contain_text("The reply is sent.")
    assert taps.count == 3

    # The person accepts by the link of the message: one tap, not signed in, without scripts.
    mail, taps = visit(f"/case/{link_to(case.token)}/", language="en", scripts=False), Taps()
    for words in ("What you are offered", "300 points", "The service once again, worth ¥280.00"):
        expect(mail.locator("#remedies")).to_contain_text(words)
    taps.tap(button(mail, "Accept the proposal"))
    expect(mail.locator("#remedies")).to_contain_text("What you get")
    assert taps.count == 1
    deliver_due()  # what the worker does
    assert balance(card) == 300

    # The shop does what hands do, and says when: one tap.
    console.reload()
    console.get_by_label("How it was done").fill("11 月 28 日下午")
    button(console, "It is done").click()
    expect(console.locator("#offers")).to_contain_text("11 月 28 日下午")
    page.goto(f"/me/complaints/{case.token}/")
    expect(page.locator("#remedies")).to_contain_text("11 月 28 日下午")
    expect(page.get_by_role("link", name="300 points")).to_be_visible()
    button(page, "It’s solved").click()
    expect(page.get_by_text("Confirmed as solved").first).to_be_visible()
    assert Complaint.objects.get().state == "confirmed"
