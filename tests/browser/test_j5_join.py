"""J5: from the poster on the counter to a card of one's own, counting taps, in both languages."""

from typing import Any

import pytest
from playwright.sync_api import expect

from loyalty.models import Card
from merchants.codes import poster_code
from merchants.models import Shop
from tests.accounts.codes import last_code
from tests.browser.taps import Taps
from tests.loyalty.makers import make_programme

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = "13812340005"
WORDS = {
    "zh-hans": {"get": "领取会员卡", "send": "发送验证码", "in": "登录"},
    "en": {"get": "Get the card", "send": "Send code", "in": "Sign in"},
}
MOST_TAPS, MOST_KEYS = 3, 17


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_card_is_three_taps_from_its_page(visit: Any, violations: Any, shop: Shop, language: str) -> None:
    make_programme(shop.merchant)
    words, taps = WORDS[language], Taps()
    page = visit(f"/s/{shop.slug}/card/", language=language)
    assert violations(page) == []
    taps.tap(page.get_by_role("button", name=words["get"]))
    page.locator("input[name=login]").fill(PHONE)
    taps.tap(page.get_by_role("button", name=words["send"]))
    code = last_code(f"+86{PHONE}")
    page.locator("input[name=code]").fill(code)
    taps.tap(page.get_by_role("main").get_by_role("button", name=words["in"], exact=True))
    expect(page.locator(".member-card")).to_be_visible()
    card = Card.objects.get()
    assert page.url.endswith(f"/me/cards/{card.token}/")
    assert taps.count == MOST_TAPS
    assert len(PHONE) + len(code) == MOST_KEYS


def test_the_poster_on_the_counter_leads_to_the_card(visit: Any, shop: Shop) -> None:
    make_programme(shop.merchant)
    page = visit(f"/q/{poster_code(shop)}", language="en")
    page.get_by_role("link", name="Get the card").click()
    expect(page.get_by_role("button", name="Get the card")).to_be_visible()
