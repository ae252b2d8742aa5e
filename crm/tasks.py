"""What customer care does with nobody at the keyboard."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from celery import shared_task
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.actions import greet_due, refresh_all, release_due, roll_on
from crm.awards import report_of
from merchants.models import Merchant, Role, StaffMember
from messaging.actions import tell
from messaging.kinds import Kind, register
from messaging.models import Purpose

UNUSUAL = register(
    Kind(
        name="crm.unusual_awards",
        purpose=Purpose.ACCOUNT,
        title=_("%(merchant)s: %(number)s things about yesterday’s points are unusual"),
        body=_("Each rule and the entries behind it stand in the report."),
    )
)


@shared_task
def tell_of_unusual_awards(moment: datetime | None = None) -> int:
    """Every morning, to the owners of merchants where something stood out; returns how many merchants."""
    moment, told = moment or timezone.now(), 0
    for merchant in Merchant.objects.filter(programme__isnull=False).order_by("pk").iterator():
        day = moment.astimezone(ZoneInfo(merchant.zone)).date() - timedelta(days=1)
        found = len(report_of(merchant, day).findings)
        if found:
            _tell_owners(merchant, found, day.isoformat())
            told += 1
    return told


def _tell_owners(merchant: Merchant, found: int, day: str) -> None:
    owners = StaffMember.objects.current().filter(merchant=merchant, role=Role.OWNER)
    for owner in owners.select_related("user").order_by("pk"):
        tell(
            owner.user,
            UNUSUAL,
            occurrence=f"awards:{merchant.pk}:{day}",
            url=f"{reverse('crm:awards', args=[merchant.slug])}?day={day}",
            merchant=merchant.name,
            number=found,
        )


@shared_task
def release_campaigns() -> int:
    """Flash deals whose thirty seconds are over go out."""
    return release_due(timezone.now())


@shared_task
def greet_birthdays(moment: datetime | None = None) -> int:
    """Birthdays that are over roll on, those that are near are greeted; a missed hour is made up."""
    moment = moment or timezone.now()
    roll_on(moment)
    return greet_due(moment)


@shared_task
def count_segments(moment: datetime | None = None) -> int:
    """Every night: who has joined and who has left each segment."""
    return refresh_all(moment or timezone.now())
