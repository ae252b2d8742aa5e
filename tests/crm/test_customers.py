"""The roster and the page of one customer: found by digits, merchant-scoped, phones shown with care."""

import uuid
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from complaints.kinds import REPLIED
from crm import actions
from crm.actions import contacts
from crm.models import PhoneLook
from crm.regulars import late_regulars, regulars_of
from crm.timeline import timeline_of
from merchants.models import Customer
from messaging.actions import tell
from orders.actions import undo
from portal.kernel.events import deliver_due
from tests import cast
from tests.complaints.makers import make_complaint
from tests.coupons.makers import make_coupon
from tests.crm.makers import sell
from tests.loyalty.makers import give, make_card

pytestmark = pytest.mark.django_db


def roster(browser, merchant, **query) -> str:
    answer = browser.get(reverse("crm:roster", args=[merchant.slug]), query)
    assert answer.status_code == 200
    return answer.content.decode()


def page(browser, customer, **query):
    return browser.get(reverse("crm:customer", args=[customer.merchant.slug, customer.pk]), query)


def visited(customer, visits, first_days_ago, last_days_ago):
    now = timezone.now()
    Customer.objects.filter(pk=customer.pk).update(
        visits=visits,
        spent=visits * 3800,
        first_visit_at=now - timedelta(days=first_days_ago),
        last_visit_at=now - timedelta(days=last_days_ago),
    )


def test_the_roster_stands_by_last_visit_and_the_unknown_last(signed_in, merchant, owner):
    never = cast.make_customer(merchant, name="从未来过")
    old = cast.make_customer(merchant, name="很久以前")
    recent = cast.make_customer(merchant, name="刚刚来过")
    visited(old, 1, 90, 90), visited(recent, 1, 1, 1)
    text = roster(signed_in(owner), merchant)
    places = [text.index(customer.name) for customer in (recent, old, never)]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("sought", "found"),
    [
        ("139 1234 5678", True),
        ("+8613912345678", True),
        ("１３９１２３４５６７８", True),
        ("5678", True),
        ("5679", False),
        ("13912345679", False),
        ("李", False),
        ("\x00", True),  # nothing was asked for
        ("' OR 1=1 --", False),
        ("9" * 300, False),
    ],
)
def test_somebody_is_found_by_phone_or_its_last_digits(signed_in, merchant, owner, sought, found):
    cast.make_customer(merchant, phone="+8613912345678", name="金女士")
    assert ("金女士" in roster(signed_in(owner), merchant, q=sought)) is found


def test_somebody_is_found_by_the_card_as_printed(signed_in, merchant, shop, owner):
    card = make_card(merchant, cast.make_user(name="卡女士"))
    cast.make_customer(merchant, name="别人")
    text = roster(signed_in(owner), merchant, q=card.number_in_groups)
    assert "卡女士" in text
    assert "别人" not in text


def test_the_roster_pages_without_gap_or_repetition(signed_in, merchant, owner):
    names = [f"客户{number:03d}号" for number in range(120)]
    for number, name in enumerate(names):
        customer = cast.make_customer(merchant, name=name)
        if number % 2:
            visited(customer, 1, 5 if number % 4 == 1 else number + 6, 5 if number % 4 == 1 else number + 6)
    browser, seen, query = signed_in(owner), [], ""
    while query is not None:
        answer = browser.get(reverse("crm:roster", args=[merchant.slug]) + query)
        rows = answer.context["page"]
        seen += [customer.name for customer in rows]
        query = f"?{rows.more}" if rows.more else None
    assert len(seen) == 120
    assert sorted(seen) == names


@pytest.mark.parametrize("after", ["", "x", "_", "2026_1", "2026-13-45T00:00:00Z_1", "_99999999999999999999"])
def test_an_unreadable_place_is_the_first_page(signed_in, merchant, owner, after):
    cast.make_customer(merchant, name="金女士")
    text = roster(signed_in(owner), merchant, after=after)
    assert "金女士" in text


def test_late_regulars_are_late_by_their_own_rhythm(signed_in, merchant, owner):
    weekly, monthly, rare = (cast.make_customer(merchant, name=name) for name in ("周周", "月月", "偶尔"))
    visited(weekly, 5, 48, 20)  # every 7 days, away for 20
    visited(monthly, 5, 140, 20)  # every 30 days, away for 20
    visited(rare, 3, 100, 90)  # three visits make no regular
    now = timezone.now()
    assert list(late_regulars(merchant, now)) == [weekly]
    assert (regulars_of(merchant, now).all, regulars_of(merchant, now).late) == (2, 1)
    assert not regulars_of(merchant, now).are_enough
    text = roster(signed_in(owner), merchant, late="1")
    assert "周周" in text
    assert "月月" not in text


def test_a_cashier_sees_no_money_on_the_roster(signed_in, merchant, cashier):
    visited(cast.make_customer(merchant), 3, 9, 1)
    assert "¥114" not in roster(signed_in(cashier.user), merchant)


def test_the_timeline_tells_everything_newest_first(signed_in, shop, owner):
    person = cast.make_user(name="张女士")
    card = make_card(shop.merchant, person)
    coupon = make_coupon(shop.merchant, person)
    start = timezone.now()
    sell(shop, 8000, moment=start + timedelta(minutes=1), card=card, coupon=coupon)
    wrong = sell(shop, 4000, moment=start + timedelta(minutes=2), card=card)
    undo(wrong, by=owner, reason="打错了", key=uuid.uuid4(), moment=start + timedelta(minutes=3))
    give(card, 7, moment=start + timedelta(minutes=4))
    make_complaint(shop, person, moment=start + timedelta(minutes=5), is_named=True)

    told = timeline_of(card.customer)
    kinds = [it.kind for it in told.happenings]
    assert kinds[:6] == ["complaint", "points", "undone", "purchase", "redeemed", "purchase"]
    assert set(kinds[6:]) == {"joined", "claimed"}
    assert [it.at for it in told.happenings] == sorted((it.at for it in told.happenings), reverse=True)
    text = page(signed_in(owner, language="en"), card.customer).content.decode()
    for words in ("¥60.00", "打错了", "满60减20", "Member card taken", "+7"):
        assert words in text


def test_messages_about_a_sale_stand_in_the_timeline_and_others_do_not(shop):
    person = cast.make_user()
    card = make_card(shop.merchant, person)
    sale = sell(shop, 8000, moment=timezone.now(), card=card)
    tell(person, REPLIED, occurrence=f"purchase:{sale.pk}", number="1", shop="x")
    tell(person, REPLIED, occurrence="complaint:1:reply:1", number="1", shop="x")
    kinds = sorted(it.kind for it in timeline_of(card.customer).happenings)
    assert kinds == ["joined", "message", "purchase"]


def test_who_does_not_agree_to_be_named_does_not_appear_as_complaining(signed_in, shop, owner):
    person = cast.make_user()
    customer = cast.make_customer(shop.merchant, person)
    complaint = make_complaint(shop, person)
    assert timeline_of(customer).happenings == []
    assert complaint.number_in_groups not in page(signed_in(owner), customer).content.decode()


def test_nothing_of_another_merchant_gets_into_the_timeline(shop, other_shop):
    person = cast.make_user()
    here = cast.make_customer(shop.merchant, person)
    theirs = make_card(other_shop.merchant, person)
    coupon = make_coupon(other_shop.merchant, person)
    sell(other_shop, 8000, moment=timezone.now(), card=theirs, coupon=coupon)
    give(theirs, 5)
    make_complaint(other_shop, person, is_named=True)
    deliver_due()
    assert timeline_of(here).happenings == []


def test_the_timeline_pages_without_gap_or_repetition(shop):
    card = make_card(shop.merchant)
    moment = timezone.now()
    for number in range(30):
        sell(shop, 100 + number, moment=moment - timedelta(hours=number // 3), card=card)
    seen, after = [], ""
    for _ in range(10):
        told = timeline_of(card.customer, after=after, size=7)
        seen += [(it.kind, it.id) for it in told.happenings]
        after = told.more
        if not after:
            break
    assert len(seen) == len(set(seen)) == 31


@pytest.mark.parametrize("after", ["x", "2026-01-01T00:00:00_purchase_1", "_purchase_1", "99_99_99", "\x00"])
def test_an_unreadable_place_in_the_timeline_is_its_start(signed_in, shop, owner, after):
    customer = cast.make_customer(shop.merchant)
    assert page(signed_in(owner), customer, after=after).status_code == 200


def test_a_manager_sees_the_whole_number_and_a_cashier_the_last_digits(signed_in, merchant, manager, cashier):
    customer = cast.make_customer(merchant, phone="+8613912345678")
    assert "+8613912345678" in page(signed_in(manager.user), customer).content.decode()
    text = page(signed_in(cashier.user), customer).content.decode()
    assert "+8613912345678" not in text
    assert "13912345678" not in text
    assert "…5678" in text


def test_a_cashier_who_looks_leaves_a_trace(signed_in, merchant, cashier):
    customer = cast.make_customer(merchant, phone="+8613912345678")
    url = reverse("crm:phone", args=[merchant.slug, customer.pk])
    answer = signed_in(cashier.user).post(url)
    assert "+8613912345678" in answer.content.decode()
    look = PhoneLook.objects.get()
    assert (look.by, look.customer, look.merchant) == (cashier.user, customer, merchant)
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        PhoneLook.objects.update(by=customer.merchant.staff.first().user)


def test_after_fifty_looks_a_day_somebody_else_has_to_call(merchant, cashier):
    customer, now = cast.make_customer(merchant), timezone.now()
    for _ in range(contacts.LOOKS_A_DAY):
        actions.reveal_phone(customer, by=cashier.user, moment=now - timedelta(hours=1))
    with pytest.raises(actions.TooManyLooks):
        actions.reveal_phone(customer, by=cashier.user, moment=now)
    assert PhoneLook.objects.count() == contacts.LOOKS_A_DAY
    actions.reveal_phone(customer, by=cashier.user, moment=now + timedelta(days=1))


def test_too_many_looks_are_answered_on_the_page(signed_in, merchant, cashier, monkeypatch):
    monkeypatch.setattr(contacts, "LOOKS_A_DAY", 0)
    customer = cast.make_customer(merchant, phone="+8613912345678")
    answer = signed_in(cashier.user).post(reverse("crm:phone", args=[merchant.slug, customer.pk]))
    assert answer.status_code == 422
    assert "13912345678" not in answer.content.decode()


def test_another_merchants_customer_does_not_exist_here(signed_in, merchant, other_shop, owner, stranger):
    theirs = cast.make_customer(other_shop.merchant, phone="+8613912345678", name="金丝雀")
    browser = signed_in(owner)
    for name in ("crm:customer", "crm:phone"):
        url = reverse(name, args=[merchant.slug, theirs.pk])
        assert browser.get(url).status_code in (404, 405)
        assert browser.post(url).status_code in (404, 405)
        foreign = reverse(name, args=[other_shop.merchant.slug, theirs.pk])
        assert browser.post(foreign).status_code in (404, 405)
    assert browser.get(reverse("crm:roster", args=[other_shop.merchant.slug])).status_code == 404
    assert "金丝雀" not in roster(browser, merchant)
    assert "金丝雀" not in roster(browser, merchant, q="5678")
    assert PhoneLook.objects.count() == 0


def test_visitors_sign_in_first(client, merchant):
    customer = cast.make_customer(merchant)
    for name, args in (("crm:roster", []), ("crm:customer", [customer.pk])):
        assert client.get(reverse(name, args=[merchant.slug, *args]))["Location"].startswith(
            "/accounts/login/"
        )
    assert client.post(reverse("crm:phone", args=[merchant.slug, customer.pk])).status_code == 302
    assert PhoneLook.objects.count() == 0


def test_the_roster_and_the_page_cost_the_same_with_a_thousand_rows(signed_in, shop, owner):
    card = make_card(shop.merchant)
    customer, browser = card.customer, signed_in(owner)
    roster(browser, shop.merchant), page(browser, customer)  # whatever is asked for only once

    def queries(act) -> int:
        with CaptureQueriesContext(connection) as seen:
            act()
        return len(seen)

    for _ in range(10):
        sell(shop, 100, moment=timezone.now(), card=card)
        cast.make_customer(shop.merchant)
    few = [queries(lambda: roster(browser, shop.merchant)), queries(lambda: page(browser, customer))]
    Customer.objects.bulk_create(Customer(merchant=shop.merchant, source="import") for _ in range(1000))
    for _ in range(30):
        sell(shop, 100, moment=timezone.now(), card=card)
    many = [queries(lambda: roster(browser, shop.merchant)), queries(lambda: page(browser, customer))]
    assert many == few
    assert few[0] <= 8
    assert few[1] <= 11


def test_a_name_is_text_and_never_markup(signed_in, merchant, owner):
    customer = cast.make_customer(merchant, name="<img src=x onerror=alert(1)>")
    for text in (roster(signed_in(owner), merchant), page(signed_in(owner), customer).content.decode()):
        assert "<img src=x" not in text
