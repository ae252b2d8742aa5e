"""The roster: one record per person and merchant, whichever till or phone comes first."""

import pytest
from django.db import IntegrityError, transaction

from merchants import actions
from merchants.actions.customers import NobodyNamed
from merchants.models import Customer, Merchant
from portal.home.accounts.contacts import Contact, Way
from portal.kernel.crypto import blind_index
from portal.kernel.models import OutboxEvent, User
from tests import cast
from tests.merchants.test_staff import race

PHONE = "+8613912345678"


def test_a_phone_is_one_customer_however_often_it_comes(merchant: Merchant) -> None:
    first = actions.find_or_enrol_customer(merchant, phone=PHONE, name="张女士")
    assert actions.find_or_enrol_customer(merchant, phone=PHONE) == first
    assert (first.says(), first.phone_tail, first.user) == ("张女士", "5678", None)


def test_the_phone_is_sealed_and_found_by_its_index(merchant: Merchant) -> None:
    customer = actions.find_or_enrol_customer(merchant, phone=PHONE)
    raw = Customer.objects.filter(phone_index=blind_index(PHONE)).extra(select={"raw": "phone::text"})
    assert PHONE not in raw.values_list("raw", flat=True).get()
    assert Customer.objects.get(pk=customer.pk).phone == PHONE


def test_a_proven_phone_leads_to_its_person(merchant: Merchant) -> None:
    person = cast.make_user(PHONE)
    assert actions.find_or_enrol_customer(merchant, phone=PHONE).user == person
    assert actions.find_or_enrol_customer(merchant, user=person).user == person
    assert Customer.objects.count() == 1


def test_an_unproven_phone_leads_to_nobody(merchant: Merchant) -> None:
    cast.make_user(PHONE, verified=False)
    assert actions.find_or_enrol_customer(merchant, phone=PHONE).user is None


def test_who_proves_the_phone_later_finds_their_records(merchant: Merchant, other_shop: object) -> None:
    here = actions.find_or_enrol_customer(merchant, phone=PHONE)
    there = actions.find_or_enrol_customer(cast.make_merchant(), phone=PHONE)
    person = cast.make_user(PHONE)
    assert actions.link_customers(person) == 2
    assert actions.link_customers(person) == 0
    assert set(Customer.objects.filter(user=person)) == {here, there}


def test_a_record_is_linked_when_the_person_turns_up(merchant: Merchant) -> None:
    known = actions.find_or_enrol_customer(merchant, phone=PHONE, name="老客")
    person = cast.make_user(PHONE)
    assert actions.find_or_enrol_customer(merchant, user=person) == known
    known.refresh_from_db()
    assert (known.user, known.name) == (person, "老客")


def test_a_number_that_moved_on_leaves_the_old_record_alone(merchant: Merchant) -> None:
    old = cast.make_user(PHONE)
    before = actions.find_or_enrol_customer(merchant, user=old)
    User.objects.filter(pk=old.pk).update(phone=None, phone_index=None)
    new = cast.make_user(PHONE)
    after = actions.find_or_enrol_customer(merchant, user=new)
    before.refresh_from_db()
    assert after != before and before.user == old and after.phone is None


def test_two_merchants_know_the_same_person_apart(merchant: Merchant) -> None:
    person = cast.make_user(PHONE)
    one, other = (actions.find_or_enrol_customer(m, user=person) for m in (merchant, cast.make_merchant()))
    assert one.merchant != other.merchant and one != other


def test_nobody_named_is_refused(merchant: Merchant) -> None:
    with pytest.raises(NobodyNamed):
        actions.find_or_enrol_customer(merchant)


@pytest.mark.parametrize(
    ("field", "constraint"), [("phone", "customer_once_per_phone"), ("user", "customer_once_per_person")]
)
def test_the_database_keeps_one_record(merchant: Merchant, field: str, constraint: str) -> None:
    person = cast.make_user(PHONE)
    actions.find_or_enrol_customer(merchant, user=person)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Customer.objects.create(merchant=merchant, **{field: PHONE if field == "phone" else person})


@pytest.mark.django_db(transaction=True)
def test_two_tills_at_once_enrol_one_customer() -> None:
    merchant = cast.make_merchant()
    found = race(*[lambda: actions.find_or_enrol_customer(merchant, phone=PHONE)] * 6)
    assert len({customer.pk for customer in found}) == 1 and Customer.objects.count() == 1
    assert OutboxEvent.objects.filter(title="merchants.CustomerEnrolled").count() <= 1


def test_signing_in_by_the_code_is_the_proof(merchant: Merchant) -> None:
    known = actions.find_or_enrol_customer(merchant, phone=PHONE)
    person = Contact(Way.PHONE, PHONE).proved_by(None)
    known.refresh_from_db()
    assert known.user == person
