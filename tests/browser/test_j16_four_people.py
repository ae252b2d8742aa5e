"""J16 with four people in both languages: reported, asked, offered, taken up, approved, accepted, given.

Everybody's taps are counted, all of them; ux.md allows three for a report and four for the desk's answer.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from django.utils import translation
from django.utils.translation import gettext, pgettext
from playwright.sync_api import Locator, Page, expect

from complaints.links import link_to
from complaints.models import Complaint, Macro
from portal.kernel.events import deliver_due
from portal.kernel.models import User
from tests import cast
from tests.browser.keys import press_access_key, tab_to
from tests.browser.taps import Taps
from tests.complaints.makers import make_agent, make_complaint
from tests.loyalty.makers import balance, make_card

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DESK = "/staff/complaints/complaint/"
REPORT, RESOLVE = 3, 4  # J16 in ux.md: file a complaint / staff resolves it


@dataclass
class Walk:
    """One case, the people around it, and what each of them taps."""

    visit: Callable[..., Page]
    violations: Callable[[Page], list[str]]
    language: str
    taps: dict[str, Taps] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.shop = cast.make_shop()
        self.person = cast.make_user(name="张女士", language=self.language)
        self.owner = cast.owner_of(self.shop.merchant)
        self.agent, self.boss = make_agent("小周"), make_agent("老吴", leads="supervisor")
        self.card = make_card(self.shop.merchant, self.person)
        self.macro = Macro.objects.create(
            name="Ask / 询问", text_zh="{name}您好，请问是哪一天？", text_en="Hello {name}, which day was it?"
        )

    @property
    def case(self) -> Complaint:
        return Complaint.objects.get(person=self.person)

    def say(self, words: str) -> str:
        """As it reads in the language of the walk; a text without a translation fails here."""
        with translation.override(self.language):
            told = pgettext("remedy", words) if words == "Agree" else gettext(words)
        assert self.language == "en" or re.search("[\u4e00-\u9fff]", told), words
        return told

    def opened(self, path: str, who: User | None, **options: object) -> Page:
        return self.visit(path, user=who, language=self.language, **options)

    def tap(self, who: str, target: Locator) -> None:
        self.taps.setdefault(who, Taps()).tap(target)

    def count(self, who: str) -> int:
        """What somebody has tapped since it was asked last."""
        return self.taps.pop(who).count

    def button(self, page: Page | Locator, words: str) -> Locator:
        return page.get_by_role("button", name=self.say(words), exact=True)

    def label(self, page: Page | Locator, words: str) -> Locator:
        return page.get_by_label(self.say(words)).first

    def from_queue(self, page: Page, who: str) -> None:
        self.tap(who, page.get_by_role("link", name=self.case.number_in_groups))

    def done(self, page: Page, words: str) -> None:
        expect(page.locator(".messagelist")).to_contain_text(self.say(words))


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_four_people_bring_a_case_to_its_end(visit, violations, language):
    walk = Walk(visit, violations, language)
    page = the_person_reports(walk)
    the_agent_asks_the_person(walk)
    the_person_answers(walk, page)
    by_keyboard_the_agent_goes_on_to_the_next_case(walk)
    the_agent_asks_the_shop(walk, page)
    the_shop_offers_points_and_answers(walk)
    the_agent_takes_it_up_and_wants_more(walk)
    the_shop_agrees(walk)
    the_supervisor_approves_and_sends(walk)
    the_person_accepts_by_the_link(walk)
    the_shop_does_it_by_hand(walk)
    the_person_confirms(walk, page)


def the_person_reports(walk: Walk) -> Page:
    page = walk.opened(f"/s/{walk.shop.slug}/", walk.person)
    walk.tap("person", page.get_by_role("link", name=walk.say("Report a problem")))
    reason = {"en": "How I was treated", "zh-hans": "服务态度"}[walk.language]
    walk.tap("person", page.get_by_text(reason, exact=True))
    walk.label(page, "What happened?").fill("等了一小时没人理")
    assert walk.violations(page) == []
    walk.tap("person", walk.button(page, "Send report"))
    promised = {"en": r"We answer by \w{3} \d+ \w{3}, \d\d:\d\d", "zh-hans": r"我们会在 .*\d\d:\d\d 前答复"}
    expect(page.locator("#promise")).to_have_text(re.compile(promised[walk.language]))
    assert walk.count("person") == REPORT
    expect(page.get_by_role("heading", level=1)).to_contain_text(walk.case.number_in_groups)
    expect(page.get_by_text(walk.say("Received"), exact=True).first).to_be_visible()
    assert walk.violations(page) == []
    return page


def the_agent_asks_the_person(walk: Walk) -> None:
    """Row, macro, and one button that sends it and says where the case stands: three of the four."""
    desk = walk.opened(DESK, walk.agent)
    walk.from_queue(desk, "agent")
    walk.tap("agent", desk.get_by_role("button", name=walk.macro.name, exact=True))
    begun = {"en": "Hello 张女士, which day was it?", "zh-hans": "张女士您好，请问是哪一天？"}
    expect(walk.label(desk, "Reply: the person reads this")).to_have_value(begun[walk.language])
    walk.tap("agent", walk.button(desk, "Send and wait for the person"))
    walk.done(desk, "The reply is sent.")
    assert walk.count("agent") == 3 < RESOLVE


def the_person_answers(walk: Walk, page: Page) -> None:
    page.reload()
    expect(page.get_by_text(walk.say("Waiting for you"), exact=True).first).to_be_visible()
    expect(page.get_by_text(walk.say("We need something from you."))).to_be_visible()
    assert walk.violations(page) == []
    page.locator("#answer textarea").fill("上周三下午")
    walk.tap("person", walk.button(page, "Send answer"))
    expect(page.get_by_text("上周三下午")).to_be_visible()
    expect(page.get_by_text(walk.say("In progress"), exact=True).first).to_be_visible()
    assert walk.count("person") == 1


def by_keyboard_the_agent_goes_on_to_the_next_case(walk: Walk) -> None:
    """From the page of one case: next, taken, answered with a macro, and nothing was touched."""
    other = make_complaint(walk.shop, cast.make_user(name="李先生", language=walk.language))
    desk = walk.opened(f"{DESK}{walk.case.pk}/change/", walk.agent)
    press_access_key(desk, "n")
    expect(desk.get_by_role("heading", level=1)).to_contain_text(other.number_in_groups)
    tab_to(desk, f"^{walk.say('I take it')}$")
    desk.keyboard.press("Enter")
    walk.done(desk, "The case has its assignee.")
    tab_to(desk, f"^{re.escape(walk.macro.name)}$")
    desk.keyboard.press("Enter")
    expect(walk.label(desk, "Reply: the person reads this")).to_be_focused()
    desk.keyboard.press("Control+End")
    desk.keyboard.type("？")
    tab_to(desk, f"^{walk.say('Send reply')}$")
    desk.keyboard.press("Enter")
    walk.done(desk, "The reply is sent.")
    expect(desk.locator(".story")).to_contain_text("李先生")
    other.refresh_from_db()
    assert (other.assignee, other.replies.get().said.endswith("？")) == (walk.agent, True)


def the_agent_asks_the_shop(walk: Walk, page: Page) -> None:
    desk = walk.opened(DESK, walk.agent)
    walk.from_queue(desk, "agent")
    walk.label(desk, "Why, for the person to read; or what you ask the shop").fill("请说明当时的情况")
    walk.tap("agent", walk.button(desk, "Ask the shop for an answer"))
    walk.done(desk, "The case has moved.")
    assert walk.count("agent") == 2
    page.reload()
    expect(page.get_by_text(walk.say("Waiting for shop"), exact=True).first).to_be_visible()


def the_shop_offers_points_and_answers(walk: Walk) -> None:
    console = walk.opened(f"/m/{walk.shop.merchant.slug}/complaints/", walk.owner)
    assert walk.violations(console) == []
    walk.tap("shop", console.locator("#waiting ~ ul a").first)
    expect(console.get_by_text("请说明当时的情况")).to_be_visible()
    assert walk.violations(console) == []
    walk.tap("shop", console.get_by_role("link", name=walk.say("Offer something")))
    walk.tap("shop", console.get_by_role("link", name=walk.say("Points"), exact=True).last)
    walk.label(console, "How many points").fill("300")
    walk.label(console, "What the customer reads").fill("非常抱歉，送您积分")
    walk.tap("shop", walk.button(console, "Add to the proposal"))
    expect(console.locator("#offers")).to_contain_text("300")
    walk.label(console, "What the customer reads from you").fill("师傅换了染膏，没有先试")
    walk.tap("shop", walk.button(console, "Send answer"))
    expect(console.locator("#answer")).to_have_count(0)
    assert walk.count("shop") == 5


def the_agent_takes_it_up_and_wants_more(walk: Walk) -> None:
    """A service worth more than an agent decides alone; choosing from a list is two taps."""
    desk = walk.opened(DESK, walk.agent)
    walk.from_queue(desk, "agent")
    walk.label(desk, "Why it goes up, for the colleagues").fill("有伤情")
    walk.tap("agent", walk.button(desk, "Supervisor"))
    walk.done(desk, "The case has gone up.")
    remedies = desk.locator("#remedies")
    walk.tap("agent", remedies.locator("summary", has_text=walk.say("Add a remedy to the proposal")))
    walk.label(remedies, "What is given").select_option("service")
    walk.taps["agent"].count += 2
    walk.label(remedies, "What the person reads").fill("免费护理一次")
    walk.label(remedies, "Money: how much back, or what the service is worth").fill("280")
    walk.tap("agent", walk.button(remedies, "Add a remedy to the proposal"))
    for words in ("Waits for the merchant to agree", "Waits for a second person"):
        expect(remedies).to_contain_text(walk.say(words))
    assert walk.count("agent") == 6


def the_shop_agrees(walk: Walk) -> None:
    console = walk.opened(f"/m/{walk.shop.merchant.slug}/complaints/{walk.case.number}/", walk.owner)
    walk.tap("shop", walk.button(console.locator("#offers"), "Agree"))
    waits = {"en": "Waits for a second person", "zh-hans": "另一人批准"}
    expect(console.locator("#offers")).to_contain_text(waits[walk.language])
    assert walk.count("shop") == 1


def the_supervisor_approves_and_sends(walk: Walk) -> None:
    """Found among the cases that went up."""
    lead = walk.opened(f"{DESK}?queue=escalated", walk.boss)
    walk.from_queue(lead, "boss")
    walk.tap("boss", walk.button(lead, "Approve"))
    walk.done(lead, "The remedy is approved.")
    walk.label(lead, "Reply: the person reads this").fill("这是店家和我们的方案")
    walk.tap("boss", walk.button(lead, "Send as a proposal"))
    walk.done(lead, "The reply is sent.")
    assert walk.count("boss") == 3 < RESOLVE


def the_person_accepts_by_the_link(walk: Walk) -> None:
    """Of the message: not signed in, without scripts."""
    mail = walk.opened(f"/case/{link_to(walk.case.token)}/", None, scripts=False)
    worth = {"en": "The service once again, worth ¥280.00", "zh-hans": "重新服务一次（价值 ¥280.00）"}
    points = {"en": "300 points", "zh-hans": "300 积分"}
    for words in (walk.say("What you are offered"), points[walk.language], worth[walk.language]):
        expect(mail.locator("#remedies")).to_contain_text(words)
    walk.tap("person", walk.button(mail, "Accept the proposal"))
    expect(mail.locator("#remedies")).to_contain_text(walk.say("What you get"))
    assert walk.count("person") == 1
    deliver_due()  # what the worker does
    assert balance(walk.card) == 300


def the_shop_does_it_by_hand(walk: Walk) -> None:
    console = walk.opened(f"/m/{walk.shop.merchant.slug}/complaints/{walk.case.number}/", walk.owner)
    walk.label(console, "How it was done").fill("11 月 28 日下午")
    walk.tap("shop", walk.button(console, "It is done"))
    expect(console.locator("#offers")).to_contain_text("11 月 28 日下午")
    assert walk.count("shop") == 1


def the_person_confirms(walk: Walk, page: Page) -> None:
    page.reload()
    expect(page.locator("#remedies")).to_contain_text("11 月 28 日下午")
    expect(page.get_by_text(walk.say("Solved"), exact=True).first).to_be_visible()
    assert walk.violations(page) == []
    walk.tap("person", walk.button(page, "It’s solved"))
    expect(page.get_by_text(walk.say("Confirmed as solved")).first).to_be_visible()
    assert walk.count("person") == 1
    assert walk.case.state == "confirmed" and walk.taps == {}
