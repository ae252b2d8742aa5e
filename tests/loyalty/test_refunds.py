"""Money back: the quote, the promise, the pay-out; a shop that closes owes to the last cent."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest

from loyalty import actions
from loyalty.actions import closing, refunds, stored_value
from loyalty.models import Entry, Refund, ValueKind, Why
from loyalty.value.quoting import Quote, quote_of
from messaging.models import Message
from portal.kernel.events import deliver_due
from portal.kernel.invariants import all_invariants
from portal.kernel.refused import KeyReused
from tests.cast import make_user, owner_of
from tests.loyalty.makers import holds
from tests.loyalty.money import make_money_card, pay_in, pay_with

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)


def refund(card, quoted: int, **changes) -> Refund:
    wanted = {"key": uuid.uuid4(), "by": card.customer.user, "quoted": quoted} | changes
    return actions.refund_card(card, **wanted)


@pytest.mark.parametrize("spends", ["principal", "bonus", "share"])
def test_three_thousand_and_a_thousand_less_3594_used_are_304_50(shop, books_balance, spends):
    """The same sum in whatever order the card was spent."""
    card = make_money_card(shop, spends=spends)
    pay_in(card, 300_000)
    pay_with(card, 359_400)
    quote = quote_of(card, NOON)
    assert (quote.used, quote.left, quote.amount) == (359_400, 40_600, 30_450)
    done = refund(card, 30_450)
    assert (done.amount, done.left, done.paid_at) == (30_450, 40_600, None)
    assert holds(card, ValueKind.PRINCIPAL) == holds(card, ValueKind.BONUS) == 0
    books_balance()


def test_half_a_cent_counts_as_one():
    assert Quote(3, 1, 1, 1).amount == 2
    assert Quote(1, 2, 1, 0).amount == 0
    assert Quote(0, 0, 0, 0).amount == 0


def test_a_bonus_that_expired_counts_as_never_given(shop):
    card = make_money_card(shop, bonus_expires_months=1)
    pay_in(card, 50_000, moment=NOON)
    later = NOON + timedelta(days=40)
    assert quote_of(card, later).amount == 50_000
    actions.expire_due(later)
    assert quote_of(card, later).amount == 50_000


def test_counting_starts_anew_after_a_refund(shop):
    card = make_money_card(shop)
    pay_in(card, 300_000)
    refund(card, 300_000)
    pay_in(card, 10_000)
    pay_with(card, 4_000)
    assert quote_of(card, NOON + timedelta(days=999)) == Quote(10_000, 0, 6_000, 0)


def test_another_sum_than_the_one_shown_is_never_paid_silently(shop):
    card = make_money_card(shop)
    pay_in(card, 10_000)
    shown = quote_of(card, NOON).amount
    pay_with(card, 1_000)
    with pytest.raises(refunds.QuoteChanged) as refusal:
        refund(card, shown)
    assert refusal.value.values == {"amount": "¥90.00"}
    assert Refund.objects.count() == 0


def test_a_refund_is_asked_for_once_by_the_holder_or_the_shop(shop, cashier):
    card, key = make_money_card(shop), uuid.uuid4()
    with pytest.raises(refunds.NothingToRefund):
        refund(card, 0)
    pay_in(card, 10_000)
    for stranger in (make_user(), cashier.user):
        with pytest.raises(refunds.NotYours):
            refund(card, 10_000, by=stranger)
    assert refund(card, 10_000, key=key).pk == refund(card, 10_000, key=key, by=owner_of(shop.merchant)).pk
    with pytest.raises(KeyReused):
        refund(card, 9_999, key=key)


def test_a_refund_is_paid_out_once_and_never_to_oneself(shop, cashier):
    owner = owner_of(shop.merchant)
    card = make_money_card(shop)
    pay_in(card, 10_000)
    due = refund(card, 10_000)
    with pytest.raises(refunds.NotYours):
        actions.pay_out(due, by=cashier.user, how="cash")
    first = actions.pay_out(due, by=owner, how="cash", moment=NOON)
    again = actions.pay_out(due, by=owner, how="bank", moment=NOON + timedelta(days=1))
    assert (again.paid_at, again.paid_how) == (first.paid_at, "cash")
    own = make_money_card(shop, owner)
    pay_in(own, 10_000, by=cashier.user)
    with pytest.raises(refunds.OwnRefund):
        actions.pay_out(refund(own, 10_000), by=owner, how="cash")


def test_within_the_cooling_off_period_all_that_was_paid_in_comes_back(shop, settings, books_balance):
    settings.PREPAID_PROFILE = "cn"
    card = make_money_card(shop, cooling_off_days=3)  # the law asks for seven
    done = pay_in(card, 50_000, moment=NOON)
    last, over = NOON + timedelta(days=7, hours=11), NOON + timedelta(days=7, hours=12)
    with pytest.raises(refunds.CoolingOffIsOver):
        actions.take_back_top_up(done, by=card.customer.user, key=uuid.uuid4(), moment=over)
    back = actions.take_back_top_up(done, by=card.customer.user, key=uuid.uuid4(), moment=last)
    assert (back.amount, back.why) == (50_000, Why.COOLING_OFF)
    assert holds(card, ValueKind.PRINCIPAL) == holds(card, ValueKind.BONUS) == 0
    books_balance()


def test_a_top_up_that_was_used_is_not_taken_back_whole(shop):
    card = make_money_card(shop)
    done = pay_in(card, 50_000)
    pay_with(card, 100)
    with pytest.raises(stored_value.UsedSince):
        actions.take_back_top_up(done, by=card.customer.user, key=uuid.uuid4())


def test_a_closing_shop_takes_no_money_tells_everybody_and_owes_the_rest(shop, books_balance):
    owner, holder = owner_of(shop.merchant), make_user()
    card, empty = make_money_card(shop, holder), make_money_card(shop, make_user())
    pay_in(card, 50_000)
    today = date(2026, 3, 10)
    with pytest.raises(closing.NoClosingDay):
        actions.announce_closing(card.programme, by=owner, last_day=today - timedelta(days=1), today=today)
    for _twice in range(2):
        actions.announce_closing(card.programme, by=owner, last_day=today, today=today)
    with pytest.raises(stored_value.ShopIsClosing):
        pay_in(card, 10_000)
    pay_with(card, 1_100)
    deliver_due()
    assert Message.objects.filter(kind="loyalty.closing").values_list("person", flat=True).get() == holder.pk
    assert actions.refund_the_rest(NOON) == 0
    assert actions.refund_the_rest(NOON + timedelta(days=1)) == 1
    assert actions.refund_the_rest(NOON + timedelta(days=1)) == 0
    due = Refund.objects.get()
    assert (due.card_id, due.why, due.amount) == (card.pk, Why.CLOSING, 49_000)
    assert quote_of(empty, NOON).left == 0
    books_balance()


def test_money_that_comes_back_after_the_last_day_is_owed_too(shop, books_balance):
    card, today = make_money_card(shop, tiers=[]), date(2026, 3, 10)
    pay_in(card, 50_000)
    paid = pay_with(card, 1_000)
    actions.announce_closing(card.programme, by=owner_of(shop.merchant), last_day=today, today=today)
    later = NOON + timedelta(days=1)
    assert actions.refund_the_rest(later) == 1
    actions.reverse(Entry.objects.get(pk=paid.principal_id), key=uuid.uuid4(), by=None)
    assert [actions.refund_the_rest(later) for _night in range(2)] == [1, 0]
    assert sorted(Refund.objects.values_list("amount", flat=True)) == [1_000, 49_000]
    books_balance()


def test_a_shop_that_stays_after_all_takes_money_again(shop):
    owner, card = owner_of(shop.merchant), make_money_card(shop)
    day = date(2026, 3, 10)
    actions.announce_closing(card.programme, by=owner, last_day=day, today=day)
    actions.call_off_closing(card.programme, by=owner)
    assert pay_in(card, 10_000).paid == 10_000


@pytest.mark.sabotages("I73")
def test_a_refund_that_left_no_trace_in_the_ledger_is_noticed(shop):
    card = make_money_card(shop)
    pay_in(card, 10_000)
    due = refund(card, 10_000)
    named = next(one for one in all_invariants() if one.code == "I73")
    assert named.broken() == (0, [])
    Refund.objects.update(left_principal=10_001)
    assert named.broken() == (1, [due.pk])
