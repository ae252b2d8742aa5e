"""The merchant's page of greetings: whose birthday comes, whom it may name, on and off."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.actions.birthdays import give_birthday, note_birthday
from crm.coming import preview_of
from crm.days import Birthday
from crm.models import GreetingPlan
from crm.tasks import greet_birthdays
from merchants.models import Merchant, Shop, StaffMember
from tests.cast import client_of, make_customer, make_merchant, make_shop, make_user, owner_of
from tests.crm.makers import born

pytestmark = pytest.mark.django_db
NOON = datetime.fromisoformat("2026-11-24T12:00:00+08:00")
DAY = timedelta(days=1)


@pytest.fixture
def ours() -> Merchant:
    return make_shop().merchant


def test_the_preview_names_only_those_who_agreed(ours: Merchant) -> None:
    born(ours, date(2026, 12, 1), name="不给看")
    born(ours, date(2026, 12, 2), shown=True, name="给看")
    born(ours, date(2027, 1, 2), shown=True, name="太远")
    born(make_merchant(name="别家"), date(2026, 12, 2), shown=True, name="别家的")
    walk_in = make_customer(ours, name="没有账户")
    note_birthday(walk_in, Birthday(11, 30), agreed=True, by=owner_of(ours), moment=NOON)
    seen = preview_of(ours, NOON)
    assert seen.number == 3
    assert [(one.customer.says(), one.has_account) for one in seen.named] == [
        ("没有账户", False),
        ("给看", True),
    ]


def test_the_page_switches_on_shows_and_switches_off(ours: Merchant, shop: Shop) -> None:
    client, path = client_of(owner_of(ours), language="en"), f"/m/{ours.slug}/greetings/"
    assert "No birthday is near" in client.get(path).content.decode()
    today = datetime.now(UTC).date()
    soon = today + 5 * DAY
    person = make_user(name="给看")
    make_customer(ours, person)
    give_birthday(person, Birthday(soon.month, soon.day), shown=True)
    assert client.post(path, {"days_ahead": "9"}).status_code == 422
    assert client.post(path, {"days_ahead": "7", "programme": "nothing"}).status_code == 422
    assert client.post(path, {"days_ahead": "7", "programme": ""}).status_code == 302
    greet_birthdays()
    page = client.get(path).content.decode()
    for words in ("Greetings are on", "fewer than 10", "给看", "Greeted"):
        assert words in page
    client.post(path + "off/")
    assert "Greetings are off" in client.get(path).content.decode()


def test_a_cashier_cannot_switch_them(merchant: Merchant, cashier: StaffMember) -> None:
    client = client_of(cashier.user)
    for answer in (
        client.get(f"/m/{merchant.slug}/greetings/"),
        client.post(f"/m/{merchant.slug}/greetings/", {"days_ahead": "3"}),
        client.post(f"/m/{merchant.slug}/greetings/off/"),
    ):
        assert answer.status_code == 403
    assert not GreetingPlan.objects.exists()


def test_the_page_asks_as_much_for_two_names_as_for_thirty(ours: Merchant) -> None:
    client, path = client_of(owner_of(ours)), f"/m/{ours.slug}/greetings/"
    soon = datetime.now(UTC).date() + 9 * DAY

    def asked(people: int) -> int:
        for _ in range(people):
            born(ours, soon, shown=True)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(path).status_code == 200
        return len(seen)

    asked(1)
    assert asked(1) == asked(28)
