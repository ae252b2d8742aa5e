"""Segments and lists: rules as one question, members on dates, used as the audience of a deal."""

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from consumers.actions import add_area, agree_to_areas
from consumers.models import AreaPurpose
from crm.actions.birthdays import give_birthday, note_birthday
from crm.actions.campaigns import HOLD, Plan, release_due, send_deal
from crm.actions.segments import (
    NobodyMarked,
    SameName,
    TooMany,
    bring_back,
    put_away,
    put_on_list,
    refresh_all,
    save_segment,
    take_off,
)
from crm.days import Birthday
from crm.models import Audience, Campaign, Membership, Segment
from crm.rules import Crossed, NoRule, Rules, matching, read_rules
from crm.segments import members, moves_of
from merchants.actions import merge_customers
from merchants.models import Customer, Shop
from messaging.models import Message
from portal.kernel.refused import KeyReused
from tests.cast import make_customer, make_merchant, make_shop, make_user, owner_of
from tests.loyalty.makers import make_card

pytestmark = pytest.mark.django_db
NOON = datetime.fromisoformat("2026-11-24T12:00:00+08:00")


@pytest.fixture
def shop(db: None) -> Shop:
    return make_shop()


def known(shop: Shop, **facts: Any) -> Customer:
    """A customer with an account and these sums."""
    customer = make_customer(shop.merchant, make_user())
    days = facts.pop("days_ago", None)
    if days is not None:
        facts["last_visit_at"] = NOON - timedelta(days=days)
    Customer.objects.filter(pk=customer.pk).update(**{"visits": 1, **facts})
    customer.refresh_from_db()
    return customer


def save(at: Shop, *, name: str = "常客", key: uuid.UUID | None = None, **rules: Any) -> Segment:
    facts: dict[str, Any] = {"by": owner_of(at.merchant), "key": key or uuid.uuid4(), "moment": NOON}
    return save_segment(at.merchant, name=name, rules=Rules(**rules), **facts)


def listed(shop: Shop, *customers: Customer, name: str = "老友", **facts: Any) -> Segment:
    chosen = Customer.objects.filter(pk__in=[one.pk for one in customers])
    owner = owner_of(shop.merchant)
    return put_on_list(shop.merchant, chosen, name=name, by=owner, key=uuid.uuid4(), **facts)


def found(at: Shop, **rules: Any) -> set[int]:
    return set(matching(at.merchant, Rules(**rules), NOON).values_list("pk", flat=True))


def test_every_rule_finds_its_customers_and_nobody_elses(shop: Shop) -> None:
    often = known(shop, visits=9, spent=90_000, days_ago=70)
    once = known(shop, visits=1, spent=3_800, days_ago=3)
    never = known(shop, visits=0, spent=0)
    theirs = known(make_shop(make_merchant()), visits=9, spent=90_000, days_ago=70)
    assert found(shop, visits_from=2) == {often.pk}
    assert found(shop, visits_to=1) == {once.pk, never.pk}
    assert found(shop, spent_from=3_800, spent_to=3_800) == {once.pk}
    assert found(shop, seen_within=3) == {once.pk}
    assert found(shop, away_for=69) == {often.pk}
    assert found(shop, away_for=71) == set()
    assert found(shop, visits_from=2, seen_within=30) == set()
    assert theirs.pk not in found(shop, visits_from=0)


def test_levels_lists_and_birthdays_are_rules_too(shop: Shop) -> None:
    card = make_card(shop.merchant)
    shows, hides, noted, plain = (known(shop) for _ in range(4))
    give_birthday(shows.user, Birthday(12, 5), shown=True, moment=NOON)
    give_birthday(hides.user, Birthday(12, 5), shown=False, moment=NOON)
    note_birthday(noted, Birthday(12, 9), agreed=True, by=owner_of(shop.merchant), moment=NOON)
    friends = listed(shop, plain)
    assert found(shop, levels=(0,)) == {card.customer_id}
    assert found(shop, levels=(1,)) == set()
    assert found(shop, birthday_month=12) == {shows.pk, noted.pk}
    assert found(shop, on_list=friends.pk) == {plain.pk}
    other = make_shop(make_merchant())
    assert found(other, on_list=friends.pk) == set()


def test_a_band_of_distance_has_whom_it_has_by_usual_areas(shop: Shop) -> None:
    near, far, silent = (known(shop) for _ in range(3))
    assert shop.location is not None
    for customer, north in ((near, 0.0), (far, 0.0135)):
        agree_to_areas(customer.user, AreaPurpose.AREAS, agreed=True)
        add_area(customer.user, shop.location.y + north, shop.location.x)
    assert found(shop, shop=shop.pk, within_m=2000) == {near.pk, far.pk}
    assert found(shop, shop=shop.pk, within_m=2000, beyond_m=1000) == {far.pk}
    assert silent.pk not in found(shop, shop=shop.pk, within_m=5000)
    assert found(make_shop(make_merchant()), shop=shop.pk, within_m=2000) == set()


@pytest.mark.parametrize(
    ("rules", "refusal"),
    [({}, NoRule), ({"shop": 1}, NoRule), ({"visits_from": 3, "visits_to": 2}, Crossed)],
)
def test_rules_that_say_nothing_or_shut_everybody_out_are_refused(
    shop: Shop, rules: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        save(shop, **rules)
    assert not Segment.objects.exists()


def test_rules_that_this_version_does_not_know_are_not_ignored() -> None:
    with pytest.raises(ValueError, match="shoe_size"):
        read_rules({"visits_from": 3, "shoe_size": 43})


def test_joining_and_leaving_are_kept_with_their_dates(shop: Shop) -> None:
    stays, goes = known(shop, visits=4), known(shop, visits=5)
    kept = save(shop, visits_from=4)
    comes = known(shop, visits=4)
    Customer.objects.filter(pk=goes.pk).update(visits=3)
    later = NOON + timedelta(days=40)
    assert refresh_all(later) == 1
    rows = Membership.objects.filter(segment=kept).values_list("customer", "since", "until")
    assert set(rows) == {(stays.pk, NOON, None), (goes.pk, NOON, later), (comes.pk, later, None)}
    assert vars(moves_of(kept, later)) == {"joined": 1, "left": 1}
    refresh_all(later + timedelta(days=1))
    assert Membership.objects.count() == 3


def test_one_key_saves_once_and_a_name_is_had_once(shop: Shop) -> None:
    key = uuid.uuid4()
    first = save(shop, key=key, visits_from=4)
    assert save(shop, key=key, visits_from=4) == first
    with pytest.raises(KeyReused):
        save(shop, key=key, visits_from=5)
    with pytest.raises(SameName):
        save(shop, visits_from=5)


def test_put_away_and_brought_back(shop: Shop) -> None:
    kept, owner = save(shop, visits_from=1), owner_of(shop.merchant)
    put_away(kept, by=owner, moment=NOON)
    save(shop, visits_from=2)
    with pytest.raises(SameName):
        bring_back(kept, by=owner)
    assert refresh_all(NOON) == 1
    Segment.objects.filter(pk=kept.pk).update(name="其他")
    assert bring_back(kept, by=owner).put_away_at is None


def test_fifty_are_enough(shop: Shop) -> None:
    facts = {"merchant": shop.merchant, "rules": {"visits_from": 1}, "by": owner_of(shop.merchant)}
    Segment.objects.bulk_create(
        Segment(token=f"t{number}", name=f"n{number}", key=uuid.uuid4(), **facts) for number in range(50)
    )
    with pytest.raises(TooMany):
        save(shop, visits_from=1)


def test_a_list_has_whom_it_was_given_until_they_are_taken_off(shop: Shop) -> None:
    first, second = known(shop), known(shop)
    kept = listed(shop, first)
    listed(shop, first, second, kept=kept)
    assert set(members(kept, NOON)) == {first, second}
    assert take_off(kept, [first.pk], by=owner_of(shop.merchant)) == 1
    assert set(members(kept, NOON)) == {second}
    listed(shop, first, kept=kept)
    assert Membership.objects.filter(customer=first).count() == 2
    with pytest.raises(NobodyMarked):
        listed(shop)


def test_on_a_list_once_also_after_two_records_became_one(shop: Shop) -> None:
    both, gone, alone = known(shop), make_customer(shop.merchant), make_customer(shop.merchant)
    kept = listed(shop, both, gone, alone)
    by = owner_of(shop.merchant)
    for one in (gone, alone):
        merge_customers(both, one, by=by, key=uuid.uuid4(), reason="same person")
    assert [one.pk for one in members(kept, NOON)] == [both.pk]


def test_a_deal_is_told_to_whom_the_segment_has_when_it_goes_out(shop: Shop) -> None:
    regular, fresh = known(shop, visits=5), known(shop, visits=1)
    kept = save(shop, visits_from=4)
    facts: dict[str, Any] = {"title": "限时八折", "percent_off": 20, "stock": 3, "lasts": timedelta(hours=2)}
    plan = Plan(audience=Audience.SEGMENT, segment=kept, shop=shop, **facts)
    send_deal(shop.merchant, plan, by=owner_of(shop.merchant), key=uuid.uuid4(), moment=NOON)
    Customer.objects.filter(pk=fresh.pk).update(visits=4)
    assert release_due(NOON + HOLD) == 1
    told = Message.objects.filter(kind="crm.flash_deal").values_list("person", flat=True)
    assert set(told) == {regular.user_id, fresh.user_id}


@pytest.mark.parametrize(
    ("statement", "wall"),
    [
        ("UPDATE crm_membership SET customer_id = %(stranger)s", "membership_stays_with_its_customer"),
        ("UPDATE crm_membership SET merchant_id = %(other)s", "membership_stays_with_its"),
        ("UPDATE crm_membership SET until = since - interval '1 day'", "segment_left_after_it_was_joined"),
        (
            """INSERT INTO crm_segment (merchant_id, token, name, is_list, rules, key, by_id)
               SELECT merchant_id, 'x', 'x', false, '{}', gen_random_uuid(), by_id
               FROM crm_segment LIMIT 1""",
            "segment_has_rules_or_is_a_list",
        ),
    ],
)
def test_the_database_keeps_members_in_their_own_shop(shop: Shop, statement: str, wall: str) -> None:
    known(shop)
    save(shop, visits_from=1)
    other = make_shop(make_merchant())
    values = {"stranger": known(other).pk, "other": other.merchant_id}
    with pytest.raises(IntegrityError, match=wall), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_a_campaign_cannot_speak_to_another_merchants_segment(shop: Shop) -> None:
    theirs = save(make_shop(make_merchant()), visits_from=1)
    facts: dict[str, Any] = {"title": "-20%", "percent_off": 20, "stock": 3, "lasts": timedelta(hours=2)}
    plan = Plan(audience=Audience.SEGMENT, segment=theirs, shop=shop, **facts)
    with pytest.raises(IntegrityError, match="campaign_stays_with_its_segment"), transaction.atomic():
        send_deal(shop.merchant, plan, by=owner_of(shop.merchant), key=uuid.uuid4(), moment=NOON)
    assert not Campaign.objects.exists()


# ---- pages
