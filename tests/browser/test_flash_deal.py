"""J12: from today's page to a flash deal on its way, in four taps; and thirty seconds to stop it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from crm.actions.campaigns import release_due
from crm.models import Campaign
from messaging import actions
from messaging.models import Message, Source
from tests.cast import make_shop, make_user, owner_of
from tests.loyalty.makers import make_card

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_flash_deal_is_sent_in_four_taps(visit: Callable[..., Page]) -> None:
    shop = make_shop()
    merchant = shop.merchant
    assert merchant
    for _ in range(12):
        person = make_user()
        make_card(merchant, person)
        actions.choose(person, {("deals", "push"): True}, source=Source.PUSH)
    page = visit(f"/m/{merchant.slug}/", user=owner_of(merchant), language="en", width=412)
    page.get_by_role("link", name="Send a flash deal").first.click()
    page.get_by_text("My members: 12").click()
    page.get_by_role("button", name="See whom it reaches").click()
    expect(page.get_by_text("20% off, 20 pieces")).to_be_visible()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("It goes out in a moment")).to_be_visible()
    assert not Message.objects.filter(kind="crm.flash_deal").exists()

    release_due(timezone.now() + timedelta(seconds=31))
    expect(page.get_by_text("12 people chosen")).to_be_visible(timeout=15_000)
    assert Message.objects.filter(kind="crm.flash_deal").count() == 12
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("It was stopped")).to_be_visible()
    assert Campaign.objects.get().stopped_at
