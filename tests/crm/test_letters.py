"""A letter to customers: reviewed with reach and cost, held, told once through the one policy, or stopped."""

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from coupons.actions import end_programme
from coupons.models import CouponProgramme
from crm.actions.campaigns import HOLD, release, release_due, send_letter, stop
from crm.actions.segments import put_on_list, save_segment
from crm.letters import Letter, NotClaimableNow, NotCustomers, NoWords, cost_foreseen
from crm.models import Audience, Campaign, Words
from crm.rules import Rules
from merchants.models import Customer, Shop
from messaging import actions
from messaging.models import Dispatch, Message, Reason, Source, State
from portal.kernel.models import User
from tests.cast import client_of, make_customer, make_merchant, make_shop, make_staff, make_user, owner_of
from tests.coupons.makers import make_coupon_programme
from tests.loyalty.makers import make_card

pytestmark = pytest.mark.django_db
NOON = datetime.fromisoformat("2026-11-24T12:00:00+08:00")
SOON = HOLD + timedelta(seconds=1)
HOLIDAY = "十二月一日店休一天"


@pytest.fixture
def shop(db: None) -> Shop:
    return make_shop()


def member(shop: Shop, **facts: Any) -> User:
    person = make_user(**facts)
    make_card(shop.merchant, person)
    return person


def send(shop: Shop, *, key: uuid.UUID | None = None, at: datetime = NOON, **changes: Any) -> Campaign:
    facts: dict[str, Any] = {"words": Words.NEWS, "note": HOLIDAY, "audience": Audience.MEMBERS}
    letter = Letter(**(facts | {"shop": shop} | changes))
    by = owner_of(shop.merchant)
    return send_letter(shop.merchant, letter, by=by, key=key or uuid.uuid4(), moment=at)


def told(kind: str = "crm.letter_news") -> set[int | None]:
    return set(Message.objects.filter(kind=kind).values_list("person", flat=True))


def test_nothing_leaves_before_the_thirty_seconds_are_over_and_then_once(shop: Shop) -> None:
    person, key = member(shop), uuid.uuid4()
    campaign = send(shop, key=key)
    assert send(shop, key=key) == campaign
    assert release_due(NOON + timedelta(seconds=29)) == 0
    assert told() == set()
    assert release_due(NOON + SOON) == 1
    assert release(campaign, moment=NOON + SOON) is False
    assert told() == {person.pk}
    message = Message.objects.get(kind="crm.letter_news")
    assert (message.purpose, message.url) == ("care", shop.get_absolute_url())


def test_stopped_in_the_hold_nothing_has_left_and_stopped_later_the_rest_is_held_back(shop: Shop) -> None:
    person = member(shop)
    first = send(shop, channels=("email",))
    stop(first, by=owner_of(shop.merchant), moment=NOON)
    assert release_due(NOON + SOON) == 0
    actions.choose(person, {("care", "email"): True}, source=Source.PAGE)
    User.objects.filter(pk=person.pk).update(email="a@example.org")
    second = send(shop, channels=("email",))
    release_due(NOON + SOON)
    stop(second, by=owner_of(shop.merchant), moment=NOON + SOON)
    assert set(Dispatch.objects.values_list("state", flat=True)) <= {State.SKIPPED}


def test_a_letter_about_a_coupon_goes_to_those_who_can_claim_it(shop: Shop) -> None:
    regular, fresh = member(shop), member(shop)
    Customer.objects.filter(user=regular).update(visits=5)
    facts: dict[str, Any] = {"by": owner_of(shop.merchant), "key": uuid.uuid4()}
    segment = save_segment(shop.merchant, name="常客", rules=Rules(visits_from=4), **facts)
    offer = make_coupon_programme(shop.merchant, audience="segment", segment=segment.pk)
    now = timezone.now()
    send(shop, words=Words.COUPON, programme=offer, note="", at=now)
    release_due(now + SOON)
    assert told("crm.letter_coupon") == {regular.pk}
    message = Message.objects.get(kind="crm.letter_coupon")
    assert message.url == f"/coupons/{offer.token}/"
    assert message.useless_after == offer.ends_at
    assert fresh.pk not in told("crm.letter_coupon")


def test_a_coupon_that_ended_in_the_hold_is_told_to_nobody(shop: Shop) -> None:
    member(shop)
    offer, now = make_coupon_programme(shop.merchant), timezone.now()
    campaign = send(shop, words=Words.COUPON, programme=offer, at=now)
    end_programme(offer, by=owner_of(shop.merchant))
    assert release_due(now + SOON) == 0
    campaign.refresh_from_db()
    assert (campaign.stopped_at, campaign.mailing) == (now + SOON, None)


def test_a_list_hears_of_it_and_nobody_else(shop: Shop) -> None:
    on, off = (make_customer(shop.merchant, make_user()) for _ in range(2))
    chosen = Customer.objects.filter(pk=on.pk)
    facts: dict[str, Any] = {"by": owner_of(shop.merchant), "key": uuid.uuid4(), "moment": NOON}
    friends = put_on_list(shop.merchant, chosen, name="老友", **facts)
    send(shop, audience=Audience.SEGMENT, segment=friends)
    release_due(NOON + SOON)
    assert told() == {on.user_id}
    assert off.user_id not in told()


def test_quiet_hours_put_it_off_and_consent_keeps_it_away(shop: Shop) -> None:
    awake, unwilling = member(shop), member(shop)
    for person, wants in ((awake, True), (unwilling, False)):
        actions.choose(person, {("care", "email"): wants}, source=Source.PAGE)
        person.email = f"{person.pk}@example.org"
        person.save(update_fields=["email", "email_index"])
    night = datetime.fromisoformat("2026-11-24T23:00:00+08:00")
    send(shop, channels=("email",), at=night)
    release_due(night + SOON)
    rows = {row.message.person_id: row for row in Dispatch.objects.select_related("message")}
    assert rows[unwilling.pk].reason == Reason.NO_CONSENT
    assert rows[awake.pk].state == State.QUEUED
    assert rows[awake.pk].due_at > night + timedelta(hours=6)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"note": "好"}, NoWords),
        ({"words": Words.COUPON}, NotClaimableNow),
        ({"audience": Audience.NEAR}, NotCustomers),
    ],
)
def test_what_makes_no_letter_is_refused(
    shop: Shop, changes: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        send(shop, **changes)
    assert not Campaign.objects.exists()


@pytest.mark.parametrize(
    ("facts", "wall"),
    [
        ({"words": ""}, "campaign_is_a_deal_or_has_words"),
        ({"words": "coupon"}, "letter_about_a_coupon_names_it"),
        ({"words": "coupon", "programme": "theirs"}, "campaign_stays_with_its_coupon"),
    ],
)
def test_the_database_turns_away_half_a_letter(shop: Shop, facts: dict[str, Any], wall: str) -> None:
    campaign = send(shop)
    if "programme" in facts:
        facts = facts | {"programme": make_coupon_programme(make_shop(make_merchant()).merchant)}
    with pytest.raises(IntegrityError, match=wall), transaction.atomic():
        Campaign.objects.filter(pk=campaign.pk).update(**facts)


def text_reader(shop: Shop, language: str = "zh-hans") -> User:
    """Somebody with a proved number who wants greetings by text message."""
    person = member(shop, language=language)
    User.objects.filter(pk=person.pk).update(phone_verified_at=NOON)
    actions.choose(person, {("care", "sms"): True}, source=Source.PAGE)
    return person


def test_text_messages_are_reckoned_before_sending_and_a_small_sum_is_no_number_of_people(
    shop: Shop, settings: Any
) -> None:
    settings.SMS_PRICE = 5
    letter = Letter(Words.NEWS, Audience.MEMBERS, shop, ("sms",), HOLIDAY)
    text_reader(shop)
    small = cost_foreseen(letter, shop.merchant, NOON)
    assert (small.is_bound, small.amount) == (True, 50)
    for _ in range(9):
        text_reader(shop)
    whole = cost_foreseen(letter, shop.merchant, NOON)
    assert (whole.is_bound, whole.amount) == (False, 50)
    without = Letter(Words.NEWS, Audience.MEMBERS, shop, ("email",), HOLIDAY)
    assert cost_foreseen(without, shop.merchant, NOON).amount == 0


# ---- pages


def asked(**changes: Any) -> dict[str, Any]:
    said = {"audience": "members", "words": "news", "note": HOLIDAY, "channels": ["push", "sms"]}
    return said | changes


def test_written_reviewed_and_sent_from_the_console(shop: Shop) -> None:
    for _ in range(12):
        text_reader(shop)
    client, base = client_of(owner_of(shop.merchant), language="en"), f"/m/{shop.merchant.slug}/campaigns/"
    assert "My members: 12" in client.get(base + "letter/").content.decode()
    page = client.get(base + "letter/review/", asked()).content.decode()
    assert HOLIDAY in page
    assert "Not sent: The person did not agree to this" in page
    assert "¥0." in page
    assert not Campaign.objects.exists()
    said = asked(key=str(uuid.uuid4()))
    for _ in range(2):
        answer = client.post(base + "letter/review/", said)
    campaign = Campaign.objects.get()
    assert answer["Location"] == f"{base}flash/{campaign.token}/"
    assert "It goes out in a moment" in client.get(answer["Location"]).content.decode()
    release_due(campaign.goes_at)
    assert "Text message" in client.get(answer["Location"]).content.decode()
    client.post(answer["Location"] + "stop/")
    assert "A word from" in client.get(base + "sent/").content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"note": "好"},
        {"note": "x" * 121},
        {"words": "coupon"},
        {"words": "poem"},
        {"audience": "near"},
        {"audience": "segment-x"},
        {"channels": ["pigeon"]},
        {"words": "coupon", "programme": "none"},
    ],
)
def test_what_cannot_be_sent_is_said_on_the_page(shop: Shop, wrong: dict[str, Any]) -> None:
    client = client_of(owner_of(shop.merchant))
    answer = client.post(
        f"/m/{shop.merchant.slug}/campaigns/letter/review/", asked(**wrong) | {"key": str(uuid.uuid4())}
    )
    assert (answer.status_code, Campaign.objects.count()) == (422, 0)


def test_words_that_mislead_are_pointed_out(shop: Shop) -> None:
    client = client_of(owner_of(shop.merchant), language="en")
    page = client.get(
        f"/m/{shop.merchant.slug}/campaigns/letter/review/", asked(note="本活动最终解释权归本店所有")
    )
    assert "最终解释权" in page.context["remarks"][0].found


def test_from_a_segments_page_it_is_chosen_already(shop: Shop) -> None:
    facts: dict[str, Any] = {"by": owner_of(shop.merchant), "key": uuid.uuid4()}
    segment = save_segment(shop.merchant, name="常客", rules=Rules(visits_from=4), **facts)
    offer: CouponProgramme = make_coupon_programme(shop.merchant)
    client, base = client_of(owner_of(shop.merchant), language="en"), f"/m/{shop.merchant.slug}/"
    link = f"campaigns/letter/?audience=segment-{segment.token}"
    assert link in client.get(f"{base}customers/segments/{segment.token}/").content.decode()
    page = client.get(base + link).content.decode()
    assert f'value="segment-{segment.token}"' in page.split("checked")[0].rsplit("<input", 1)[1]
    assert offer.title in page


def test_who_is_no_manager_writes_to_nobody(shop: Shop) -> None:
    client, base = client_of(make_staff(shop.merchant).user), f"/m/{shop.merchant.slug}/campaigns/letter/"
    assert {client.get(base).status_code, client.post(base + "review/", asked()).status_code} <= {403, 404}
