"""The pages of segments and lists: counted before saved, small ones without names, marked on the roster."""

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.models import Campaign, Segment
from merchants.models import Shop
from tests.cast import client_of, owner_of
from tests.crm.test_segments import known, save, shop

pytestmark = pytest.mark.django_db
__all__ = ["shop"]


def form(**changes: Any) -> dict[str, Any]:
    return {"key": str(uuid.uuid4()), "name": "常客", "visits_from": "4"} | changes


def test_counted_before_it_is_saved_and_used_for_a_deal(shop: Shop) -> None:
    for _ in range(12):
        known(shop, visits=4)
    client, base = (
        client_of(owner_of(shop.merchant), language="en"),
        f"/m/{shop.merchant.slug}/customers/segments/",
    )
    assert "Regulars who stay away" in client.get(base).content.decode()
    said = form()
    counted = client.post(base + "new/", said | {"count": "1"})
    assert (counted.status_code, Segment.objects.count()) == (200, 0)
    page = counted.content.decode()
    assert '<dd class="num">12</dd>' in page
    assert "Visits: 4 or more" in page
    for _ in range(2):
        assert client.post(base + "new/", said).status_code == 302
    kept = Segment.objects.get()
    assert "Visits: 4 or more" in client.get(f"{base}{kept.token}/").content.decode()
    deal = client.get(f"/m/{shop.merchant.slug}/campaigns/flash/?audience=segment-{kept.token}")
    assert "常客: 12" in deal.content.decode()
    asked = {"title": "限时八折", "percent_off": 20, "hours": 2, "stock": 20, "within_m": 2000}
    asked |= {"audience": f"segment-{kept.token}", "shop": shop.slug, "key": str(uuid.uuid4())}
    sent = client.post(f"/m/{shop.merchant.slug}/campaigns/flash/review/", asked)
    assert sent.status_code == 302
    assert Campaign.objects.get().segment == kept


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"visits_from": ""},
        {"visits_from": "-1"},
        {"visits_to": "3"},
        {"within_m": "500", "shop": ""},
        {"beyond_m": "500"},
        {"levels": ["x"]},
        {"birthday_month": "13"},
        {"on_list": "none"},
    ],
)
def test_what_cannot_be_a_segment_is_said_on_the_page(shop: Shop, wrong: dict[str, Any]) -> None:
    client = client_of(owner_of(shop.merchant))
    answer = client.post(f"/m/{shop.merchant.slug}/customers/segments/new/", form(**wrong))
    assert (answer.status_code, Segment.objects.count()) == (422, 0)


def test_small_segments_are_not_counted_exactly_and_show_no_names(shop: Shop) -> None:
    customer = known(shop, visits=4, name="王小明")
    kept = save(shop, visits_from=4)
    client = client_of(owner_of(shop.merchant), language="en")
    page = client.get(f"/m/{shop.merchant.slug}/customers/segments/{kept.token}/").content.decode()
    assert "fewer than 10" in page
    assert customer.says() not in page


def test_marked_on_the_roster_put_on_a_list_taken_off_again(shop: Shop) -> None:
    customer = known(shop, name="王小明")
    client, base = client_of(owner_of(shop.merchant), language="en"), f"/m/{shop.merchant.slug}/customers/"
    assert 'name="c"' in client.get(base).content.decode()
    assert "Put 1 customer on a list" in client.get(f"{base}segments/list/?c={customer.pk}").content.decode()
    said = {"key": str(uuid.uuid4()), "c": [customer.pk], "name": "老友"}
    for _ in range(2):
        assert client.post(f"{base}segments/list/", said).status_code == 302
    kept = Segment.objects.get()
    assert "王小明" in client.get(f"{base}segments/{kept.token}/").content.decode()
    client.post(f"{base}segments/{kept.token}/off/", {"customer": customer.pk})
    assert "Nobody is on this list" in client.get(f"{base}segments/{kept.token}/").content.decode()
    client.post(f"{base}segments/{kept.token}/away/")
    assert "Put away on" in client.get(f"{base}segments/").content.decode()
    client.post(f"{base}segments/{kept.token}/back/")
    assert Segment.objects.get().put_away_at is None


def test_cashiers_make_no_segments(shop: Shop, cashier: Any) -> None:
    client, base = client_of(cashier.user), f"/m/{shop.merchant.slug}/customers/segments/"
    assert {client.get(base).status_code, client.get(base + "new/").status_code} <= {403, 404}


def test_the_page_asks_as_much_for_many_as_for_few(shop: Shop) -> None:
    client, base = client_of(owner_of(shop.merchant)), f"/m/{shop.merchant.slug}/customers/segments/"

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(base).status_code == 200
        return len(queries)

    save(shop, name="0", visits_from=1)
    asked()
    few_segments = asked()
    for number in range(1, 11):
        save(shop, name=str(number), visits_from=number)
    assert asked() == few_segments
