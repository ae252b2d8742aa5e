"""What the demo town's people ask its shops, and what these answer: enough that pages say how soon."""

import random
import uuid
from datetime import datetime, timedelta

from django.db import transaction

from consumers import actions
from consumers.models import Conversation, Harm
from merchants.models import Shop
from portal.home.demo.merchants import Business
from portal.kernel.models import User

ASKED = (
    ("今天下午三点还有位子吗？", "有的，三点到四点都可以，直接过来就行。"),
    ("请问门口好停车吗？", "门口能停两辆，停满了可以停后面小区，前两小时免费。"),
    ("上次落了一把伞，灰色的，还在吗？", "在的，给您收好了，来的时候说一声。"),
    ("Do you take foreign bank cards?", "Cash, Alipay and WeChat Pay; both take foreign cards by now."),
    ("周末要排多久的队？", "周六下午大概半小时，上午人少一些。"),
)
WAITING = "明天上午可以给两个小孩一起弄吗？"
ADVERT = "老板好，代开发票、刷好评，加我微信 vip88888"


def write_letters(
    dice: random.Random, businesses: list[Business], people: list[User], consumer: User, now: datetime
) -> int:
    """Some answered conversations at the first shops, one that waits, and one that the owner has reported."""
    writers = iter(dice.sample(people, 2 * len(ASKED) + 2))
    with transaction.atomic():
        for business in businesses[:2]:
            for asked, answered in ASKED:
                asked_at = now - timedelta(days=dice.randint(2, 40), minutes=dice.randint(0, 600))
                talk = _ask(dice, next(writers), business.shops[0], asked, asked_at)
                _answer(dice, business, talk, answered, asked_at + timedelta(minutes=dice.randint(6, 55)))
        first = businesses[0]
        mine = _ask(dice, consumer, first.shops[0], ASKED[0][0], now - timedelta(hours=20))
        _answer(dice, first, mine, ASKED[0][1], now - timedelta(hours=19, minutes=30))
        _ask(dice, next(writers), first.shops[0], WAITING, now - timedelta(minutes=25))
        spam = _ask(dice, next(writers), first.shops[0], ADVERT, now - timedelta(hours=3))
        actions.report_conversation(spam, by=first.owner, from_shop=True, harm=Harm.ADVERT, moment=now)
    return Conversation.objects.count()


def _key(dice: random.Random) -> uuid.UUID:
    return uuid.UUID(int=dice.getrandbits(128))


def _ask(dice: random.Random, person: User, shop: Shop, said: str, moment: datetime) -> Conversation:
    return actions.write_to_shop(person, shop, said, key=_key(dice), moment=moment).conversation


def _answer(dice: random.Random, business: Business, talk: Conversation, said: str, moment: datetime) -> None:
    merchant, by = business.merchant, business.owner
    actions.answer_person(talk, said, merchant=merchant, by=by, key=_key(dice), moment=moment)
