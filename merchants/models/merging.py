"""Two listings of one place: pairs that somebody should look at, and merges that can be undone."""

from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from merchants.models.shop import Shop
from merchants.trust.likeness import Evidence
from portal.kernel.audit import audited

UNDOABLE_FOR = timedelta(days=30)


class PairState(models.TextChoices):
    WAITING = "waiting", _("Waiting for a decision")
    MERGED = "merged", _("Merged")
    DISTINCT = "distinct", _("Not the same")


class PairQuerySet(models.QuerySet["DuplicatePair"]):
    def waiting(self) -> Self:
        return self.filter(state=PairState.WAITING)

    def touching(self, *shops: int) -> Self:
        return self.filter(Q(first__in=shops) | Q(second__in=shops))


@audited(inserts=False, leave_out=["score", "alike", "metres", "same_phone"])
class DuplicatePair(models.Model):
    """Two listings that may be one place, with what speaks for it. "Not the same" is remembered."""

    first = models.ForeignKey(Shop, models.CASCADE, related_name="+", db_index=False)
    second = models.ForeignKey(Shop, models.CASCADE, related_name="+")
    score = models.PositiveSmallIntegerField(_("score"))
    alike = models.PositiveSmallIntegerField(default=0)  # percent
    metres = models.PositiveIntegerField(default=0)
    same_phone = models.BooleanField(default=False)
    is_reported = models.BooleanField(_("reported by a visitor"), default=False)
    state = models.CharField(_("state"), max_length=8, choices=PairState, default=PairState.WAITING)
    reason = models.TextField(_("reason for the decision"), blank=True)
    found_at = models.DateTimeField(_("found"), db_default=Now())
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = PairQuerySet.as_manager()

    class Meta:
        verbose_name = _("likely duplicate")
        verbose_name_plural = _("likely duplicates")
        constraints = [
            models.UniqueConstraint(name="duplicate_pair_once", fields=["first", "second"]),
            models.CheckConstraint(name="duplicate_pair_in_order", condition=Q(first__lt=F("second"))),
            models.CheckConstraint(
                name="decided_pair_says_by_whom",
                condition=Q(state=PairState.WAITING, decided_by=None) | Q(decided_by__isnull=False),
            ),
        ]
        indexes = [
            # the staff's queue, the likeliest first
            models.Index(fields=["-score", "id"], name="duplicates_waiting", condition=Q(state="waiting")),
        ]

    def __str__(self) -> str:
        return f"{self.first} · {self.second}"

    @property
    def evidence(self) -> Evidence:
        return Evidence(alike=self.alike / 100, metres=self.metres, same_phone=self.same_phone)


class MergeQuerySet(models.QuerySet["Merge"]):
    def standing(self) -> Self:
        return self.filter(undone_at=None)

    def undoable_at(self, moment: datetime) -> Self:
        return self.standing().filter(merged_at__gt=moment - UNDOABLE_FOR)

    def locked(self) -> Self:
        """Hold the rows until the transaction ends; pk order keeps deadlocks away."""
        return self.order_by("pk").select_for_update(of=("self",), no_key=True)


@audited()
class Merge(models.Model):
    """One listing taken into another. ``moved`` names every row that went along, so it can go back."""

    survivor = models.ForeignKey(Shop, models.PROTECT, related_name="merges")
    gone = models.ForeignKey(Shop, models.PROTECT, related_name="+")
    moved = models.JSONField(default=dict)  # what went along: {"merchants.photo": {"ids": […], "by": 3}}
    was_listed = models.BooleanField()
    was_closed_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    merged_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = MergeQuerySet.as_manager()

    class Meta:
        verbose_name = _("merge of two listings")
        verbose_name_plural = _("merges of listings")
        constraints = [
            models.UniqueConstraint(
                name="listing_goes_into_one_other", fields=["gone"], condition=Q(undone_at=None)
            ),
            models.CheckConstraint(name="listing_not_merged_into_itself", condition=~Q(survivor=F("gone"))),
            models.CheckConstraint(
                name="undone_merge_says_by_whom",
                condition=Q(undone_at=None, undone_by=None)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gone} → {self.survivor}"

    @property
    def moved_rows(self) -> int:
        return sum(len(one["ids"]) for one in dict[str, Any](self.moved).values())
