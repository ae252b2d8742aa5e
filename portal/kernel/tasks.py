"""The kernel's background work: telling events, running jobs, tidying."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from portal.kernel import events, jobs
from portal.kernel.models import OutboxEvent

KEEP_TOLD_EVENTS = timedelta(days=30)


@shared_task
def deliver_events() -> int:
    return events.deliver_due()


@shared_task
def run_jobs() -> int:
    return jobs.run_due()


@shared_task
def tidy() -> int:
    """Forget events that everybody has heard."""
    old = OutboxEvent.objects.filter(created_at__lt=timezone.now() - KEEP_TOLD_EVENTS)
    return old.exclude(deliveries__done_at=None).delete()[0]
