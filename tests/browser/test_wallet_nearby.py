"""The wallet sorts by nearness on the phone and, inside a shop, opens its card's code; nothing is sent."""

from typing import Any

import pytest
from django.contrib.gis.geos import Point
from playwright.sync_api import Page, expect

from loyalty.models import Card
from merchants.models import Shop
from portal.kernel.models import User
from tests import cast
from tests.loyalty.makers import give, make_card

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HERE = {"latitude": 31.2304, "longitude": 121.4737}
METRE = 1 / 111_195  # degrees of latitude


def card_at(person: User, name: str, metres: int) -> Card:
    """A card of a shop so many metres north of here."""
    shop = cast.make_shop(cast.make_merchant(name=name))
    Shop.objects.filter(pk=shop.pk).update(
        location=Point(HERE["longitude"], HERE["latitude"] + metres * METRE, srid=4326)
    )
    return make_card(shop.merchant, person)


@pytest.fixture
def wallet(visit: Any, consumer: User) -> Any:
    def open_wallet(language: str = "en", *, allowed: bool = True) -> Page:
        more = {"permissions": ["geolocation"], "geolocation": HERE} if allowed else {}
        page: Page = visit("/me/cards/", user=consumer, language=language, **more)
        return page

    return open_wallet


def names(page: Page) -> list[str]:
    return page.locator("[data-cards] > article").evaluate_all("all => all.map((one) => one.dataset.shop)")


def test_the_nearest_comes_first_and_those_far_away_keep_the_order_of_use(
    consumer: User, wallet: Any
) -> None:
    for name, metres in (("远店", 9_000), ("近店", 400), ("中店", 1_200), ("更远", 30_000)):
        give(card_at(consumer, name, metres), 5)
    page = wallet()
    expect(page.locator("[data-distance]").first).to_have_text("400 m from here")
    assert names(page) == ["近店", "中店", "更远", "远店"]
    expect(page.locator("[data-here]")).to_be_hidden()


@pytest.mark.parametrize(
    ("language", "says"), [("en", "You are at 青禾: show the code"), ("zh-hans", "你在青禾：出示会员码")]
)
def test_within_the_shop_one_tap_shows_the_code_and_no_position_is_sent(
    consumer: User, wallet: Any, violations: Any, language: str, says: str
) -> None:
    card = card_at(consumer, "青禾", 120)
    page = wallet(language)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url + (request.post_data or "")))
    way = page.get_by_role("link", name=says)
    expect(way).to_be_visible()
    assert violations(page) == []
    way.click()
    expect(page.locator(".qr-sheet-code svg")).to_be_visible()
    assert card.token in page.url
    assert not [one for one in sent if "31.23" in one or "121.47" in one]


def test_without_permission_nobody_is_asked_and_the_last_used_stays_on_top(
    consumer: User, wallet: Any
) -> None:
    for name, metres in (("近店", 50), ("远店", 9_000)):
        give(card_at(consumer, name, metres), 5)
    page = wallet(allowed=False)
    expect(page.locator("[data-here]")).to_be_hidden()
    assert names(page) == ["远店", "近店"]
