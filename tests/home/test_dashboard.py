"""The staff's front page: every queue with its count and the age of the oldest, at a fixed price."""

import uuid
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from merchants import actions
from merchants.actions import Proposal
from merchants.dashboard import listings, new_merchants
from merchants.models import Merchant, Shop, Wrong
from portal.kernel.models import Delivery, OutboxEvent, User
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk() -> User:
    clerk = cast.make_user(name="运营", is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(content_type__app_label__in=["merchants", "kernel"]))
    return clerk


def front(clerk: User, language: str = "en") -> str:
    answer = cast.client_of(clerk, language=language).get("/staff/")
    assert answer.status_code == 200
    return answer.content.decode()


def some_work(count: int) -> None:
    nobody = cast.make_merchant()
    for n in range(count):
        listing = cast.make_listing(name=f"阳光洗衣店{n % 3}", merchant=nobody)
        actions.claim_listing(listing, by=cast.make_user(), said="我的")
        report = Proposal(wrong=Wrong.PHONE, text=f"021 6234 {n:04d}")
        actions.propose(listing, report, by=cast.make_user(), address="", key=uuid.uuid4())
    actions.find_duplicates()


def test_every_queue_stands_there_with_its_count_and_age(clerk: User, shop: Shop) -> None:
    some_work(2)
    assert shop.merchant
    long_ago = timezone.now() - timedelta(days=5)
    actions.suspend_merchant(shop.merchant, by=clerk, reason="查", moment=long_ago)
    event = OutboxEvent.objects.create(title="x.Y", facts={})
    Delivery.objects.create(event=event, subscriber="x", parked_at=timezone.now() - timedelta(hours=3))
    page = front(clerk)
    for words in ("Claims to listings", "Corrections", "Likely duplicates", "Suspended", "Parked deliveries"):
        assert words in page
    assert page.count("2 waiting") >= 2 and "oldest 5 d" in page and "oldest 3 h" in page
    assert "疑似重复" in front(clerk, "zh-hans") and "按新鲜度" in front(clerk, "zh-hans")


def test_who_may_see_nothing_is_shown_nothing() -> None:
    page = front(cast.make_user(is_staff=True))
    assert "waiting" not in page and "New merchants" not in page


def test_the_page_costs_the_same_with_little_and_much_work(clerk: User) -> None:
    browser = cast.client_of(clerk)

    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert browser.get("/staff/").status_code == 200
        return len(seen)

    some_work(1)
    cost()
    few = cost()
    some_work(12)
    assert cost() == few <= 20


def test_weeks_and_listings_are_counted_exactly(shop: Shop) -> None:
    now = timezone.now()
    old = cast.make_shop(cast.make_merchant(), name="老店")
    bare = cast.make_shop(cast.make_merchant(), name="新店")
    Shop.objects.filter(pk=old.pk).update(confirmed_at=now - timedelta(days=400))
    Shop.objects.filter(pk=bare.pk).update(confirmed_at=None, hours="", address="", from_price=None)
    by_level, by_freshness = listings(now)
    assert [bar.count for bar in by_level] == [1, 0, 2, 0]
    assert [bar.count for bar in by_freshness] == [1, 0, 1, 1]
    Merchant.objects.filter(pk=old.merchant_id).update(created_at=now - timedelta(weeks=3))
    weeks = [bar.count for bar in new_merchants(now)]
    assert (len(weeks), weeks[-1], weeks[-4]) == (8, 2, 1)
