"""Levels of a membership: what they ask and give, where each card stands, and every move with its reason."""

from typing import Any, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from loyalty.models.membership import Card, Programme
from merchants.models import Merchant, Shop
from merchants.wording import in_language
from portal.kernel.audit import audited
from portal.kernel.db import append_only


class Metric(models.TextChoices):
    """What counts towards a level."""

    AMOUNT = "amount", _("What members pay")
    VISITS = "visits", _("How often they come")
    POINTS = "points", _("Points they earn")


class WindowKind(models.TextChoices):
    LIFETIME = "lifetime", _("Ever since they joined")
    CALENDAR = "calendar", _("In the calendar year")
    ROLLING = "rolling", _("In the last months")


@audited(leave_out=["settled_on"])
class LevelRule(models.Model):
    """How a programme's members rise: what is counted, over which time, and how long a level is kept."""

    merchant = models.ForeignKey(Merchant, models.CASCADE, related_name="+", db_index=False)
    programme = models.OneToOneField(Programme, models.CASCADE, related_name="level_rule")
    metric = models.CharField(_("what counts"), max_length=8, choices=Metric, default=Metric.AMOUNT)
    window = models.CharField(
        _("over which time"), max_length=8, choices=WindowKind, default=WindowKind.ROLLING
    )
    months = models.PositiveSmallIntegerField(_("months"), default=12)  # of a rolling window
    grace_days = models.PositiveSmallIntegerField(_("kept for (days)"), default=30)
    time_zone = models.CharField(max_length=40)  # where its days and years begin
    settled_on = models.DateField(null=True, blank=True)  # the last day whose sweep has run

    class Meta:
        verbose_name = _("rule of levels")
        verbose_name_plural = _("rules of levels")
        constraints = [
            models.CheckConstraint(name="level_is_kept_a_month_at_least", condition=Q(grace_days__gte=30)),
            models.CheckConstraint(
                name="level_window_has_months", condition=Q(months__gte=1, months__lte=120)
            ),
        ]

    def __str__(self) -> str:
        return self.get_metric_display()


class LevelQuerySet(models.QuerySet["Level"]):
    def of(self, programme: Programme) -> Self:
        """All of them, lowest first, also those that are switched off."""
        return self.filter(programme=programme).order_by("rank")

    def in_use(self) -> Self:
        return self.filter(is_on=True)


@audited()
class Level(models.Model):
    """One step of a membership. Its rank stays; what it asks and gives may change from now on."""

    merchant = models.ForeignKey(Merchant, models.CASCADE, related_name="+", db_index=False)
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="levels", db_index=False)
    rank = models.PositiveSmallIntegerField()  # 0 is where everybody begins
    name = models.CharField(_("name"), max_length=9)
    name_en = models.CharField(_("English name"), max_length=20, blank=True)
    threshold = models.BigIntegerField(
        _("reached from"), default=0
    )  # of the rule's metric; money in minor units
    discount = models.PositiveSmallIntegerField(_("discount"), default=0)  # percent
    multiplier = models.PositiveSmallIntegerField(_("points"), default=100)  # percent of the usual points
    privileges = models.CharField(_("privileges"), max_length=200, blank=True)
    is_on = models.BooleanField(_("in use"), default=True)

    objects = LevelQuerySet.as_manager()

    class Meta:
        verbose_name = _("level")
        verbose_name_plural = _("levels")
        constraints = [
            models.UniqueConstraint(name="level_once_per_rank", fields=["programme", "rank"]),
            models.UniqueConstraint(name="level_of_merchant", fields=["merchant", "id"]),
            models.CheckConstraint(
                name="lowest_level_asks_and_gives_nothing_special",
                condition=Q(rank__gt=0) | Q(threshold=0, discount=0, multiplier=100, is_on=True),
            ),
            models.CheckConstraint(
                name="level_gives_within_reason",
                condition=Q(discount__lte=90, multiplier__gte=100, multiplier__lte=1000, threshold__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return in_language(self.name, self.name_en)

    @property
    def times(self) -> str:
        """``1.5`` for 150 percent."""
        return f"{self.multiplier / 100:g}"

    @property
    def foil(self) -> str:
        return ("", "silver", "gold", "black")[min(self.rank, 3)]


class Consumption(models.Model):
    """What one sale counts towards a level. Taken back by a row of the opposite sign at the same moment."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="+", db_index=False)
    card = models.ForeignKey(
        Card, models.PROTECT, related_name="consumptions", db_index=False, db_constraint=False
    )
    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+", db_index=False)
    amount = models.BigIntegerField()  # paid, in minor units
    visits = models.SmallIntegerField(default=1)
    points = models.BigIntegerField(default=0)
    key = models.UUIDField()
    reverses = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="reversed_by")
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("consumption")
        verbose_name_plural = _("consumptions")
        constraints = [
            models.UniqueConstraint(name="consumption_once_per_key", fields=["merchant", "key"]),
            models.CheckConstraint(
                name="consumption_counts_up_and_its_reversal_down",
                condition=Q(reverses=None, amount__gte=0, visits=1, points__gte=0)
                | Q(reverses__isnull=False, amount__lte=0, visits=-1, points__lte=0),
            ),
        ]
        indexes = [
            # summed up whenever a card's level is judged
            models.Index(fields=["card", "at"], name="consumption_of_card"),
        ]
        triggers = [
            append_only("consumptions_are_written_once"),
            pgtrigger.Trigger(
                name="consumption_moves_the_level",
                operation=pgtrigger.Insert,
                when=pgtrigger.After,
                func="""
                    PERFORM loyalty_settle(
                        NEW.card_id, NEW.at, CASE WHEN NEW.reverses_id IS NOT NULL THEN NEW.at END, false
                    );
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount:+d}"


class Ground(models.TextChoices):
    EARNED = "earned", _("Earned")
    GRANTED = "granted", _("Given by the shop")


class Standing(models.Model):
    """Where a card stands now, why, and until when. A card without one stands at the lowest level."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="+", db_index=False)
    card = models.OneToOneField(Card, models.PROTECT, related_name="standing", db_constraint=False)
    level = models.ForeignKey(Level, models.PROTECT, related_name="+", db_constraint=False)
    ground = models.CharField(max_length=7, choices=Ground, default=Ground.EARNED)
    reason = models.CharField(max_length=120, blank=True)
    since = models.DateTimeField()
    until = models.DateField(null=True, blank=True)  # the last day of a level that was given
    falls_on = models.DateField(null=True, blank=True)  # the day it is lost unless it is earned again
    noticed_on = models.DateField(null=True, blank=True)  # the day its holder was told so

    class Meta:
        verbose_name = _("standing")
        verbose_name_plural = _("standings")
        constraints = [
            models.CheckConstraint(
                name="given_level_says_until_when_and_why",
                condition=Q(ground="earned", until=None)
                | Q(ground="granted", until__isnull=False) & ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="level_falls_a_month_after_notice",
                condition=Q(noticed_on=None)
                | Q(falls_on__isnull=False, falls_on__gte=F("noticed_on") + models.Value(30)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.card_id} {self.level_id}"


class MoveKind(models.TextChoices):
    PROMOTED = "promoted", _("Reached")
    DEMOTED = "demoted", _("Fallen back")
    GRANTED = "granted", _("Given by the shop")
    ENDED = "ended", _("Given time over")
    UNDONE = "undone", _("A purchase was undone")
    TAKEN_BACK = "taken", _("Taken back")


class LevelMoveQuerySet(models.QuerySet["LevelMove"]):
    def of_card(self, card: Card) -> Self:
        return self.filter(card=card).select_related("was", "now", "by").order_by("-pk")

    def untold(self, since: Any) -> Self:
        """Not yet told to their holders; what is older than ``since`` is nobody's news any more."""
        return self.filter(told_at=None, at__gte=since).order_by("pk")


class LevelMove(models.Model):
    """One step from level to level, with what was counted then. Written once; only telling it is noted."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="+", db_index=False)
    card = models.ForeignKey(
        Card, models.PROTECT, related_name="level_moves", db_index=False, db_constraint=False
    )
    was = models.ForeignKey(Level, models.PROTECT, related_name="+", db_index=False)
    now = models.ForeignKey(Level, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=8, choices=MoveKind)
    metric = models.CharField(max_length=8, choices=Metric)
    counted_from = models.DateTimeField(null=True, blank=True)
    reached = models.BigIntegerField()
    threshold = models.BigIntegerField()  # what the new level asked at that time
    reason = models.CharField(max_length=120, blank=True)
    until = models.DateField(null=True, blank=True)
    key = models.UUIDField(null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)

    objects = LevelMoveQuerySet.as_manager()

    class Meta:
        verbose_name = _("move of level")
        verbose_name_plural = _("moves of level")
        constraints = [
            models.UniqueConstraint(name="level_given_once_per_key", fields=["card", "key"]),
            models.CheckConstraint(
                name="level_is_reached_by_enough",
                condition=~Q(kind="promoted") | Q(reached__gte=F("threshold")),
            ),
            models.CheckConstraint(
                name="given_level_says_who_gave_it",
                condition=~Q(kind="granted") | Q(by__isnull=False, until__isnull=False, key__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["card", "-id"], name="level_moves_of_card"),
            # read by the teller every few seconds
            models.Index(fields=["id"], name="level_moves_untold", condition=Q(told_at=None)),
            # read when a manager gives another level today
            models.Index(fields=["merchant", "by", "at"], name="levels_given", condition=Q(kind="granted")),
        ]
        triggers = [
            pgtrigger.Protect(
                name="level_moves_are_written_once",
                operation=pgtrigger.Delete
                | pgtrigger.UpdateOf(
                    "merchant_id",
                    "card_id",
                    "was_id",
                    "now_id",
                    "kind",
                    "metric",
                    "counted_from",
                    "reached",
                    "threshold",
                    "reason",
                    "until",
                    "key",
                    "by_id",
                    "at",
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.was_id} → {self.now_id}"
