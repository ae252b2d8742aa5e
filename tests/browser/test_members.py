"""Members as a shop brings them along, enrols them, gives them cards and makes two records one."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from loyalty.models import Card, ImportState, MemberImport
from merchants.models import Customer, Shop, StaffMember
from portal.kernel import jobs
from portal.kernel.models import User
from tests.browser.taps import Taps
from tests.cast import make_customer, owner_of
from tests.loyalty.lists import HEAD, csv_file, people, workbook
from tests.loyalty.makers import balance, give, make_card, make_programme

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Visit = Callable[..., Page]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_an_old_list_becomes_cards_in_four_taps_and_goes_back_in_one(
    visit: Visit, violations: Any, shop: Shop, language: str
) -> None:
    make_programme(shop.merchant)
    content = workbook(*people(12, points=100), ["12345", "短", "X", 5, ""], head=[*HEAD[:4], "Since"])
    page = visit(f"/m/{shop.merchant.slug}/cards/import/", user=owner_of(shop.merchant), language=language)
    finger = Taps()
    page.set_input_files("input[type=file]", {"name": "members.xlsx", "mimeType": "", "buffer": content})
    finger.tap(page.locator("main form button[type=submit]"))
    expect(page.locator("#id_phone")).to_have_value("0")
    expect(page.locator("#id_points")).to_have_value("3")
    assert violations(page) == []
    finger.tap(page.locator(".action-bar button"))
    jobs.run_due()
    expect(page.locator(".stat-value").first).to_have_text("12", timeout=15_000)
    assert violations(page) == []
    assert not Card.objects.exists()
    finger.tap(page.locator(".action-bar button"))
    jobs.run_due()
    expect(page.locator("#import")).to_contain_text("1200", timeout=15_000)
    assert (finger.count, Card.objects.count()) == (3, 12)
    assert violations(page) == []
    page.locator("button[data-kind=danger]").click()
    jobs.run_due()
    expect(page.locator("#import")).to_contain_text(owner_of(shop.merchant).name, timeout=15_000)
    assert MemberImport.objects.get().state == ImportState.UNDONE
    assert {balance(card) for card in Card.objects.all()} == {0}


def test_the_import_goes_without_scripts(visit: Visit, shop: Shop) -> None:
    make_programme(shop.merchant)
    page = visit(f"/m/{shop.merchant.slug}/cards/import/", user=owner_of(shop.merchant), scripts=False)
    file = {"name": "members.csv", "mimeType": "text/csv", "buffer": csv_file(*people(2))}
    page.set_input_files("input[type=file]", file)
    page.locator("main form button[type=submit]").click()
    page.locator(".action-bar button").click()
    jobs.run_due()
    page.reload()
    page.locator(".action-bar button").click()
    jobs.run_due()
    page.reload()
    expect(page.locator("#import")).to_contain_text("20")
    assert Card.objects.count() == 2


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_walk_in_has_a_card_on_the_counter_after_two_taps(
    visit: Visit, violations: Any, shop: Shop, cashier: StaffMember, language: str
) -> None:
    make_programme(shop.merchant)
    page = visit(f"/m/{shop.merchant.slug}/counter/", user=cashier.user, language=language)
    finger = Taps()
    page.locator("#id_code").fill("138 0013 8001")
    finger.tap(page.locator("#lookup button"))
    give = page.locator("#panel form button")
    expect(give).to_be_visible()
    assert violations(page) == []
    finger.tap(give)
    expect(page.locator(".counter-member")).to_be_visible()
    assert (finger.count, Card.objects.get().customer.phone) == (2, "+8613800138001")


def test_two_records_are_set_side_by_side_and_made_one(visit: Visit, violations: Any, shop: Shop) -> None:
    first, second = make_card(shop.merchant, points=30), make_customer(shop.merchant, name="张女士")
    page = visit(
        f"/m/{shop.merchant.slug}/customers/{first.customer_id}/merge/?with={second.pk}",
        user=owner_of(shop.merchant),
        language="en",
    )
    assert violations(page) == []
    page.locator("#id_reason").fill("She told us")
    page.get_by_role("button", name="Make them one").click()
    expect(page).to_have_url(
        f"{page.url.split('/m/')[0]}/m/{shop.merchant.slug}/customers/{first.customer_id}/"
    )
    assert Customer.objects.of(shop.merchant).count() == 1


def test_marked_customers_get_the_card(visit: Visit, violations: Any, shop: Shop) -> None:
    make_programme(shop.merchant)
    for name in ("甲", "乙", "丙"):
        make_customer(shop.merchant, name=name)
    page = visit(f"/m/{shop.merchant.slug}/customers/", user=owner_of(shop.merchant), language="en")
    assert violations(page) == []
    for box in page.locator("input[name=c]").all()[:2]:
        box.check()
    page.get_by_role("button", name="Give the card to those marked").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("2 customers")
    page.get_by_role("button", name="Give the card and tell them").click()
    jobs.run_due()
    expect(page.locator("#job")).to_contain_text("2 of 2", timeout=15_000)
    assert Card.objects.count() == 2


def test_earlier_steps_join_the_statement_in_its_place(visit: Visit, shop: Shop, consumer: User) -> None:
    card = make_card(shop.merchant, consumer)
    for _ in range(45):
        give(card, 5)
    page = visit(f"/me/cards/{card.token}/", user=consumer, language="en")
    for rows in (20, 40, 45):
        expect(page.locator("#ledger ul.rows > li")).to_have_count(rows)
        if rows < 45:
            page.get_by_role("link", name="Earlier").click()
    expect(page.locator("h1")).to_have_count(1)
    expect(page.locator("#ledger")).to_contain_text("leaves 5")
    expect(page.get_by_role("link", name="Earlier")).to_have_count(0)
