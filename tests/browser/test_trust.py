"""Listings that people can trust, as people do it: correct, confirm, claim, dispute, merge and undo."""

import pytest
from django.contrib.auth.models import Permission
from playwright.sync_api import expect

from merchants import actions
from merchants.models import Correction, DuplicatePair, ListingClaim, Merge, Shop
from portal.kernel.models import User
from tests import cast
from tests.browser.taps import Taps
from tests.consumers.makers import make_purchase

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = {
    "en": {
        "wrong": "Something is wrong",
        "phone": "The phone number is wrong",
        "right": "Right phone number",
        "send": "Send",
        "accept": "Take it over",
        "still": "Still true",
    },
    "zh-hans": {
        "wrong": "信息有误",
        "phone": "电话不对",
        "right": "正确的电话",
        "send": "发送",
        "accept": "采纳",
        "still": "都对",
    },
}


def make_clerk() -> User:
    clerk = cast.make_user(name="审核员", is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(content_type__app_label="merchants"))
    return clerk


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_visitor_corrects_in_three_taps_and_the_owner_takes_it_over_with_one(visit, violations, language):
    words, shop = WORDS[language], cast.make_shop()
    person, owner = cast.make_user(language=language), cast.owner_of(shop.merchant)
    page, taps = visit(f"/s/{shop.slug}/", user=person, language=language), Taps()
    taps.tap(page.get_by_role("link", name=words["wrong"]))
    assert violations(page) == []
    taps.tap(page.get_by_role("link", name=words["phone"]))
    page.get_by_label(words["right"]).fill("021 6234 5678")
    assert violations(page) == []
    taps.tap(page.get_by_role("button", name=words["send"], exact=True))
    expect(page.locator(".toasts")).not_to_be_empty()
    assert taps.count == 3

    desk, taps = visit(f"/m/{shop.merchant.slug}/corrections/", user=owner, language=language), Taps()
    assert violations(desk) == []
    taps.tap(desk.get_by_role("button", name=words["accept"], exact=True))
    expect(desk.locator(".toasts")).not_to_be_empty()
    assert taps.count == 1 and Correction.objects.get().state == "accepted"
    page.goto(f"/s/{shop.slug}/about/")
    expect(page.locator("main")).to_contain_text("021 6234 5678")
    assert violations(page) == []


def test_the_pin_is_moved_on_the_map_and_every_kind_works_without_scripts(visit, violations):
    shop = cast.make_shop()
    page = visit(f"/s/{shop.slug}/report/?what=place", language="en")
    page.get_by_role("button", name="North").click()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".toasts")).not_to_be_empty()
    moved = Correction.objects.get().point
    assert moved.y > shop.location.y and moved.x == pytest.approx(shop.location.x)
    plain = visit(f"/s/{shop.slug}/report/?what=closed", language="en", scripts=False, width=320)
    plain.get_by_role("button", name="Send", exact=True).click()
    assert Correction.objects.count() == 2


def test_who_bought_there_confirms_with_one_tap(visit, violations):
    shop, person = cast.make_shop(), cast.make_user()
    make_purchase(shop, person)
    page = visit(f"/s/{shop.slug}/", user=person, language="en")
    assert violations(page) == []
    page.get_by_role("button", name="Still true").click()
    expect(page.get_by_role("button", name="Still true")).to_have_count(0)
    expect(page.locator("main")).to_contain_text("confirmed by 1 visitor")


def test_a_claim_is_sent_disputed_answered_and_decided(visit, violations):
    shop, claimant, clerk = cast.make_shop(), cast.make_user(), make_clerk()
    owner = cast.owner_of(shop.merchant)
    page = visit(f"/s/{shop.slug}/claim/", user=claimant, language="en")
    page.get_by_label("What shows that it is yours?").fill("My name is on the licence")
    assert violations(page) == []
    page.get_by_role("button", name="Send the claim").click()
    expect(page.locator("main")).to_contain_text("within two days")
    assert violations(page) == []
    desk = visit(f"/m/{shop.merchant.slug}/disputes/", user=owner, language="en")
    desk.get_by_label("Your side").fill("Ten years here")
    assert violations(desk) == []
    desk.get_by_role("button", name="Send", exact=True).click()
    expect(desk.locator("main")).to_contain_text("Ten years here")
    claim = ListingClaim.objects.get()
    staff = visit(f"/staff/merchants/listingclaim/{claim.pk}/change/", user=clerk, language="en")
    expect(staff.locator("#content")).to_contain_text("Ten years here")
    staff.get_by_label("Reason").fill("The licence names somebody else")
    staff.get_by_role("button", name="Reject with the reason above").click()
    page.reload()
    expect(page.locator("main")).to_contain_text("The licence names somebody else")


def test_staff_merge_two_listings_in_the_admin_and_undo_it(visit, violations):
    clerk, nobody = make_clerk(), cast.make_merchant()
    kept = cast.make_listing(name="阳光洗衣店", merchant=nobody)
    gone = cast.make_listing(name="阳光洗衣", merchant=nobody)
    actions.find_duplicates()
    pair = DuplicatePair.objects.get()
    desk, taps = visit("/staff/", user=clerk, language="en", width=1280), Taps()
    expect(desk.locator(".queues")).to_contain_text("1 waiting")
    assert violations(desk) == []
    taps.tap(desk.get_by_role("link", name="Likely duplicates", exact=True).first)
    taps.tap(desk.get_by_role("link", name=str(pair.score), exact=True))
    found = [line for line in violations(desk) if ".beside" in line or ".submit-row" in line]
    assert found == []
    taps.tap(desk.get_by_role("button", name="(left)"))
    expect(desk.locator(".messagelist")).to_contain_text("Merged")
    assert taps.count == 3
    page = visit(f"/s/{gone.slug}/", language="en")
    assert page.url.endswith(f"/s/{kept.slug}/")
    desk.goto("/staff/merchants/merge/")
    desk.locator(".action-select").check()
    desk.locator("select[name=action]").select_option("undo")
    desk.locator("button[name=index]").click()
    expect(desk.locator(".messagelist")).to_contain_text("Undone")
    assert Merge.objects.get().undone_at and Shop.objects.listed().count() == 2
