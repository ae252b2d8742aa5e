"""How far an offer gets: every number is the length of the list that it opens."""

import csv
import io
import re
import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from coupons import actions
from coupons.models import Coupon, CouponProgramme, Via
from coupons.narrowing import NO_CARD, Part
from crm.results.funnel import funnel_of, whole_of
from crm.results.sent import sent_for
from merchants.models import Role, Shop
from messaging.actions import mail_out
from messaging.kinds import Kind, register
from messaging.models import Channel, Dispatch, Purpose
from orders.actions import take_back_goods, undo
from orders.models import Purchase
from portal.kernel.models import User
from tests.cast import client_of, make_merchant, make_shop, make_staff, make_user, owner_of
from tests.coupons.makers import make_coupon_programme, make_paper
from tests.crm.makers import sell
from tests.loyalty.makers import make_card, make_levels, make_programme

pytestmark = pytest.mark.django_db
WAYS = (Channel.INBOX, Channel.SMS)
TEXT = register(Kind("test.invitation", Purpose.DEALS, "Come", "%(shop)s", WAYS))


@pytest.fixture
def shop(db: None) -> Shop:
    return make_shop()


@pytest.fixture
def programme(shop: Shop) -> CouponProgramme:
    return make_coupon_programme(shop.merchant, stock=500)


def claim(programme: CouponProgramme, via: Via = Via.LINK, person: User | None = None) -> Coupon:
    coupon = actions.claim_coupon(programme, person or make_user(), key=uuid.uuid4(), via=via)
    return Coupon.objects.select_related("programme__merchant", "customer", "terms").get(pk=coupon.pk)


def use(coupon: Coupon, shop: Shop, bill: int = 8000, *, moment: datetime | None = None) -> Purchase:
    return sell(shop, bill, coupon=coupon, moment=moment or timezone.now())


def address(programme: CouponProgramme, page: str = "") -> str:
    return f"/m/{programme.merchant.slug}/coupons/{programme.token}/results/{page}"


def listed(programme: CouponProgramme, url: str) -> int:
    """How many rows a list shows to the owner."""
    client, target = client_of(owner_of(programme.merchant)), "issued" if "/issued/" in url else "sales"
    return (
        client.get(url, headers={"HX-Request": "true", "HX-Target": target})
        .content.decode()
        .count('class="row-title"')
    )


def test_the_whole_counts_each_step(shop: Shop, programme: CouponProgramme) -> None:
    actions.count_sighting(programme, day=timezone.localdate(), times=40, via=Via.POSTER)
    coupons = [claim(programme) for _ in range(5)]
    for coupon in coupons[:3]:
        use(coupon, shop)
    undo(Purchase.objects.latest("pk"), by=owner_of(shop.merchant), reason="错了", key=uuid.uuid4())
    whole = whole_of(programme)
    assert (whole.seen, whole.claimed, whole.redeemed, whole.sales) == (40, 5, 2, 2)
    assert (whole.discount, whole.takings) == (4000, 12000)


def test_goods_that_came_back_are_taken_off(shop: Shop, programme: CouponProgramme) -> None:
    sale = use(claim(programme), shop)
    take_back_goods(
        merchant=shop.merchant,
        shop=shop,
        by=owner_of(shop.merchant),
        key=uuid.uuid4(),
        reason="坏了",
        line=sale.lines.get(),
        amount=1000,
    )
    assert whole_of(programme).takings == 5000


def test_an_offer_nobody_met_is_all_noughts(programme: CouponProgramme) -> None:
    found = funnel_of(programme)
    assert (found.whole.seen, found.whole.claimed, found.whole.sales, found.whole.average) == (0, 0, 0, 0)
    assert (found.ways, found.shops, found.levels, found.days) == ([], [], [], [])
    page = client_of(owner_of(programme.merchant)).get(address(programme))
    assert page.status_code == 200


def test_paper_counts_when_it_is_claimed_or_used_and_not_when_it_is_printed(shop: Shop) -> None:
    batch = make_paper(shop.merchant, 5)
    paper = list(batch.coupons.select_related("programme__merchant", "customer", "terms").order_by("pk"))
    actions.claim_paper(paper[0], make_user())
    use(paper[1], shop)
    whole = whole_of(batch.programme)
    assert (whole.claimed, whole.redeemed) == (2, 1)
    assert [(one.part.via, one.claimed) for one in funnel_of(batch.programme).ways] == [("paper", 2)]


def filled(shop: Shop, programme: CouponProgramme, number: int = 14) -> None:
    """Claims by every way, of several levels, used at two outlets on two days."""
    second = make_shop(shop.merchant, name="二店")
    card_programme = make_programme(shop.merchant)
    make_levels(card_programme, 100)
    for at in range(number):
        person = make_user()
        if at % 3:
            card = make_card(shop.merchant, person)
            if at % 3 == 2:
                sell(shop, 20000, card=card, moment=timezone.now())
        coupon = claim(programme, Via(Via.values[at % 8]), person)
        actions.count_sighting(programme, day=timezone.localdate(), via=Via(coupon.via))
        if at % 2:
            use(coupon, second if at % 4 == 1 else shop)
    Coupon.objects.filter(pk__in=Coupon.objects.order_by("pk")[:4].values("pk")).update(
        claimed_at=timezone.now() - timedelta(days=1)
    )


def test_every_number_is_the_length_of_its_list(shop: Shop, programme: CouponProgramme) -> None:
    filled(shop, programme)
    found = funnel_of(programme)
    issued = reverse("coupons:issued", args=[shop.merchant.slug, programme.token])
    for step in [found.whole, *found.ways, *found.shops, *found.levels, *found.days]:
        link = step.part.link()
        assert listed(programme, f"{address(programme, 'sales/')}?{link}") == step.sales, step
        if step.claimed is not None:
            assert listed(programme, f"{issued}?{link}") == step.claimed, step
            if step.part.day is None:
                assert listed(programme, f"{issued}?which=used&{link}") == step.redeemed, step
    parts = [found.ways, found.levels, found.days]
    assert [sum(one.claimed or 0 for one in part) for part in parts] == [14] * 3
    assert [sum(one.takings for one in part) for part in [*parts, found.shops]] == [found.whole.takings] * 4
    assert sorted(one.part.level or 0 for one in found.levels) == [NO_CARD, 0, 1]
    assert len(found.shops) == 2


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/Los_Angeles"])
def test_a_day_is_the_merchants_own(shop: Shop, programme: CouponProgramme, zone: str) -> None:
    Shop.objects.filter(pk=shop.pk).update(time_zone=zone)
    claim(programme)
    Coupon.objects.update(claimed_at=datetime.fromisoformat("2026-11-24T23:30:00+08:00"))
    (day,) = funnel_of(programme).days
    assert day.part.day is not None
    assert day.part.day.isoformat() == "2026-11-24"
    Coupon.objects.update(claimed_at=datetime.fromisoformat("2026-11-25T00:30:00+08:00"))
    (day,) = funnel_of(programme).days
    assert day.part.day is not None
    assert day.part.day.isoformat() == ("2026-11-25" if zone == "Asia/Shanghai" else "2026-11-24")
    issued = reverse("coupons:issued", args=[shop.merchant.slug, programme.token])
    assert listed(programme, f"{issued}?{day.part.link()}") == 1


def test_cost_knows_the_text_messages_that_left(programme: CouponProgramme, settings: Any) -> None:
    settings.SMS_PRICE = 5
    people = [make_user(language="zh-hans") for _ in range(3)]
    mail_out(
        User.objects.filter(pk__in=[one.pk for one in people]).values("pk"),
        TEXT,
        merchant_id=programme.merchant_id,
        occurrence="deal:9",
        url=f"/coupons/{programme.token}/",
        shop="青禾理发",
    )
    first = list(Dispatch.objects.filter(channel="sms").order_by("pk")[:2].values_list("pk", flat=True))
    Dispatch.objects.filter(pk__in=first).update(state="sent", reason="", sent_at=timezone.now())
    sent = sent_for(programme)
    assert (sent.by_way["sms"], sent.by_way["inbox"], sent.cost) == (2, 3, 10)
    page = client_of(owner_of(programme.merchant), language="en").get(address(programme)).content.decode()
    assert "¥0.10" in page
    assert "fewer than 10" in page


def test_the_page_says_four_of_seven_and_not_a_percentage(shop: Shop, programme: CouponProgramme) -> None:
    actions.count_sighting(programme, day=timezone.localdate(), times=50)
    coupons = [claim(programme) for _ in range(7)]
    for coupon in coupons[:4]:
        use(coupon, shop)
    page = client_of(owner_of(shop.merchant), language="en").get(address(programme)).content.decode()
    assert "14% of the step before" in page
    assert "4 of 7 of the step before" in page


def test_sales_without_it_are_those_made_while_it_ran(shop: Shop, programme: CouponProgramme) -> None:
    sell(shop, 3000, moment=timezone.now() - timedelta(days=3))
    sell(shop, 5000, moment=timezone.now())
    sell(make_shop(make_merchant(name="邻居"), name="邻居店"), 9000, moment=timezone.now())
    use(claim(programme), shop)
    found = funnel_of(programme)
    assert (found.others, found.average_of_others, found.whole.average) == ((1, 5000), 5000, 6000)


def test_the_table_to_download_adds_up_and_calculates_nothing(shop: Shop, programme: CouponProgramme) -> None:
    Shop.objects.filter(pk=shop.pk).update(name='=HYPERLINK("//evil")')
    use(claim(programme, Via.PUSH), shop)
    client = client_of(owner_of(shop.merchant), language="en")
    answer = client.get(address(programme) + "?format=csv")
    text = b"".join(answer).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["Broken down by"] for row in rows] == ["All", "Way", "Outlet", "Level", "Date"]
    assert rows[0]["Takings with it"] == "60"
    assert rows[2]["Which one"].startswith("'=")
    assert answer["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize("number", [10, 60])
def test_the_page_takes_the_same_few_queries_however_many_coupons(
    shop: Shop, programme: CouponProgramme, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    filled(shop, programme, number)
    client = client_of(owner_of(shop.merchant))
    with django_assert_num_queries(12):
        client.get(address(programme))


def test_a_cashier_and_a_stranger_read_no_results(programme: CouponProgramme) -> None:
    cashier = make_staff(programme.merchant, Role.CASHIER).user
    assert client_of(cashier).get(address(programme)).status_code == 403
    assert client_of(cashier).get(address(programme, "sales/")).status_code == 403
    stranger = make_merchant(make_user(), name="邻居")
    client = client_of(owner_of(stranger))
    for slug in (programme.merchant.slug, stranger.slug):
        for page in ("", "sales/", "?format=csv"):
            assert client.get(f"/m/{slug}/coupons/{programme.token}/results/{page}").status_code == 404


@pytest.mark.parametrize(
    "asked",
    ["via=x", "level=9%20OR%201", "shop=99999999999999999999", "day=2026-13-45", "level=²", "day=%00"],
)
def test_what_cannot_be_read_narrows_nothing(shop: Shop, programme: CouponProgramme, asked: str) -> None:
    use(claim(programme), shop)
    assert listed(programme, f"{address(programme, 'sales/')}?{asked}") == 1


def test_the_address_of_a_part_reads_back() -> None:
    part = Part(via="push", level=NO_CARD, shop=7, day=timezone.localdate())
    asked = dict(pair.split("=") for pair in part.link().split("&"))
    assert Part.read(asked) == part
    assert re.fullmatch(r"via=push&level=-1&shop=7&day=\d{4}-\d\d-\d\d", part.link())
