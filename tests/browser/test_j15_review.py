"""J15: a verified review in two taps, and every page around it without a fault of access or width."""

from typing import Any

import pytest
from playwright.sync_api import expect

from consumers import actions
from consumers.models import Review
from merchants.models import Shop
from portal.kernel.models import User
from tests.browser.taps import Taps
from tests.consumers.makers import make_purchase, make_review

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_verified_review_is_a_star_and_post(visit: Any, shop: Shop, consumer: User) -> None:
    purchase = make_purchase(shop, consumer)
    page = visit(actions.way_to_review(purchase), user=consumer, language="en")
    taps = Taps()
    taps.tap(page.get_by_role("radio", name="5 stars: very good"))
    taps.tap(page.get_by_role("button", name="Post"))
    expect(page.get_by_text("Verified visit")).to_be_visible()
    assert taps.count == 2
    assert Review.objects.get().is_verified


@pytest.mark.parametrize("look", [("zh-hans", "dark", 320), ("en", "light", 1280)], ids=["phone", "desk"])
def test_the_pages_of_reviews_and_following_fit_and_are_accessible(
    visit: Any, violations: Any, shop: Shop, consumer: User, owner: User, look: tuple[str, str, int]
) -> None:
    language, theme, width = look
    review = make_review(shop, consumer, stars=2, said="等了很久", tags=["slow"], service=2)
    actions.answer(review, "抱歉", merchant=shop.merchant, by=owner)
    actions.agree_to_areas(consumer, "areas", agreed=True)
    actions.follow_shop(consumer, shop)
    console = f"/m/{shop.merchant.slug}/reviews/"
    paths = [
        (f"/s/{shop.slug}/reviews/", consumer),
        (f"/s/{shop.slug}/reviews/write/", consumer),
        (f"/me/reviews/{review.token}/", consumer),
        (f"/me/reviews/{review.token}/edit/", consumer),
        ("/me/following/", consumer),
        (f"{console}?all=1", owner),
        (f"{console}{review.token}/reply/", owner),
    ]
    for path, user in paths:
        page = visit(path, user=user, language=language, theme=theme, width=width)
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
        page.close()
