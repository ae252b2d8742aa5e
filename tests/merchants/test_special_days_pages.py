"""Special days on the owner's page: a holiday answered, a day of one's own, closed for a while."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from merchants import actions
from merchants.models import DayKind, Shop
from merchants.opening import festivals
from tests.cast import client_of, owner_of
from tests.merchants.test_special_days import tomorrow

pytestmark = pytest.mark.django_db


def console(shop: Shop) -> str:
    return f"/m/{shop.merchant.slug}/shops/{shop.slug}/days/"


def test_the_owner_answers_for_a_holiday_with_one_press(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    feast = festivals.Festival(tomorrow(), tomorrow() + timedelta(days=2), "春节", "Chinese New Year")
    monkeypatch.setattr("merchants.web.days.coming", lambda *_: [feast])
    browser = client_of(owner_of(shop.merchant), language="en")
    page = browser.get(console(shop)).content.decode()
    assert "Chinese New Year" in page
    name = f"festival-{tomorrow()}"
    said = {
        "form": name,
        "first": tomorrow(),
        "last": tomorrow() + timedelta(days=2),
        "label": "春节",
        "label_en": "CNY",
    }
    for _ in range(2):
        assert browser.post(console(shop), said | {"kind": "closed"}).status_code == 302
    assert [day.kind for day in shop.special_days.order_by("on")] == ["closed"] * 3
    answer = browser.post(console(shop), said | {"kind": "hours", "opens_1": "１０:00", "closes_1": "4"})
    assert answer.status_code == 302
    assert {day.hours for day in shop.special_days.all()} == {"10:00-04:00"}
    answer = browser.post(console(shop), said | {"kind": "hours", "opens_1": "10:00", "closes_1": "x"})
    assert answer.status_code == 422 and "Enter both times" in answer.content.decode()


def test_a_day_of_one_s_own_is_added_and_removed(shop: Shop) -> None:
    browser = client_of(owner_of(shop.merchant), language="en")
    day = {"form": "own", "first": tomorrow().isoformat(), "kind": "closed", "label": "盘点"}
    assert browser.post(console(shop), day).status_code == 302
    assert "盘点" in browser.get(console(shop)).content.decode()
    assert browser.post(console(shop), day | {"clear": "1"}).status_code == 302
    assert shop.special_days.count() == 0
    for wrong in ({"first": "soon"}, {"last": "2020-01-01"}, {"kind": "perhaps"}, {"first": "2020-01-01"}):
        assert browser.post(console(shop), day | wrong).status_code == 422
    assert shop.special_days.count() == 0


def test_closing_for_a_while_and_opening_again_on_the_page(shop: Shop) -> None:
    browser = client_of(owner_of(shop.merchant), language="en")
    away = {
        "form": "away",
        "away_from": tomorrow(),
        "back_on": tomorrow() + timedelta(days=4),
        "words": "探亲",
    }
    assert browser.post(console(shop), away).status_code == 302
    assert "探亲" in browser.get(console(shop)).content.decode()
    assert browser.post(console(shop), away | {"back_on": tomorrow()}).status_code == 422
    assert browser.post(console(shop), {"form": "back"}).status_code == 302
    shop.refresh_from_db()
    assert shop.away_from is None


def test_another_merchant_can_neither_see_nor_change_it(shop: Shop, stranger: Any) -> None:
    answer = client_of(stranger).post(console(shop), {"form": "own", "first": tomorrow(), "kind": "closed"})
    assert answer.status_code == 404 and shop.special_days.count() == 0


def test_many_days_are_one_question(shop: Shop) -> None:
    browser = client_of(owner_of(shop.merchant))

    def count() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert browser.get(console(shop)).status_code == 200
        return len(seen)

    actions.set_days(shop, [tomorrow()], kind=DayKind.CLOSED)
    few = count()
    actions.set_days(shop, [tomorrow() + timedelta(days=n) for n in range(100)], kind=DayKind.CLOSED)
    assert count() == few
