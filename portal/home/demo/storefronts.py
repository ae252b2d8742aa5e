"""What the demo's shops say beyond name and prices: promise, notices, holidays, pictures."""

import random
import uuid
from datetime import timedelta

from django.core.files.base import ContentFile

from merchants import actions
from merchants.actions.days import today_at
from merchants.models import DayKind, PhotoKind, Shop
from merchants.opening.festivals import Festival, coming
from merchants.opening.week import Span
from portal.home.demo.covers import draw_cover
from portal.home.demo.town import Trade

PROMISES = (
    ("七天内不满意，免费重做", "Not happy within 7 days? We do it again for free"),
    ("明码标价，不推销办卡", "The price on the list is the price; nobody talks you into a card"),
    ("当天受理，当天完成", "Brought in today, done today"),
    ("不好吃，当场退", "If you don't like it, you get your money back"),
)
HANDBOOK = (
    "门口可停两辆电动车；收现金、微信和支付宝；高峰在 12 点和 18 点前后",
    "Room for two scooters at the door; cash, WeChat and Alipay; busiest around noon and six",
)
NOTICES = (
    (
        "本周六店庆，前 30 位有小礼物",
        "Our anniversary is this Saturday: a gift for the first 30",
    ),
    ("隔壁修路，请从北门进", "The road is being mended: please use the north door"),
    ("新同事小何到店，欢迎预约", "Our new colleague Xiao He has started"),
)
CHOICES = (
    (DayKind.CLOSED, ()),
    (DayKind.USUAL, ()),
    (DayKind.HOURS, (Span(11 * 60, 17 * 60),)),
)
MORE_PHOTOS = (PhotoKind.INSIDE, PhotoKind.MENU, PhotoKind.EQUIPMENT)


def furnish(dice: random.Random, shop: Shop) -> None:
    """The words of a shop, and what it does on the next public holiday."""
    promise, promise_en = dice.choice(PROMISES)
    words = {"handbook": HANDBOOK[0], "handbook_en": HANDBOOK[1]} if dice.random() < 0.5 else {}
    actions.say_more(shop, promise=promise, promise_en=promise_en, **words)
    today = today_at(shop)
    for feast in coming(shop.time_zone, today)[:1]:
        _answer_for(dice, shop, feast)
    if dice.random() < 0.3:
        text, text_en = dice.choice(NOTICES)
        key = uuid.UUID(int=dice.getrandbits(128))
        until = today + timedelta(days=14)
        draft = actions.draft_notice(shop, text=text, text_en=text_en, from_on=today, until_on=until, key=key)
        actions.publish_notice(draft)


def _answer_for(dice: random.Random, shop: Shop, feast: Festival) -> None:
    kind, spans = dice.choice(CHOICES)
    names = {"label": feast.name_zh, "label_en": feast.name_en}
    actions.set_days(shop, feast.days, kind=kind, spans=spans, **names)


def furnish_fully(dice: random.Random, trade: Trade, shop: Shop) -> None:
    """For the shops that people look at first: pictures of every kind, and a service in full."""
    for kind in MORE_PHOTOS:
        picture = ContentFile(draw_cover(trade.cover, dice), name=f"{kind.value}.jpg")
        zh, en = f"{shop.name}：{kind.label}", f"{shop.name_en}: {kind.value}"
        photo = actions.add_photo(shop, picture, kind=kind, alt=zh[:120], alt_en=en[:160])
    for feast in coming(shop.time_zone, today_at(shop))[1:2]:
        _answer_for(dice, shop, feast)
    service = shop.services.offered()[0]
    words = "含洗护用品和一次免费修整", "Products and one touch-up included"
    actions.describe_service(service, description=words[0], description_en=words[1], photo=photo)
