"""One member with two cards: together nothing is lost, nothing is gained, and every old number leads on."""

import uuid
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.db.models import Sum
from django.utils import timezone

from loyalty import actions
from loyalty.actions.merging import FrozenCard, InUse, KeepTheOpenCard, NotYoursToMerge, OwnMerge
from loyalty.models import Account, Card, CardMerge, CardState, Entry, EntryKind, Lot, ValueKind
from loyalty.value.ledger import Posting, post
from merchants.actions import find_or_enrol_customer, link_customers, merge_customers
from merchants.actions.joining import MergedAlready, SameRecord, SayWhy, TwoPeople
from merchants.models import Customer, CustomerMerge, Role
from messaging.models import Message, SentText
from portal.kernel.codes import resolve_code
from portal.kernel.events import deliver_due
from portal.kernel.invariants import all_invariants
from portal.kernel.models import Code
from tests.cast import client_of, make_customer, make_staff, make_user, owner_of
from tests.coupons.makers import make_coupon
from tests.loyalty.makers import balance, give, holds, make_card, make_programme, take
from tests.loyalty.printed import blank_of

pytestmark = pytest.mark.django_db


def card_of(merchant, phone, points=0):
    card = actions.enrol(make_programme(merchant), phone, by=owner_of(merchant))
    if points:
        give(card, points)
    return Card.objects.select_related("customer", "programme").get(pk=card.pk)


@pytest.fixture
def two(shop):
    return card_of(shop.merchant, "+8613800138001", 100), card_of(shop.merchant, "+8613800138002", 30)


def merge(kept, gone, *, by=None, key=None):
    by, key = by or owner_of(kept.merchant), key or uuid.uuid4()
    return actions.merge_members(
        kept.customer,
        gone.customer,
        by=by or owner_of(kept.merchant),
        reason="told us",
        key=key or uuid.uuid4(),
    )


def put(card, kind, amount, months=None):
    expires = timezone.now() + timedelta(days=30 * months) if months else None
    how = EntryKind.ADJUSTED if kind == ValueKind.POINTS else EntryKind.OPENING
    facts = {"card": card, "amount": amount, "kind": how, "key": uuid.uuid4()}
    return post(Posting(**facts, moment=timezone.now(), expires_at=expires), kind)


def sums(merchant):
    entries = Entry.objects.filter(merchant=merchant).order_by().values_list("account__kind")
    return dict(entries.annotate(total=Sum("amount")))


def test_everything_goes_over_and_the_sum_of_the_ledger_stays(shop, two, books_balance):
    kept, gone = two
    put(gone, ValueKind.PRINCIPAL, 30000)
    put(gone, ValueKind.BONUS, 5000, months=2)
    before = sums(shop.merchant)
    merge(kept, gone)
    assert sums(shop.merchant) == before
    assert (balance(kept), holds(kept, ValueKind.PRINCIPAL), holds(kept, ValueKind.BONUS)) == (
        130,
        30000,
        5000,
    )
    assert (balance(gone), Card.objects.get(pk=gone.pk).state) == (0, CardState.CLOSED)
    assert CardMerge.objects.get().moved == {"points": 30, "principal": 30000, "bonus": 5000}
    books_balance()


def test_what_goes_over_keeps_the_day_on_which_it_expires(shop, two):
    kept, gone = two
    put(gone, ValueKind.POINTS, 7, months=1)
    put(gone, ValueKind.POINTS, 8, months=6)
    was = list(Lot.objects.filter(account__card=gone).order_by("pk").values_list("remaining", "expires_at"))
    merge(kept, gone)
    now = Lot.objects.filter(account__card=kept, entry__kind="moved").order_by("pk")
    assert sorted(now.values_list("remaining", "expires_at"), key=str) == sorted(was, key=str)


def test_points_that_are_owed_are_paid_off_by_what_comes_over(shop, two, books_balance):
    kept, gone = two
    take(gone, 30)
    actions.claw_back(gone, 20, key=uuid.uuid4(), shop=shop, by=None)
    merge(kept, gone)
    assert (holds(kept, ValueKind.DEBT), balance(kept)) == (20, 100)
    give(kept, 5)
    assert (holds(kept, ValueKind.DEBT), balance(kept)) == (0, 85)
    books_balance()


def test_visits_coupons_and_phone_follow(shop, two):
    kept, gone = two
    Customer.objects.filter(pk=gone.customer_id).update(visits=3, spent=900, last_visit_at=timezone.now())
    coupon = make_coupon(shop.merchant, make_user(phone="+8613800138002"))
    merge(kept, gone)
    stays = Customer.objects.get(pk=kept.customer_id)
    coupon.refresh_from_db()
    assert (stays.visits, stays.spent, coupon.customer_id) == (3, 900, stays.pk)
    assert find_or_enrol_customer(shop.merchant, phone="+8613800138002").pk == stays.pk
    assert list(Customer.objects.of(shop.merchant)) == [stays]


def test_the_old_number_leads_to_the_kept_card_at_the_counter_and_in_the_pocket(shop, two, rf):
    kept, gone = two
    merge(kept, gone)
    till = client_of(owner_of(shop.merchant), language="en")
    for said in (gone.number, gone.token):
        page = till.post(f"/m/{shop.merchant.slug}/counter/find/", {"code": said}).content.decode()
        assert kept.number_in_groups in page
    holder = make_user(phone="+8613800138001")
    link_customers(holder)
    request = rf.get("/")
    request.user = holder
    assert resolve_code(request, Code.objects.get(token=gone.token)) == f"/me/cards/{kept.token}/"


def test_a_printed_card_shows_the_card_that_is_kept(shop, two):
    kept, gone = two
    medium = actions.link_medium(blank_of(shop.merchant), gone, by=owner_of(shop.merchant))
    merge(kept, gone)
    medium.refresh_from_db()
    assert medium.card_id == kept.pk


def test_asked_twice_it_is_done_once(shop, two):
    kept, gone = two
    key = uuid.uuid4()
    assert merge(kept, gone, key=key) == merge(kept, gone, key=key)
    assert balance(kept) == 130
    with pytest.raises(MergedAlready):
        merge(kept, gone)


def test_a_card_without_a_rival_goes_to_the_record_that_stays(shop):
    gone, kept = card_of(shop.merchant, "+8613800138001", 9), make_customer(shop.merchant)
    actions.merge_members(kept, gone.customer, by=owner_of(shop.merchant), reason="x", key=uuid.uuid4())
    gone.refresh_from_db()
    assert (gone.customer, gone.state, balance(gone)) == (kept, CardState.ACTIVE, 9)


@pytest.mark.parametrize("which", [0, 1])
def test_a_frozen_card_is_not_merged(shop, two, which):
    actions.freeze(two[which], by=owner_of(shop.merchant))
    with pytest.raises(FrozenCard):
        merge(*two)
    assert not CustomerMerge.objects.exists()


def test_nor_one_that_something_is_being_paid_with(shop, two):
    now = timezone.now()
    actions.hold(two[1], 5, key=uuid.uuid4(), until=now + timedelta(minutes=5), moment=now)
    with pytest.raises(InUse):
        merge(*two)


def test_a_closed_card_does_not_take_an_open_one_in(shop, two):
    kept, gone = two
    Card.objects.filter(pk=kept.pk).update(state=CardState.CLOSED)
    with pytest.raises(KeepTheOpenCard):
        merge(kept, gone)


def test_two_people_with_accounts_stay_two(shop):
    first, second = make_card(shop.merchant), make_card(shop.merchant)
    with pytest.raises(TwoPeople):
        merge(first, second)


def test_not_by_a_cashier_not_onto_ones_own_and_not_without_a_reason(shop, two):
    cashier = make_staff(shop.merchant, Role.CASHIER).user
    with pytest.raises(NotYoursToMerge):
        merge(*two, by=cashier)
    manager = make_staff(shop.merchant, Role.MANAGER, make_user(phone="+8613800138001")).user
    with pytest.raises(OwnMerge):
        merge(*two, by=manager)
    facts = {"by": owner_of(shop.merchant), "key": uuid.uuid4()}
    with pytest.raises(SayWhy):
        merge_customers(two[0].customer, two[1].customer, reason=" ", **facts)
    with pytest.raises(SameRecord):
        merge_customers(two[0].customer, two[0].customer, reason="x", **facts)


def test_a_walk_in_gets_a_card_at_once_and_a_text_that_leads_to_it(shop, django_capture_on_commit_callbacks):
    card = card_of(shop.merchant, "+8613800138001", 12)
    with django_capture_on_commit_callbacks(execute=True):
        deliver_due()
    (text,) = SentText.objects.all()
    assert text.phone == "+8613800138001"
    assert f"/cards/{card.token}/claim/" in text.text
    page = client_of(language="en").get(f"/cards/{card.token}/claim/").content.decode()
    assert "phone number ending in 8001" in page
    assert f"next=/cards/{card.token}/claim/" in page.replace("%2F", "/")


def test_whoever_proves_the_number_finds_the_card_with_everything_on_it(shop):
    card = card_of(shop.merchant, "+8613800138001", 12)
    person = make_user(phone="+8613800138001")
    assert link_customers(person) == 1
    browser = client_of(person)
    assert browser.get(f"/cards/{card.token}/claim/").headers["Location"] == f"/q/{card.token}"
    assert card.number_in_groups in browser.get("/me/cards/").content.decode()


def test_somebody_who_joined_by_themselves_meanwhile_has_one_card_in_the_end(shop, books_balance):
    waiting = card_of(shop.merchant, "+8613800138001", 12)
    person = make_user(email="li@example.com")
    own = make_card(shop.merchant, person, points=5)
    person.phone, person.phone_verified_at = "+8613800138001", timezone.now()
    person.save()
    assert link_customers(person) == 0
    deliver_due()
    assert (balance(own), balance(waiting)) == (17, 0)
    assert Customer.objects.of(shop.merchant).get().phone == "+8613800138001"
    assert Message.objects.filter(person=person, kind="loyalty.merged").count() == 1
    books_balance()


def test_a_frozen_card_that_waits_stays_apart_and_its_holder_is_told(shop):
    waiting = card_of(shop.merchant, "+8613800138001", 12)
    actions.freeze(waiting, by=owner_of(shop.merchant))
    person = make_user(email="li@example.com")
    own = make_card(shop.merchant, person, points=5)
    person.phone, person.phone_verified_at = "+8613800138001", timezone.now()
    person.save()
    link_customers(person)
    deliver_due()
    assert balance(own) == 5
    assert Message.objects.filter(person=person, kind="loyalty.apart").count() == 1


def test_a_merge_is_written_once(shop, two):
    merge(*two)
    for model in (CardMerge, CustomerMerge):
        with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
            model.objects.update(reason="other")


@pytest.mark.sabotages("I62", "I63")
def test_what_was_lost_between_two_cards_is_found(shop, two):
    kept, gone = two
    merge(kept, gone)
    checks = {one.code: one for one in all_invariants()}
    entry = Entry.objects.filter(kind="moved", amount__gt=0)[0]
    Entry.objects.create(
        merchant=entry.merchant,
        account=entry.account,
        amount=1,
        kind="moved",
        key=uuid.uuid4(),
        document=entry.document,
        balance_after=1,
    )
    assert checks["I62"].broken()[0]
    Account.objects.filter(card=gone).update(balance=1)
    assert checks["I63"].broken()[0]
