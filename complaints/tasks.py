"""What complaints do by the clock."""

from celery import shared_task
from django.utils import timezone

from complaints import actions


@shared_task
def settle() -> int:
    """Every morning: what was solved and left alone since closes."""
    return actions.settle(timezone.now())
