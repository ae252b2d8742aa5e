"""A birthday that a person gives, or that a shop notes with the customer's consent; and taking it back."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.days import Birthday, read_birthday
from crm.models import NotedBirthday, OwnBirthday
from merchants.models import Customer, Merchant
from portal.kernel.models import User
from portal.kernel.refused import Refused

ROLLED_AT_ONCE = 500
EVERYWHERE_OVER = timedelta(days=1)  # no zone is more than a day behind UTC


class NotAgreed(Refused):
    sentence = _("Note a birthday only if the customer has told you and agrees.")


class TheirsToGive(Refused):
    sentence = _("This customer has given their birthday themselves. Only they can change it.")


@transaction.atomic
def give_birthday(person: User, day: Birthday, *, shown: bool, moment: datetime | None = None) -> OwnBirthday:
    """Instead of what was given before; the same again changes nothing. ``shown``: shops may read it."""
    moment = moment or timezone.now()
    own = OwnBirthday.objects.select_for_update(no_key=True).filter(person=person).first()
    if own and (own.day, own.shown) == (day.stored(), shown):
        return own
    today = moment.astimezone(ZoneInfo(person.time_zone)).date()
    facts = {"day": day.stored(), "next_on": day.next_from(today), "shown": shown, "given_at": moment}
    return OwnBirthday.objects.update_or_create(person=person, defaults=facts)[0]


@transaction.atomic
def take_birthday_back(person: User) -> None:
    """The row goes, and the record of changes has never held the day."""
    OwnBirthday.objects.filter(person=person).delete()


@transaction.atomic
def note_birthday(
    customer: Customer, day: Birthday, *, agreed: bool, by: User, moment: datetime | None = None
) -> NotedBirthday:
    """Instead of what was noted before; the next one counts from the merchant's own day.

    Raises NotAgreed; TheirsToGive where the person gave and shows it.
    """
    moment = moment or timezone.now()
    if not agreed:
        raise NotAgreed
    if customer.user_id and OwnBirthday.objects.filter(person=customer.user_id, shown=True).exists():
        raise TheirsToGive
    noted = NotedBirthday.objects.select_for_update(no_key=True).filter(customer=customer).first()
    if noted and noted.day == day.stored():
        return noted
    today = moment.astimezone(ZoneInfo(customer.merchant.zone)).date()
    facts = {"day": day.stored(), "next_on": day.next_from(today), "by": by, "agreed_at": moment}
    return NotedBirthday.objects.update_or_create(
        customer=customer, defaults={"merchant_id": customer.merchant_id, **facts}
    )[0]


@transaction.atomic
def forget_noted(customer: Customer) -> None:
    NotedBirthday.objects.filter(merchant=customer.merchant_id, customer=customer).delete()


@transaction.atomic
def take_noted_back(person: User, merchant: Merchant) -> None:
    """The customer, too, may have removed what a shop noted."""
    NotedBirthday.objects.filter(merchant=merchant, customer__user=person).delete()


def roll_on(moment: datetime) -> int:
    """Birthdays that are over get their next date; returns how many. Only these are opened."""
    return sum(_rolled(model, moment) for model in (OwnBirthday, NotedBirthday))


def _rolled(model: Any, moment: datetime) -> int:
    today, rolled = moment.astimezone(UTC).date() - EVERYWHERE_OVER, 0
    while batch := _roll_batch(model, today):
        rolled += batch
    return rolled


@transaction.atomic
def _roll_batch(model: Any, today: date) -> int:
    """Rows that another worker holds are left to it."""
    over = model.objects.filter(next_on__lt=today).order_by("pk")
    rows = list(over.select_for_update(skip_locked=True, no_key=True)[:ROLLED_AT_ONCE])
    for row in rows:
        row.next_on = read_birthday(row.day).next_from(today)
    model.objects.bulk_update(rows, ["next_on"])
    return len(rows)
