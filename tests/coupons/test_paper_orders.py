"""Batches of paper coupons that the platform prints: asked for, moved on by staff, told at each step once."""

import uuid

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from coupons import actions
from coupons.actions.paper import NotRunning
from coupons.actions.paper_orders import NothingToPrint, NowhereToSend
from coupons.models import PaperOrder
from merchants.actions.print_orders import CantMove, SayWhy
from merchants.models import Shop
from merchants.models.print_order import OrderState
from messaging.models import Message
from portal.kernel.events import deliver_due
from portal.kernel.models import Job
from tests.cast import client_of, make_shop, make_user
from tests.coupons.makers import make_paper

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(shop, merchant, owner):
    return actions.ask_for_paper(make_paper(merchant, 12), shop, wish="哑光纸", by=owner)


def told(person):
    deliver_due()
    kinds = Message.objects.filter(person=person, kind__startswith="coupons.paper_order")
    return sorted(kinds.values_list("kind", flat=True))


def test_an_order_goes_its_way_and_whoever_asked_hears_of_each_step_once(order, owner):
    clerk = make_user()
    for state in (OrderState.PRINTING, OrderState.PRINTING, OrderState.SENT, OrderState.SENT):
        actions.move_paper_order(order, state, by=clerk)
    actions.move_paper_order(order, OrderState.RECEIVED, by=owner)
    assert told(owner) == ["coupons.paper_order_printing", "coupons.paper_order_sent"]
    with pytest.raises(CantMove):
        actions.move_paper_order(order, OrderState.REFUSED, by=clerk, reason="late")


def test_a_refusal_says_why_and_the_merchant_reads_it(order, owner):
    with pytest.raises(SayWhy):
        actions.move_paper_order(order, OrderState.REFUSED, by=make_user(), reason=" ")
    actions.move_paper_order(order, OrderState.REFUSED, by=make_user(), reason="图样不清楚")
    assert told(owner) == ["coupons.paper_order_refused"]
    batch = order.batch
    page = f"/m/{order.merchant.slug}/coupons/{batch.programme.token}/paper/{batch.token}/"
    shown = client_of(owner).get(page).content.decode()
    assert "图样不清楚" in shown and "未受理" in shown
    with pytest.raises(IntegrityError, match="refused_paper_order_says_why"), transaction.atomic():
        PaperOrder.objects.filter(pk=order.pk).update(reason="")


def test_a_batch_is_ordered_once_and_its_address_is_the_outlets_at_that_moment(order, shop, owner):
    Shop.objects.filter(pk=shop.pk).update(address="搬到了别处")
    assert actions.ask_for_paper(order.batch, shop, by=owner) == order
    order.refresh_from_db()
    assert "人民路 1 号" in order.address and shop.name in order.address
    assert order.batch.sheets == 2


def test_it_is_sent_to_an_outlet_of_the_merchant_that_has_an_address(merchant, shop, owner, other_shop):
    batch = make_paper(merchant)
    Shop.objects.filter(pk=shop.pk).update(address="")
    shop.refresh_from_db()
    for nowhere in (shop, other_shop):
        with pytest.raises(NowhereToSend):
            actions.ask_for_paper(batch, nowhere, by=owner)


def test_what_is_over_or_cancelled_is_not_printed(merchant, shop, owner):
    over, cancelled, late = (make_paper(merchant) for _ in range(3))
    actions.end_programme(over.programme, by=owner)
    with pytest.raises(NotRunning):
        actions.ask_for_paper(over, shop, by=owner)
    with pytest.raises(NotRunning):
        actions.ask_for_paper(late, shop, by=owner, moment=late.programme.ends_at)
    order = actions.ask_for_paper(cancelled, shop, by=owner, moment=timezone.now())
    actions.revoke_nobodys(cancelled, by=owner, reason="印错了")
    with pytest.raises(NothingToPrint):
        actions.move_paper_order(order, OrderState.PRINTING, by=make_user())
    order.refresh_from_db()
    assert (order.state, told(owner)) == (OrderState.REQUESTED, [])


def test_an_order_stays_with_its_merchants_batch(order, other_shop):
    with pytest.raises(IntegrityError, match="paper_order_stays_with_its_batch"), transaction.atomic():
        PaperOrder.objects.filter(pk=order.pk).update(merchant=other_shop.merchant)


def test_the_merchant_asks_from_the_page_and_says_when_the_parcel_is_there(merchant, shop, owner, other_shop):
    batch = make_paper(merchant, 12)
    second = make_shop(merchant, name="青禾理发 二店")
    browser = client_of(owner, language="en")
    page = f"/m/{merchant.slug}/coupons/{batch.programme.token}/paper/{batch.token}/"
    shown = browser.get(page).content.decode()
    assert "on 2 sheets of A4" in shown and second.name in shown
    assert browser.post(f"{page}order/", {"shop": other_shop.pk}).status_code == 422
    assert browser.post(f"{page}received/").status_code == 302  # nothing was ordered: nothing happens
    assert browser.post(f"{page}order/", {"shop": second.pk, "wish": "哑光纸"}).status_code == 302
    shown = browser.get(page).content.decode()
    assert "Requested" in shown and "青禾理发 二店" in shown and "哑光纸" in shown
    order = PaperOrder.objects.get()
    for state in (OrderState.PRINTING, OrderState.SENT):
        actions.move_paper_order(order, state, by=make_user())
    browser.post(f"{page}received/")
    assert "Received" in browser.get(page).content.decode()


def test_staff_see_the_queue_and_get_the_sheets_as_it_goes_into_print(order, settings):
    settings.STAFF_MFA_REQUIRED = False
    clerk = make_user(is_staff=True, is_superuser=True)
    browser, page = client_of(clerk, language="en"), f"/staff/coupons/paperorder/{order.pk}/change/"
    assert "Orders of paper coupons" in browser.get("/staff/").content.decode()
    assert "人民路 1 号" in browser.get("/staff/coupons/paperorder/").content.decode()
    shown = browser.get(page).content.decode()
    assert 'value="printing"' in shown and 'value="sent"' not in shown
    assert browser.post(page, {"move": "refused", "because": ""}).status_code == 200  # asks why
    assert not Job.objects.exists()
    answer = browser.post(page, {"move": "printing"}, follow=True).content.decode()
    order.refresh_from_db()
    assert (order.state, order.moved_by) == ("printing", clerk)
    job = Job.objects.get(kind="coupons.sheets", by=clerk)
    assert f"/jobs/{job.token}/" in answer
    assert client_of(clerk).get(f"/jobs/{job.token}/").status_code == 200


def test_cashiers_order_nothing(merchant, shop, cashier):
    batch = make_paper(merchant)
    page = f"/m/{merchant.slug}/coupons/{batch.programme.token}/paper/{batch.token}/order/"
    answer = client_of(cashier.user).post(page, {"key": uuid.uuid4(), "shop": shop.pk})
    assert answer.status_code == 403 and not PaperOrder.objects.exists()
