"""Cards given to chosen customers: to those who have none, once, and each of them is told."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from crm.actions.granting import NobodyChosen, grant_cards
from crm.models import CardGrant
from loyalty.models import Card
from merchants.models import Customer
from messaging.models import Message, SentText
from portal.kernel import events, jobs
from portal.kernel.models import Job
from tests.cast import client_of, make_customer, make_user, owner_of
from tests.loyalty.makers import make_card, make_programme

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def programme(shop):
    return make_programme(shop.merchant)


def grant(shop, customers=None, key=None):
    chosen = Customer.objects.of(shop.merchant) if customers is None else customers
    return grant_cards(shop.merchant, chosen, by=owner_of(shop.merchant), key=key or uuid.uuid4())


def test_everybody_without_a_card_gets_one_and_is_told(shop, django_capture_on_commit_callbacks):
    with_account, by_phone = make_user(), "+8613800138001"
    make_customer(shop.merchant, with_account)
    make_customer(shop.merchant, phone=by_phone)
    make_card(shop.merchant)
    started = grant(shop)
    jobs.run_due()
    with django_capture_on_commit_callbacks(execute=True):
        events.deliver_due()
    started.refresh_from_db()
    assert (started.given, Card.objects.count()) == (2, 3)
    assert Message.objects.filter(person=with_account, kind="loyalty.joined").count() == 1
    assert [text.phone for text in SentText.objects.all()] == [by_phone]


def test_the_same_request_and_a_job_begun_again_give_nothing_twice(shop):
    make_customer(shop.merchant)
    key = uuid.uuid4()
    assert grant(shop, key=key) == grant(shop, key=key)
    jobs.run_due()
    Job.objects.update(state="running", ended_at=None, lease_until=timezone.now() - timedelta(seconds=1))
    jobs.run_due()
    assert (Card.objects.count(), CardGrant.objects.count(), Job.objects.get().tries) == (1, 1, 2)


def test_when_all_have_it_there_is_nothing_to_give(shop):
    make_card(shop.merchant)
    with pytest.raises(NobodyChosen):
        grant(shop)


def test_marked_customers_of_another_merchant_are_not_reached(shop, other_shop):
    theirs = make_customer(other_shop.merchant)
    make_programme(other_shop.merchant)
    browser = client_of(owner_of(shop.merchant))
    answer = browser.post(
        f"/m/{shop.merchant.slug}/customers/grant/", {"key": str(uuid.uuid4()), "c": [theirs.pk]}
    )
    assert answer.status_code == 422
    assert not Card.objects.exists()


def test_all_found_means_all_that_the_filter_finds(shop):
    make_customer(shop.merchant, phone="+8613800138001")
    make_customer(shop.merchant, phone="+8613800138002")
    browser = client_of(owner_of(shop.merchant), language="en")
    page = browser.get(f"/m/{shop.merchant.slug}/customers/?q=8001").content.decode()
    assert "To the 1 found" in page
    shown = browser.get(f"/m/{shop.merchant.slug}/customers/grant/?all=1&q=8001").content.decode()
    assert "Give the card to 1 customer" in shown
    form = {"key": str(uuid.uuid4()), "all": "1", "q": "8001"}
    answer = browser.post(f"/m/{shop.merchant.slug}/customers/grant/", form)
    assert answer.headers["Location"].startswith("/jobs/")
    jobs.run_due()
    assert Card.objects.get().customer.phone_tail == "8001"
