"""Making an offer of any kind in the browser: what is asked, what is refused, what it looks like before."""

import re

import pytest

from coupons.models import CouponProgramme, CouponTerms
from merchants.models import Service
from tests.cast import client_of, make_category, make_merchant, make_shop, owner_of
from tests.coupons.makers import make_coupon_programme
from tests.coupons.test_offer_pages import offer_form
from tests.loyalty.makers import make_levels, make_programme

pytestmark = pytest.mark.django_db


def send(shop, **changes):
    browser = client_of(owner_of(shop.merchant), language="en")
    return browser.post(f"/m/{shop.merchant.slug}/coupons/new/", offer_form(**changes))


def refused(shop, **changes):
    answer = send(shop, **changes)
    assert answer.status_code == 422
    assert CouponProgramme.objects.count() == 0
    return answer.content.decode()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"kind": "percent", "percent_off": "20", "most_off": "30"}, "20% off on bills from ¥38"),
        ({"kind": "fixed", "price": "29", "services": "here"}, "Haircut for ¥29 on bills from ¥38"),
        ({"kind": "gift", "item": "小料一份", "minimum": ""}, "小料一份 for free"),
        ({"kind": "voucher", "item": "剪发", "services": "here", "minimum": ""}, "Voucher for 剪发"),
        ({"kind": "value", "amount_off": "100", "minimum": ""}, "¥100 to use in parts"),
        ({"kind": "amount", "uses": "5", "minimum": ""}, "¥10 off, 5 times"),
    ],
)
def test_every_kind_can_be_published_and_its_page_says_it(shop, fields, said):
    if "services" in fields:
        fields = fields | {"services": [str(Service.objects.get(shop=shop).pk)]}
    assert send(shop, **fields).status_code == 302
    programme = CouponProgramme.objects.get()
    page = client_of(language="en").get(f"/coupons/{programme.token}/").content.decode()
    assert said in page


def test_places_days_and_people_are_kept_as_they_were_chosen_and_the_draft_shows_them_again(shop):
    make_levels(make_programme(shop.merchant))
    days = "2026-12-25\n2027-02-10 – 2027-02-16"
    rules = {"weekdays": ["0", "4"], "opens": "20:00", "closes": "02:00", "blackouts": days}
    more = {"levels": ["1"], "valid_days": "7", "is_transferable": "1", "do": "draft"}
    answer = send(shop, **rules, **more)
    terms = CouponTerms.objects.get()
    assert (terms.weekdays, terms.levels, terms.days) == ([0, 4], [1], 7)
    assert (terms.is_transferable, terms.stacks, terms.has_blackouts) == (True, False, True)
    assert [str(one) for one in terms.blackouts.order_by("starts_on")][1] == "2027-02-10 – 2027-02-16"
    browser = client_of(owner_of(shop.merchant), language="en")
    page = browser.get(answer["Location"]).content.decode()
    for sentence in ("On Mon, Fri.", "From 20:00–02:00 (next day).", "Not on 25 Dec, 10 Feb"):
        assert sentence in page
    again = browser.get(answer["Location"] + "edit/").content.decode()
    assert "2027-02-10 – 2027-02-16" in again and 'value="20:00"' in again
    assert len(re.findall(r'name="weekdays"[^>]*checked', again)) == 2


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"kind": "gift", "item": ""}, "Say what people get"),
        ({"kind": "fixed", "price": "29"}, "Choose the services that it is for"),
        ({"kind": "voucher", "item": "剪发"}, "Choose the services that it is for"),
        ({"kind": "value", "amount_off": ""}, "Enter how much the coupon takes off"),
        ({"opens": "20:00"}, "Hours need a beginning and an end"),
        ({"opens": "20:00", "closes": "20:00"}, "The same time twice"),
        ({"blackouts": "25.12."}, "this isn’t one: 25.12."),
        ({"blackouts": "2026-02-30"}, "this isn’t one: 2026-02-30"),
        ({"blackouts": "2026-12-26 – 2026-12-25"}, "ends before it begins"),
        ({"blackouts": "2026-12-25\n" * 21}, "At most 20 lines"),
        ({"valid_days": "400"}, "366"),
        ({"uses": "101"}, "100"),
        ({"services": ["999999"]}, "999999"),
        ({"weekdays": ["7"]}, "7"),
    ],
)
def test_bad_rules_get_a_sentence_and_save_nothing(shop, fields, sentence):
    assert sentence in refused(shop, **fields)


def test_services_and_shops_of_others_are_no_choice(shop, other_shop):
    foreign = Service.objects.get(shop=other_shop)
    assert "not one of the available choices" in refused(shop, services=[str(foreign.pk)])
    assert "not one of the available choices" in refused(shop, shops=[str(other_shop.pk)])


def test_a_name_of_emoji_and_right_to_left_letters_stays_in_its_place(shop):
    name = "🧋🎉 خصم \u202eevil"
    assert send(shop, title=name).status_code == 302
    assert CouponProgramme.objects.get().title == "🧋🎉 خصم evil"


def test_void_and_misleading_words_are_pointed_out_before_it_goes_out_and_not_after(shop):
    answer = send(shop, title="最终解释权归本店！！", do="draft")
    browser = client_of(owner_of(shop.merchant), language="en")
    draft = browser.get(answer["Location"]).content.decode()
    assert "Keeping the last word" in draft and "One exclamation mark is enough" in draft
    assert "As people will see it" in draft and "coupon-ticket" in draft
    browser.post(answer["Location"], {"do": "publish"})
    assert "Keeping the last word" not in browser.get(answer["Location"]).content.decode()


def test_the_shops_own_trade_comes_first_among_the_presets_and_other_trades_do_not_come():
    cafe = make_shop(make_merchant(name="茶铺"), name="茶铺", category=make_category("dining"))
    page = client_of(owner_of(cafe.merchant), language="en").get(f"/m/{cafe.merchant.slug}/coupons/")
    found = re.findall(r"preset=([a-z-]+)", page.content.decode())
    assert found == ["topping", "welcome", "quiet", "thanks"]


@pytest.mark.parametrize("count", [3, 30])
def test_the_list_of_offers_takes_the_same_queries_however_many_there_are(
    shop, count, django_assert_num_queries
):
    for _ in range(count):
        make_coupon_programme(shop.merchant)
    browser = client_of(owner_of(shop.merchant))
    browser.get(f"/m/{shop.merchant.slug}/coupons/")
    with django_assert_num_queries(6):
        browser.get(f"/m/{shop.merchant.slug}/coupons/")
