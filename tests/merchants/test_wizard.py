"""From a name to a shop that everybody can find: each step saved, each slip answered with a sentence."""

import uuid
from typing import Any

import pytest
from django.test import Client

from merchants.codes import poster_code
from merchants.models import Category, Merchant, Shop
from portal.kernel.models import User
from tests import cast


@pytest.fixture
def someone(db: None) -> User:
    return cast.make_user(name="新店主")


@pytest.fixture
def browser(someone: User) -> Client:
    return cast.client_of(someone)


def name_step(**fields: Any) -> dict[str, Any]:
    return {"key": str(uuid.uuid4()), "name": "阳光洗衣", "category": "laundry"} | fields


def no_prices(count: int = 0) -> dict[str, str]:
    return {"line-TOTAL_FORMS": str(count), "line-INITIAL_FORMS": "0"}


def test_seven_posts_lead_to_a_shop_that_everybody_can_find(browser: Client, someone: User) -> None:
    assert browser.get("/m/start/").status_code == 200
    answer = browser.post("/m/start/", name_step())
    shop = Shop.objects.get(name="阳光洗衣")
    base = f"/m/{shop.merchant.slug}/shops/{shop.slug}/"
    assert answer["Location"] == f"{base}location/" and not shop.is_listed

    answer = browser.post(f"{base}location/", {"lat": "31.2304", "lon": "121.4737", "accuracy_m": "12.4"})
    assert answer["Location"] == f"{base}hours/"
    answer = browser.post(f"{base}hours/", {"usual": "Mo-Su 08:30-20:30"})
    assert answer["Location"] == f"{base}services/"
    lines = {
        "line-0-name": "衬衫干洗",
        "line-0-price": "１２.5",
        "line-1-name": "西装套装",
        "line-1-price": "",
    }
    answer = browser.post(f"{base}services/", no_prices(2) | lines)
    assert answer["Location"] == f"{base}photo/"
    answer = browser.post(f"{base}photo/", {"keep": "1"})
    assert answer["Location"] == f"{base}publish/"
    assert browser.get(f"{base}publish/").status_code == 200
    for _twice in range(2):
        answer = browser.post(f"{base}publish/")
        assert answer["Location"] == f"{base}live/"

    shop.refresh_from_db()
    assert shop.is_listed and shop.from_price == 1250 and shop.headline == "衬衫干洗"
    assert shop.accuracy_m == 12 and shop.time_zone == "Asia/Shanghai" and shop.given_datum == "WGS-84"
    assert Merchant.objects.worked_at_by(someone).get() == shop.merchant
    assert [row.slug for row in Shop.objects.near(31.2304, 121.4737, limit=5)] == [shop.slug]
    assert "阳光洗衣" in browser.get(f"{base}live/").content.decode()
    assert browser.get(f"/q/{poster_code(shop)}")["Location"] == f"/s/{shop.slug}/"


def test_every_step_shows_in_both_languages(someone: User, shop: Shop, owner: User) -> None:
    Shop.objects.filter(pk=shop.pk).update(published_at=None, is_listed=False)
    for language, word in (("zh-hans", "第"), ("en", "Step")):
        browser = cast.client_of(owner, language=language)
        for step in ("name", "location", "hours", "services", "photo", "publish"):
            page = browser.get(f"/m/{shop.merchant.slug}/shops/{shop.slug}/{step}/")
            assert page.status_code == 200
            assert word in page.content.decode()


def test_sending_the_first_step_twice_opens_one_shop(browser: Client) -> None:
    form = name_step()
    first, second = browser.post("/m/start/", form), browser.post("/m/start/", form)
    assert first["Location"] == second["Location"]
    assert Shop.objects.count() == Merchant.objects.count() == 1


def test_somebody_else_with_the_same_key_is_refused(browser: Client, stranger: User) -> None:
    form = name_step()
    browser.post("/m/start/", form)
    assert cast.client_of(stranger).post("/m/start/", form).status_code == 422
    assert Shop.objects.count() == 1


def test_who_left_half_way_goes_on_where_they_were(browser: Client) -> None:
    browser.post("/m/start/", name_step())
    shop = Shop.objects.get()
    base = f"/m/{shop.merchant.slug}/shops/{shop.slug}/"
    assert browser.get("/m/start/")["Location"] == f"{base}location/"
    browser.post(f"{base}location/", {"lat": "31.2", "lon": "121.4"})
    browser.post(f"{base}hours/", {"usual": "24/7"})
    assert browser.get("/m/start/")["Location"] == f"{base}services/"
    assert browser.get("/m/start/?new=1").status_code == 200


def test_without_prices_it_is_not_published_and_says_so(owner: User, merchant: Merchant) -> None:
    shop = cast.make_shop(merchant, published=False)
    shop.services.all().delete()
    Shop.objects.filter(pk=shop.pk).update(from_price=None)
    browser = cast.client_of(owner, language="en")
    answer = browser.post(f"/m/{merchant.slug}/shops/{shop.slug}/publish/")
    assert answer.status_code == 422
    assert "Services and prices" in answer.content.decode()
    assert not Shop.objects.get(pk=shop.pk).is_listed


@pytest.mark.parametrize(
    ("lat", "lon"),
    [("-90", "0"), ("-89.99", "45"), ("86", "121"), ("31", "181"), ("nan", "121"), ("inf", "1"), ("0", "0")],
)
def test_a_pin_off_the_map_is_refused_and_nothing_is_saved(
    owner: User, shop: Shop, lat: str, lon: str
) -> None:
    page = cast.client_of(owner).post(
        f"/m/{shop.merchant.slug}/shops/{shop.slug}/location/", {"lat": lat, "lon": lon, "address": "新地址"}
    )
    assert page.status_code == 422
    assert "新地址" in page.content.decode()  # what was typed is still there
    shop.refresh_from_db()
    assert (shop.location.y, shop.location.x, shop.address) == (31.2304, 121.4737, "人民路 1 号")


def test_the_pin_decides_the_zone_of_the_clock(owner: User, shop: Shop) -> None:
    url = f"/m/{shop.merchant.slug}/shops/{shop.slug}/location/"
    assert cast.client_of(owner).post(url, {"lat": "40.7128", "lon": "-74.006"}).status_code == 302
    shop.refresh_from_db()
    assert shop.time_zone == "America/New_York"


@pytest.mark.parametrize(
    "name", ["理" * 1_000_000, "", "   ", "\x00\x00"], ids=["a megabyte", "empty", "blank", "NUL"]
)
def test_a_name_that_is_none_keeps_the_old_one(owner: User, shop: Shop, name: str) -> None:
    url = f"/m/{shop.merchant.slug}/shops/{shop.slug}/name/"
    answer = cast.client_of(owner).post(url, {"name": name[:600_000], "category": shop.category.slug})
    assert answer.status_code == 422
    shop.refresh_from_db()
    assert shop.name == "青禾理发 人民路店"


def test_nul_bytes_inside_a_name_are_left_out(owner: User, shop: Shop) -> None:
    url = f"/m/{shop.merchant.slug}/shops/{shop.slug}/name/"
    form = {"name": "青\x00禾", "category": shop.category.slug, "about": "一\x00二"}
    assert cast.client_of(owner).post(url, form).status_code == 302
    shop.refresh_from_db()
    assert (shop.name, shop.about) == ("青禾", "一二")


def test_fields_that_the_form_does_not_have_change_nothing(owner: User, shop: Shop, other_shop: Shop) -> None:
    before = Shop.objects.filter(pk=shop.pk).values().get()
    extra = {
        "merchant": other_shop.merchant.pk,
        "merchant_id": other_shop.merchant.pk,
        "is_listed": "",
        "slug": "mine",
        "id": other_shop.pk,
        "from_price": "1",
        "source": "osm",
        "published_at": "",
    }
    url = f"/m/{shop.merchant.slug}/shops/{shop.slug}/name/"
    form = {"name": shop.name, "category": shop.category.slug} | extra
    assert cast.client_of(owner).post(url, form).status_code == 302
    after = Shop.objects.filter(pk=shop.pk).values().get()
    assert after.pop("confirmed_at") > before.pop("confirmed_at")  # saving it means that it is still true
    assert after == before


def test_a_new_name_is_found_at_once(owner: User, shop: Shop) -> None:
    url = f"/m/{shop.merchant.slug}/shops/{shop.slug}/name/"
    cast.client_of(owner).post(url, {"name": "麒麟阁", "category": shop.category.slug})
    assert [row.name for row in Shop.objects.near(31.2304, 121.4737, text="麒麟")] == ["麒麟阁"]


def test_a_second_shop_belongs_to_the_same_merchant(owner: User, shop: Shop) -> None:
    url = f"/m/{shop.merchant.slug}/shops/new/"
    answer = cast.client_of(owner).post(url, name_step(name="青禾理发 南京路店", category="hair"))
    second = Shop.objects.get(name="青禾理发 南京路店")
    assert second.merchant == shop.merchant and Merchant.objects.count() == 1
    assert answer["Location"].endswith(f"/{second.slug}/location/")


def test_a_public_place_has_no_price_list(owner: User, merchant: Merchant) -> None:
    bank = Category.objects.get(slug="bank")
    shop = cast.make_shop(merchant, category=bank)
    assert shop.is_listed and shop.from_price is None
    url = f"/m/{merchant.slug}/shops/{shop.slug}/services/"
    answer = cast.client_of(owner).post(url, no_prices(1) | {"line-0-name": "贷款", "line-0-price": "1"})
    assert answer.status_code == 422 and not shop.services.exists()
