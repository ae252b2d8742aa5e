"""Visit passes as owner, cashier and holder meet them."""

import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from loyalty.models import PassOffer, Refund, Value, VisitPass
from merchants.models import Service
from orders.models import Purchase
from tests.cast import client_of, make_user, owner_of
from tests.loyalty.makers import PIN, make_card, make_pin
from tests.passes.makers import left, make_offer, sell, visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def card(shop, consumer):
    return make_card(shop.merchant, consumer)


def said(page) -> str:
    return " ".join(re.sub("<[^>]+>", " ", page.content.decode()).replace("&#x27;", "’").split())


def test_an_owner_puts_a_pass_on_sale_from_a_preset_and_stops_it(shop, card):
    owner, home = client_of(owner_of(shop.merchant), language="en"), f"/m/{shop.merchant.slug}/cards/passes/"
    page = owner.get(f"{home}?preset=ten").content.decode()
    sent = dict(re.findall(r'name="(name|name_en|visits|months|key)" value="([^"]*)"', page))
    assert (sent["visits"], sent["name_en"]) == ("10", "Ten visits")
    for _ in range(2):
        assert owner.post(home, sent | {"price": "300", "needs_pin": "on"}).status_code == 302
    offer = PassOffer.objects.get()
    assert (offer.price, offer.months, offer.needs_pin, offer.sold_online) == (30_000, 12, True, False)
    assert "10 visits for ¥300" in said(owner.get(home))
    for switch in ({"what": "sold_online", "on": "1"}, {"what": "is_on"}):
        assert owner.post(f"{home}{offer.pk}/", {"key": uuid.uuid4()} | switch).status_code == 302
    offer.refresh_from_db()
    assert (offer.sold_online, offer.is_on) == (True, False)
    assert "No longer sold" in said(owner.get(home))


def test_a_pass_without_a_price_is_refused_where_it_stands(shop, card):
    owner = client_of(owner_of(shop.merchant), language="en")
    sent = {"key": uuid.uuid4(), "name": "十次卡", "visits": "500", "price": "1"}
    page = owner.post(f"/m/{shop.merchant.slug}/cards/passes/", sent)
    assert (page.status_code, "Each visit has to cost something" in said(page)) == (422, True)


def test_a_cashier_sells_uses_and_undoes(shop, card, cashier):
    offer, till = make_offer(card.programme), client_of(cashier.user, language="en")
    counter = f"/m/{shop.merchant.slug}/counter/"
    assert "Sell a pass" in said(till.get(f"{counter}?card={card.token}"))
    asked = {"key": uuid.uuid4(), "offer": offer.pk}
    for _ in range(2):
        sold = till.post(f"{counter}passes/{card.number}/sell/", asked, follow=True)
    held = VisitPass.objects.get()
    assert "Ten washes: ¥300" in said(sold)
    assert "10 of 10 visits left" in said(till.get(f"{counter}?card={card.token}"))
    once = {"key": uuid.uuid4()}
    for _ in range(2):
        done = till.post(f"{counter}passes/{held.token}/use/", once, follow=True)
    assert "1 visit used" in said(done)
    assert "Ten washes · 9 visits left" in said(done)
    assert Purchase.objects.count() == 1
    back = f"{counter}activity/{Purchase.objects.get().token}/undo/"
    assert till.post(back, {"key": uuid.uuid4()}).status_code == 302
    assert left(held) == 10
    assert till.post(f"{counter}passes/{held.token}/undo/", {"key": uuid.uuid4()}).status_code == 302
    assert left(held) == 0
    refused = till.post(f"{counter}passes/{held.token}/use/", {"key": uuid.uuid4()}, follow=True)
    assert "No visit is left on this pass." in said(refused)


def test_a_pass_with_a_pin_is_used_after_the_holder_agreed(shop, card, cashier, consumer):
    make_pin(card)
    held = sell(card, needs_pin=True)
    till, home = client_of(cashier.user, language="en"), f"/m/{shop.merchant.slug}"
    page = till.get(f"{home}/counter/?card={card.token}").content.decode()
    assert f'name="card" value="{card.token}"' in page and 'name="visits" value="3"' in page
    asked = {"key": uuid.uuid4(), "card": card.token, "value": "visits", "shop": shop.slug}
    waiting = till.post(f"{home}/approvals/", asked | {"visits": "3"})
    approval = card.approvals.get(value=Value.VISITS)
    assert (waiting.status_code, approval.amount) == (302, 3)
    phone = client_of(consumer, language="en")
    here = f"/me/cards/{card.token}/pay/{approval.token}/"
    assert "3 visits" in said(phone.get(here))
    assert phone.post(f"{here}approve/", {"pin": PIN}).status_code == 302
    page = till.get(f"{home}/counter/?code={approval.token}").content.decode()
    assert f'value="{approval.token}"' in page and "Use 3 visits" in page
    sent = {"key": uuid.uuid4(), "approval": approval.token}
    used = f"{home}/counter/passes/{held.token}/use/"
    assert "another amount" in said(till.post(used, sent, follow=True))  # one is not what was agreed to
    done = till.post(used, sent | {"visits": "3"}, follow=True)
    assert "3 visits used" in said(done)
    assert left(held) == 7


def test_a_family_uses_three_visits_at_one_tap_and_the_slip_is_undone_whole(shop, card, cashier):
    held, till = sell(card), client_of(cashier.user, language="en")
    counter = f"/m/{shop.merchant.slug}/counter/"
    page = till.get(f"{counter}?card={card.token}").content.decode()
    assert [number for number in "1236" if f'name="visits" value="{number}"' in page] == list("1236")
    once = {"key": uuid.uuid4(), "visits": "3"}
    for _ in range(2):
        done = till.post(f"{counter}passes/{held.token}/use/", once, follow=True)
    assert "3 visits used" in said(done) and "Ten washes · 7 visits left" in said(done)
    sale = Purchase.objects.get()
    assert (sale.paid, left(held)) == (9_000, 7)
    assert "Ten washes × 3" in said(till.get(f"/r/{sale.token}/")) or "洗车十次卡 × 3" in said(
        till.get(f"/r/{sale.token}/")
    )
    too_many = {"key": uuid.uuid4(), "visits": "8"}
    refused = till.post(f"{counter}passes/{held.token}/use/", too_many, follow=True)
    assert "7 visits left, 1 fewer than asked" in said(refused)
    assert till.post(f"{counter}activity/{sale.token}/undo/", {"key": uuid.uuid4()}).status_code == 302
    assert left(held) == 10


def test_the_holder_sees_what_is_left_and_has_it_refunded(card, consumer):
    cut = Service.objects.get(shop__merchant=card.merchant)
    held = sell(card, visits=3, price=10_000, months=1, services=[cut.pk])
    visit(held)
    phone, home = client_of(consumer, language="en"), f"/me/cards/{card.token}/"
    assert "2 visits left on passes" in said(phone.get("/me/cards/"))
    assert "2 of 3 visits left" in said(phone.get(home))
    page = said(phone.get(f"{home}passes/"))
    assert "· Haircut" in page
    assert "Bought" in page and "leaves 2" in page and "until the end of" in page
    quote = phone.get(f"{home}passes/{held.token}/refund/")
    assert "Earned by them ¥33.33" in said(quote) and "Refund ¥66.67" in said(quote)
    sent = dict(re.findall(r'name="(key|quoted)" value="([^"]*)"', quote.content.decode()))
    for _ in range(2):
        assert phone.post(f"{home}passes/{held.token}/refund/", sent).status_code == 302
    assert Refund.objects.get().amount == 6_667
    assert "owed to you" in said(phone.get(f"{home}passes/"))
    assert "No visit left" in said(phone.get(f"{home}passes/{held.token}/refund/"))


def test_the_shop_sees_the_pass_on_card_list_and_liability_and_pays_it_out(shop, card):
    held, owner = sell(card), client_of(owner_of(shop.merchant), language="en")
    visit(held)
    home = f"/m/{shop.merchant.slug}"
    assert "9 of 10 visits left" in said(owner.get(f"{home}/cards/{card.number}/"))
    assert "9 visits paid ahead ¥270" in said(owner.get(f"{home}/reports/liability/"))
    file = b"".join(owner.get(f"{home}/cards/passes/passes.csv")).decode()
    assert f"{card.number},Ten washes,10,9,,¥300,¥270" in file
    members = b"".join(owner.get(f"{home}/cards/members.csv")).decode()
    assert ",Active,30,9," in members
    quote = owner.get(f"{home}/cards/{card.number}/passes/{held.token}/refund/").content.decode()
    sent = dict(re.findall(r'name="(key|quoted)" value="([^"]*)"', quote))
    assert owner.post(f"{home}/cards/{card.number}/passes/{held.token}/refund/", sent).status_code == 302
    assert "Ten washes" in said(owner.get(f"{home}/refunds/"))


@pytest.mark.parametrize("page", ["/me/cards/{token}/passes/", "/m/{slug}/cards/passes/", "/me/cards/"])
def test_pages_ask_no_more_for_many_passes(shop, card, consumer, page):
    offer = make_offer(card.programme)
    person = consumer if page.startswith("/me") else owner_of(shop.merchant)
    address = page.format(token=card.token, slug=shop.merchant.slug)

    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert client_of(person).get(address).status_code == 200
        return len(seen)

    visit(sell(card, offer))
    few = asked()
    for _ in range(12):
        visit(sell(make_card(shop.merchant, make_user()) if page.startswith("/m/") else card, offer))
    assert asked() == few


def test_the_receipt_of_a_visit_says_that_a_pass_paid(card):
    sale = visit(sell(card))
    page = said(client_of(language="en").get(f"/r/{sale.token}/"))
    assert "From the card: visits ¥30" in page
    assert sale.made_at <= timezone.now()
