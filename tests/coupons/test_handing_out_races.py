"""Coupons handed out while people claim: exact to the last piece and to the person's limit."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from coupons import actions
from coupons.actions import handing_out
from coupons.models import Coupon, CouponProgramme, Via
from merchants.models import Merchant
from portal.kernel.models import User
from tests.cast import make_customer, make_shop, make_user
from tests.coupons.makers import make_coupon_programme
from tests.together import HANDS, at_once, succeeded, waiting_for_all

pytestmark = pytest.mark.django_db(transaction=True)
STOCK = 25


@pytest.fixture
def merchant(db: None) -> Merchant:
    return make_shop().merchant


def known(merchant: Merchant, number: int) -> list[User]:
    people = [make_user() for _ in range(number)]
    for person in people:
        make_customer(merchant, person)
    return people


def giving(programme: CouponProgramme, people: list[User]) -> Callable[[], Any]:
    """One hand that gives to all of them; each hand has read the offer for itself."""

    def give() -> set[int]:
        with transaction.atomic():
            own = CouponProgramme.objects.get(pk=programme.pk)
            keys = {person.pk: uuid.uuid4() for person in people}
            return actions.hand_out(own, keys, via=Via.INBOX, moment=timezone.now())

    return give


def claiming(programme: CouponProgramme, person: User) -> Callable[[], Any]:
    return lambda: {actions.claim_coupon(programme, person, key=uuid.uuid4()).customer_id}


def given_by_a_dozen_who_looked_together(
    merchant: Merchant, monkeypatch: pytest.MonkeyPatch
) -> CouponProgramme:
    """Twelve times ten people, twenty-five pieces: each hand reads how many are left before any has given."""
    programme = make_coupon_programme(merchant, stock=STOCK)
    people = known(merchant, HANDS * 10)
    monkeypatch.setattr(handing_out, "_claim", waiting_for_all(handing_out._claim))
    at_once([giving(programme, people[start : start + 10]) for start in range(0, len(people), 10)])
    programme.refresh_from_db()
    return programme


def test_as_many_are_given_as_there_are(merchant: Merchant, monkeypatch: pytest.MonkeyPatch) -> None:
    programme = given_by_a_dozen_who_looked_together(merchant, monkeypatch)
    assert programme.claimed == Coupon.objects.count() <= STOCK


def test_a_counter_that_is_not_moved_by_a_condition_gives_out_more_than_there_are(
    merchant: Merchant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the same, with a counter that only follows what was written."""
    blind = """
        UPDATE coupons_couponprogramme SET claimed = least(stock, claimed + %s) WHERE id = %s AND %s >= 0
    """
    monkeypatch.setattr(handing_out, "TAKE", blind)
    given_by_a_dozen_who_looked_together(merchant, monkeypatch)
    assert Coupon.objects.count() > STOCK


def test_giving_and_claiming_together_end_at_the_last_piece(merchant: Merchant) -> None:
    programme = make_coupon_programme(merchant, stock=STOCK)
    given, claimers = known(merchant, 40), known(merchant, 30)
    deeds = [giving(programme, given[start : start + 10]) for start in range(0, 40, 10)]
    deeds += [claiming(programme, person) for person in claimers]
    results = at_once(deeds)
    programme.refresh_from_db()
    assert programme.claimed == Coupon.objects.count() == STOCK
    assert sum(len(one) for one in succeeded(results)) == STOCK
    assert {type(one) for one in results if isinstance(one, Exception)} <= {actions.SoldOut}


def test_one_person_who_claims_and_is_given_gets_no_more_than_the_limit(merchant: Merchant) -> None:
    programme = make_coupon_programme(merchant, per_person=3)
    (person,) = known(merchant, 1)
    results = at_once([giving(programme, [person]), claiming(programme, person)] * 15)
    assert sum(len(one) for one in succeeded(results)) == 3
    assert {type(one) for one in results if isinstance(one, Exception)} == {actions.ClaimedEnough}
    assert sorted(Coupon.objects.values_list("ordinal", flat=True)) == [1, 2, 3]
    programme.refresh_from_db()
    assert programme.claimed == 3
