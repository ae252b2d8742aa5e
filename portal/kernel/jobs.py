"""Long work with a page of its own: progress, cancel, result, and a life beyond a worker's death.

A job is a row; running it is a lease on that row, kept alive by a heartbeat. A worker that dies
lets the lease lapse and the next sweep runs the job again under a new lease, so a job's function
must be able to start over (its rows carry their own keys); what an overtaken run still tries to
write is turned away, because its lease is no longer the row's.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from threading import Event, Thread
from typing import IO, Any
from uuid import uuid4

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.db import close_old_connections, connection, transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext, gettext_lazy

from portal.kernel.codes import new_code
from portal.kernel.hints import hint
from portal.kernel.models import Job, JobState, User
from portal.kernel.refused import Refused

logger = logging.getLogger(__name__)
LEASE = timedelta(seconds=60)
MOST_TRIES = 5  # a job that kills its worker each time must not do so for ever
KEEP_RESULTS = timedelta(days=30)
ONE_AT_A_TIME = 7_216_001  # advisory lock while choosing the next job
Work = Callable[["Running"], None]


LONG_WORK = gettext_lazy("Long work")


@dataclass(frozen=True)
class Kind:
    name: str
    title: Any
    work: Work


_kinds: dict[str, Kind] = {}


class Cancelled(Exception):
    """The person asked to stop; what was done so far is kept."""


class Overtaken(Exception):
    """Another run has taken the job over; this one must not write any more."""


def job_kind(kind: str, title: Any = LONG_WORK) -> Callable[[Work], Work]:
    """Register ``fn(running)``; ``title`` stands on the job's page."""

    def register(work: Work) -> Work:
        _kinds[kind] = Kind(kind, title, work)
        return work

    return register


def title_of(job: Job) -> str:
    return str(_kinds[job.kind].title) if job.kind in _kinds else job.kind


@transaction.atomic
def start_job(
    kind: str, *, by: User, merchant_id: int | None = None, params: dict[str, Any] | None = None
) -> Job:
    if kind not in _kinds:
        raise LookupError(f"no such kind of job: {kind}")
    job = Job.objects.create(
        token=new_code(16), kind=kind, by=by, merchant_id=merchant_id, params=params or {}
    )
    transaction.on_commit(_look_now, robust=True)
    return job


@transaction.atomic
def start_once(kind: str, *, by: User, merchant_id: int, params: dict[str, Any]) -> Job:
    """The person's job with these parameters that still runs or whose result is there; else a new one.

    Call it under a lock on what the job is about, so that two clicks start one.
    """
    good = Job.objects.started_by(by).filter(kind=kind, merchant_id=merchant_id, params=params)
    good = good.exclude(state__in=[JobState.FAILED, JobState.CANCELLED])
    there = next((job for job in good.order_by("-pk")[:3] if job.result or not job.is_over), None)
    return there or start_job(kind, by=by, merchant_id=merchant_id, params=params)


def _look_now() -> None:
    hint("portal.kernel.tasks.run_jobs", queue="bulk")


@transaction.atomic
def cancel_job(job: Job) -> None:
    """One that waits ends at once; one that runs stops at its next checkpoint. Asking twice is once."""
    now = timezone.now()
    row = Job.objects.select_for_update().get(pk=job.pk)
    if row.is_over or row.cancel_asked_at:
        return
    row.cancel_asked_at = now
    if row.state == JobState.QUEUED:
        row.state, row.ended_at = JobState.CANCELLED, now
    row.save(update_fields=["cancel_asked_at", "state", "ended_at"])


class Running:
    """What a job's function gets: its parameters and the means to tell how far it is."""

    def __init__(self, job: Job) -> None:
        self.job, self.params = job, job.params

    def progress(self, done: int, total: int | None = None, *, failed_rows: int | None = None) -> None:
        """Never moves backwards. Raises Cancelled when the person has asked to stop."""
        fields: dict[str, Any] = {"done": done, "total": total, "failed_rows": failed_rows}
        known = {name: value for name, value in fields.items() if value is not None}
        self._mine().filter(done__lte=done).update(moved_at=timezone.now(), **known)
        self.checkpoint()

    def checkpoint(self) -> None:
        """Raises Cancelled when the person has asked to stop, Overtaken when another run took over."""
        asked = self._mine().values_list("cancel_asked_at", flat=True)
        if not asked:
            raise Overtaken
        if asked[0]:
            raise Cancelled

    def finish_with(self, *, note: str = "", failed_rows: int = 0) -> None:
        self.job.note, self.job.failed_rows = note, failed_rows

    def save_result(self, name: str, content: bytes | IO[bytes]) -> None:
        """The file that the person may fetch for thirty days; a large one from a disk, not from memory."""
        self.checkpoint()
        file = ContentFile(content) if isinstance(content, bytes) else File(content)
        self.job.result.save(f"{self.job.token}/{name}", file, save=False)

    def _mine(self) -> Any:
        return Job.objects.filter(pk=self.job.pk, lease=self.job.lease)


def run_due() -> int:
    """Run every job that waits or whose worker has died; returns how many were run here."""
    ran = 0
    while job := _lease_one():
        _run(job)
        ran += 1
    return ran


@transaction.atomic
def _lease_one() -> Job | None:
    """The oldest job that waits, unless enough of them run: short work needs free workers too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
    moment = timezone.now()
    if Job.objects.running(moment).count() >= settings.JOBS_AT_ONCE:
        return None
    job = Job.objects.waiting(moment).select_related("by").select_for_update(of=("self",)).first()
    if job is None:
        return None
    job.state, job.lease, job.lease_until = JobState.RUNNING, uuid4(), moment + LEASE
    job.started_at, job.moved_at, job.tries = job.started_at or moment, moment, job.tries + 1
    job.save(update_fields=["state", "lease", "lease_until", "started_at", "moved_at", "tries"])
    return job


def _run(job: Job) -> None:
    with translation.override(job.by.language), _kept_alive(job):
        job.state, job.note = _outcome(job)
    job.ended_at = job.moved_at = timezone.now()
    fields = ("state", "note", "failed_rows", "result", "ended_at", "moved_at")
    ended = Job.objects.filter(pk=job.pk, lease=job.lease)
    ended.update(**{name: getattr(job, name) for name in fields})
    ended.filter(state=JobState.DONE).update(done=F("total"))


def _outcome(job: Job) -> tuple[str, str]:
    """The state the job ends in, and the sentence for the person."""
    if job.tries > MOST_TRIES:
        return JobState.FAILED, gettext("It broke off several times. We have been told and will look at it")
    running = Running(job)
    try:
        _kinds[job.kind].work(running)
    except Cancelled:
        return JobState.CANCELLED, job.note
    except Overtaken:
        return JobState.RUNNING, job.note
    except Refused as refusal:
        return JobState.FAILED, str(refusal)
    except Exception:  # the person gets a sentence, the log keeps why
        logger.exception("job failed", extra={"job": job.pk, "kind": job.kind})
        return JobState.FAILED, gettext("Something went wrong on our side. Please start it again")
    return (JobState.DONE_WITH_ERRORS if job.failed_rows else JobState.DONE), job.note


@contextmanager
def _kept_alive(job: Job) -> Iterator[None]:
    """Renew the lease while the process lives, however long one step takes."""
    over = Event()

    def beat() -> None:
        while not over.wait(LEASE.total_seconds() / 4):
            try:
                mine = Job.objects.filter(pk=job.pk, lease=job.lease)
                mine.update(lease_until=timezone.now() + LEASE)
            except Exception:  # the database may be away for a moment; the next beat tries again
                logger.warning("a job's lease could not be renewed", extra={"job": job.pk})
            finally:
                close_old_connections()
        connection.close()

    heart = Thread(target=beat, daemon=True)
    heart.start()
    try:
        yield
    finally:
        over.set()
        heart.join()


def forget_results() -> int:
    """Results are kept for thirty days."""
    old = Job.objects.filter(ended_at__lt=timezone.now() - KEEP_RESULTS).exclude(result="")
    for job in old:
        job.result.delete(save=False)
    return old.update(result="")
