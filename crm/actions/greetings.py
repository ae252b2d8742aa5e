"""Greeting customers before their birthdays: switched on by the merchant, once a year for each person.

Written with its message in one transaction: a run that is broken off has greeted nobody, and the next one
greets those who are due still. Days that the clock stood still are made up until the birthday itself.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from coupons.models import CouponProgramme
from crm.gifts import GivenOut, give_to
from crm.models import Greeting, GreetingPlan
from merchants.models import Customer, Merchant
from messaging.actions import mail_out
from messaging.kinds import Kind, register
from messaging.models import Channel, Purpose
from portal.kernel.models import User
from portal.kernel.refused import Refused

_WAYS = (Channel.INBOX, Channel.PUSH, Channel.EMAIL)
WISHES = register(
    Kind(
        "crm.birthday",
        Purpose.CARE,
        title=_("%(shop)s wishes you a happy birthday"),
        body=_("Your birthday is coming. All the best, and see you soon!"),
        channels=_WAYS,
    )
)
WISHES_WITH_COUPON = register(
    Kind(
        "crm.birthday_coupon",
        Purpose.CARE,
        title=_("%(shop)s wishes you a happy birthday"),
        body=_("Your birthday is coming. A coupon waits for you: %(coupon)s"),
        channels=_WAYS,
    )
)
WISHES_WITH_GIFT = register(
    Kind(
        "crm.birthday_gift",
        Purpose.CARE,
        title=_("%(shop)s wishes you a happy birthday"),
        body=_("Your birthday is coming, and a coupon is yours already: %(coupon)s, good until %(until)s."),
        channels=_WAYS,
    )
)


class NotOnOffer(Refused):
    sentence = _("Choose a coupon that is published and still running.")


@transaction.atomic
def switch_on(
    merchant: Merchant, *, days_ahead: int, programme: CouponProgramme | None, by: User, moment: datetime
) -> GreetingPlan:
    """Or change it; the same again changes nothing.

    ``days_ahead`` from 2 to 7; ``programme``: a coupon that can be claimed, or None for words alone.
    """
    offered = CouponProgramme.objects.of(merchant).claimable_at(moment)
    if programme and not offered.filter(pk=programme.pk).exists():
        raise NotOnOffer
    plan = GreetingPlan.objects.select_for_update(no_key=True).filter(merchant=merchant).first()
    wanted = (days_ahead, programme and programme.pk)
    if plan and plan.is_on and (plan.days_ahead, plan.programme_id) == wanted:
        return plan
    facts = {"is_on": True, "days_ahead": days_ahead, "programme": programme, "by": by}
    return GreetingPlan.objects.update_or_create(merchant=merchant, defaults=facts)[0]


@transaction.atomic
def switch_off(merchant: Merchant, *, by: User) -> None:
    """What has been sent has been sent; nothing more follows."""
    GreetingPlan.objects.filter(merchant=merchant, is_on=True).update(is_on=False, by=by)


def greet_due(moment: datetime) -> int:
    """Everybody whose birthday is near enough, one transaction per merchant; returns how many persons."""
    plans = GreetingPlan.objects.filter(is_on=True, merchant__suspended_at=None)
    return sum(greet(key, moment=moment) for key in list(plans.order_by("pk").values_list("pk", flat=True)))


@transaction.atomic
def greet(key: int, *, moment: datetime) -> int:
    """The plan's row is held, so two workers greet one after the other, and the second finds nobody left."""
    plan = (
        GreetingPlan.objects.select_for_update(of=("self",), no_key=True)
        .select_related("merchant")
        .get(pk=key)
    )
    if not plan.is_on:
        return 0
    today = moment.astimezone(ZoneInfo(plan.merchant.zone)).date()
    due = due_between(plan.merchant, today, today + timedelta(days=plan.days_ahead))
    lately = Greeting.objects.filter(
        merchant=plan.merchant,
        person__in=list(due),
        birthday_on__gt=today - timedelta(days=Greeting.APART),
    )
    for person in lately.values_list("person", flat=True):
        due.pop(person, None)
    Greeting.objects.bulk_create(
        [
            Greeting(merchant=plan.merchant, person_id=person, birthday_on=on, made_at=moment)
            for person, on in sorted(due.items())
        ],
        batch_size=1000,
    )
    for on in sorted(set(due.values())):
        _write(plan, on, moment)
    return len(due)


def _write(plan: GreetingPlan, on: date, moment: datetime) -> None:
    """To those just written down for this day. Useless when it is over, by the shop's clock."""
    new = Greeting.objects.filter(merchant=plan.merchant, birthday_on=on, made_at=moment)
    offered = CouponProgramme.objects.of(plan.merchant).claimable_at(moment)
    coupon = offered.filter(pk=plan.programme_id).first() if plan.programme_id else None
    people = set(new.values_list("person", flat=True))
    given = GivenOut(people, set(), set()) if coupon is None else give_to(people, coupon, on, moment)
    for group, kind in (
        (given.none, WISHES),
        (given.link, WISHES_WITH_COUPON),
        (given.has, WISHES_WITH_GIFT),
    ):
        if not group:
            continue
        facts: dict[str, Any] = {"shop": plan.merchant.name}
        if coupon and kind is not WISHES:
            facts |= {"coupon": coupon.title, "url": reverse("coupons:offer", args=[coupon.token])}
        if kind is WISHES_WITH_GIFT:
            facts["until"] = given.until
        mail_out(
            new.filter(person__in=group).values("person"),
            kind,
            merchant_id=plan.merchant_id,
            occurrence=f"birthday:{plan.merchant_id}:{on.isoformat()}",
            useless_after=datetime.combine(on + timedelta(days=1), time(), ZoneInfo(plan.merchant.zone)),
            moment=moment,
            **facts,
        )


def due_between(merchant: Merchant, first: date, last: date) -> dict[int, date]:
    """Persons and the day; what a person gave goes before what the shop noted."""
    ours = Customer.objects.of(merchant).filter(user__is_active=True)
    days = (first, last)
    noted = ours.filter(birthday__next_on__range=days, user__own_birthday=None)
    own = ours.filter(user__own_birthday__next_on__range=days)
    return dict(_pairs(noted, "birthday")) | dict(_pairs(own, "user__own_birthday"))


def _pairs(customers: QuerySet[Customer], where: str) -> Iterable[tuple[int, date]]:
    rows: Any = customers.values_list("user", f"{where}__next_on")
    return rows
