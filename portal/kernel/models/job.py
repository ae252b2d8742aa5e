"""Long work that a person started and may watch, leave, cancel and come back to."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from portal.kernel.models.user import User

STALLED_AFTER = timedelta(seconds=60)


class JobState(models.TextChoices):
    QUEUED = "queued", _("Queued")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    DONE_WITH_ERRORS = "partly", _("Done with errors")
    CANCELLED = "cancelled", _("Cancelled")
    FAILED = "failed", _("Failed")


class JobQuerySet(models.QuerySet["Job"]):
    def started_by(self, person: User) -> Self:
        return self.filter(by=person)

    def waiting(self, moment: datetime) -> Self:
        """Nobody works on them: new ones, and those whose worker has died."""
        dead = Q(state=JobState.RUNNING, lease_until__lt=moment)
        return self.filter(Q(state=JobState.QUEUED) | dead).order_by("pk")

    def running(self, moment: datetime) -> Self:
        return self.filter(state=JobState.RUNNING, lease_until__gte=moment)


class Job(models.Model):
    """Work in the background: how far it is, what came of it, and who asked for it."""

    token = models.CharField(max_length=16, unique=True)
    kind = models.CharField(_("kind"), max_length=60)
    params = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=10, choices=JobState, default=JobState.QUEUED)
    done = models.PositiveIntegerField(_("done"), default=0)
    total = models.PositiveIntegerField(_("of"), default=0)
    failed_rows = models.PositiveIntegerField(_("rows that need fixing"), default=0)
    note = models.TextField(_("note"), blank=True)
    result = models.FileField(upload_to="jobs/", blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    merchant_id = models.BigIntegerField(null=True, blank=True)
    cancel_asked_at = models.DateTimeField(null=True, blank=True)
    lease = models.UUIDField(
        null=True, blank=True
    )  # of the run that may write; an older run finds it changed
    lease_until = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(_("asked for"), db_default=Now())
    started_at = models.DateTimeField(null=True, blank=True)
    moved_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        constraints = [
            models.CheckConstraint(
                name="job_progress_within_total", condition=Q(total=0) | Q(done__lte=F("total"))
            )
        ]
        indexes = [
            # read by the worker's sweep every few seconds
            models.Index(fields=["id"], name="job_unfinished", condition=Q(ended_at=None)),
            models.Index(fields=["by", "-id"], name="job_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.token}"

    @property
    def is_over(self) -> bool:
        return self.ended_at is not None

    def has_stalled(self, moment: datetime) -> bool:
        moved = self.moved_at or self.started_at
        return self.state == JobState.RUNNING and moved is not None and moment - moved > STALLED_AFTER
