"""Whose birthday comes within thirty days: a number for the merchant, and the names it may read."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from crm.days import read_birthday
from crm.models import Greeting, NotedBirthday, OwnBirthday
from merchants.models import Customer, Merchant

AHEAD = timedelta(days=30)
NAMED_AT_MOST = 100


@dataclass(frozen=True)
class Coming:
    """``says``: the day in the lunar calendar if it is kept by that; ``greeted``: the greeting is written."""

    customer: Customer
    says: str
    on: date
    greeted: bool

    @property
    def has_account(self) -> bool:
        return self.customer.user_id is not None


@dataclass(frozen=True)
class Preview:
    number: int
    named: list[Coming]


def preview_of(merchant: Merchant, moment: datetime) -> Preview:
    """Five queries, however many customers; opens the days of those alone who are shown."""
    today = moment.astimezone(ZoneInfo(merchant.zone)).date()
    days = (today, today + AHEAD)
    ours = Customer.objects.of(merchant)
    own = ours.filter(user__own_birthday__next_on__range=days).order_by()
    noted = ours.filter(birthday__next_on__range=days, user__own_birthday=None).order_by()
    named = _may_be_named(ours, days)[:NAMED_AT_MOST]
    people = [one.user_id for one in named]
    greetings = Greeting.objects.filter(merchant=merchant, person__in=people, birthday_on__range=days)
    greeted = set(greetings.values_list("person", flat=True))
    return Preview(
        own.count() + noted.count(),
        [Coming(one, _says(one), one.comes_on, one.user_id in greeted) for one in named],  # type: ignore[attr-defined]
    )


def _may_be_named(ours: QuerySet[Customer], days: tuple[date, date]) -> QuerySet[Customer]:
    """Who lets the shop see their day, or told the shop itself."""
    shown = Q(user__own_birthday__shown=True, user__own_birthday__next_on__range=days)
    told = Q(birthday__next_on__range=days) & (Q(user=None) | Q(user__own_birthday=None))
    return (
        ours.filter(shown | told)
        .select_related("birthday", "user__own_birthday")
        .annotate(comes_on=Coalesce(F("user__own_birthday__next_on"), F("birthday__next_on")))
        .order_by("comes_on", "pk")
    )


def _says(customer: Customer) -> str:
    own = getattr(customer.user, "own_birthday", None) if customer.user else None
    day = read_birthday((own or customer.birthday).day)
    return day.says() if day.is_lunar else ""


def birthday_of(customer: Customer) -> str:
    """As the merchant may read it: given by the person and shown, or noted by the shop; else empty."""
    own = OwnBirthday.objects.filter(person=customer.user_id).first() if customer.user_id else None
    if own and own.shown:
        return read_birthday(own.day).says()
    noted = NotedBirthday.objects.filter(customer=customer).first()
    return read_birthday(noted.day).says() if noted else ""
