"""Visit passes: paid ahead, used visit by visit, refunded by what no visit has earned."""

import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from loyalty import actions
from loyalty.actions import caps, enrol, merge_members, pass_offers, pass_refusals
from loyalty.actions.refunds import NotYours, QuoteChanged
from loyalty.actions.stored_value import OtherMerchant, ShopIsClosing
from loyalty.disagreeing import OwnCard, UsedAlready
from loyalty.models import Entry, PassVisit, Refund, Value, ValueKind, VisitPass, Why
from loyalty.value import liability
from loyalty.value.ledger import NoVisitsLeft
from merchants.models import Service
from messaging.models import Message
from orders.actions import take_back_goods, undo
from orders.actions.returns import PaidByPass
from orders.models import Purchase, PurchaseLine
from orders.returning import returnable
from portal.kernel.events import deliver_due
from portal.kernel.refused import KeyReused, Refused
from tests.cast import make_shop, owner_of, some_phone
from tests.loyalty.makers import PIN, balance, holds, make_approval, make_card, make_pin
from tests.loyalty.money import make_money_card, pay_in
from tests.passes.makers import left, make_offer, refund, sell, visit

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 10, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_a_pass_is_paid_ahead_and_each_visit_is_a_sale_worth_its_share(card, books_balance):
    held = sell(card, visits=3, price=10_000)
    assert (left(held), balance(card), Purchase.objects.count()) == (3, 0, 0)
    sales = [visit(held) for _ in range(3)]
    assert [sale.paid for sale in sales] == [3333, 3333, 3334]
    assert (left(held), VisitPass.objects.get().unearned) == (0, 0)
    assert balance(card) == sum(sale.points for sale in sales) == 99
    card.customer.refresh_from_db()
    assert (card.customer.visits, card.customer.spent) == (3, 10_000)
    with pytest.raises(NoVisitsLeft):
        visit(held)
    books_balance()


def test_the_same_key_sells_once_and_uses_once(card, shop, books_balance):
    offer, key = make_offer(card.programme), uuid.uuid4()
    facts = {"key": key, "shop": shop, "by": owner_of(shop.merchant)}
    sold = [actions.sell_pass(card, offer, **facts) for _ in range(2)]
    assert sold[0].pk == sold[1].pk
    with pytest.raises(KeyReused):
        actions.sell_pass(card, make_offer(card.programme), **facts)
    key = uuid.uuid4()
    assert visit(sold[0], key=key).pk == visit(sold[0], key=key).pk
    with pytest.raises(KeyReused):
        visit(sell(card, offer), key=key)
    assert left(sold[0]) == 9
    books_balance()


def test_a_visit_comes_off_its_own_pass_whatever_else_lies_on_the_card(card, books_balance):
    soon, late = sell(card, months=1), sell(card, months=12)
    for _ in range(10):
        visit(late)
    assert (left(soon), left(late)) == (10, 0)
    with pytest.raises(NoVisitsLeft):
        visit(late)
    books_balance()


def test_a_visit_undone_within_five_minutes_is_back_with_its_worth(card, books_balance):
    held = sell(card, visits=3, price=10_000)
    first, key = visit(held), uuid.uuid4()
    visit(held)
    for _ in range(2):
        undo(first, by=first.by, reason="other customer", key=key)
    assert (left(held), VisitPass.objects.get().unearned) == (2, 6_667)
    assert [visit(held).paid, visit(held).paid] == [3_333, 3_334]
    books_balance()


def test_a_slip_is_undone_while_no_visit_was_used(card, books_balance):
    held, other = sell(card), sell(card)
    visit(other)
    facts = {"by": owner_of(card.merchant), "reason": "wrong card"}
    for _ in range(2):
        actions.undo_pass(held, key=uuid.uuid4(), **facts)
    with pytest.raises(pass_refusals.VisitsUsed):
        actions.undo_pass(other, key=uuid.uuid4(), **facts)
    assert (left(held), left(other), holds(card, ValueKind.VISITS)) == (0, 9, 9)
    with pytest.raises(NoVisitsLeft):
        visit(held)
    books_balance()


def test_visits_lapse_at_the_end_of_the_last_day_and_the_holder_is_told(card, books_balance):
    held = sell(card, months=1, moment=datetime(2028, 1, 31, 20, tzinfo=ZoneInfo("Asia/Shanghai")))
    until = datetime(2028, 3, 1, tzinfo=ZoneInfo("Asia/Shanghai"))  # 29 February is a day that year
    assert held.lot.expires_at == until
    visit(held, moment=until - timedelta(seconds=1))
    with pytest.raises(NoVisitsLeft):
        visit(held, moment=until)
    with pytest.raises(NoVisitsLeft):
        refund(held, 27_000, moment=until)
    assert actions.expire_due(until) == 1
    deliver_due()
    assert (left(held), Message.objects.filter(kind="loyalty.expired").count()) == (0, 1)
    books_balance()


def test_where_the_law_lets_no_money_expire_a_pass_has_no_end(card, settings):
    settings.PREPAID_PROFILE = "cn"
    assert sell(card, months=1).lot.expires_at is None


def test_what_no_visit_has_earned_goes_back(card, books_balance):
    held = sell(card, visits=3, price=10_000)
    visit(held)
    with pytest.raises(QuoteChanged):
        refund(held, 10_000)
    key = uuid.uuid4()
    done = [refund(held, 6_667, key=key) for _ in range(2)]
    assert done[0].pk == done[1].pk
    assert (done[0].amount, done[0].visits, done[0].paid_in, left(held)) == (6_667, 2, 10_000, 0)
    with pytest.raises(NoVisitsLeft):
        refund(held, 0)
    books_balance()


def test_only_the_holder_and_managers_have_a_pass_refunded(card, cashier):
    with pytest.raises(NotYours):
        refund(sell(card), 30_000, by=cashier.user)


def test_a_shop_that_closes_sells_none_and_owes_what_is_left(card, books_balance):
    held, day = sell(card), timezone.localdate()
    actions.announce_closing(card.programme, by=owner_of(card.merchant), last_day=day, today=day)
    with pytest.raises(ShopIsClosing):
        sell(card, held.offer)
    deliver_due()
    assert Message.objects.filter(kind="loyalty.closing_passes", person=card.customer.user).count() == 1
    for _ in range(2):
        actions.refund_the_rest(timezone.now() + timedelta(days=1))
    assert [(one.amount, one.why) for one in Refund.objects.all()] == [(30_000, Why.CLOSING)]
    books_balance()


def test_what_is_paid_ahead_counts_towards_the_limits_of_a_card_and_of_the_shop(shop, consumer):
    card = make_money_card(shop, consumer, tiers=[], most_on_card=50_000)
    pay_in(card, 20_000)
    sell(card)
    with pytest.raises(caps.OverTheCap):
        sell(card)
    with pytest.raises(caps.OverTheCap):
        pay_in(card, 1)
    actions.offer_stored_value(
        card.programme, by=owner_of(shop.merchant), most_on_card=None, most_owed=60_000
    )
    with pytest.raises(caps.OwesTooMuch):
        sell(card, price=10_001)


def test_the_shop_sees_what_it_owes_in_visits(card):
    held = sell(card)
    sell(card, months=1, moment=timezone.now() - timedelta(days=60))
    visit(held)
    owed = liability.owed_by(card.merchant)
    assert (owed.visits, owed.passes, owed.ahead) == (9, 27_000, 27_000)


def test_a_pass_with_a_pin_needs_the_holder_for_each_visit(card, shop, books_balance):
    make_pin(card, moment=timezone.now() - timedelta(days=3))
    held = sell(card, needs_pin=True)
    with pytest.raises(pass_refusals.PinNeeded):
        visit(held)
    with pytest.raises(pass_refusals.PinNeeded):
        visit(held, approval=make_approval(card, 1, value=Value.POINTS))
    approval = make_approval(card, 1, value=Value.VISITS)
    actions.approve(approval, PIN, by=card.customer.user, moment=timezone.now())
    visit(held, approval=approval)
    assert left(held) == 9
    with pytest.raises(UsedAlready):
        visit(held, approval=approval)
    books_balance()


def test_several_visits_at_once_are_one_entry_worth_what_they_were_one_by_one(card, books_balance):
    held, key = sell(card, visits=3, price=10_000), uuid.uuid4()
    sales = [visit(held, visits=2, key=key) for _ in range(2)]
    assert (sales[0].pk, sales[0].paid, left(held)) == (sales[1].pk, 6_666, 1)
    with pytest.raises(KeyReused):
        visit(held, visits=1, key=key)
    with pytest.raises(pass_refusals.TooFewVisits):
        visit(held, visits=2)
    with pytest.raises(Refused):
        visit(held, visits=0)
    assert visit(held).paid == 3_334
    assert [one.amount for one in Entry.objects.filter(kind="spent").order_by("pk")] == [-2, -1]
    deliver_due()
    told = Message.objects.filter(kind__in=["loyalty.visits_used", "loyalty.visit_used"])
    assert sorted(told.values_list("kind", flat=True)) == ["loyalty.visit_used", "loyalty.visits_used"]
    books_balance()


def test_several_visits_undone_are_back_whole(card, books_balance):
    held = sell(card, visits=3, price=10_000)
    used = visit(held, visits=3)
    undo(used, by=used.by, reason="other customer", key=uuid.uuid4())
    assert (left(held), VisitPass.objects.get().unearned) == (3, 10_000)
    assert visit(held, visits=3).paid == 10_000
    books_balance()


def test_the_database_takes_no_tap_without_a_visit(card):
    visit(sell(card))
    with pytest.raises(IntegrityError, match="at_one_tap_one_visit_at_least"), transaction.atomic():
        PassVisit.objects.update(visits=0)


def test_a_pass_is_good_where_its_terms_say(card, shop):
    other = make_shop(shop.merchant, name="青禾理发 二店")
    held = sell(card, shops=[other.pk])
    with pytest.raises(pass_refusals.NotHere):
        visit(held, shop=shop)
    visit(held, shop=other)
    with pytest.raises(OtherMerchant):
        visit(held, shop=make_shop())


def test_new_terms_leave_sold_passes_as_they_were(card):
    held = sell(card)
    facts = {"by": owner_of(card.merchant), "visits": 5, "price": 20_000}
    changed = actions.change_pass(held.offer, **facts)
    fresh = sell(card, changed)
    assert [(one.visits, one.paid) for one in (held, fresh)] == [(10, 30_000), (5, 20_000)]
    stopped = actions.change_pass(changed, by=facts["by"], is_on=False)
    with pytest.raises(pass_refusals.NotSold):
        sell(card, stopped)
    visit(held)


def test_nobody_sells_or_uses_on_a_card_of_their_own(shop):
    mine = make_card(shop.merchant, owner_of(shop.merchant))
    with pytest.raises(OwnCard):
        sell(mine)


def test_terms_name_services_and_shops_of_ones_own_alone(card, other_shop):
    foreign = Service.objects.get(shop=other_shop).pk
    with pytest.raises(pass_offers.ForeignService):
        make_offer(card.programme, services=[foreign])
    with pytest.raises(pass_offers.ForeignShop):
        make_offer(card.programme, shops=[other_shop.pk])


def test_a_frozen_card_uses_no_visit(card):
    held = sell(card)
    actions.freeze(card, by=card.customer.user)
    with pytest.raises(actions.CardNotActive):
        visit(held)


def test_nothing_is_paid_back_for_a_visit_that_a_pass_paid(card, shop):
    visit(sell(card))
    line = PurchaseLine.objects.select_related("purchase__card", "purchase__customer").get()
    assert returnable(card, timezone.now()) == []
    with pytest.raises(PaidByPass):
        take_back_goods(
            merchant=shop.merchant,
            shop=shop,
            amount=None,
            key=uuid.uuid4(),
            by=owner_of(shop.merchant),
            line=line,
        )


def test_a_pass_goes_along_when_two_cards_become_one(card, shop, books_balance):
    other = enrol(card.programme, some_phone(), by=owner_of(shop.merchant))
    held = sell(other, months=12)
    before = visit(held)
    by = owner_of(shop.merchant)
    merge_members(card.customer, other.customer, by=by, reason="one person", key=uuid.uuid4())
    moved = VisitPass.objects.select_related("lot", "card__customer", "merchant", "offer").get()
    assert (moved.card, moved.lot.remaining, moved.lot.expires_at) == (card, 9, held.lot.expires_at)
    visit(moved)
    with pytest.raises(pass_refusals.MovedSince):
        undo(before, by=before.by, reason="", key=uuid.uuid4())
    with pytest.raises(pass_refusals.VisitsUsed):
        actions.undo_pass(moved, by=by, reason="", key=uuid.uuid4())
    refund(moved, 24_000, by=by)
    books_balance()
