"""Makers of purchases to judge, of reviews and conversations, built on the verbs."""

import uuid
from datetime import datetime
from typing import Any

from consumers import actions
from consumers.actions import Said
from consumers.models import Conversation, Review
from merchants.models import Shop
from orders.actions import ring_up
from orders.models import Purchase
from portal.kernel.models import User
from tests.cast import make_user, owner_of
from tests.loyalty.makers import make_card


def make_purchase(
    shop: Shop, user: User | None = None, *, bill: int = 3800, moment: datetime | None = None
) -> Purchase:
    """Something bought at the shop with the person's card."""
    return ring_up(
        merchant=shop.merchant,
        shop=shop,
        bill=bill,
        key=uuid.uuid4(),
        by=owner_of(shop.merchant),
        card=make_card(shop.merchant, user),
        moment=moment,
    )


def buyer_of(purchase: Purchase) -> User:
    return purchase.customer.user


def make_review(
    shop: Shop,
    user: User | None = None,
    *,
    stars: int = 5,
    verified: bool = True,
    purchase: Purchase | None = None,
    key: uuid.UUID | None = None,
    moment: datetime | None = None,
    pictures: Any = (),
    **what: Any,
) -> Review:
    """A verified review of a purchase made for it, or an ordinary one."""
    if verified and purchase is None:
        purchase = make_purchase(shop, user, moment=moment)
    person = buyer_of(purchase) if purchase else user or make_user()
    return actions.write_review(
        person,
        shop,
        Said(stars=stars, **what),
        key=key or uuid.uuid4(),
        purchase=purchase,
        pictures=pictures,
        moment=moment,
    )


def score_of(shop: Shop) -> tuple[float | None, int]:
    """What lists sort by: rating and how many it comes from."""
    row = Shop.objects.get(pk=shop.pk)
    return (None if row.rating is None else float(row.rating)), row.rating_count


def make_letter(
    shop: Shop,
    user: User | None = None,
    said: str = "今天下午有位子吗？",
    *,
    moment: datetime | None = None,
) -> Conversation:
    """Somebody wrote to the shop; what they wrote in."""
    letter = actions.write_to_shop(user or make_user(), shop, said, key=uuid.uuid4(), moment=moment)
    return letter.conversation


def make_answer(
    conversation: Conversation, said: str = "有的，三点可以。", *, moment: datetime | None = None
) -> Conversation:
    """The owner answered."""
    merchant = conversation.merchant
    actions.answer_person(
        conversation, said, merchant=merchant, by=owner_of(merchant), key=uuid.uuid4(), moment=moment
    )
    return Conversation.objects.get(pk=conversation.pk)
