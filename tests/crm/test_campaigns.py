"""A flash deal: chosen, reviewed, held for thirty seconds, gone out once, or stopped."""

import uuid
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from django.utils import timezone

from consumers.actions import add_area, agree_to_areas, follow_shop
from consumers.models import AreaPurpose
from consumers.telling import followers_told
from coupons.actions import SoldOut, claim_coupon
from coupons.models import CouponProgramme, FlashDeal, ProgrammeState
from crm.actions.campaigns import HOLD, NoPlace, Plan, release_due, send_deal, stop
from crm.audiences import people_in, size_of
from crm.models import Audience, Campaign
from crm.quiet_time import Lull, lull_ahead
from merchants.models import Shop
from messaging import actions
from messaging.models import Dispatch, Message, PushSubscription, Source
from portal.kernel.models import User
from portal.kernel.refused import Refused
from tests.cast import client_of, make_customer, make_merchant, make_shop, make_user, owner_of
from tests.crm.makers import sell
from tests.loyalty.makers import make_card
from tests.messaging.test_invariants import broken, run
from tests.messaging.test_races import together

pytestmark = pytest.mark.django_db
NOON = datetime.fromisoformat("2026-11-24T12:00:00+08:00")  # a Tuesday
NIGHT = datetime.fromisoformat("2026-11-24T20:30:00+08:00")
SOON = HOLD + timedelta(seconds=1)


@pytest.fixture
def shop(db: None) -> Shop:
    return make_shop()


def plan(shop: Shop, **changes: Any) -> Plan:
    facts: dict[str, Any] = {"title": "限时八折", "percent_off": 20, "stock": 3, "lasts": timedelta(hours=2)}
    return Plan(**(facts | {"audience": Audience.MEMBERS, "shop": shop} | changes))


def member(shop: Shop, *, wants: bool = True) -> User:
    person = make_user()
    make_card(shop.merchant, person)
    if wants:
        actions.choose(person, {("deals", "push"): True}, source=Source.PUSH)
    return person


def send(shop: Shop, *, at: datetime = NOON, key: uuid.UUID | None = None, **changes: Any) -> Campaign:
    by = owner_of(shop.merchant)
    return send_deal(shop.merchant, plan(shop, **changes), by=by, key=key or uuid.uuid4(), moment=at)


def told() -> list[int]:
    return sorted(Message.objects.filter(kind="crm.flash_deal").values_list("person", flat=True))


def test_nothing_is_seen_before_the_thirty_seconds_are_over(shop: Shop) -> None:
    person = member(shop)
    campaign = send(shop)
    assert release_due(NOON + HOLD - timedelta(seconds=1)) == 0
    assert (told(), CouponProgramme.objects.get().state) == ([], ProgrammeState.DRAFT)
    assert [release_due(NOON + SOON), release_due(NOON + SOON)] == [1, 0]
    programme = CouponProgramme.objects.get()
    assert told() == [person.pk]
    assert (programme.state, programme.starts_at) == (ProgrammeState.PUBLISHED, NOON + SOON)
    assert programme.ends_at == NOON + SOON + timedelta(hours=2)
    campaign.refresh_from_db()
    assert campaign.mailing is not None
    assert campaign.mailing.useless_after == programme.ends_at


def test_stopped_in_the_hold_it_never_goes_out(shop: Shop) -> None:
    member(shop)
    campaign = send(shop)
    for _ in range(2):
        stop(campaign, by=campaign.by, moment=NOON)
    assert release_due(NOON + SOON) == 0
    assert told() == []
    assert broken("R01") == []


def test_stopped_later_the_rest_is_held_back_and_nobody_can_claim(shop: Shop) -> None:
    person = member(shop)
    campaign = send(shop)
    release_due(NOON + SOON)
    Dispatch.objects.update(state="queued", reason="")
    stop(campaign, by=campaign.by)
    assert Dispatch.objects.get().reason == "stopped"
    with pytest.raises(Refused):
        claim_coupon(CouponProgramme.objects.get(), person, key=uuid.uuid4(), moment=NOON + SOON)


def test_sent_twice_with_one_key_it_is_one(shop: Shop) -> None:
    key = uuid.uuid4()
    assert send(shop, key=key).pk == send(shop, key=key).pk
    assert (Campaign.objects.count(), FlashDeal.objects.count()) == (1, 1)


def test_a_deal_that_would_arrive_after_the_quiet_hours_is_dropped(shop: Shop) -> None:
    person = member(shop)
    actions.set_quiet_hours(person, time(20), time(9))
    PushSubscription.objects.all().delete()
    send(shop, at=NIGHT)
    release_due(NIGHT + SOON)
    row = Dispatch.objects.get()
    assert row.state == "skipped"
    assert Message.objects.in_inbox().count() == 1


def test_the_last_piece_is_claimed_once(shop: Shop) -> None:
    people = [member(shop) for _ in range(4)]
    send(shop)
    release_due(NOON + SOON)
    programme, at = CouponProgramme.objects.get(), NOON + SOON + timedelta(minutes=1)
    for person in people[:3]:
        claim_coupon(programme, person, key=uuid.uuid4(), moment=at)
    with pytest.raises(SoldOut):
        claim_coupon(programme, people[3], key=uuid.uuid4(), moment=at)


@pytest.mark.parametrize(
    "changes",
    [
        {"lasts": timedelta(minutes=14)},
        {"lasts": timedelta(hours=25)},
        {"stock": 0},
        {"stock": 10**12},
        {"percent_off": 150},
    ],
)
def test_what_is_no_flash_deal_is_refused_and_nothing_is_kept(shop: Shop, changes: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        send(shop, **changes)
    assert not CouponProgramme.objects.exists()


def test_a_shop_without_a_place_cannot_speak_to_those_near(shop: Shop) -> None:
    shop.location = None
    with pytest.raises(NoPlace):
        send(shop)


def test_each_audience_has_its_people(shop: Shop) -> None:
    near, far, follower, away, stranger = (make_user() for _ in range(5))
    for person, lat in ((near, 31.2304), (far, 31.2804)):
        agree_to_areas(person, AreaPurpose.AREAS, agreed=True)
        add_area(person, lat, 121.4737)
    follow_shop(follower, shop)
    customer = make_customer(shop.merchant, away)
    type(customer).objects.filter(pk=customer.pk).update(last_visit_at=NOON - timedelta(days=61))
    carded = member(shop)
    other = make_customer(make_merchant(), stranger)
    found = {
        audience: set(people_in(audience, shop, within_m=2000, moment=NOON))
        for audience in Audience.values
        if audience != Audience.SEGMENT
    }
    assert found == {
        "near": {near.pk},
        "members": {carded.pk},
        "follow": {follower.pk},
        "away": {away.pk},
    }
    assert other.user_id == stranger.pk
    assert size_of(people_in("near", shop, within_m=5000, moment=NOON)) == 1  # far goes only 2 km


def test_somebody_with_two_squares_near_is_told_once(shop: Shop) -> None:
    person = make_user()
    agree_to_areas(person, AreaPurpose.AREAS, agreed=True)
    for lat in (31.2304, 31.2354):
        add_area(person, lat, 121.4737)
    assert size_of(people_in("near", shop, within_m=2000, moment=NOON)) == 1
    send(shop, audience=Audience.NEAR)
    release_due(NOON + SOON)
    assert told() == [person.pk]


def test_followers_hear_of_a_flash_deal_only_when_they_are_chosen(shop: Shop) -> None:
    follow_shop(make_user(), shop)
    send(shop)
    release_due(NOON + SOON)
    followers_told(CouponProgramme.objects.get().pk)
    assert not Message.objects.filter(kind="consumers.new_coupon").exists()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_eight_workers_release_it_once() -> None:
    shop = make_shop()
    person = member(shop)
    send(shop)
    answers = together(lambda number: release_due(NOON + SOON))
    assert sorted(answers) == [0] * 7 + [1]
    assert told() == [person.pk]


def test_a_deal_cannot_stand_in_another_merchants_campaign(shop: Shop) -> None:
    campaign, other = send(shop), make_merchant()
    with pytest.raises(IntegrityError, match="campaign_stays_with_its_deal"):
        Campaign.objects.filter(pk=campaign.pk).update(merchant=other)


@pytest.mark.sabotages("R01")
def test_a_deal_that_opened_without_going_out_is_found(shop: Shop) -> None:
    campaign = send(shop)
    assert broken("R01") == []
    run("UPDATE coupons_couponprogramme SET published_at = now()")
    assert broken("R01") == [campaign.pk]


def fields(shop: Shop, **changes: Any) -> dict[str, Any]:
    said = {"title": "限时八折", "percent_off": 20, "hours": 2, "stock": 20, "within_m": 2000}
    return said | {"audience": "members", "shop": shop.slug} | changes


def test_from_preset_to_sent_is_three_pages(shop: Shop) -> None:
    for _ in range(12):
        member(shop, wants=False)
    client, base = (
        client_of(owner_of(shop.merchant), language="en"),
        f"/m/{shop.merchant.slug}/campaigns/flash/",
    )
    assert "My members: 12" in client.get(base).content.decode()
    page = client.get(base + "review/", fields(shop)).content.decode()
    assert "20% off, 20 pieces" in page
    assert "No push: The person did not agree to this</dt>" in page
    key = str(uuid.uuid4())
    for _ in range(2):
        answer = client.post(base + "review/", fields(shop, key=key))
        assert answer.status_code == 302
    campaign = Campaign.objects.get()
    held = client.get(answer["Location"]).content.decode()
    assert "data-until" in held
    assert client.post(answer["Location"] + "stop/").status_code == 302
    assert "Stopped. Nothing has left." in client.get(answer["Location"]).content.decode()
    assert campaign.goes_at - campaign.created_at > HOLD - timedelta(seconds=5)


def test_small_audiences_are_not_counted_exactly(shop: Shop) -> None:
    member(shop)
    page = client_of(owner_of(shop.merchant), language="en").get(f"/m/{shop.merchant.slug}/campaigns/flash/")
    assert "My members: fewer than 10" in page.content.decode()


@pytest.mark.parametrize(
    ("field", "said"),
    [("percent_off", 150), ("stock", 0), ("hours", 48), ("shop", "none"), ("audience", "x"), ("title", "")],
)
def test_what_cannot_be_sent_is_said_beside_the_field(shop: Shop, field: str, said: Any) -> None:
    base = f"/m/{shop.merchant.slug}/campaigns/flash/review/"
    client = client_of(owner_of(shop.merchant))
    assert client.get(base, fields(shop) | {field: said}).status_code == 422
    assert client.post(base, fields(shop, key=str(uuid.uuid4())) | {field: said}).status_code == 422
    assert not Campaign.objects.exists()


def test_another_shops_place_cannot_be_borrowed(shop: Shop) -> None:
    other = make_shop(make_merchant(name="别家"), name="别家 店")
    base = f"/m/{other.merchant.slug}/campaigns/flash/review/"
    owner = owner_of(other.merchant)
    assert client_of(owner).get(base, fields(shop)).status_code == 422


def test_a_lull_is_told_only_where_enough_sales_show_it(shop: Shop) -> None:
    for week in range(1, 6):
        day = NOON - timedelta(weeks=week)
        for hour in (10, 11, 15, 16, 17, 18, 19, 20):
            sell(shop, 3800, moment=day.replace(hour=hour))
            sell(shop, 3800, moment=day.replace(hour=hour, minute=30))
        sell(shop, 3800, moment=day.replace(hour=13))
    assert lull_ahead(shop.merchant, NOON) == Lull(12, 15, 78)
    assert lull_ahead(shop.merchant, NOON.replace(hour=16)) is None
    assert lull_ahead(shop.merchant, NOON + timedelta(days=1)) is None


def test_the_offers_board_shows_what_is_running(shop: Shop) -> None:
    send(shop, at=timezone.now() - SOON)
    release_due(timezone.now())
    assert "限时八折" in client_of().get("/deals/?near=31.2304,121.4737").content.decode()
