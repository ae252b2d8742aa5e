"""A coupon taken while the network is gone: written down at the till, a sale when it is back."""

import pytest
from playwright.sync_api import expect

from coupons.models import CouponState
from orders.models import OfflineUse, Purchase
from portal.kernel.codes import code_url
from tests.coupons.makers import make_coupon
from tests.orders.offline import allow_offline

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_coupon_is_kept_without_a_network_and_settled_when_it_is_back(visit, noise, shop, cashier):
    noise += ["ERR_INTERNET_DISCONNECTED", "htmx:sendError", "htmx:afterRequest"]
    allow_offline(shop, most_waiting=2)
    coupon, other = make_coupon(shop.merchant), make_coupon(shop.merchant)
    page = visit(f"/m/{shop.merchant.slug}/counter/", user=cashier.user, language="en")
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)

    def scan(code, bill, given):
        page.locator("#id_code").fill(code)
        page.keyboard.press("Enter")
        expect(page.get_by_text("No network: is it a coupon?")).to_be_visible()
        page.get_by_label("Amount of the bill").fill(bill)
        page.get_by_label("The coupon takes off").fill(given)
        page.keyboard.press("Enter")

    scan(code_url(coupon.token), "80", "90")
    expect(page.get_by_text("More is taken off than the bill is.")).to_be_visible()
    page.get_by_label("The coupon takes off").fill("60")
    page.keyboard.press("Enter")
    expect(page.get_by_text("At most ¥50 may be taken off")).to_be_visible()
    page.get_by_label("The coupon takes off").fill("20")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Kept on this till")).to_be_visible()
    expect(page.get_by_text("1 kept here, sent when the network is back")).to_be_visible()
    page.get_by_role("button", name="Next customer").click()
    scan(other.token, "80", "15")
    expect(page.get_by_text("2 kept here")).to_be_visible()
    page.get_by_role("button", name="Next customer").click()
    scan(other.token, "80", "15")
    expect(page.get_by_text("This till keeps 2 at most")).to_be_visible()
    assert not OfflineUse.objects.exists()

    page.context.set_offline(False)
    expect(page.get_by_text("1 settled · 1 for a manager to look at")).to_be_visible(timeout=20_000)
    coupon.refresh_from_db()
    assert (coupon.state, Purchase.objects.get().paid) == (CouponState.REDEEMED, 6000)
    assert OfflineUse.objects.to_be_looked_at().get().reasons["en"] == (
        "¥15 was taken off; the coupon gives ¥20."
    )
    page.reload()
    expect(page.locator("[data-waiting]")).to_be_hidden()
