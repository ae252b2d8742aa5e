"""What a campaign brought: told beside held out, said plainly, and not before it can be told."""

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from crm.actions.campaigns import HOLD, Plan, release_due, send_deal
from crm.models import Audience, Campaign
from crm.results.effect import DAYS, Effect, Group, effect_of
from crm.results.intervals import Sums
from merchants.actions import merge_customers
from merchants.models import Customer, Shop
from messaging.models import Mailing
from orders.actions import take_back_goods
from orders.models import Purchase
from portal.kernel.models import User
from tests.cast import client_of, make_customer, make_merchant, make_shop, owner_of
from tests.crm.makers import sell
from tests.loyalty.makers import make_card
from tests.messaging.test_invariants import run

pytestmark = pytest.mark.django_db
NOON = datetime.fromisoformat("2026-11-24T12:00:00+08:00")
SENT = NOON + HOLD + timedelta(seconds=1)
OVER = SENT + timedelta(days=DAYS)


@pytest.fixture
def shop(db: None, settings: Any) -> Shop:
    settings.HOLD_OUT_FROM, settings.HOLD_OUT_PERCENT = 10, 30
    return make_shop()


@pytest.fixture
def mailing(shop: Shop) -> Mailing:
    return campaign_to(shop, 40)


def campaign_to(shop: Shop, members: int) -> Mailing:
    for _ in range(members):
        make_card(shop.merchant)
    plan = Plan("限时八折", 20, 3, timedelta(hours=2), Audience.MEMBERS, shop)
    send_deal(shop.merchant, plan, by=owner_of(shop.merchant), key=uuid.uuid4(), moment=NOON)
    release_due(SENT)
    mailing = Campaign.objects.get().mailing
    assert mailing is not None
    return mailing


def of(mailing: Mailing, moment: datetime = OVER) -> Effect:
    effect = effect_of(mailing, moment=moment)
    assert effect is not None
    return effect


def customer(group: Any) -> Customer:
    return Customer.objects.select_related("card").get(user=group.order_by("pk")[0].person_id)


def effect(told: tuple[int, int], held: tuple[int, int], *, is_over: bool = True) -> Effect:
    """Buyers of people; each buyer paid ¥50."""
    groups = [Group(buyers, Sums(people, 5000 * buyers, 5000**2 * buyers)) for buyers, people in (told, held)]
    return Effect(groups[0], groups[1], OVER, is_over)


def test_a_campaign_holds_people_out_by_itself(mailing: Mailing) -> None:
    found = of(mailing)
    assert mailing.hold_percent == 30
    assert (found.told.people, found.held.people) == (mailing.messages.count(), mailing.held.count())
    assert found.told.people + found.held.people == 40
    assert 2 <= found.held.people <= 25


def test_sales_within_the_days_count_each_in_the_group_drawn(shop: Shop, mailing: Mailing) -> None:
    told, held = customer(mailing.messages), customer(mailing.held)
    sell(shop, 3000, card=told.card, moment=SENT)
    sell(shop, 4000, card=told.card, moment=OVER - timedelta(seconds=1))
    sell(shop, 5000, card=held.card, moment=SENT + timedelta(days=1))
    sell(shop, 9000, card=told.card, moment=SENT - timedelta(seconds=1))
    sell(shop, 9000, card=told.card, moment=OVER)
    sell(shop, 9000, moment=SENT + timedelta(days=1))
    found = of(mailing)
    assert (found.told.buyers, found.told.spent.total, found.told.spent.squares) == (1, 7000, 7000**2)
    assert (found.held.buyers, found.held.spent.total) == (1, 5000)


def test_what_was_bought_at_another_merchant_does_not_count(shop: Shop, mailing: Mailing) -> None:
    other = make_shop(make_merchant(name="邻居"), name="邻居店")
    card = make_card(other.merchant, customer(mailing.messages).user)
    sell(other, 3000, card=card, moment=SENT + timedelta(days=1))
    assert of(mailing).told.buyers == 0


def test_goods_that_came_back_are_taken_off(shop: Shop, mailing: Mailing) -> None:
    sale = sell(shop, 3000, card=customer(mailing.messages).card, moment=SENT)
    take_back_goods(
        merchant=shop.merchant,
        shop=shop,
        by=owner_of(shop.merchant),
        key=uuid.uuid4(),
        line=sale.lines.get(),
        amount=1000,
    )
    assert of(mailing).told.spent.total == 2000


def test_sales_of_a_record_that_was_merged_count_for_the_person(shop: Shop, mailing: Mailing) -> None:
    person, unknown = customer(mailing.held), make_customer(shop.merchant)
    Customer.objects.filter(pk=unknown.pk).update(user=None)
    unknown.refresh_from_db()
    sale = sell(shop, 3000, moment=SENT + timedelta(hours=1))
    Purchase.objects.filter(pk=sale.pk).update(customer=unknown)
    assert of(mailing).held.buyers == 0
    merge_customers(person, unknown, by=owner_of(shop.merchant), key=uuid.uuid4(), reason="同一个人")
    assert (of(mailing).held.buyers, of(mailing).held.spent.total) == (1, 3000)


def test_nothing_is_said_before_the_days_are_over(mailing: Mailing) -> None:
    assert effect((90, 100), (10, 100), is_over=False).verdict == "early"
    assert not of(mailing, OVER - timedelta(seconds=1)).is_over
    assert of(mailing, OVER).is_over


@pytest.mark.parametrize(
    ("told", "held", "verdict"),
    [
        ((200, 270), (1, 29), "few"),
        ((1, 29), (200, 270), "few"),
        ((60, 270), (1, 30), "more"),
        ((27, 270), (3, 30), "unclear"),
        ((2, 270), (10, 30), "less"),
        ((0, 270), (0, 30), "unclear"),
        ((270, 270), (30, 30), "unclear"),
    ],
)
def test_the_verdict_is_as_sure_as_the_limits(
    told: tuple[int, int], held: tuple[int, int], verdict: str
) -> None:
    found = effect(told, held)
    assert found.verdict == verdict
    assert found.says


@pytest.mark.parametrize(
    ("told", "held", "sentences"),
    [
        # by method 10, each score interval reckoned from its definition
        (
            (240, 900),
            (10, 100),
            ["The message brought buyers: 8.7 to 22.0 more of every 100 people told."],
        ),
        (
            (90, 900),
            (10, 100),
            ["No clear effect. Of every 100 people told, from 7.6 fewer to 5.0 more bought"],
        ),
        ((5, 20), (1, 9), ["Too few people to tell what it brought."]),
    ],
)
def test_the_sentence_says_the_numbers(
    told: tuple[int, int], held: tuple[int, int], sentences: list[str]
) -> None:
    with translation.override("en"):
        said = effect(told, held).says
    for sentence in sentences:
        assert sentence in said


def test_of_money_nothing_is_said_with_less_than_a_hundred_people() -> None:
    with translation.override("en"):
        assert "takes 100 people" in effect((60, 900), (1, 99)).says_of_takings
        assert "more came in" in effect((300, 900), (1, 100)).says_of_takings
        assert "less came in" in effect((1, 900), (50, 100)).says_of_takings
        assert "no clear difference" in effect((90, 900), (10, 100)).says_of_takings


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_verdict_has_its_sentence_in_both_languages(language: str) -> None:
    said = set()
    with translation.override(language):
        for told, held in (
            ((60, 270), (1, 30)),
            ((27, 270), (3, 30)),
            ((2, 270), (10, 30)),
            ((1, 9), (1, 9)),
        ):
            said |= {effect(told, held).says, effect(told, held, is_over=False).says}
    assert len(said) == 5
    assert all(("%" not in one.replace("30%", "").replace("10%", "")) for one in said)


def test_a_mailing_that_held_nobody_out_says_that_it_was_too_small(shop: Shop, settings: Any) -> None:
    settings.HOLD_OUT_FROM = 300
    mailing = campaign_to(shop, 12)
    assert effect_of(mailing, moment=OVER) is None
    token = Campaign.objects.get().token
    client = client_of(owner_of(shop.merchant), language="en")
    for page in (f"flash/{token}/", f"sent/{mailing.pk}/"):
        text = client.get(f"/m/{shop.merchant.slug}/campaigns/{page}").content.decode()
        assert "Campaigns to 300 people or more leave out 10% by lot" in text.replace("30%", "10%")


def test_the_pages_show_the_groups_and_name_nobody(shop: Shop, mailing: Mailing) -> None:
    User.objects.update(name="张三丰")
    Customer.objects.filter(merchant=shop.merchant).update(name="张三丰")
    run("UPDATE messaging_mailing SET made_at = now() - interval '8 days'")
    run(
        "INSERT INTO messaging_heldout (mailing_id, person_id, drawn_at)"
        " SELECT id, u, now() FROM messaging_mailing, (SELECT id AS u FROM kernel_user WHERE id NOT IN"
        " (SELECT person_id FROM messaging_message WHERE person_id IS NOT NULL)) AS others"
        " ON CONFLICT DO NOTHING"
    )
    client = client_of(owner_of(shop.merchant), language="en")
    text = client.get(f"/m/{shop.merchant.slug}/campaigns/sent/{mailing.pk}/").content.decode()
    assert "What the message brought" in text
    assert "张三丰" not in text.split("<main")[1]


def test_the_review_says_that_some_are_left_out(shop: Shop) -> None:
    for _ in range(12):
        make_card(shop.merchant)
    asked = {"title": "八折", "percent_off": 20, "hours": 2, "stock": 20, "within_m": 2000}
    client = client_of(owner_of(shop.merchant), language="en")
    base = f"/m/{shop.merchant.slug}/campaigns/flash/review/"
    page = client.get(base, asked | {"audience": "members", "shop": shop.slug}).content.decode()
    assert "30% of them, drawn by lot, are not told" in page
    page = client.get(base, asked | {"audience": "away", "shop": shop.slug}).content.decode()
    assert "drawn by lot" not in page


@pytest.mark.parametrize("members", [12, 60])
def test_the_effect_is_one_statement_however_many_people(
    shop: Shop, members: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    mailing = campaign_to(shop, members)
    with django_assert_num_queries(1):
        of(mailing)
    client = client_of(owner_of(shop.merchant))
    with django_assert_num_queries(8):
        client.get(f"/m/{shop.merchant.slug}/campaigns/sent/{mailing.pk}/")
