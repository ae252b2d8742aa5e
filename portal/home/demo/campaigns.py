"""One flash deal of the first merchant ten days ago, so large that some followers were left out by lot."""

import random
import uuid
from datetime import datetime, time, timedelta

from consumers.actions import follow_shop
from coupons import actions as coupons
from coupons.models import Coupon, CouponProgramme, Via
from crm.actions import HOLD, Plan, release_due, send_deal
from crm.models import Audience, Campaign
from loyalty.actions import join
from loyalty.models import Card
from orders.actions import ring_up
from portal.home.demo.days import ZONE, Life
from portal.kernel.models import User

FOLLOWERS = 420
COME, COME_ANYWAY = 0.22, 0.02  # of those told, and of all, within the week


def tell_followers(dice: random.Random, life: Life, people: list[User], now: datetime) -> None:
    """They follow, hear of the deal or were drawn not to, look, claim, come; all of it through the verbs."""
    business, day = life.business, now.astimezone(ZONE).date() - timedelta(days=10)
    sent = datetime.combine(day, time(14), ZONE)
    crew = {business.owner.pk, business.till.pk}
    followers = [one for one in people if one.pk not in crew and one not in life.people][:FOLLOWERS]
    for person in followers:
        follow_shop(person, business.shops[0])
    facts = {"title": "周末限时八折", "percent_off": 20, "stock": 200, "lasts": timedelta(hours=5)}
    plan = Plan(**facts, audience=Audience.FOLLOWERS, shop=business.shops[0])  # type: ignore[arg-type]
    key = uuid.UUID(int=dice.getrandbits(128))
    campaign = send_deal(business.merchant, plan, by=business.owner, key=key, moment=sent)
    opened = sent + HOLD
    release_due(opened)
    campaign = Campaign.objects.select_related("deal__programme__merchant", "mailing").get(pk=campaign.pk)
    if campaign.mailing is None or campaign.deal is None:
        return
    programme = campaign.deal.programme
    told = set(campaign.mailing.messages.values_list("person", flat=True))
    _look(dice, programme, len(told), opened)
    for person in followers:
        if person.pk in told and dice.random() < COME:
            _come(dice, life, person, programme, opened + timedelta(minutes=dice.randint(4, 120)))
        elif dice.random() < COME_ANYWAY:
            _come_anyway(dice, life, person, opened + timedelta(days=dice.randint(1, 6)))


def _look(dice: random.Random, programme: CouponProgramme, told: int, opened: datetime) -> None:
    day = opened.astimezone(ZONE).date()
    for via, share in ((Via.INBOX, 0.4), (Via.PAGE, 0.1)):
        coupons.count_sighting(programme, day=day, via=via, times=round(told * share) + dice.randint(0, 5))


def _come(
    dice: random.Random, life: Life, person: User, programme: CouponProgramme, moment: datetime
) -> None:
    """Most of those who claim use it within the hours that it holds."""
    via, key = dice.choice((Via.INBOX, Via.INBOX, Via.PAGE)), uuid.UUID(int=dice.getrandbits(128))
    claimed = coupons.claim_coupon(programme, person, key=key, via=via, moment=moment)
    coupon = Coupon.objects.select_related("programme__merchant", "customer", "terms").get(pk=claimed.pk)
    if dice.random() < 0.85:
        _buy(dice, life, coupon, moment + timedelta(minutes=dice.randint(15, 100)))


def _come_anyway(dice: random.Random, life: Life, person: User, moment: datetime) -> None:
    _buy(dice, life, join(life.business.programme, person, by=person, moment=moment), moment)


def _buy(dice: random.Random, life: Life, shown: Card | Coupon, moment: datetime) -> None:
    ring_up(
        merchant=life.business.merchant,
        shop=dice.choice(life.business.shops),
        bill=sum(dice.choice(life.business.prices) for _ in range(dice.choice((1, 1, 2)))),
        key=uuid.UUID(int=dice.getrandbits(128)),
        by=life.business.till,
        card=shown if isinstance(shown, Card) else None,
        coupon=shown if isinstance(shown, Coupon) else None,
        moment=moment,
    )
