"""What platform staff see of merchants: queues that count, a tree to edit, pages that stay cheap."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from merchants import actions
from merchants.models import Category, Merchant, Shop
from portal.kernel.events import deliver_due
from portal.kernel.models import User
from tests import cast


@pytest.fixture
def clerk(db: None) -> User:
    clerk = cast.make_user(name="运营", is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(content_type__app_label="merchants"))
    return clerk


def test_the_front_page_of_staff_counts_waiting_claims(clerk: User) -> None:
    actions.claim_listing(cast.make_listing(), by=cast.make_user(), said="我的")
    body = cast.client_of(clerk, language="en").get("/staff/").content.decode()
    assert "1 waiting" in body and "/staff/merchants/listingclaim/?state__exact=waiting" in body


def test_staff_without_the_permission_see_no_queue(db: None) -> None:
    nobody = cast.make_user(is_staff=True)
    assert "listingclaim" not in cast.client_of(nobody).get("/staff/").content.decode()


@pytest.mark.parametrize("page", ["merchant", "shop", "category", "listingclaim"])
def test_lists_cost_the_same_at_ten_and_a_hundred_rows(clerk: User, hair: Category, page: str) -> None:
    merchant, browser = cast.make_merchant(), cast.client_of(clerk)

    def more(count: int) -> None:
        rows = [
            Shop(merchant=merchant, category=hair, name="店", slug=f"row-{page}-{count}-{n}")
            for n in range(count)
        ]
        Shop.objects.bulk_create(rows)
        Merchant.objects.bulk_create([Merchant(name="商户", slug=f"m-{count}-{n}") for n in range(count)])
        for n in range(count // 20):
            listing = cast.make_listing(merchant=merchant, name=f"地点 {count} {n}")
            actions.claim_listing(listing, by=cast.make_user(), said="我的")

    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert browser.get(f"/staff/merchants/{page}/").status_code == 200
        return len(seen)

    more(20)
    browser.get(f"/staff/merchants/{page}/")
    few = cost()
    more(100)
    assert cost() == few <= 14


def test_a_category_s_new_words_reach_its_shops(clerk: User, shop: Shop) -> None:
    hair = shop.category
    form = {
        "slug": hair.slug,
        "name_zh": "剃头",
        "name_en": hair.name_en,
        "synonyms": "托尼老师",
        "osm_tags": "",
        "icon": "",
        "is_sellable": "on",
        "position": "0",
        "parent": str(hair.parent_id or ""),
    }
    answer = cast.client_of(clerk).post(f"/staff/merchants/category/{hair.pk}/change/", form)
    assert answer.status_code == 302
    deliver_due()
    found = Shop.objects.near(31.2304, 121.4737, text="托尼")
    assert [row.slug for row in found] == [shop.slug]


def test_a_category_in_use_can_not_be_deleted(clerk: User, shop: Shop) -> None:
    browser = cast.client_of(clerk)
    answer = browser.post(f"/staff/merchants/category/{shop.category.pk}/delete/", {"post": "yes"})
    assert answer.status_code == 404 and Category.objects.filter(pk=shop.category.pk).exists()


def test_a_listing_only_category_that_sells_is_refused_with_a_sentence(clerk: User, hair: Category) -> None:
    form = {"slug": hair.slug, "name_zh": "理发", "name_en": "Hair", "position": "0"}
    form |= {"is_discovery_only": "on", "is_sellable": "on", "parent": str(hair.parent_id or "")}
    answer = cast.client_of(clerk).post(f"/staff/merchants/category/{hair.pk}/change/", form)
    assert answer.status_code == 200 and not Category.objects.get(pk=hair.pk).is_discovery_only


def test_suspending_is_an_action_and_merchants_are_read_only(clerk: User, shop: Shop) -> None:
    assert shop.merchant
    browser = cast.client_of(clerk)
    form = {"action": "suspend", "_selected_action": str(shop.merchant.pk), "reason": "查证中"}
    assert browser.post("/staff/merchants/merchant/", form).status_code == 302
    assert not Shop.objects.listed().exists()
    change = browser.post(f"/staff/merchants/merchant/{shop.merchant.pk}/change/", {"name": "x"})
    assert change.status_code == 404


def test_the_listings_group_opens_its_queues_and_nothing_else(shop: Shop) -> None:
    keeper = cast.make_user(is_staff=True)
    keeper.groups.add(Group.objects.get(name="Listings"))
    held = keeper.get_all_permissions()
    assert {one for one in held if not one.startswith("merchants.view_")} == {
        *(f"merchants.change_{one}" for one in ("listingclaim", "correction", "duplicatepair", "merchant"))
    }
    client = cast.client_of(keeper)
    front = client.get("/staff/").content.decode()
    for page in ("listingclaim", "correction", "duplicatepair", "suspension"):
        assert f"/staff/merchants/{page}/" in front
        assert client.get(f"/staff/merchants/{page}/").status_code == 200
    for page in ("merge", "shop", "merchant"):
        assert client.get(f"/staff/merchants/{page}/").status_code == 200
    for page in (
        "complaints/complaint",
        "consumers/review",
        "consumers/conversation",
        "kernel/user",
        "auth/group",
    ):
        assert client.get(f"/staff/{page}/").status_code == 404, page
    assert client.get("/staff/merchants/staffmember/").status_code == 404
