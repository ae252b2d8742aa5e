"""What everybody's routes owe everybody: other tenants find nothing, budgets hold, words stay words."""

import uuid
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from merchants import actions
from merchants.models import Category, Merchant, Role, Service, Shop, StaffMember
from portal.kernel.models import User
from tests import cast
from tests.merchants.test_staff import race

STEPS = ("", "name/", "location/", "hours/", "services/", "photo/", "publish/", "live/")


def shop_url(shop: Shop, rest: str = "") -> str:
    assert shop.merchant
    return f"/m/{shop.merchant.slug}/shops/{shop.slug}/{rest}"


def everything() -> list[Any]:
    rows: list[Any] = []
    for model in (Merchant, Shop, StaffMember, Service):
        rows += list(model._default_manager.order_by("pk").values())
    return rows


FORMS: dict[str, dict[str, str]] = {
    "name/": {"name": "偷来的", "category": "hair"},
    "location/": {"lat": "1", "lon": "1"},
    "hours/": {"usual": "24/7"},
    "services/": {
        "line-TOTAL_FORMS": "1",
        "line-INITIAL_FORMS": "0",
        "line-0-name": "x",
        "line-0-price": "1",
    },
    "photo/": {"keep": "1"},
    "publish/": {},
}


def test_another_owner_gets_404_everywhere_and_nothing_changed(
    shop: Shop, other_shop: Shop, stranger: User
) -> None:
    before, browser = everything(), cast.client_of(stranger)
    assert other_shop.merchant
    crossed = f"/m/{other_shop.merchant.slug}/shops/{shop.slug}/"  # own merchant, somebody else's shop
    for base in (shop_url(shop), crossed):
        for page in STEPS:
            assert browser.get(base + page).status_code == 404
        for page, form in FORMS.items():
            assert browser.post(base + page, form).status_code == 404
    merchant = shop.merchant
    assert merchant
    form = {"key": str(uuid.uuid4()), "name": "x", "category": "hair"}
    for page in ("shops/", "shops/new/", "settings/", "settings/team/"):
        assert browser.get(f"/m/{merchant.slug}/{page}").status_code == 404
        assert browser.post(f"/m/{merchant.slug}/{page}", form).status_code in (404, 405)
    assert everything() == before


def test_a_service_of_another_shop_can_not_be_renamed_by_its_id(
    shop: Shop, other_shop: Shop, owner: User
) -> None:
    theirs = other_shop.services.get()
    form = {
        "line-TOTAL_FORMS": "1",
        "line-INITIAL_FORMS": "1",
        "line-0-id": str(theirs.pk),
        "line-0-name": "偷来的",
        "line-0-price": "1",
    }
    assert cast.client_of(owner).post(shop_url(shop, "services/"), form).status_code == 302
    theirs.refresh_from_db()
    assert (theirs.name, theirs.price, theirs.shop_id) == ("剪发", 3800, other_shop.pk)


def test_visitors_are_sent_to_the_door_and_come_back(shop: Shop) -> None:
    visitor = cast.client_of()
    for page in ("/m/", "/m/start/", shop_url(shop), shop_url(shop, "hours/"), f"/s/{shop.slug}/claim/"):
        answer = visitor.get(page)
        assert answer.status_code == 302 and answer["Location"].startswith("/accounts/login/?next=")


def test_a_cashier_is_told_whom_to_ask_and_changes_nothing(shop: Shop, cashier: StaffMember) -> None:
    before, browser = everything(), cast.client_of(cashier.user)
    for page in STEPS:
        assert browser.get(shop_url(shop, page)).status_code == 403
    for page, form in FORMS.items():
        assert browser.post(shop_url(shop, page), form).status_code == 403
    assert everything() == before


@pytest.mark.parametrize("page", FORMS, ids=str)
def test_every_form_sent_twice_is_done_once(shop: Shop, owner: User, page: str) -> None:
    browser = cast.client_of(owner)
    first = browser.post(shop_url(shop, page), FORMS[page]).status_code
    after_one = everything()
    assert browser.post(shop_url(shop, page), FORMS[page]).status_code == first == 302
    assert [strip(row) for row in everything()] == [strip(row) for row in after_one]


def strip(row: dict[str, Any]) -> dict[str, Any]:
    """Without what moves with the clock: a round-the-clock opening, and when the owner last confirmed."""
    moving = ("opens_at", "closes_at", "next_change_at", "confirmed_at")
    return {field: value for field, value in row.items() if field not in moving}


def queries(user: User, path: str) -> int:
    browser = cast.client_of(user)
    browser.get(path)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert browser.get(path).status_code == 200
    return len(seen)


def many_shops(merchant: Merchant, category: Category, count: int) -> None:
    rows = [Shop(merchant=merchant, category=category, name=f"店 {n}", slug=f"row-{n}") for n in range(count)]
    Shop.objects.bulk_create(rows)


@pytest.mark.parametrize(
    ("page", "most"),
    [("shops/", 7), ("settings/team/", 8), ("shops/{shop}/", 9), ("shops/{shop}/services/", 8)],
)
def test_pages_cost_the_same_at_ten_and_a_thousand_rows(
    shop: Shop, owner: User, hair: Category, page: str, most: int
) -> None:
    merchant = shop.merchant
    assert merchant
    path = f"/m/{merchant.slug}/{page.format(shop=shop.slug)}"
    many_shops(merchant, hair, 10)
    people = User.objects.bulk_create([User(name=f"员工 {n}") for n in range(200)])
    StaffMember.objects.bulk_create(
        [StaffMember(merchant=merchant, user=user, role=Role.CASHIER) for user in people[:10]]
    )
    few = queries(owner, path)
    Shop.objects.filter(slug__startswith="row-").delete()
    many_shops(merchant, hair, 1000)
    StaffMember.objects.bulk_create(
        [StaffMember(merchant=merchant, user=user, role=Role.CASHIER) for user in people[10:]]
    )
    Service.objects.bulk_create([Service(shop=shop, name=f"服务 {n}", price=n + 1) for n in range(180)])
    assert queries(owner, path) == few <= most


def test_the_front_door_of_the_console_stays_cheap(shop: Shop, owner: User, hair: Category) -> None:
    path = "/m/?choose=1"
    few = queries(owner, path)
    for number in range(5):
        cast.make_shop(cast.make_merchant(owner, name=f"商户 {number}"), category=hair)
    assert queries(owner, path) == few <= 7


def test_who_works_in_one_place_goes_straight_there(shop: Shop, cashier: StaffMember, owner: User) -> None:
    assert shop.merchant
    assert cast.client_of(cashier.user).get("/m/")["Location"] == f"/m/{shop.merchant.slug}/"
    cast.make_merchant(owner, name="第二家")
    assert "第二家" in cast.client_of(owner).get("/m/").content.decode()


def test_text_is_shown_as_text(shop: Shop, owner: User) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    actions.describe_shop(shop, name=evil[:60], category=shop.category, about=evil)
    for page in ("", "publish/", "live/"):
        body = cast.client_of(owner).get(shop_url(shop, page)).content.decode()
        assert "<script>alert" not in body and "<img src=x" not in body


def test_hours_that_overlap_or_make_no_sense_are_said_and_kept_as_typed(shop: Shop, owner: User) -> None:
    browser = cast.client_of(owner, language="en")
    url = shop_url(shop, "hours/")
    overlap = {"opens_4_1": "10:00", "closes_4_1": "14:00", "opens_4_2": "13:00", "closes_4_2": "21:00"}
    body = browser.post(url, overlap)
    assert body.status_code == 422 and "Friday: the hours overlap" in body.content.decode()
    assert 'value="13:00"' in body.content.decode()
    raw = browser.post(url, {"text": "Mon-Sat !0:30"})
    assert raw.status_code == 422 and "Mo-Sa 10:00-21:00" in raw.content.decode()
    assert "Mon-Sat !0:30" in raw.content.decode()
    half = browser.post(url, {"opens_0_1": "10:00"})
    assert half.status_code == 422 and "Monday: enter both times" in half.content.decode()
    assert browser.post(url, {}).status_code == 422
    assert browser.post(url, {"usual": "Mon-Sat !0:30"}).status_code == 422
    shop.refresh_from_db()
    assert shop.hours == "Mo-Su 10:00-21:00"


def test_a_table_with_a_break_and_a_night_is_kept(shop: Shop, owner: User) -> None:
    form = {"opens_0_1": "10:00", "closes_0_1": "14:00", "opens_0_2": "17:00", "closes_0_2": "21:00"}
    form |= {"opens_4_1": "18:00", "closes_4_1": "02:00"}
    assert cast.client_of(owner).post(shop_url(shop, "hours/"), form).status_code == 302
    shop.refresh_from_db()
    assert shop.hours == "Mo 10:00-14:00,17:00-21:00, Fr 18:00-02:00"
    assert 'value="02:00"' in cast.client_of(owner).get(shop_url(shop, "hours/")).content.decode()


PRICES = ["-1", "abc", "1e9", "9" * 40, "12.345", "NaN", "0x10"]


@pytest.mark.parametrize("price", PRICES)
def test_what_is_no_price_is_refused_and_the_list_stays(shop: Shop, owner: User, price: str) -> None:
    form = {
        "line-TOTAL_FORMS": "1",
        "line-INITIAL_FORMS": "0",
        "line-0-name": "剪发",
        "line-0-price": price[:20],
    }
    answer = cast.client_of(owner).post(shop_url(shop, "services/"), form)
    assert answer.status_code == 422 and shop.services.get().price == 3800


def test_a_line_taken_off_the_list_is_kept_for_old_receipts(shop: Shop) -> None:
    line = actions.ServiceLine
    actions.set_services(shop, [line(name="烫发", price=9900), line(name="洗头", price=1500)])
    assert [service.name for service in shop.services.offered()] == ["烫发", "洗头"]
    assert shop.services.exclude(removed_at=None).get().name == "剪发"
    shop.refresh_from_db()
    assert (shop.from_price, shop.headline) == (1500, "洗头")


def test_two_services_can_swap_their_names(shop: Shop) -> None:
    line = actions.ServiceLine
    actions.set_services(shop, [line(name="甲", price=100), line(name="乙", price=200)])
    first, second = shop.services.offered()
    actions.set_services(
        shop, [line(id=first.pk, name="乙", price=100), line(id=second.pk, name="甲", price=200)]
    )
    assert {service.name: service.price for service in shop.services.offered()} == {"乙": 100, "甲": 200}


def test_a_public_place_sells_nothing_whatever_way_the_row_comes(merchant: Merchant) -> None:
    bank = cast.make_category("bank", is_discovery_only=True)
    shop = cast.make_shop(merchant, category=bank)
    with pytest.raises(IntegrityError, match="discovery_only_shop_sells_nothing"), transaction.atomic():
        Service.objects.create(shop=shop, name="贷款", price=1)


def test_a_draft_without_a_place_can_not_be_published_round_the_verb(shop: Shop) -> None:
    with pytest.raises(IntegrityError, match="published_shop_has_a_place"), transaction.atomic():
        Shop.objects.filter(pk=shop.pk).update(location=None)


def test_suspending_a_merchant_takes_its_shops_off_the_map_and_back(shop: Shop, owner: User) -> None:
    assert shop.merchant
    draft = cast.make_shop(shop.merchant, name="草稿", published=False)
    actions.suspend_merchant(shop.merchant, by=owner, reason="证照过期")
    assert not Shop.objects.listed().exists()
    actions.lift_suspension(shop.merchant, by=owner)
    assert list(Shop.objects.listed()) == [shop] and draft.pk


@pytest.mark.django_db(transaction=True)
def test_one_key_in_four_windows_opens_one_shop() -> None:
    owner, hair, key = cast.make_user(), cast.make_category(), uuid.uuid4()
    opened = race(*[lambda: actions.open_shop(owner, name="青禾", category=hair, key=key)] * 4)
    assert len({shop.pk for shop in opened}) == 1
    assert (Shop.objects.count(), Merchant.objects.count()) == (1, 1)
