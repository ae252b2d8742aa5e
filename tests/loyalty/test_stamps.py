"""Stamp cards: one for each visit or item, a free one when full, taken back with the sale."""

import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from loyalty.actions import enrol, merge_members, stamps
from loyalty.models import RewardVoucher, Stamp, StampCard, VoucherState
from loyalty.value.holdings import stamps_of
from merchants.models import Service
from orders.actions import Item, undo
from portal.kernel.invariants import all_invariants
from portal.kernel.refused import KeyReused
from tests.cast import client_of, make_user, owner_of, some_phone
from tests.loyalty.makers import buy, make_card, make_levels, make_scheme, rank_of
from tests.together import at_once, succeeded

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def card(shop, consumer):
    return make_card(shop.merchant, consumer)


def stamp(card, scheme, shop, count=1, *, key=None, moment=NOW):
    by = owner_of(shop.merchant)
    return stamps.stamp(card, scheme, count, key=key or uuid.uuid4(), shop=shop, by=by, moment=moment)


def held(card, moment=NOW):
    return [one.held for one in stamps_of(card, moment)]


def test_a_full_card_is_a_free_one_and_begins_anew(card, shop, books_balance):
    scheme = make_scheme(card.programme)
    for _ in range(2):
        stamp(card, scheme, shop)
    assert not RewardVoucher.objects.exists()
    stamp(card, scheme, shop, 2)
    free = RewardVoucher.objects.get()
    assert (held(card), free.name, free.stamps, free.state) == ([1], "洗车一次", 3, "issued")
    books_balance()


def test_the_same_key_stamps_once(card, shop):
    scheme, key = make_scheme(card.programme), uuid.uuid4()
    for _ in range(2):
        stamp(card, scheme, shop, key=key)
    with pytest.raises(KeyReused):
        stamp(card, scheme, shop, 2, key=key)
    assert held(card) == [1]


def test_a_sale_stamps_by_itself_once_for_each_visit(card, books_balance):
    make_scheme(card.programme)
    key = uuid.uuid4()
    for _ in range(2):
        buy(card, 3800, key=key, moment=NOW)
    buy(card, 3800, moment=NOW)
    assert held(card) == [2]
    books_balance()


def test_a_scheme_for_certain_services_counts_their_items_alone(card, shop):
    wash = Service.objects.get(shop=shop)
    make_scheme(card.programme, needed=10, basis="item", services=[wash.pk])
    buy(card, 10_000, items=[Item("洗车", 7600, 2, wash), Item("蜡", 2400)], moment=NOW)
    buy(card, 3800, moment=NOW)
    assert held(card) == [2]


def test_undoing_a_sale_takes_its_stamp_and_its_free_one(card, books_balance):
    make_scheme(card.programme)
    sales = [buy(card, 3800, moment=NOW) for _ in range(3)]
    assert RewardVoucher.objects.get().state == VoucherState.ISSUED
    undo(sales[2], by=sales[2].by, reason="", key=uuid.uuid4(), moment=NOW)
    assert (held(card), RewardVoucher.objects.get().state) == ([2], VoucherState.RETURNED)
    buy(card, 3800, moment=NOW)
    assert RewardVoucher.objects.filter(state=VoucherState.ISSUED).count() == 1
    books_balance()


def test_a_sale_whose_free_one_was_used_is_not_undone(card):
    make_scheme(card.programme)
    sales = [buy(card, 3800, moment=NOW) for _ in range(3)]
    RewardVoucher.objects.update(state="used", used_at=NOW, used_by=sales[0].by)
    with pytest.raises(stamps.FreeOneUsed):
        undo(sales[2], by=sales[2].by, reason="", key=uuid.uuid4(), moment=NOW)
    sales[2].refresh_from_db()
    assert sales[2].undone_at is None


def test_stamps_lapse_together_at_the_end_of_a_day(card, shop, books_balance):
    scheme = make_scheme(card.programme, months=1)
    last = datetime(2028, 1, 31, 20, tzinfo=ZoneInfo("Asia/Shanghai"))
    stamp(card, scheme, shop, 2, moment=last)
    until = datetime(2028, 3, 1, tzinfo=ZoneInfo("Asia/Shanghai"))  # 29 February is a day that year
    assert held(card, until - timedelta(seconds=1)) == [2]
    assert held(card, until) == [0]
    stamp(card, scheme, shop, moment=until)
    assert held(card, until) == [1]
    assert list(Stamp.objects.order_by("pk").values_list("count", "lapsed")) == [
        (2, False),
        (-2, True),
        (1, False),
    ]
    books_balance()


def test_new_terms_leave_free_ones_as_they_were(card, shop, books_balance):
    scheme = make_scheme(card.programme)
    stamp(card, scheme, shop, 3)
    changed = stamps.change_stamp_scheme(scheme, by=owner_of(shop.merchant), needed=5)
    stamp(card, changed, shop, 3)
    assert (held(card), RewardVoucher.objects.get().stamps) == ([3], 3)
    books_balance()


def test_nobody_stamps_their_own_card_and_no_foreign_service_counts(shop, card, other_shop):
    owner = owner_of(shop.merchant)
    with pytest.raises(stamps.OwnStamps):
        stamp(make_card(shop.merchant, owner), make_scheme(card.programme), shop)
    with pytest.raises(stamps.ForeignService):
        make_scheme(card.programme, services=[Service.objects.get(shop=other_shop).pk])


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_many_hands_on_one_stamp_card_lose_none(shop, books_balance):
    card = make_card(shop.merchant, make_user())
    scheme = make_scheme(card.programme, needed=5)
    assert len(succeeded(at_once([lambda: stamp(card, scheme, shop) for _ in range(24)]))) == 24
    assert (held(card), RewardVoucher.objects.count()) == ([4], 4)
    books_balance()


@pytest.mark.sabotages("I84")
def test_a_stamp_out_of_nowhere_is_reported(card, shop):
    stamp(card, make_scheme(card.programme), shop, 2)
    code = next(one for one in all_invariants() if one.code == "I84")
    assert code.broken()[1] == []
    with connection.cursor() as cursor:
        cursor.execute("UPDATE loyalty_stampcard SET held = 3")
    assert code.broken()[1] == [StampCard.objects.get().pk]


def test_a_stamp_card_is_started_and_stamped_by_hand_and_seen_by_its_holder(card, shop, consumer, cashier):
    owner = client_of(owner_of(shop.merchant), language="en")
    form = {
        "key": uuid.uuid4(),
        "name": "十次送一次",
        "needed": 10,
        "gift": "免费一次",
        "gift_en": "One free",
        "basis": "visit",
        "days": 90,
    }
    assert owner.post(f"/m/{shop.merchant.slug}/cards/stamps/", form).status_code == 302
    scheme = stamps_of(card, NOW)[0].scheme
    till = client_of(cashier.user, language="en")
    here = f"/m/{shop.merchant.slug}/counter/member/{card.token}/"
    asked = {"key": uuid.uuid4(), "scheme": scheme.pk, "count": 1}
    for _ in range(2):
        assert till.post(f"{here}stamp/", asked).status_code == 302
    shown = client_of(consumer, language="en").get(f"/me/cards/{card.token}/rewards/").content.decode()
    assert "9 stamps more: One free" in shown


def test_stamps_and_what_is_ready_go_along_when_two_cards_become_one(card, shop, books_balance):
    scheme = make_scheme(card.programme)
    other = enrol(card.programme, some_phone(), by=owner_of(shop.merchant))
    stamp(other, scheme, shop, 5)  # a free one, and two towards the next
    stamp(card, scheme, shop, 2)
    by = owner_of(shop.merchant)
    merge_members(card.customer, other.customer, by=by, reason="one person", key=uuid.uuid4(), moment=NOW)
    assert held(card) == [1]
    assert set(RewardVoucher.objects.values_list("card", "stamps")) == {(card.pk, 3)}
    assert RewardVoucher.objects.count() == 2
    books_balance()


def test_what_counted_on_a_card_counts_on_the_one_that_stays(card, shop, books_balance):
    make_levels(card.programme)
    other = enrol(card.programme, some_phone(), by=owner_of(shop.merchant))
    buy(other, 30_000)
    buy(card, 30_000)
    assert rank_of(card) == 0
    by = owner_of(shop.merchant)
    merge_members(card.customer, other.customer, by=by, reason="one person", key=uuid.uuid4())
    assert rank_of(card) == 1
    books_balance()
