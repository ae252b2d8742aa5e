"""Promise, good to know, notices with drafts, pictures by kind, services in full, the pin as given."""

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from merchants import actions
from merchants.actions.days import today_at
from merchants.actions.words import MOST_NOTICES, NoticeIsDown, TooManyNotices
from merchants.datum import Datum, GivenBy, is_shifted, to_bd09, to_gcj02, to_wgs84
from merchants.models import DayKind, Notice, Photo, PhotoKind, Shop, told_on
from merchants.opening.special import CLOSED
from portal.kernel.invariants import all_invariants
from tests.cast import client_of, make_shop, make_user, owner_of
from tests.merchants.pictures import picture

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def album(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def console(shop: Shop, page: str = "") -> str:
    return f"/m/{shop.merchant.slug}/shops/{shop.slug}/{page}"


def read(shop: Shop, page: str = "", language: str = "en") -> str:
    return client_of(language=language).get(f"{shop.get_absolute_url()}{page}").content.decode()


def add_photo(shop: Shop, side: int = 100, **said: Any) -> Photo:
    return actions.add_photo(shop, SimpleUploadedFile("front.jpg", picture((200, side))), **said)


def draft(shop: Shop, text: str = "周六店庆", **said: Any) -> Notice:
    return actions.draft_notice(shop, text=text, from_on=today_at(shop), key=uuid.uuid4(), **said)


# words


def test_promise_and_good_to_know_are_read_in_both_languages(shop: Shop) -> None:
    browser = client_of(owner_of(shop.merchant), language="en")
    said = {
        "promise": "不满意重做",
        "promise_en": "Done again for free",
        "handbook": "可停车",
    }
    assert browser.post(console(shop, "words/"), said).status_code == 302
    assert "Done again for free" in read(shop) and "不满意重做" in read(shop, language="zh-hans")
    assert "可停车" in read(shop)
    assert browser.post(console(shop, "words/"), {"promise": "长" * 201}).status_code == 422


# notices


def test_a_draft_is_seen_in_the_preview_alone_until_it_is_published(shop: Shop) -> None:
    notice = draft(shop, text_en="Anniversary on Saturday")
    browser = client_of(owner_of(shop.merchant), language="en")
    assert "Anniversary on Saturday" not in read(shop)
    assert "Anniversary on Saturday" in browser.get(console(shop, "preview/")).content.decode()
    for _ in range(2):
        browser.post(console(shop, f"notices/{notice.pk}/change/"), {"do": "publish"})
    assert "Anniversary on Saturday" in read(shop) and "周六店庆" in read(shop, language="zh-hans")


def test_customers_see_the_old_words_until_the_changed_draft_is_published(shop: Shop) -> None:
    notice = actions.publish_notice(draft(shop, text="旧的"))
    for text in ("新的", "更新的"):
        changed = actions.revise_notice(notice, text=text, from_on=today_at(shop))
    assert "旧的" in read(shop) and "更新的" not in read(shop)
    preview = client_of(owner_of(shop.merchant)).get(console(shop, "preview/")).content.decode()
    assert "更新的" in preview and "旧的" not in preview
    actions.publish_notice(changed)
    assert "更新的" in read(shop) and "旧的" not in read(shop)
    assert shop.notices.current().count() == 1


def test_a_notice_is_shown_from_its_first_day_to_its_last(shop: Shop) -> None:
    today = today_at(shop)
    days = [(-3, -1), (-1, 0), (0, None), (1, None)]
    for first, last in days:
        until = None if last is None else today + timedelta(days=last)
        key = uuid.uuid4()
        text = f"从{first}到{last}"
        row = actions.draft_notice(
            shop, text=text, from_on=today + timedelta(days=first), until_on=until, key=key
        )
        actions.publish_notice(row)
    assert {row.text for row in shop.notices.showing_on(today)} == {"从-1到0", "从0到None"}
    shop.refresh_from_db()
    assert {row.says for row in told_on(shop.told, today)} == {"从-1到0", "从0到None"}


@pytest.mark.sabotages("S02")
def test_a_storefront_that_tells_what_nobody_published_is_found(shop: Shop) -> None:
    notice = actions.publish_notice(draft(shop))
    [invariant] = [one for one in all_invariants() if one.code == "S02"]
    assert invariant.broken() == (0, [])
    Notice.objects.filter(pk=notice.pk).update(text="被改")
    assert invariant.broken() == (1, [shop.pk])


def test_the_same_key_is_the_same_notice_and_ten_are_enough(shop: Shop) -> None:
    key = uuid.uuid4()
    for _ in range(2):
        actions.draft_notice(shop, text="一", from_on=today_at(shop), key=key)
    assert shop.notices.count() == 1
    for _ in range(MOST_NOTICES - 1):
        draft(shop)
    with pytest.raises(TooManyNotices):
        draft(shop)


def test_what_was_taken_down_stays_down(shop: Shop) -> None:
    notice = actions.publish_notice(draft(shop))
    changed = actions.revise_notice(notice, text="新", from_on=today_at(shop))
    for _ in range(2):
        actions.withdraw_notice(notice)
    assert "周六店庆" not in read(shop)
    for verb in (
        actions.publish_notice,
        lambda row: actions.revise_notice(row, text="x", from_on=today_at(shop)),
    ):
        with pytest.raises(NoticeIsDown):
            verb(changed)


def test_the_database_refuses_a_notice_that_ends_before_it_begins(shop: Shop) -> None:
    with pytest.raises(IntegrityError, match="notice_ends_after_it_begins"), transaction.atomic():
        Notice.objects.create(shop=shop, text="x", from_on=date(2026, 2, 2), until_on=date(2026, 2, 1))


def test_the_page_writes_changes_and_publishes_a_notice(shop: Shop) -> None:
    browser = client_of(owner_of(shop.merchant), language="en")
    said = {"text": "周六店庆", "from_on": today_at(shop), "key": uuid.uuid4(), "do": "preview"}
    assert browser.post(console(shop, "notices/"), said).url.endswith("/preview/")
    notice = shop.notices.get()
    assert browser.get(console(shop, f"notices/{notice.pk}/")).status_code == 200
    said |= {"text": "周日店庆", "do": "publish"}
    assert browser.post(console(shop, f"notices/{notice.pk}/"), said).status_code == 302
    assert "周日店庆" in read(shop)
    assert (
        browser.post(console(shop, f"notices/{notice.pk}/"), said | {"text": "周一", "do": "x"}).status_code
        == 302
    )
    changed = shop.notices.get(text="周一")
    assert browser.get(console(shop, f"notices/{notice.pk}/")).url.endswith(f"/{changed.pk}/")
    for wrong in ({"text": ""}, {"from_on": "soon"}, {"until_on": "2020-01-01"}):
        answer = browser.post(console(shop, "notices/"), said | {"key": uuid.uuid4()} | wrong)
        assert answer.status_code == 422
    assert shop.notices.count() == 2


def test_another_merchant_neither_sees_nor_takes_down_a_notice(shop: Shop, other_shop: Shop) -> None:
    notice = actions.publish_notice(draft(shop))
    thief = client_of(owner_of(other_shop.merchant))
    for path in (
        console(shop, f"notices/{notice.pk}/change/"),
        console(other_shop, f"notices/{notice.pk}/change/"),
    ):
        assert thief.post(path, {"do": "withdraw"}).status_code == 404
    notice.refresh_from_db()
    assert notice.withdrawn_at is None


# pictures


def test_pictures_are_shown_kind_by_kind_with_words_in_the_reader_s_language(shop: Shop) -> None:
    add_photo(shop, 100, alt="绿色门面", alt_en="A green front")
    add_photo(shop, 101, kind=PhotoKind.MENU, alt="价目表", alt_en="The price list")
    page = read(shop, "photos/")
    assert page.index("Frontage") < page.index("Menu or price list")
    assert 'alt="A green front"' in page and 'alt="绿色门面"' in read(shop, "photos/", "zh-hans")
    assert "Menu or price list" in read(shop)


def test_kind_and_words_of_a_picture_are_changed_in_the_album(shop: Shop) -> None:
    photo = add_photo(shop)
    browser = client_of(owner_of(shop.merchant))
    path = console(shop, f"photo/{photo.pk}/")
    browser.post(path, {"kind": "inside", "alt": "里面\u202e", "alt_en": "Inside"})
    photo.refresh_from_db()
    assert (photo.kind, photo.alt, photo.alt_en) == ("inside", "里面", "Inside")
    browser.post(path, {"kind": "sauna", "alt": "x"})
    photo.refresh_from_db()
    assert photo.kind == "inside"


# services


PAIRS = [  # WGS-84, GCJ-02: from the tests of eviltransform and coordtransform
    ((39.915, 116.404), (39.91640428150164, 116.41024449916938)),
    ((31.1774276, 121.5272106), (31.17530398364597, 121.531541859215)),
    ((22.543847, 113.912316), (22.540796131694766, 113.9171764808363)),
    ((39.911954, 116.377817), (39.91334545536069, 116.38404722455657)),
]


@pytest.mark.parametrize(("wgs", "gcj"), PAIRS)
def test_gcj02_agrees_with_the_known_points(wgs: tuple[float, float], gcj: tuple[float, float]) -> None:
    assert to_gcj02(*wgs) == pytest.approx(gcj, abs=1e-6)
    assert to_wgs84(*gcj, Datum.GCJ02) == pytest.approx(wgs, abs=1e-6)


def test_bd09_agrees_with_the_known_point() -> None:
    wgs = to_wgs84(39.915, 116.404, Datum.GCJ02)  # from the tests of coordtransform
    assert to_bd09(*wgs) == pytest.approx((39.92133699351021, 116.41036949371029), abs=1e-7)
    assert to_wgs84(39.92133699351021, 116.41036949371029, Datum.BD09) == pytest.approx(wgs, abs=1e-7)


def test_only_the_mainland_s_maps_are_shifted() -> None:
    zones = ("Asia/Shanghai", "Asia/Urumqi", "Asia/Hong_Kong", "Asia/Macau", "Asia/Taipei", "Europe/Berlin")
    assert [is_shifted(zone) for zone in zones] == [True, True, False, False, False, False]


def test_a_point_from_a_map_app_is_kept_as_given_beside_the_canonical_one(shop: Shop) -> None:
    browser = client_of(owner_of(shop.merchant), language="en")
    said = {"lat": "31.228436", "lon": "121.478236", "datum": "GCJ-02", "address": "人民路 1 号"}
    assert browser.post(console(shop, "location/"), said).status_code == 302
    shop.refresh_from_db()
    assert (shop.given_lat, shop.given_lon, shop.given_datum, shop.given_by) == (
        31.228436,
        121.478236,
        "GCJ-02",
        "typed",
    )
    assert to_gcj02(shop.location.y, shop.location.x) == pytest.approx((31.228436, 121.478236), abs=1e-7)
    page = browser.get(console(shop)).content.decode()
    assert "31.228436, 121.478236 (GCJ-02)" in page.replace("\n", "") and "typed coordinates" in page


def test_saving_only_the_address_keeps_what_was_given(shop: Shop) -> None:
    actions.place_shop(
        shop, lat=31.228436, lon=121.478236, datum=Datum.GCJ02, accuracy_m=9, given_by=GivenBy.DEVICE
    )
    shop.refresh_from_db()
    said = {
        "lat": f"{shop.location.y:.6f}",
        "lon": f"{shop.location.x:.6f}",
        "datum": "WGS-84",
        "address": "新地址",
    }
    client_of(owner_of(shop.merchant)).post(console(shop, "location/"), said)
    shop.refresh_from_db()
    assert (shop.given_datum, shop.given_by, shop.accuracy_m, shop.address) == (
        "GCJ-02",
        "device",
        9,
        "新地址",
    )


@pytest.mark.parametrize("said", [{"datum": "MARS"}, {"lat": "nan"}, {"lat": "0", "lon": "0"}])
def test_a_pin_that_makes_no_sense_is_refused(shop: Shop, said: dict[str, str]) -> None:
    answer = client_of(owner_of(shop.merchant)).post(
        console(shop, "location/"), {"lat": "31.2", "lon": "121.4", "datum": "WGS-84"} | said
    )
    assert answer.status_code == 422
    before = shop.location
    shop.refresh_from_db()
    assert shop.location == before


def test_notices_and_special_days_go_along_when_listings_are_merged(shop: Shop) -> None:
    twin = make_shop(shop.merchant, name="青禾理发店", category=shop.category)
    clerk = make_user()
    actions.publish_notice(draft(twin))
    day = today_at(twin) + timedelta(days=3)
    actions.set_days(twin, [day], kind=DayKind.CLOSED)
    merge = actions.merge_shops(shop, twin, by=clerk)
    shop.refresh_from_db()
    assert "周六店庆" in read(shop) and shop.special.on(day) == CLOSED
    actions.undo_merge(merge, by=clerk)
    shop.refresh_from_db()
    assert (shop.told, shop.calendar) == (None, None)
