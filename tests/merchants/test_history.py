"""What was changed on a shop, by whom, from what to what; taken back it is a change of its own."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from merchants import actions
from merchants.actions.days import today_at
from merchants.actions.history import NothingBefore
from merchants.actions.words import MOST_NOTICES, TooManyNotices
from merchants.history import Change, changes_of
from merchants.models import DayKind, Notice, Service, Shop, SpecialDay
from merchants.opening.week import spans_of
from tests.cast import client_of, owner_of

pytestmark = pytest.mark.django_db


def path(shop: Shop) -> str:
    return f"/m/{shop.merchant.slug}/shops/{shop.slug}/history/"


def shown(shop: Shop) -> list[tuple[str, str]]:
    return [(one.before, one.after) for one in changes_of(shop)[0].differences]


def of_service(shop: Shop, name: str) -> list[Change]:
    return [change for change in changes_of(shop) if change.what == name]


def test_it_says_who_changed_what_from_what_to_what(shop: Shop) -> None:
    owner = owner_of(shop.merchant)
    hours = f"/m/{shop.merchant.slug}/shops/{shop.slug}/hours/"
    client_of(owner).post(hours, {"text": "Mo-Su 09:00-18:00"})
    page = client_of(owner, language="en").get(path(shop)).content.decode()
    assert shown(shop) == [("Mo-Su 10:00-21:00", "Mo-Su 09:00-18:00")]
    assert owner.says() in page and "Mo-Su 09:00-18:00" in page


def test_a_change_is_taken_back_as_a_change_of_its_own(shop: Shop) -> None:
    actions.set_hours(shop, "Mo-Su 09:00-18:00")
    actions.say_more(shop, promise="七天内不满意，免费重剪")
    wrong = next(change for change in changes_of(shop) if "09:00" in change.differences[0].after)
    for _ in range(2):
        client_of(owner_of(shop.merchant)).post(path(shop), {"change": wrong.ref})
    shop.refresh_from_db()
    assert shop.hours == "Mo-Su 10:00-21:00" and shop.promise == "七天内不满意，免费重剪"
    assert shown(shop) == [("Mo-Su 09:00-18:00", "Mo-Su 10:00-21:00")]


def test_a_special_day_is_told_in_words(shop: Shop) -> None:
    actions.set_days(shop, [today_at(shop)], kind=DayKind.CLOSED)
    with translation.override("en"):
        told = [one.after for change in changes_of(shop) for one in change.differences]
    assert "Closed" in told and "closed" not in told


def test_name_place_and_words_go_back_through_their_verbs(shop: Shop) -> None:
    before = (shop.name, shop.address, round(shop.location.y, 6))
    actions.describe_shop(shop, name="写错了", category=shop.category)
    actions.place_shop(shop, lat=31.3, lon=121.5, address="错的路")
    for change in changes_of(shop)[:2]:
        actions.restore(shop, change.ref)
    shop.refresh_from_db()
    assert (shop.name, shop.address, round(shop.location.y, 6)) == before
    assert "青禾" in shop.search_text


def test_a_price_and_a_service_that_was_taken_off_come_back(shop: Shop) -> None:
    actions.set_services(shop, [actions.ServiceLine(name="剪发", price=9900)])
    [price] = of_service(shop, "剪发")[:1]
    assert ("¥38", "¥99") in [(one.before, one.after) for one in price.differences]
    actions.add_service(shop, name="烫发", price=20000)
    actions.remove_service(shop.services.get(name="烫发"))
    actions.restore(shop, of_service(shop, "烫发")[0].ref)
    actions.restore(shop, price.ref)
    assert {one.name: one.price for one in shop.services.offered()} == {"剪发": 3800, "烫发": 20000}
    shop.refresh_from_db()
    assert shop.from_price == 3800


@pytest.mark.parametrize(
    "ref", ["", "shop-", "shop-999999999", "shop-x", "merchant-1", "service-" + "9" * 30]
)
def test_what_never_was_can_not_be_taken_back(shop: Shop, ref: str) -> None:
    with pytest.raises(NothingBefore):
        actions.restore(shop, ref)


def test_another_shop_s_change_can_not_be_taken_back_here(shop: Shop, other_shop: Shop) -> None:
    actions.set_hours(other_shop, "24/7")
    theirs = changes_of(other_shop)[0].ref
    with pytest.raises(NothingBefore):
        actions.restore(shop, theirs)
    client_of(owner_of(shop.merchant)).post(path(other_shop), {"change": theirs})
    other_shop.refresh_from_db()
    assert other_shop.hours == "24/7"


def test_a_long_history_is_as_few_questions_as_a_short_one(shop: Shop) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as seen:
            changes_of(shop)
        return len(seen)

    few = count()
    for number in range(30):
        actions.say_more(shop, promise=f"承诺 {number}")
    assert count() == few and len(changes_of(shop)) >= 30


def test_hostile_words_are_text_in_the_history(shop: Shop) -> None:
    for words in ("<script>alert(1)</script>", "x"):
        actions.say_more(shop, promise=words)
    page: Any = client_of(owner_of(shop.merchant)).get(path(shop)).content.decode()
    assert "<script>alert" not in page and "&lt;script&gt;" in page
    assert Service.objects.filter(shop=shop).exists()


def of(shop: Shop, model: type) -> list[Change]:
    return [change for change in changes_of(shop) if change.what == model._meta.verbose_name]


def test_a_special_day_comes_back_after_it_was_changed_and_after_it_was_cleared(shop: Shop) -> None:
    day = today_at(shop)
    actions.set_days(shop, [day], kind=DayKind.HOURS, spans=spans_of("10:00-12:00,18:00-02:00"), label="庙会")
    actions.set_days(shop, [day], kind=DayKind.CLOSED)
    actions.restore(shop, of(shop, SpecialDay)[0].ref)
    assert (row := shop.special_days.get()).kind == DayKind.HOURS
    assert (row.hours, row.label) == ("10:00-12:00,18:00-02:00", "庙会")
    actions.clear_days(shop, [day])
    gone = of(shop, SpecialDay)[0]
    assert any(one.before and not one.after for one in gone.differences)
    for _ in range(2):
        actions.restore(shop, gone.ref)
    assert shop.special_days.get().hours == "10:00-12:00,18:00-02:00"
    shop.refresh_from_db()
    assert list(shop.calendar["days"]) == [day.isoformat()]
    actions.restore(shop, of(shop, SpecialDay)[-1].ref)  # nothing was said of the day at first
    assert not shop.special_days.exists()


def test_a_notice_goes_up_again_and_its_words_come_back(shop: Shop) -> None:
    day = today_at(shop)
    notice = actions.draft_notice(shop, text="周一休息", from_on=day, key=uuid.uuid4())
    actions.revise_notice(notice, text="周二休息", from_on=day)
    actions.publish_notice(notice)
    actions.withdraw_notice(notice)
    down, up, words = of(shop, Notice)[:3]
    actions.restore(shop, down.ref)
    shop.refresh_from_db()
    assert [one["zh"] for one in shop.told] == ["周二休息"]
    for _ in range(2):
        actions.restore(shop, words.ref)
    shop.refresh_from_db()
    assert [one["zh"] for one in shop.told] == ["周一休息"]
    actions.restore(shop, up.ref)
    shop.refresh_from_db()
    assert shop.told is None and shop.notices.get().is_draft


def test_more_notices_than_fit_do_not_come_back(shop: Shop) -> None:
    day = today_at(shop)
    notice = actions.draft_notice(shop, text="一", from_on=day, key=uuid.uuid4())
    actions.withdraw_notice(notice)
    for number in range(MOST_NOTICES):
        actions.draft_notice(shop, text=str(number), from_on=day, key=uuid.uuid4())
    down = next(one for one in of(shop, Notice) if one.ref)
    with pytest.raises(TooManyNotices):
        actions.restore(shop, down.ref)


def test_going_away_is_taken_back_and_so_is_coming_back(shop: Shop) -> None:
    day = today_at(shop)
    actions.go_away(shop, away_from=day, back_on=day + timedelta(days=9), words="装修")
    actions.restore(shop, changes_of(shop)[0].ref)
    shop.refresh_from_db()
    assert (shop.away_from, shop.away_words) == (None, "")
    actions.restore(shop, changes_of(shop)[0].ref)
    shop.refresh_from_db()
    assert (shop.back_on, shop.away_words) == (day + timedelta(days=9), "装修")


def test_nobody_takes_back_what_belongs_to_another_shop(shop: Shop, other_shop: Shop) -> None:
    actions.set_days(other_shop, [today_at(other_shop)], kind=DayKind.CLOSED)
    with pytest.raises(NothingBefore):
        actions.restore(shop, of(other_shop, SpecialDay)[0].ref)
    assert other_shop.special_days.exists()
