"""Points that waited: their holder hears once that they can be used, however late somebody looks."""

import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from loyalty import actions
from loyalty.actions.usable import notice_usable
from loyalty.models import Lot
from loyalty.tasks import notice_usable_points
from messaging.kinds import kind_called
from messaging.models import Message
from orders.actions import undo
from portal.kernel.events import deliver_due
from tests.cast import make_user, owner_of
from tests.loyalty.makers import buy, give, make_card, take
from tests.together import at_once

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 22, 12, tzinfo=ZONE)
DAY = timedelta(days=1)
READY = datetime(2026, 11, 29, tzinfo=ZONE)


@pytest.fixture
def card(shop, consumer):
    card = make_card(shop.merchant, consumer, points_expire_months=1)
    actions.set_earning(card.programme, by=owner_of(shop.merchant), points_per_unit=1, waits=7)
    return card


def told() -> list[int]:
    deliver_due()
    return [
        message.params["points"] for message in Message.objects.filter(kind="loyalty.usable").order_by("pk")
    ]


def test_it_is_told_once_when_their_day_has_come(card):
    buy(card, 10_000, moment=NOON)
    assert (notice_usable(READY - timedelta(seconds=1)), told()) == (0, [])
    assert [notice_usable(READY), notice_usable(READY + DAY)] == [1, 0]
    assert told() == [100]


def test_days_that_were_missed_are_made_up_for_in_one_message(card):
    for day in range(3):
        buy(card, 10_000, moment=NOON + day * DAY)
    buy(card, 10_000, moment=NOON + 9 * DAY)
    assert (notice_usable(READY + 3 * DAY), told()) == (1, [300])
    assert (notice_usable(READY + 9 * DAY), told()) == (1, [300, 100])


def test_what_is_no_news_any_more_is_left_unsaid(card):
    buy(card, 10_000, moment=NOON)
    assert (notice_usable(READY + 15 * DAY), told()) == (0, [])
    assert not Lot.objects.ripe(READY + 15 * DAY).exists()


def test_nothing_is_said_of_points_that_are_gone_by_then(card):
    sale = buy(card, 10_000, moment=NOON)
    undo(sale, by=sale.by, reason="", key=uuid.uuid4(), moment=NOON)
    buy(card, 5_000, moment=NOON)
    take(card, 20, moment=READY)
    assert (notice_usable(READY), told()) == (1, [30])


def test_points_that_never_waited_are_no_news(card):
    give(card, 50, moment=NOON)
    assert notice_usable(READY) == 0


def test_it_is_said_in_the_language_of_the_holder(card):
    buy(card, 10_000, moment=NOON)
    notice_usable(READY)
    told()
    message = Message.objects.get(kind="loyalty.usable")
    said = {}
    for language in ("en", "zh-hans"):
        with translation.override(language):
            said[language] = kind_called(message.kind).written(message.params)[0]
    assert said == {"en": "Points you can use now: 100", "zh-hans": "100 积分现在可以用了"}


def test_a_card_that_nobody_holds_tells_nobody(shop, card):
    other = actions.enrol(card.programme, "+8613800000999", by=owner_of(shop.merchant))
    buy(other, 10_000, moment=NOON)
    assert (notice_usable(READY), told()) == (1, [])


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_workers_tell_it_once(shop):
    card = make_card(shop.merchant, make_user())
    give(card, 100, moment=NOON, waits=7)
    assert sum(at_once([notice_usable_points_at for _ in range(6)])) == 1
    assert told() == [100]


def notice_usable_points_at() -> int:
    return notice_usable(READY)


def test_the_task_looks_at_the_clock(card):
    assert notice_usable_points() == 0
