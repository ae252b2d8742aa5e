"""J12 and J9: the owner sends a deal, the consumer’s phone shows it, the till takes it, the owner reads."""

from collections.abc import Callable, Iterator
from datetime import time
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from coupons.models import Coupon, Via
from crm.actions.campaigns import release_due
from crm.models import Campaign
from messaging import actions, delivery
from messaging.models import PushSubscription, Source
from orders.models import Purchase
from portal.home.web import pwa
from portal.kernel.codes import code_url
from portal.kernel.models import User
from tests.browser.pushes import SHOWN, Pushes, person_session, press, whole_browser
from tests.browser.taps import Taps
from tests.browser.test_counter import Hand, counter_of, type_bill
from tests.browser.test_messages import installed
from tests.cast import make_shop, make_staff, make_user, owner_of
from tests.loyalty.makers import make_card
from tests.messaging.push_service import Keys, PushService, new_vapid_key

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def set_up(settings: Any) -> None:
    settings.VAPID_PRIVATE_KEY = new_vapid_key()
    settings.PUSH_HOSTS, settings.PUSH_HTTPS_ONLY = ["127.0.0.1"], False
    pwa._worker_once.cache_clear()


@pytest.fixture
def chromium(chromium: Browser) -> Iterator[Browser]:
    with whole_browser(chromium) as browser:
        yield browser


def subscribed(person: User, service: PushService) -> Keys:
    """The person's browser, and that they want deals on it at any hour."""
    keys = Keys()
    actions.choose(person, {("deals", "push"): True}, source=Source.PUSH)
    actions.set_quiet_hours(person, time(3), time(3))
    PushSubscription.objects.create(
        person=person,
        session_id=person_session(person),
        endpoint=f"{service.url}/x",
        endpoint_hash=b"x",
        p256dh=keys.p256dh,
        auth=keys.auth,
    )
    return keys


def counts(page: Page) -> list[str]:
    """Seen, claimed, redeemed, sales."""
    page.reload()
    return page.locator(".funnel-count").all_inner_texts()


def send_deal(owner: Page) -> int:
    """From Today's page until it is on its way; how many taps."""
    taps = Taps()
    taps.tap(owner.get_by_role("link", name="Send a flash deal").first)
    taps.tap(owner.get_by_text("My members: 12"))
    taps.tap(owner.get_by_role("button", name="See whom it reaches"))
    taps.tap(owner.get_by_role("button", name="Send", exact=True))
    expect(owner.get_by_text("It goes out in a moment")).to_be_visible()
    return taps.count


def released(service: PushService, keys: Keys) -> dict[str, Any]:
    """The thirty seconds are over: what leaves for the browser, opened with its keys."""
    Campaign.objects.update(goes_at=timezone.now())
    assert release_due(timezone.now()) == 1
    delivery.send_due()
    (post,) = service.posts
    return keys.open(post.body)


def claim(phone: Page, payload: dict[str, Any], name: str) -> int:
    """From the push to the coupon; how many taps."""
    Pushes(phone).deliver(payload)
    (shown,) = phone.evaluate(SHOWN, 1)
    assert name not in shown["title"] + shown["body"]  # a locked screen is read by anybody
    address, left = press(phone, shown["tag"])
    assert left == 0
    taps = Taps(count=1)
    phone.goto(address)
    expect(phone.get_by_role("timer")).to_be_visible()
    taps.tap(phone.get_by_role("button", name="Claim", exact=True))
    expect(phone.get_by_text("Yours. Show this code at the counter")).to_be_visible()
    return taps.count


def redeem(till: Page, coupon: Coupon) -> int:
    hand = Hand(till)
    hand.scan(code_url(coupon.token))
    expect(till.locator("#panel")).to_contain_text("20% off")
    type_bill(till, "80")
    expect(till.locator("#id_bill")).to_have_value("80")
    hand.tap(till.locator("[data-act]"))
    expect(till.locator(".verdict[data-kind=ok]")).to_contain_text("¥64")
    return hand.taps


def phone_of(visit: Callable[..., Page], person: User) -> Page:
    allowed: dict[str, Any] = {"service_workers": "allow", "permissions": ["notifications"]}
    phone = visit("/me/notifications/", user=person, language="en", **allowed)
    installed(phone)
    return phone


def test_a_deal_goes_from_the_owner_over_a_phone_to_the_till_and_back(
    visit: Callable[..., Page], violations: Callable[[Page], list[str]]
) -> None:
    shop, person = make_shop(), make_user(name="张女士")
    merchant: Any = shop.merchant
    for member in [person, *(make_user() for _ in range(11))]:
        make_card(merchant, member)
    phone = phone_of(visit, person)
    owner = visit(f"/m/{merchant.slug}/", user=owner_of(merchant), language="en")
    with PushService() as service:
        keys = subscribed(person, service)
        assert send_deal(owner) == 4
        payload = released(service, keys)
    expect(owner.get_by_text("12 people chosen")).to_be_visible(timeout=15_000)
    assert violations(owner) == []
    owner.get_by_role("link", name="The coupon’s own numbers").click()
    expect(owner.get_by_role("heading", name="From seen to sold")).to_be_visible()
    assert counts(owner) == ["0", "0", "0", "0"]

    assert claim(phone, payload, merchant.name) == 2
    coupon = Coupon.objects.get()
    assert coupon.via == Via.PUSH
    assert counts(owner) == ["1", "1", "0", "0"]

    till = visit(counter_of(shop), user=make_staff(merchant).user, language="en")
    assert redeem(till, coupon) == 2
    assert Purchase.objects.get().discount == 1600
    assert counts(owner) == ["1", "1", "1", "1"]
    way = owner.locator("#ways tbody tr", has=owner.get_by_role("rowheader", name="Push"))
    expect(way).to_contain_text("¥64")
    assert violations(owner) == []
