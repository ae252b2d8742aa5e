"""What the demo town's people say about its shops, what owners answer, and what staff have to look at."""

import random
import uuid
from datetime import datetime, timedelta
from typing import cast

from django.db import transaction

from consumers import actions
from consumers.actions import Said
from consumers.models import Review, Rule, Tag
from merchants.models import Customer, Shop
from orders.models import Purchase
from portal.home.demo.merchants import Business
from portal.kernel.models import User

MOST = 320
GOOD = (
    "老店了，师傅认真，价格也实在，一直来。",
    "店面不大但很干净，等的时候还给倒了水。",
    "比预想的快，二十分钟就好了，下次还来。",
    "第二次来，老板记得我上次要什么，挺贴心。",
    "价目表写得清楚，没有乱收费，也不推销办卡。",
    "周末人多，等了一会儿，不过做得很仔细。",
    "用券减了钱，积分也到账了，流程顺。",
    "Friendly people and fair prices. They explained everything in English.",
    "Quick, tidy, and exactly what the price list says.",
)
FAIR = (
    "手艺可以，就是高峰时段等得有点久。",
    "东西还行，店里有点吵，适合打包带走。",
    "中规中矩，价格比去年涨了一点。",
    "Good work, but I waited half an hour although it was quiet.",
)
BAD = (
    "说好半小时，等了一个多小时，也没人解释。",
    "一直推销办卡，不办就爱答不理。",
    "结账比价目表多了十块，问了才改。",
    "I was told a different price at the counter than on the list.",
)
ANSWERS = (
    "谢谢您来，也谢谢您写下来，我们会继续用心。",
    "抱歉让您久等了，周末我们加了一位师傅，欢迎再来看看。",
    "已经核对价目表，多收的请随时来退，给您添麻烦了。",
    "Thank you for coming. Please ask for me next time, I will see to it myself.",
)
TAGS = {5: (Tag.FRIENDLY, Tag.SKILLED, Tag.CLEAN, Tag.AGAIN), 4: (Tag.FAIR, Tag.CHEAP, Tag.QUICK)}
LOW_TAGS = (Tag.SLOW, Tag.NOISY, Tag.PUSHY, Tag.DEAR)


def let_people_speak(
    dice: random.Random, businesses: list[Business], consumer: User, staff: User, now: datetime
) -> int:
    """Some hundred reviews of purchases, a few without one, answers, a report and a decision."""
    recent = Purchase.objects.standing().filter(
        customer__user__isnull=False,
        merchant__in=[business.merchant for business in businesses[:24]],
        made_at__range=(now - timedelta(days=80), now - timedelta(days=1)),
    )
    bought = list(recent.exclude(customer__user=consumer).order_by("pk").values_list("pk", flat=True))
    chosen = Purchase.objects.filter(pk__in=dice.sample(bought, min(MOST, len(bought))))
    owners = {business.merchant.pk: business for business in businesses}
    with transaction.atomic():
        rows = list(chosen.select_related("customer__user", "shop__category", "merchant").order_by("pk"))
        written = [_review(dice, purchase, owners[purchase.merchant_id], now) for purchase in rows]
        _ordinary(dice, businesses[0].shops[0], [one.person for one in written][:3], now)
        _look(written, businesses[0], staff, now)
        _interests(consumer, businesses, now)
    return len(written)


def _review(dice: random.Random, purchase: Purchase, business: Business, now: datetime) -> Review:
    """Most are content; the rest give the owner something to answer."""
    stars = dice.choice((5, 5, 5, 5, 4, 4, 4, 3, 2, 1))
    words = GOOD if stars > 3 else FAIR if stars == 3 else BAD
    moment = min(purchase.made_at + timedelta(hours=dice.randint(3, 60)), now - timedelta(minutes=5))
    review = actions.write_review(
        cast(User, cast(Customer, purchase.customer).user),
        purchase.shop,
        Said(
            stars=stars,
            service=dice.choice((None, min(5, stars + 1), stars)),
            environment=dice.choice((None, stars)),
            value=dice.choice((None, max(1, stars - 1), stars)),
            tags=[dice.choice(TAGS.get(stars, LOW_TAGS))] if dice.random() < 0.7 else [],
            said=dice.choice(words) if dice.random() < 0.8 else "",
        ),
        key=uuid.UUID(int=dice.getrandbits(128)),
        purchase=purchase,
        moment=moment,
    )
    if dice.random() < 0.35:
        moment = min(moment + timedelta(hours=dice.randint(1, 30)), now)
        actions.answer(
            review, dice.choice(ANSWERS), merchant=business.merchant, by=business.owner, moment=moment
        )
    return review


def _ordinary(dice: random.Random, shop: Shop, people: list[User], now: datetime) -> None:
    """Shown apart; the last one has a phone number in it and waits for staff."""
    words = ("路过看到在排队，没进去。", "听邻居说不错，改天试试。", "加微信 abc88888 领优惠")
    for person, said in zip(people, words, strict=False):
        key = uuid.UUID(int=dice.getrandbits(128))
        moment = now - timedelta(hours=dice.randint(2, 40))
        actions.write_review(person, shop, Said(stars=3, said=said), key=key, moment=moment)


def _look(written: list[Review], business: Business, staff: User, now: datetime) -> None:
    """The first merchant has reported two of its bad ones; about one staff have decided."""
    bad = [one for one in written if one.stars <= 2 and one.shop.merchant_id == business.merchant.pk][:2]
    for review in bad:
        actions.report(review, by=business.owner, rule=Rule.NO_VISIT, merchant=business.merchant, moment=now)
    for review in bad[1:]:
        why = "有对应的消费记录，只是差评，予以保留。"
        actions.decide(review, hide=False, said=why, by=staff, moment=now)


def _interests(consumer: User, businesses: list[Business], now: datetime) -> None:
    for business in businesses[:3]:
        actions.follow_shop(consumer, business.shops[0])
    actions.agree_to_areas(consumer, "areas", agreed=True, moment=now)
