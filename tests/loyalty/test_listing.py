"""The merchant's list of cards: found, filtered, sorted, paged, and taken away as a file on record."""

import csv
from datetime import timedelta
from io import StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from loyalty.actions import freeze
from loyalty.models import Account, Card, MemberExport
from merchants.models import Customer
from tests.cast import client_of, make_user, owner_of
from tests.loyalty.lists import bring, csv_file
from tests.loyalty.makers import make_card, make_programme

pytestmark = pytest.mark.django_db


def page(shop, query="", language="en"):
    return client_of(owner_of(shop.merchant), language=language).get(f"/m/{shop.merchant.slug}/cards/{query}")


def shown(shop, query=""):
    text = page(shop, query).content.decode()
    return [card for card in Card.objects.order_by("pk") if f"/cards/{card.number}/" in text]


def test_a_card_is_found_by_what_its_holder_can_say(shop):
    make_programme(shop.merchant)
    bring(shop.merchant, csv_file(["13800138001", "张", "VIP-7", 1, ""], ["13800138002", "李", "", 1, ""]))
    first, second = Card.objects.order_by("customer__phone_tail")
    for said in (first.number, first.number[-4:], "8001", "13800138001", "VIP-7"):
        assert first in shown(shop, f"?q={said}")
    assert shown(shop, "?q=8001") == [first]
    assert shown(shop, "?q=nobody") == []
    assert set(shown(shop)) == {first, second}


def test_filters_by_state_and_by_when_it_was_used(shop):
    used, idle, cold = (make_card(shop.merchant, points=5) for _ in range(3))
    Card.objects.filter(pk=idle.pk).update(last_used_at=timezone.now() - timedelta(days=91))
    freeze(cold, by=owner_of(shop.merchant))
    assert shown(shop, "?state=frozen") == [cold]
    assert shown(shop, "?idle=1") == [idle]
    assert shown(shop, "?state=nonsense&sort=nonsense") == [used, idle, cold]


def test_the_richest_first_page_by_page_nobody_twice_and_nobody_left_out(shop, monkeypatch):
    monkeypatch.setattr("loyalty.web.merchant.SIZE", 2)
    cards = [make_card(shop.merchant, points=points) for points in (5, 9, 9, 1, 7)]
    query, seen = "?sort=points", []
    while query:
        answer = page(shop, query)
        rows = answer.context["members"].rows
        seen += [row.pk for row in rows]
        query = answer.context["members"].more and f"?{answer.context['members'].more}"
    assert seen == [cards[n].pk for n in (2, 1, 4, 0, 3)]


@pytest.mark.parametrize("query", ["", "?sort=used", "?sort=points", "?idle=1"])
def test_the_list_asks_as_often_for_a_thousand_cards_as_for_ten(shop, query):
    counts = []
    for more in (10, 990):
        _many(shop, more)
        with CaptureQueriesContext(connection) as seen:
            assert page(shop, query).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]


def _many(shop, count):
    programme, start = make_programme(shop.merchant), Card.objects.count()
    people = Customer.objects.bulk_create([Customer(merchant=shop.merchant) for _ in range(count)])
    cards = Card.objects.bulk_create(
        [
            Card(
                merchant=shop.merchant,
                programme=programme,
                customer=person,
                number=f"99{start + place:010d}",
                token=f"T{start + place}",
            )
            for place, person in enumerate(people)
        ]
    )
    Account.objects.bulk_create([Account(merchant=shop.merchant, card=card, kind="points") for card in cards])
    with connection.cursor() as cursor:  # as the server does by itself when a table has grown
        cursor.execute("ANALYZE loyalty_card, loyalty_account, merchants_customer")


def test_the_file_is_the_owners_alone_safe_to_open_and_on_record(shop, manager):
    card = make_card(shop.merchant, make_user(phone="+8613800138001", name="=HYPERLINK(1)"), points=12)
    where = f"/m/{shop.merchant.slug}/cards/members.csv?state=active"
    assert client_of(manager.user).get(where).status_code == 403
    answer = client_of(owner_of(shop.merchant), language="en").get(where)
    rows = list(csv.reader(StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert rows[1][:5] == [card.number, "'=HYPERLINK(1)", "'+8613800138001", "Active", "12"]
    record = MemberExport.objects.get()
    assert (record.by, record.asked) == (owner_of(shop.merchant), "?state=active")
