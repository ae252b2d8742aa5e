"""Money on cards as owner, cashier and holder meet it."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from loyalty.models import Refund, StoredValueTerms, TopUp, ValueKind
from loyalty.value import liability
from tests.cast import client_of, make_user, owner_of
from tests.loyalty.makers import holds, make_programme
from tests.loyalty.money import make_money_card, pay_in, pay_with

pytestmark = pytest.mark.django_db


def in_english(user):
    browser = client_of(user)
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return browser


def key_in(page) -> str:
    return re.search(r'name="key" value="([^"]+)"', page.content.decode())[1]


def test_an_owner_allows_top_ups_from_a_preset_in_two_steps(shop):
    owner = client_of(owner_of(shop.merchant))
    make_programme(shop.merchant)
    page = owner.get(f"/m/{shop.merchant.slug}/cards/money/?preset=usual")
    sent = dict(re.findall(r'name="((?:pays|gets)_\d)" value="([^"]*)"', page.content.decode()))
    assert sent["pays_0"] == "300" and sent["gets_2"] == "150"
    sent |= {"is_on": "on", "spends": "principal", "cooling_off_days": "7"}
    assert owner.post(f"/m/{shop.merchant.slug}/cards/money/", sent).status_code == 302
    terms = StoredValueTerms.objects.get()
    assert terms.is_on
    tiers = [(30_000, 3_000), (50_000, 6_000), (100_000, 15_000)]
    assert list(terms.tiers.values_list("pays", "gets")) == tiers


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"pays_0": "100", "gets_0": "101"}, "A bonus can’t be more"),
        ({"gets_0": "10"}, "Enter what is paid in"),
        ({"pays_0": "100", "pays_1": "100"}, "there already"),
        ({"cooling_off_days": "-1"}, "0"),
    ],
)
def test_terms_that_make_no_sense_are_refused_where_they_stand(shop, sent, said):
    owner = in_english(owner_of(shop.merchant))
    make_programme(shop.merchant)
    wanted = {"is_on": "on", "spends": "principal", "cooling_off_days": "7"} | sent
    page = owner.post(f"/m/{shop.merchant.slug}/cards/money/", wanted)
    assert page.status_code == 422
    assert said in page.content.decode().replace("&#x27;", "’").replace("'", "’")
    assert not StoredValueTerms.objects.exists()


def test_a_cashier_tops_up_with_one_tap_and_undoes_a_slip(shop, cashier):
    till, card = client_of(cashier.user), make_money_card(shop)
    path = f"/m/{shop.merchant.slug}/counter/top-up/{card.number}/"
    sent = {"key": key_in(till.get(path)), "paid": "3000"}
    first, again = till.post(path, sent), till.post(path, sent)
    assert first.url == again.url
    assert holds(card, ValueKind.BONUS) == 100_000
    receipt = till.get(first.url)
    assert "¥3,000" in receipt.content.decode()
    assert till.post(f"{first.url}undo/", {"key": key_in(receipt)}).status_code == 302
    assert holds(card, ValueKind.PRINCIPAL) == holds(card, ValueKind.BONUS) == 0


def test_a_refused_top_up_says_why_and_writes_nothing(shop, cashier):
    till, card = in_english(cashier.user), make_money_card(shop, most_on_card=10_000)
    path = f"/m/{shop.merchant.slug}/counter/top-up/{card.number}/"
    page = till.post(path, {"key": key_in(till.get(path)), "paid": "500"})
    assert page.status_code == 422
    assert "A card may hold ¥100 at most" in page.content.decode()
    assert not TopUp.objects.exists()


def test_the_holder_sees_the_quote_and_has_it_refunded_and_the_shop_pays_out(shop):
    holder, owner = make_user(), client_of(owner_of(shop.merchant))
    card = make_money_card(shop, holder)
    pay_in(card, 300_000)
    pay_with(card, 359_400)
    phone = in_english(holder)
    quote = phone.get(f"/me/cards/{card.token}/close/")
    assert "¥304.50" in quote.content.decode()
    sent = {"key": key_in(quote), "quoted": "30450"}
    assert phone.post(f"/me/cards/{card.token}/close/", sent).status_code == 302
    assert "owed to you" in phone.get(f"/me/cards/{card.token}/money/").content.decode()
    due = Refund.objects.get()
    assert "¥304.50" in owner.get(f"/m/{shop.merchant.slug}/refunds/").content.decode()
    assert owner.post(f"/m/{shop.merchant.slug}/refunds/{due.pk}/paid/", {"how": ""}).status_code == 422
    assert owner.post(f"/m/{shop.merchant.slug}/refunds/{due.pk}/paid/", {"how": "cash"}).status_code == 302
    assert "paid out" in phone.get(f"/me/cards/{card.token}/money/").content.decode()


def test_a_sum_that_changed_is_shown_anew_before_anything_is_written(shop):
    holder = make_user()
    card = make_money_card(shop, holder)
    pay_in(card, 10_000)
    phone = in_english(holder)
    shown = {"key": key_in(phone.get(f"/me/cards/{card.token}/close/")), "quoted": "10000"}
    pay_with(card, 1_000)
    page = phone.post(f"/me/cards/{card.token}/close/", shown)
    assert page.status_code == 422
    assert "it is ¥90.00 now" in page.content.decode()
    assert not Refund.objects.exists()


def test_what_is_owed_asks_as_often_for_a_thousand_cards_as_for_ten(shop):
    owner, path = client_of(owner_of(shop.merchant)), f"/m/{shop.merchant.slug}/reports/liability/"

    def asked(cards: int) -> int:
        for _number in range(cards):
            pay_in(make_money_card(shop, make_user()), 50_000)
        with CaptureQueriesContext(
            connection,
        ) as log:
            assert owner.get(path).status_code == 200
        return len(log)

    asked(1)
    assert asked(9) == asked(30)


def test_the_months_add_up_to_what_is_owed(shop):
    card = make_money_card(shop)
    now = timezone.now()
    pay_in(card, 300_000, moment=now - timedelta(days=40))
    pay_with(card, 70_000, moment=now - timedelta(days=2))
    rows = liability.by_month(shop.merchant, timezone.get_current_timezone())
    owed = liability.owed_by(shop.merchant)
    assert (
        sum(row["came"] + row["given"] - row["used"] - row["back"] - row["lapsed"] for row in rows)
        == owed.money
    )
    assert (owed.principal, owed.bonus, owed.cards) == (230_000, 100_000, 1)


def signs(shop, moment=None) -> list[str]:
    moment = moment or timezone.now()
    row = liability.with_liability(StoredValueTerms.objects.all(), moment).get()
    return liability.signs_of(row, moment)


def test_each_sign_of_trouble_shows_and_a_healthy_shop_shows_none(shop):
    card, now = make_money_card(shop, tiers=[]), timezone.now()
    for days in (100, 70, 40):
        pay_in(card, 400_000, moment=now - timedelta(days=days))
        pay_with(card, 300_000, moment=now - timedelta(days=days - 1))
    pay_in(card, 400_000, moment=now - timedelta(days=5))
    pay_with(card, 300_000, moment=now - timedelta(days=1))
    assert signs(shop) == []
    assert signs(shop, now + timedelta(days=20)) == ["silent"]
    pay_in(card, 900_000, moment=now)
    assert signs(shop, now + timedelta(seconds=1)) == []
    assert "surge" in signs(shop, now + timedelta(days=29, hours=12))
    StoredValueTerms.objects.update(closing_on=now.date(), closing_announced_at=now)
    assert "closing" in signs(shop)


def test_the_limit_of_all_cards_stands_beside_what_is_owed_and_says_when_it_is_reached(shop):
    owner = in_english(owner_of(shop.merchant))
    card, page = make_money_card(shop, tiers=[]), f"/m/{shop.merchant.slug}/reports/liability/"
    pay_in(card, 60_000)
    assert "Room up to the limit" not in owner.get(page).content.decode()
    sent = {"is_on": "on", "spends": "principal", "cooling_off_days": "7", "most_owed": "1000"}
    assert owner.post(f"/m/{shop.merchant.slug}/cards/money/", sent).status_code == 302
    shown = owner.get(page).content.decode()
    assert "Room up to the limit of ¥1,000" in shown
    assert "¥400" in shown
    pay_in(card, 40_000)
    assert "no more can be paid in until" in owner.get(page).content.decode()
