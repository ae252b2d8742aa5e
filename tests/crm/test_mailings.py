"""What a shop's owner sees of a message to many: how far it came and why not further; never who."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from consumers.actions import follow_shop
from consumers.telling import followers_told
from crm.results.outcomes import few, outcome_of
from merchants.models import Merchant, Role
from messaging.models import Dispatch, Mailing, Message, State
from tests.cast import client_of, make_merchant, make_shop, make_staff, make_user, owner_of
from tests.coupons.makers import make_coupon_programme
from tests.crm.makers import OFFER, make_mailing

pytestmark = pytest.mark.django_db


@pytest.fixture
def merchant(db: None) -> Merchant:
    return make_merchant()


def page(merchant: Merchant, mailing: Mailing, **more: Any) -> str:
    path = f"/m/{merchant.slug}/campaigns/sent/{mailing.pk}/"
    return client_of(owner_of(merchant), language="en").get(path, **more).content.decode()


def test_the_owner_reads_how_many_and_why_not(merchant: Merchant) -> None:
    mailing = make_mailing(merchant)
    text = page(merchant, mailing)
    assert "Half price at 青禾理发" in text
    assert "12 people chosen" in text
    assert "Not sent: The person did not agree to this</dt>" in text
    assert ">11</dd>" in text
    assert "Not sent: No address for this channel</dt>" in text
    assert ">fewer than 10</dd>" in text


def test_few_people_are_never_counted_exactly() -> None:
    assert [few(number) for number in (0, 10, 1234)] == ["0", "10", "1,234"]
    with translation.override("en"):
        assert few(1) == few(9) == "fewer than 10"


def test_a_small_mailing_shows_no_small_number(merchant: Merchant) -> None:
    text = page(merchant, make_mailing(merchant, people=3, refusing=2))
    assert "Fewer than 10 people chosen" in text
    assert ">2</dd>" not in text
    assert ">1</dd>" not in text


def test_stopping_from_the_page_holds_back_the_rest(merchant: Merchant) -> None:
    mailing = make_mailing(merchant)
    Dispatch.objects.update(state=State.QUEUED, reason="")
    assert "Stop" in page(merchant, mailing)
    client = client_of(owner_of(merchant))
    for _ in range(2):
        path = f"/m/{merchant.slug}/campaigns/sent/{mailing.pk}/stop/"
        assert client.post(path).status_code == 302
    assert outcome_of(mailing).is_over
    assert set(Dispatch.objects.values_list("reason", flat=True)) == {"stopped"}


def test_while_it_goes_out_the_page_asks_again(merchant: Merchant) -> None:
    mailing = make_mailing(merchant)
    assert "data-poll" not in page(merchant, mailing)
    Dispatch.objects.filter(pk=Dispatch.objects.first().pk).update(state=State.QUEUED, reason="")
    asked = {"HX-Request": "true", "HX-Target": "outcome"}
    piece = page(merchant, mailing, headers=asked)
    assert "data-poll" in piece
    assert "<html" not in piece


def test_another_shop_and_a_cashier_see_nothing(merchant: Merchant) -> None:
    mailing, other = make_mailing(merchant), make_merchant()
    path = f"/m/{other.slug}/campaigns/sent/{mailing.pk}/"
    assert client_of(owner_of(other)).get(path).status_code == 404
    assert client_of(owner_of(other)).post(path + "stop/").status_code == 404
    assert Mailing.objects.get().stopped_at is None
    cashier = make_staff(merchant, Role.CASHIER).user
    assert client_of(cashier).get(f"/m/{merchant.slug}/campaigns/sent/").status_code == 403


def test_the_list_costs_the_same_for_ten_and_for_fifty(
    merchant: Merchant,
) -> None:
    client, path = client_of(owner_of(merchant), language="en"), f"/m/{merchant.slug}/campaigns/sent/"
    assert "Nothing sent to many yet" in client.get(path).content.decode()
    facts = {"kind": OFFER.name, "purpose": "deals", "channels": ["push"], "params": {"shop": "A"}}
    counts = []
    for number in (10, 50):
        Mailing.objects.bulk_create(
            [Mailing(merchant_id=merchant.pk, occurrence=f"{number}:{n}", **facts) for n in range(number)]
        )
        with CaptureQueriesContext(connection) as queries:
            assert "Half price at A" in client.get(path).content.decode()
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_followers_who_hear_of_a_coupon_are_a_mailing(merchant: Merchant) -> None:
    """Publishing is told as before, and the owner sees what became of it."""
    shop, person = make_shop(merchant), make_user()
    follow_shop(person, shop)
    programme = make_coupon_programme(merchant)
    for _ in range(2):
        followers_told(programme.pk)
    mailing = Mailing.objects.get()
    assert (mailing.chosen, mailing.merchant_id, mailing.purpose) == (1, merchant.pk, "followed")
    assert Message.objects.get(person=person).merchant_id == merchant.pk
