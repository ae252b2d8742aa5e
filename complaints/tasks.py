"""What complaints do by the clock."""

from celery import shared_task
from django.utils import timezone

from complaints import actions


@shared_task
def settle() -> int:
    """Every morning: what was solved and left alone since closes."""
    return actions.settle(timezone.now())


@shared_task
def remind() -> int:
    """Every five minutes: warnings before deadlines, and what goes up after them."""
    return actions.remind(timezone.now())


@shared_task
def know_holidays() -> int:
    """Every night: public holidays, as soon as the state has fixed them."""
    return actions.know_holidays(timezone.localdate())
