"""What an owner reads and orders around offers, with something in it; by axe, and whether it fits."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from coupons import actions as coupons
from coupons.models import CouponProgramme, PaperBatch, Via
from crm.actions.campaigns import Plan, release_due, send_deal
from crm.actions.segments import put_on_list
from crm.actions.tags import put_tag, tag_called
from crm.models import Audience, Campaign
from merchants.models import Customer, Shop
from merchants.models.print_order import OrderState
from messaging.models import HeldOut
from tests.cast import make_shop, owner_of
from tests.coupons.makers import make_coupon_programme
from tests.crm.makers import sell
from tests.crm.test_funnels import claim, use
from tests.loyalty.makers import make_card

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOOKS: list[dict[str, Any]] = [
    {"width": 412, "language": "zh-hans", "theme": "dark"},
    {"width": 1280, "language": "en", "theme": "light"},
]
WIDE, TABLES = 1000, ("roster", "results", "campaign")  # the only ones that differ much on a wide screen


def campaign_of_last_week(shop: Shop) -> Campaign:
    """To seventy members, half of them held out; some bought since, most of those who were told."""
    sent = timezone.now() - timedelta(days=9)
    for _ in range(70):
        make_card(shop.merchant)
    plan = Plan("限时八折", 20, 40, timedelta(hours=2), Audience.MEMBERS, shop)
    key = uuid.uuid4()
    campaign = send_deal(shop.merchant, plan, by=owner_of(shop.merchant), key=key, moment=sent)
    release_due(sent + timedelta(seconds=40))
    mailing = Campaign.objects.get(pk=campaign.pk).mailing
    held = set(HeldOut.objects.filter(mailing=mailing).values_list("person", flat=True))
    for number, card in enumerate(shop.merchant.cards.order_by("pk")):
        if number % (9 if card.customer.user_id in held else 2) == 0:
            sell(shop, 3800, moment=sent + timedelta(days=2), card=card)
    return campaign


def offer_with_uses(shop: Shop) -> CouponProgramme:
    offer = make_coupon_programme(shop.merchant)
    taken = [claim(offer, via) for via in (Via.PUSH, Via.POSTER, Via.POSTER, Via.PAGE, Via.LINK)]
    for coupon in taken[:3]:
        use(coupon, shop)
    for via in (Via.PUSH, Via.POSTER, Via.PAGE):
        coupons.count_sighting(offer, day=timezone.localdate(), via=via, times=14)
    return offer


def batches_of(offer: CouponProgramme, shop: Shop) -> list[PaperBatch]:
    """Asked for, on its way, refused, not asked for."""
    by, made = owner_of(shop.merchant), []
    steps: list[tuple[OrderState, ...] | None] = [
        (),
        (OrderState.PRINTING, OrderState.SENT),
        (OrderState.REFUSED,),
        None,
    ]
    for moves in steps:
        batch = coupons.make_paper(offer, 12, key=uuid.uuid4(), by=by)
        if moves is not None:
            order = coupons.ask_for_paper(batch, shop, wish="哑光纸，每十张一捆", by=by)
            for state in moves:
                why = "图样不清楚，请换一张" if state == OrderState.REFUSED else ""
                coupons.move_paper_order(order, state, by=by, reason=why)
        made.append(batch)
    return made


def pages_of(shop: Shop) -> dict[str, str]:
    home, offer = f"/m/{shop.merchant.slug}", offer_with_uses(shop)
    known = Customer.objects.filter(merchant=shop.merchant)
    facts: dict[str, Any] = {"name": "常客与老邻居", "by": owner_of(shop.merchant), "key": uuid.uuid4()}
    friends = put_on_list(shop.merchant, known, **facts)
    campaign, own = campaign_of_last_week(shop), f"{home}/coupons/{offer.token}"
    paper = {f"paper{at}": f"{own}/paper/{one.token}/" for at, one in enumerate(batches_of(offer, shop))}
    by, word = owner_of(shop.merchant), tag_called(shop.merchant, "怕吵", by=owner_of(shop.merchant))
    put_tag(word, known, by=by)
    only = make_coupon_programme(shop.merchant, audience="segment", segment=friends.pk, title="给老邻居")
    asked = "audience=members&words=news&note=周日店里盘点休息&channels=push&channels=sms"
    return paper | {
        "roster": f"{home}/customers/",
        "customer": f"{home}/customers/{known[0].pk}/",
        "reviewed": f"{home}/campaigns/letter/review/?{asked}",
        "only": f"{home}/coupons/{only.token}/",
        "results": f"{own}/results/",
        "sales": f"{own}/results/sales/",
        "campaign": f"{home}/campaigns/flash/{campaign.token}/",
        "sent": f"{home}/campaigns/sent/",
        "segment": f"{home}/customers/segments/{friends.token}/",
    }


def test_the_pages_around_offers_read_well_and_fit(
    visit: Callable[..., Page], violations: Callable[[Page], list[str]], settings: Any
) -> None:
    settings.HOLD_OUT_FROM, settings.HOLD_OUT_PERCENT = 10, 50
    shop, faults = make_shop(), {}
    pages, owner = pages_of(shop), owner_of(shop.merchant)
    for look in LOOKS:
        for name, path in pages.items():
            if look["width"] > WIDE and name not in TABLES:
                continue
            page = visit(path, user=owner, **look)
            found = violations(page)
            if (wider := page.evaluate("document.documentElement.scrollWidth - innerWidth")) > 0:
                found.append(f"{wider} pixels wider than the screen")
            if found:
                faults[name, look["language"]] = found
            page.close()
    assert faults == {}
