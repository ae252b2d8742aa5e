"""The kernel's background work: telling events, running jobs, tidying."""

from datetime import timedelta

from celery import shared_task
from django.contrib.sessions.models import Session
from django.utils import timezone

from portal.kernel import events, jobs
from portal.kernel.models import Allowance, OutboxEvent

KEEP_TOLD_EVENTS = timedelta(days=30)
LONGEST_JOB = 6 * 3600


@shared_task
def deliver_events() -> int:
    return events.deliver_due()


@shared_task(time_limit=LONGEST_JOB, soft_time_limit=LONGEST_JOB - 60)
def run_jobs() -> int:
    return jobs.run_due()


@shared_task
def tidy() -> int:
    """Forget what nobody needs any more: told events, spent allowances, ended sessions, old results."""
    now = timezone.now()
    Allowance.objects.filter(renews_at__lt=now).delete()
    Session.objects.filter(expire_date__lt=now).delete()
    jobs.forget_results()
    old = OutboxEvent.objects.filter(created_at__lt=now - KEEP_TOLD_EVENTS)
    return old.exclude(deliveries__done_at=None).delete()[0]
