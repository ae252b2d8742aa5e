"""Coupons for a segment or a list: who can claim one, who sees it, what the database turns away."""

import uuid
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consumers.actions import follow_shop
from consumers.telling import followers_told
from coupons import actions
from coupons.models import Coupon, CouponProgramme, CouponTerms, ProgrammeState, Via
from crm.actions.segments import put_away, put_on_list, save_segment, take_off
from crm.groups import NotInUse, ToldByNames
from crm.models import Membership, Segment
from crm.rules import Rules
from merchants.models import Customer, Merchant, Shop
from messaging.models import Message
from portal.kernel.models import User
from portal.kernel.refused import Refused
from tests.cast import client_of, make_customer, make_merchant, make_shop, make_user, owner_of
from tests.coupons.makers import make_coupon_programme
from tests.coupons.test_offer_pages import offer_form
from tests.loyalty.makers import make_card

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(db: None) -> Shop:
    return make_shop()


def known(merchant: Merchant, visits: int = 1) -> Customer:
    customer = make_customer(merchant, make_user())
    Customer.objects.filter(pk=customer.pk).update(visits=visits, last_visit_at=timezone.now())
    return customer


def person_of(customer: Customer) -> User:
    assert customer.user is not None
    return customer.user


def regulars(merchant: Merchant, name: str = "常客") -> Segment:
    facts: dict[str, Any] = {"by": owner_of(merchant), "key": uuid.uuid4()}
    return save_segment(merchant, name=name, rules=Rules(visits_from=4), **facts)


def listed(*customers: Customer, name: str = "老友") -> Segment:
    merchant = customers[0].merchant
    chosen = Customer.objects.filter(pk__in=[one.pk for one in customers])
    return put_on_list(merchant, chosen, name=name, by=owner_of(merchant), key=uuid.uuid4())


def offer_for(segment: Segment, **terms: Any) -> CouponProgramme:
    return make_coupon_programme(segment.merchant, audience="segment", segment=segment.pk, **terms)


def claim(programme: CouponProgramme, customer: Customer, key: uuid.UUID | None = None) -> Coupon:
    return actions.claim_coupon(programme, person_of(customer), key=key or uuid.uuid4())


def test_it_is_judged_as_somebody_claims_whom_the_rules_fit(shop: Shop) -> None:
    regular, fresh = known(shop.merchant, 5), known(shop.merchant, 1)
    offer = offer_for(regulars(shop.merchant), per_person=3)
    key = uuid.uuid4()
    first = claim(offer, regular, key)
    with pytest.raises(actions.NotAmongThem):
        claim(offer, fresh)
    with pytest.raises(actions.NotAmongThem):
        actions.claim_coupon(offer, make_user(), key=uuid.uuid4())
    Customer.objects.filter(pk=fresh.pk).update(visits=4)
    Customer.objects.filter(pk=regular.pk).update(visits=3)
    assert claim(offer, fresh).customer_id == fresh.pk
    with pytest.raises(actions.NotAmongThem):
        claim(offer, regular)
    assert claim(offer, regular, key) == first
    rows = Membership.objects.order_by("pk").values_list("customer", "until")
    assert [(who, until is None) for who, until in rows] == [(regular.pk, False), (fresh.pk, True)]


def test_a_list_is_for_whom_it_has_and_handing_out_leaves_the_others_out(shop: Shop) -> None:
    on, off, never = (known(shop.merchant) for _ in range(3))
    friends = listed(on, off)
    take_off(friends, [off.pk], by=owner_of(shop.merchant))
    offer = offer_for(friends)
    keys = {person_of(one).pk: uuid.uuid4() for one in (on, off, never)}
    with transaction.atomic():
        has = actions.hand_out(offer, keys, via=Via.INBOX, moment=timezone.now())
    assert has == {person_of(on).pk}
    for other in (off, never):
        with pytest.raises(actions.NotAmongThem):
            claim(offer, other)


def test_what_goes_round_the_verb_is_turned_away(shop: Shop) -> None:
    regular, fresh = known(shop.merchant, 5), known(shop.merchant)
    segment = regulars(shop.merchant)
    made = claim(offer_for(segment), regular)
    theirs = regulars(make_shop(make_merchant()).merchant)
    facts: dict[str, Any] = {"visits_from": 1, "shop": shop.pk, "within_m": 500}
    near = Segment.objects.create(
        merchant=shop.merchant, token="near", name="近", rules=facts, key=uuid.uuid4(), by=segment.by
    )

    def copied() -> None:
        made.pk, made.customer, made.token, made.key = None, fresh, "another", uuid.uuid4()
        made.save(force_insert=True)

    def terms_for(one: Segment) -> None:
        CouponTerms.objects.create(merchant=shop.merchant, audience="segment", segment=one.pk)

    deeds = {
        "coupon_for_a_segment_goes_to_its_members": copied,
        "terms_stay_with_their_segment": lambda: terms_for(theirs),
        "coupon_for_a_distance_would_tell": lambda: terms_for(near),
        "coupon_names_whom_it_is_for": lambda: CouponTerms.objects.create(
            merchant=shop.merchant, segment=segment.pk
        ),
    }
    for name, deed in deeds.items():
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            deed()
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        Segment.objects.filter(pk=segment.pk).update(rules={"visits_from": 1})


def test_a_segment_that_is_not_in_use_or_by_distance_is_no_audience(shop: Shop) -> None:
    segment = regulars(shop.merchant)
    draft = offer_for(segment, published=False)
    put_away(segment, by=owner_of(shop.merchant))
    with pytest.raises(NotInUse):
        actions.publish_programme(draft, by=owner_of(shop.merchant))
    with pytest.raises(NotInUse):
        offer_for(segment)
    facts: dict[str, Any] = {"by": owner_of(shop.merchant), "key": uuid.uuid4()}
    near = save_segment(shop.merchant, name="近", rules=Rules(shop=shop.pk, within_m=500), **facts)
    with pytest.raises(ToldByNames):
        offer_for(near)
    with pytest.raises(NotInUse):
        make_coupon_programme(make_shop(make_merchant()).merchant, audience="segment", segment=near.pk)
    for wrong in ({"audience": "segment"}, {"segment": segment.pk}):
        with pytest.raises(Refused):
            make_coupon_programme(shop.merchant, **wrong)


def test_an_offer_that_is_out_goes_on_when_its_segment_is_put_away(shop: Shop) -> None:
    regular = known(shop.merchant, 5)
    segment = regulars(shop.merchant)
    offer = offer_for(segment)
    put_away(segment, by=owner_of(shop.merchant))
    assert claim(offer, regular)


def test_only_those_who_can_claim_it_are_shown_it_and_hear_of_it(shop: Shop) -> None:
    regular, fresh = known(shop.merchant, 5), known(shop.merchant)
    for one in (regular, fresh):
        follow_shop(person_of(one), shop)
    offer = offer_for(regulars(shop.merchant), title="给老朋友")
    own, link = f"/s/{shop.slug}/", f"/coupons/{offer.token}/"
    near = "/deals/?near=31.2304,121.4737"
    seen = {
        who: [offer.title in client_of(user).get(path).content.decode() for path in (near, own)]
        for who, user in {"in": person_of(regular), "out": person_of(fresh), "nobody": None}.items()
    }
    assert seen == {"in": [True, True], "out": [False, False], "nobody": [False, False]}
    theirs = client_of(person_of(fresh), language="en").get(link).content.decode()
    assert "You are not among them at the moment" in theirs
    assert "data-claim" not in theirs
    for user in (person_of(regular), None):
        page = client_of(user, language="en").get(link).content.decode()
        assert "For customers whom the shop has chosen." in page
        assert "data-claim" in page
        assert "常客" not in page
    followers_told(offer.pk)
    told = Message.objects.filter(kind="consumers.new_coupon").values_list("person", flat=True)
    assert list(told) == [regular.user_id]


def test_members_alone_are_shown_what_is_for_their_level(shop: Shop) -> None:
    gold, plain = known(shop.merchant), known(shop.merchant)
    make_card(shop.merchant, person_of(gold))
    offer = make_coupon_programme(shop.merchant, audience="levels", levels=[0], title="会员专享")
    pages = {user: client_of(user).get(f"/s/{shop.slug}/") for user in (person_of(gold), person_of(plain))}
    assert [offer.title in page.content.decode() for page in pages.values()] == [True, False]


def test_the_board_asks_as_much_for_ten_such_offers_as_for_one(shop: Shop) -> None:
    regular = known(shop.merchant, 5)
    client = client_of(person_of(regular))

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/deals/?near=31.2304,121.4737").status_code == 200
        return len(queries)

    offer_for(regulars(shop.merchant))
    asked()
    one = asked()
    for number in range(9):
        offer_for(regulars(shop.merchant, name=f"常客{number}"))
    assert asked() == one


def test_chosen_in_the_wizard_with_its_number_and_kept_in_the_draft(shop: Shop) -> None:
    for _ in range(12):
        known(shop.merchant, 5)
    segment, few = regulars(shop.merchant), listed(known(shop.merchant))
    client, base = client_of(owner_of(shop.merchant), language="en"), f"/m/{shop.merchant.slug}/coupons/"
    blank = client.get(base + "new/").content.decode()
    assert "常客: 12" in blank
    assert "老友: fewer than 10" in blank
    both = client.post(base + "new/", offer_form(segment=segment.token, levels=["0"]))
    assert both.status_code == 422
    answer = client.post(base + "new/", offer_form(segment=segment.token, do="draft"))
    programme = CouponProgramme.objects.select_related("terms").get()
    assert (programme.terms.audience, programme.terms.segment) == ("segment", segment.pk)
    page = client.get(answer["Location"]).content.decode()
    assert f"customers/segments/{segment.token}/" in page
    assert '<dd class="num">12</dd>' in page
    edit = f"{base}{programme.token}/edit/"
    assert f'value="{segment.token}" selected' in client.get(edit).content.decode()
    client.post(edit, offer_form(segment=few.token, do="publish"))
    programme.refresh_from_db()
    assert (programme.state, programme.terms.segment) == (ProgrammeState.PUBLISHED, few.pk)
