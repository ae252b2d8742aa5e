"""Makers of sales for the pages of crm, built on the verbs."""

import uuid
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from crm.actions.birthdays import give_birthday
from crm.days import Birthday
from loyalty.models import Card
from merchants.models import Merchant, Shop
from messaging import actions
from messaging.kinds import Kind, register
from messaging.models import Channel, Mailing, Purpose, Source
from orders.actions import ring_up
from orders.models import Purchase
from portal.kernel.models import User
from tests import cast
from tests.cast import make_customer, make_user


def sell(
    shop: Shop,
    bill: int,
    *,
    moment: datetime,
    by: User | None = None,
    card: Card | None = None,
    **fields: Any,
) -> Purchase:
    return ring_up(
        merchant=shop.merchant,
        shop=shop,
        bill=bill,
        key=uuid.uuid4(),
        by=by or cast.owner_of(shop.merchant),
        card=card,
        moment=moment,
        **fields,
    )


BEFORE = datetime.fromisoformat("2026-11-24T12:00:00+08:00")
OFFER = register(Kind("test.offer", Purpose.DEALS, "Half price at %(shop)s", "Today.", (Channel.PUSH,)))


def make_mailing(merchant: Merchant, *, people: int = 12, refusing: int = 11) -> Mailing:
    """To people without a browser, of whom the first ones did not agree to deals either."""
    chosen = [make_user() for _ in range(people)]
    for person in chosen[refusing:]:
        actions.choose(person, {("deals", "push"): True}, source=Source.PAGE)
    return actions.mail_out(
        User.objects.filter(pk__in=[one.pk for one in chosen]).values("pk"),
        OFFER,
        merchant_id=merchant.pk,
        occurrence=f"deal:{Mailing.objects.count()}",
        moment=timezone.now(),
        shop=merchant.name,
    )


def born(
    merchant: Merchant, on: date, *, shown: bool = False, moment: datetime = BEFORE, **facts: Any
) -> User:
    """A customer with an account who gave this solar birthday."""
    person = make_user(**facts)
    make_customer(merchant, person)
    give_birthday(person, Birthday(on.month, on.day), shown=shown, moment=moment)
    return person
