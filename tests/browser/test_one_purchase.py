"""The main job from end to end: a coupon is claimed and redeemed, points are earned, a receipt comes,
something is wrong with it, and staff answer. Two people's phones and a desk, as the README tells it."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from complaints.models import Complaint
from coupons.models import Coupon, CouponState
from loyalty import actions as loyalty
from loyalty.models import Card
from merchants.models import Role
from messaging.models import Message
from portal.kernel.events import deliver_due
from tests import cast
from tests.complaints.makers import make_agent
from tests.coupons.makers import make_coupon_programme

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WORDS = {
    "en": {
        "claim": "Claim",
        "redeem": "Redeem and award",
        "points": "40 points awarded",
        "paid": "¥60 less ¥20: ¥40 to pay",
        "receipt": re.compile("paid ¥40"),
        "report": "Report a problem",
        "reason": "Points, card or coupon",
        "said": "What happened?",
        "send": "Send report",
        "reply": "Reply: the person reads this",
        "ask": "Send and wait for the person",
        "used": "It saved you ¥20",
    },
    "zh-hans": {
        "claim": "领取",
        "redeem": "核销并积分",
        "points": "已积 40 分",
        "paid": "¥60",
        "receipt": re.compile("¥40"),
        "report": "反映问题",
        "reason": "积分、会员卡或优惠券",
        "said": "发生了什么？",
        "send": "提交",
        "reply": "答复：投诉人会看到",
        "ask": "发送，等待对方补充",
        "used": "省了 ¥20",
    },
}


def type_code(counter: Page, code: str) -> None:
    counter.locator("#id_code").fill(code)
    counter.locator("#id_code").press("Enter")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_coupon_becomes_points_a_message_a_complaint_and_an_answer(
    visit: Callable[..., Page], violations: Callable[[Page], list[str]], language: str
) -> None:
    words, shop = WORDS[language], cast.make_shop()
    merchant, consumer = shop.merchant, cast.make_user(name="张女士", language=language)
    assert merchant is not None
    cashier = cast.make_staff(merchant, Role.CASHIER, cast.make_user(name="小陈")).user
    offer = make_coupon_programme(merchant)
    programme = loyalty.open_programme(merchant, by=cast.owner_of(merchant), name="青禾会员卡")
    card = loyalty.join(programme, consumer, by=consumer)

    phone = visit(f"/coupons/{offer.token}/", user=consumer, language=language)
    assert violations(phone) == []
    phone.get_by_role("button", name=words["claim"], exact=True).click()
    expect(phone.locator(".qr-sheet-code svg")).to_be_visible()
    assert violations(phone) == []
    coupon = Coupon.objects.get()

    counter = visit(f"/m/{merchant.slug}/counter/", user=cashier, language=language)
    type_code(counter, card.number)
    expect(counter.locator(".counter-member")).to_be_visible()
    type_code(counter, coupon.token)
    expect(counter.get_by_role("button", name=words["redeem"])).to_be_visible()
    counter.locator("#id_bill").fill("60")
    counter.get_by_role("button", name=words["redeem"]).click()
    expect(counter.locator("#panel")).to_contain_text(words["points"])
    expect(counter.locator("#panel")).to_contain_text(words["paid"])
    coupon.refresh_from_db()
    assert coupon.state == CouponState.REDEEMED
    assert Card.objects.get().accounts.get().balance == 40

    assert deliver_due() > 0  # what the worker does
    assert Message.objects.filter(person=consumer, kind="orders.receipt").count() == 1
    phone.goto("/me/inbox/")
    assert violations(phone) == []
    phone.get_by_role("link", name=words["receipt"]).click()
    expect(phone.get_by_role("heading", level=1)).to_have_text(shop.title)
    assert violations(phone) == []

    phone.get_by_role("link", name=words["report"]).click()
    phone.get_by_text(words["reason"], exact=True).click()
    phone.get_by_label(words["said"]).fill("积分少了")
    phone.get_by_role("button", name=words["send"], exact=True).click()
    expect(phone.locator("#promise")).to_be_visible()
    complaint = Complaint.objects.get()
    assert complaint.purchase is not None
    assert complaint.purchase.paid == 4000

    desk = visit(
        f"/staff/complaints/complaint/{complaint.pk}/change/", user=make_agent("小周"), language=language
    )
    desk.get_by_label(words["reply"]).fill("请把小票发来")
    desk.get_by_role("button", name=words["ask"]).click()
    expect(desk.locator(".messagelist")).to_be_visible()
    phone.reload()
    expect(phone.get_by_text("请把小票发来")).to_be_visible()

    phone.goto(f"/me/coupons/{coupon.token}/")
    expect(phone.get_by_text(words["used"])).to_be_visible()
    assert violations(phone) == []
