"""The front page, "Me" and the merchant's day: accessible and whole, as each kind of person sees them."""

import pytest
from django.utils import timezone

from tests import cast
from tests.complaints.makers import make_complaint
from tests.crm.makers import sell
from tests.loyalty.makers import make_card

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def town():
    """One shop that is always open, its owner, and a customer who has bought and complained there."""
    shop = cast.make_shop(hours="24/7", name_en="Qinghe Hair, People's Road")
    card = make_card(shop.merchant, cast.make_user(name="张女士"))
    sell(shop, 8000, moment=timezone.now(), card=card)
    make_complaint(shop, card.customer.user, is_named=True)
    return shop, card.customer, cast.owner_of(shop.merchant)


def pages(shop, customer, owner):
    console = f"/m/{shop.merchant.slug}/"
    return [
        *((path, None) for path in ("/", "/for-shops/", "/about/", "/help/")),
        *((path, customer.user) for path in ("/", "/me/")),
        *((path, owner) for path in (console, f"{console}customers/", f"{console}customers/{customer.pk}/")),
        (f"{console}complaints/", owner),
    ]


@pytest.mark.parametrize(("language", "theme", "width"), [("zh-hans", "light", 320), ("en", "dark", 1280)])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(visit, violations, language, theme, width):
    for path, who in pages(*town()):
        page = visit(path, user=who, language=language, theme=theme, width=width)
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
        page.close()


def test_an_open_shop_is_reached_from_the_front_page_in_two_taps(visit):
    shop, _, _ = town()
    page = visit("/", language="en")
    page.get_by_role("navigation", name="Categories").get_by_role("link").first.click()
    page.get_by_role("link", name="Qinghe Hair, People's Road").click()
    assert page.url.endswith(f"/s/{shop.slug}/")
