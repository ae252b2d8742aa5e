"""Birthdays in the demo town: the consumer's own comes in three days, and the first shop greets."""

from datetime import datetime, timedelta

from crm.actions import give_birthday, greet_due, note_birthday, switch_on
from crm.days import Birthday
from merchants.models import Customer, Merchant, Role, StaffMember
from portal.home.demo.days import ZONE
from portal.kernel.models import User

NOTED = ((8, 15, False), (12, 30, False), (6, 1, True), (1, 15, False))  # lunar days, one in a leap month
SOON = (5, 9, 16, 24)  # days ahead, by the solar calendar


def celebrate(merchant: Merchant, consumer: User, now: datetime) -> None:
    """Eight customers told the shop; four of them, and the consumer, come within thirty days."""
    today = now.astimezone(ZONE).date()
    owner = StaffMember.objects.current().filter(merchant=merchant, role=Role.OWNER)[0].user
    soon = [Birthday(on.month, on.day) for on in (today + timedelta(days=n) for n in (3, *SOON))]
    give_birthday(consumer, soon[0], shown=True, moment=now)
    days = [*soon[1:], *(Birthday(month, day, None, True, leap) for month, day, leap in NOTED)]
    known = Customer.objects.of(merchant).exclude(user=consumer).order_by("pk")
    for customer, day in zip(known[: len(days)], days, strict=False):
        note_birthday(customer, day, agreed=True, by=owner, moment=now)
    switch_on(merchant, days_ahead=5, programme=None, by=owner, moment=now)
    greet_due(now)
