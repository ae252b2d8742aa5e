"""Orders of printed cards go their way; the pages that lead there."""

import uuid
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from loyalty import actions
from loyalty.models import CardMedium, PrintBatch, PrintOrder
from merchants.actions import print_orders as verbs
from merchants.models.print_order import OrderState
from messaging.models import Message
from portal.kernel.events import deliver_due
from portal.kernel.invariants import all_invariants
from portal.kernel.models import Code
from tests.cast import client_of, make_shop, make_staff, make_user
from tests.loyalty.makers import make_card, make_programme
from tests.loyalty.printed import blank_of, make_batch

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(merchant, owner):
    return actions.ask_for_print(make_batch(merchant), address="人民路 1 号", by=owner)


def test_an_order_goes_its_way_and_the_merchant_hears_of_each_step(order, owner):
    clerk = make_user()
    for state in (OrderState.PRINTING, OrderState.SENT):
        actions.move_order(order, state, by=clerk)
    actions.move_order(order, OrderState.RECEIVED, by=owner)
    deliver_due()
    kinds = set(Message.objects.filter(person=owner).values_list("kind", flat=True))
    assert {"loyalty.print_order_printing", "loyalty.print_order_sent"} <= kinds
    order.refresh_from_db()
    assert order.state == OrderState.RECEIVED


ALLOWED = {
    ("requested", "printing"), ("requested", "refused"), ("printing", "sent"), ("printing", "refused"),
    ("sent", "received"),
}  # fmt: skip


@pytest.mark.parametrize("to", OrderState)
@pytest.mark.parametrize("start", OrderState)
def test_only_these_moves_are_allowed(order, owner, start, to):
    PrintOrder.objects.filter(pk=order.pk).update(state=start, reason="no")
    if start == to or (start.value, to.value) in ALLOWED:
        assert actions.move_order(order, to, by=owner, reason="no").state == to
    else:
        with pytest.raises(verbs.CantMove):
            actions.move_order(order, to, by=owner, reason="no")


def test_a_refusal_says_why(order, owner):
    with pytest.raises(verbs.SayWhy):
        actions.move_order(order, OrderState.REFUSED, by=owner, reason=" ")
    with pytest.raises(IntegrityError, match="refused_print_order_says_why"), transaction.atomic():
        PrintOrder.objects.filter(pk=order.pk).update(state="refused")


def test_staff_move_an_order_from_its_page_and_see_only_what_may_follow(order, settings):
    settings.STAFF_MFA_REQUIRED = False
    clerk = make_user(is_staff=True, is_superuser=True)
    browser, page = client_of(clerk, language="en"), f"/staff/loyalty/printorder/{order.pk}/change/"
    shown = browser.get(page).content.decode()
    assert 'value="printing"' in shown and 'value="refused"' in shown and 'value="received"' not in shown
    assert browser.post(page, {"move": "refused", "because": ""}).status_code == 200  # asks why
    assert browser.post(page, {"move": "printing"}).status_code == 302
    order.refresh_from_db()
    assert (order.state, order.moved_by) == ("printing", clerk)
    queue = browser.get("/staff/loyalty/printorder/").content.decode()
    assert "人民路 1 号" in queue
    assert "Orders of printed cards" in browser.get("/staff/").content.decode()


def test_a_batch_is_ordered_once(order, owner):
    assert actions.ask_for_print(order.batch, address="elsewhere", by=owner) == order


def test_from_the_page_to_the_order_without_scripts(merchant, owner):
    make_programme(merchant)
    browser, home = client_of(owner, language="en"), f"/m/{merchant.slug}/cards/print"
    sent = browser.post(f"{home}/", {"key": str(uuid.uuid4()), "quantity": "16"})
    token = PrintBatch.objects.get().token
    assert sent.headers["Location"] == f"{home}/{token}/"
    assert "16 printed cards" in browser.get(f"{home}/{token}/").content.decode()
    assert browser.post(f"{home}/{token}/order/", {"address": ""}).status_code == 422
    browser.post(f"{home}/{token}/order/", {"address": "人民路 1 号"})
    assert "Requested" in browser.get(f"{home}/{token}/").content.decode()
    assert "/jobs/" in browser.post(f"{home}/{token}/sheets/").headers["Location"]


def test_the_cashier_links_from_the_page(merchant, cashier, consumer):
    medium, browser = blank_of(merchant), client_of(cashier.user, language="en")
    page = f"/m/{merchant.slug}/cards/link/"
    assert browser.post(page, {"number": medium.number}).status_code == 422  # whose?
    assert browser.post(page, {"number": "621234567894", "phone": consumer.phone}).status_code == 422
    done = browser.post(page, {"number": medium.number_in_groups, "phone": consumer.phone}, follow=True)
    assert "now belongs to 张女士" in done.content.decode()


def test_cashiers_make_no_batches(merchant):
    make_programme(merchant)
    cashier = make_staff(merchant).user
    answer = client_of(cashier).post(
        f"/m/{merchant.slug}/cards/print/", {"key": str(uuid.uuid4()), "quantity": "5"}
    )
    assert answer.status_code == 403 and not PrintBatch.objects.exists()


def test_the_list_of_batches_asks_the_same_for_many(merchant, owner):
    browser, page = client_of(owner), f"/m/{merchant.slug}/cards/print/"
    make_shop(merchant)

    def asked() -> int:
        browser.get(page)
        with CaptureQueriesContext(connection) as queries:
            browser.get(page)
        return len(queries)

    for _ in range(3):
        make_batch(merchant, 1)
    few = asked()
    for _ in range(30):
        make_batch(merchant, 1)
    assert asked() == few


def reported(code: str) -> list[Any]:
    return next(one for one in all_invariants() if one.code == code).broken()[1]


@pytest.mark.sabotages("I101", "I102")
def test_the_checker_names_cards_that_nobody_can_scan_and_numbers_on_two_cards(
    merchant, consumer, books_balance
):
    medium, card = blank_of(merchant), make_card(merchant, consumer)
    books_balance()
    Code.objects.filter(token=medium.token).delete()
    assert reported("I101") == [medium.pk]
    CardMedium.objects.filter(pk=medium.pk).update(number=card.number)
    assert reported("I102") == [medium.pk]
