"""Long work with a page of its own: progress, cancel, result, and a life beyond a worker's death.

A job is a row; running it is a lease on that row, renewed with each step of progress. A worker
that dies lets the lease lapse and the next sweep runs the job again, so a job's function must be
able to start over (its rows carry their own keys).
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from portal.kernel.codes import new_code
from portal.kernel.hints import hint
from portal.kernel.models import Job, JobState, User

logger = logging.getLogger(__name__)
LEASE = timedelta(seconds=60)
Work = Callable[["Running"], None]
_kinds: dict[str, Work] = {}


class Cancelled(Exception):
    """The person asked to stop; what was done so far is kept."""


def job_kind(kind: str) -> Callable[[Work], Work]:
    def register(work: Work) -> Work:
        _kinds[kind] = work
        return work

    return register


@transaction.atomic
def start_job(
    kind: str,
    *,
    by: User,
    merchant_id: int | None = None,
    params: dict[str, Any] | None = None,
) -> Job:
    if kind not in _kinds:
        raise LookupError(f"no such kind of job: {kind}")
    job = Job.objects.create(
        token=new_code(16),
        kind=kind,
        by=by,
        merchant_id=merchant_id,
        params=params or {},
    )
    transaction.on_commit(_look_now, robust=True)
    return job


def _look_now() -> None:
    hint("portal.kernel.tasks.run_jobs")


def cancel_job(job: Job) -> None:
    Job.objects.filter(pk=job.pk, ended_at=None).update(cancel_asked_at=timezone.now())
    Job.objects.filter(pk=job.pk, state=JobState.QUEUED).update(
        state=JobState.CANCELLED, ended_at=timezone.now()
    )


class Running:
    """What a job's function gets: its parameters and the means to tell how far it is."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.params = job.params

    def progress(self, done: int, total: int | None = None, *, failed_rows: int = 0) -> None:
        """Never moves backwards. Raises Cancelled when the person has asked to stop."""
        moment = timezone.now()
        fields: dict[str, Any] = {
            "done": done,
            "moved_at": moment,
            "lease_until": moment + LEASE,
            "failed_rows": failed_rows,
        }
        if total is not None:
            fields["total"] = total
        Job.objects.filter(pk=self.job.pk, done__lte=done).update(**fields)
        if Job.objects.filter(pk=self.job.pk, cancel_asked_at__isnull=False).exists():
            raise Cancelled

    def finish_with(self, *, note: str = "", failed_rows: int = 0) -> None:
        self.job.note, self.job.failed_rows = note, failed_rows


def run_due() -> int:
    """Run every job that waits or whose worker has died; returns how many were run here."""
    ran = 0
    while job := _lease_one():
        _run(job)
        ran += 1
    return ran


@transaction.atomic
def _lease_one() -> Job | None:
    moment = timezone.now()
    waiting = Q(state=JobState.QUEUED) | Q(state=JobState.RUNNING, lease_until__lt=moment)
    job = Job.objects.filter(waiting).order_by("pk").select_for_update(skip_locked=True).first()
    if job is None:
        return None
    job.state, job.lease_until, job.started_at = (
        JobState.RUNNING,
        moment + LEASE,
        job.started_at or moment,
    )
    job.save(update_fields=["state", "lease_until", "started_at"])
    return job


def _run(job: Job) -> None:
    running = Running(job)
    try:
        _kinds[job.kind](running)
        job.state = JobState.DONE_WITH_ERRORS if job.failed_rows else JobState.DONE
    except Cancelled:
        job.state = JobState.CANCELLED
    except Exception as fault:  # the person is told that it failed; the log keeps why
        logger.exception("job failed", extra={"job": job.pk, "kind": job.kind})
        job.state, job.note = JobState.FAILED, type(fault).__name__
    job.ended_at = job.moved_at = timezone.now()
    job.save(update_fields=["state", "note", "failed_rows", "result", "ended_at", "moved_at"])
    Job.objects.filter(pk=job.pk, state=JobState.DONE).update(done=F("total"))
