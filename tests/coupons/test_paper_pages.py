"""The pages of coupons on paper: for whoever scans one, and for the merchant who prints them."""

import uuid

import pytest

from coupons import actions
from coupons.models import PaperBatch
from tests.cast import client_of, make_user
from tests.coupons.makers import make_coupon_programme, make_paper, paper_of

pytestmark = pytest.mark.django_db


def use(coupon, shop, by):
    return actions.redeem(coupon, bill=8000, shop=shop, by=by.user, key=uuid.uuid4())


def page_of(browser, address):
    return browser.get(address).content.decode()


def test_the_square_leads_each_person_where_they_need_to_go(shop, merchant, consumer, cashier):
    coupon = paper_of(merchant)
    goes = lambda user: client_of(user).get(f"/q/{coupon.token}").headers["Location"]  # noqa: E731
    assert goes(None) == goes(consumer) == f"/paper/{coupon.token}/"
    assert goes(cashier.user).startswith(f"/m/{merchant.slug}/counter/?code=")
    actions.claim_paper(coupon, consumer)
    assert goes(consumer) == f"/me/coupons/{coupon.token}/"
    assert goes(make_user()) == f"/paper/{coupon.token}/"


def test_it_is_claimed_from_its_page_without_scripts(merchant, consumer):
    coupon = paper_of(merchant)
    mine, address = client_of(consumer, language="en"), f"/paper/{coupon.token}/"
    assert "Keep it on my phone" in page_of(client_of(language="en"), address)
    assert mine.post(address, {"key": uuid.uuid4()})["Location"] == f"/me/coupons/{coupon.token}/"
    assert mine.get(address)["Location"] == f"/me/coupons/{coupon.token}/"
    late = client_of(make_user(), language="en")
    assert "Somebody has claimed or used it already" in page_of(late, address)
    assert late.post(address, {"key": uuid.uuid4()}).status_code == 422


def test_codes_cannot_be_tried_through_on_the_page(merchant):
    coupon, browser = paper_of(merchant), client_of()
    for _ in range(30):
        assert browser.get("/paper/0000000000/").status_code == 404
    assert browser.get(f"/paper/{coupon.token}/").status_code == 429


def test_the_pages_of_a_batch_work_without_scripts(shop, merchant, owner, consumer, cashier):
    programme = make_coupon_programme(merchant, stock=50)
    browser, home = client_of(owner, language="en"), f"/m/{merchant.slug}/coupons/{programme.token}/paper/"
    for quantity in ("0", str(10**12), "51", "ten"):
        asked = browser.post(home, {"key": uuid.uuid4(), "quantity": quantity})
        assert asked.status_code == 422
    page = browser.post(home, {"key": uuid.uuid4(), "quantity": "12"})["Location"]
    batch = PaperBatch.objects.get()
    assert page == f"{home}{batch.token}/"
    one, two, *_rest = batch.coupons.order_by("pk")
    actions.claim_paper(one, consumer)
    use(two, shop, cashier)
    shown = page_of(browser, page)
    assert "12 coupons on paper" in shown and "10 coupons that nobody has claimed" in shown
    listed = f"/m/{merchant.slug}/coupons/{programme.token}/issued/"
    assert "张女士" in page_of(browser, f"{listed}?batch={batch.token}&which=claimed")
    assert "Somebody without a card" in page_of(browser, f"{listed}?batch={batch.token}&which=used")
    assert page_of(browser, listed).count("Somebody without a card") == 1
    assert browser.post(f"{page}cancel/", {"reason": ""}).status_code == 422
    browser.post(f"{page}cancel/", {"reason": "印错了"})
    assert "None is left to hand out" in page_of(browser, page)
    assert "印错了" in page_of(client_of(), f"/paper/{batch.coupons.order_by('pk')[2].token}/")


def test_cashiers_print_nothing_and_other_merchants_see_nothing(merchant, cashier, stranger, other_shop):
    batch = make_paper(merchant)
    home = f"/m/{merchant.slug}/coupons/{batch.programme.token}/paper/"
    for person in (cashier.user, stranger):
        for address in (home, f"{home}{batch.token}/"):
            assert client_of(person).get(address).status_code in (403, 404)
    assert (
        client_of(stranger)
        .get(f"/m/{other_shop.merchant.slug}/coupons/{batch.programme.token}/paper/{batch.token}/")
        .status_code
        == 404
    )


@pytest.mark.parametrize("count", [3, 40])
def test_the_list_of_batches_takes_the_same_queries_however_many(
    merchant, owner, count, django_assert_num_queries
):
    programme = make_coupon_programme(merchant, stock=100)
    for _ in range(count):
        actions.make_paper(programme, 1, key=uuid.uuid4(), by=owner)
    browser, page = client_of(owner), f"/m/{merchant.slug}/coupons/{programme.token}/paper/"
    browser.get(page)
    with django_assert_num_queries(6):
        browser.get(page)
