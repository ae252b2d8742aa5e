"""Why cases come about, what is done so that they don't come again, and whether it helped."""

from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from complaints import triggers
from complaints.models.complaint import Complaint
from merchants.models import Merchant, Shop
from portal.kernel import dates
from portal.kernel.audit import audited
from portal.kernel.db import append_only


@audited()
class Cause(models.Model):
    """A reason that cases have in common; a tree that staff tend."""

    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("stands under")
    )
    code = models.SlugField(_("code"), max_length=30, unique=True)
    name_zh = models.CharField(_("name in Chinese"), max_length=60)
    name_en = models.CharField(_("name in English"), max_length=60)
    is_retired = models.BooleanField(_("no longer used"), default=False)

    class Meta:
        verbose_name = _("cause")
        verbose_name_plural = _("causes")
        constraints = [
            models.CheckConstraint(
                name="cause_is_not_its_own_parent", condition=Q(parent=None) | ~Q(parent=F("id"))
            ),
        ]
        triggers = [triggers.causes_form_a_tree()]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.name_zh if (get_language() or "").startswith("zh") else self.name_en


@audited()
class Finding(models.Model):
    """One cause that somebody found in one case: the main one, or what contributed to it."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="findings")
    cause = models.ForeignKey(Cause, models.PROTECT, related_name="findings")
    is_main = models.BooleanField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        constraints = [
            models.UniqueConstraint(name="cause_once_per_case", fields=["complaint", "cause"]),
            models.UniqueConstraint(
                name="case_has_one_main_cause", fields=["complaint"], condition=Q(is_main=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.complaint_id}: {self.cause_id}"


class PreventionState(models.TextChoices):
    PLANNED = "planned", _("Planned")
    DONE = "done", _("Done, effect not checked yet")
    EFFECTIVE = "effective", _("It helped")
    REOPENED = "reopened", _("It didn’t help: open again")
    UNCLEAR = "unclear", _("Too few cases to tell")


OPEN_PREVENTIONS = (PreventionState.PLANNED, PreventionState.REOPENED)


class PreventionQuerySet(models.QuerySet["Prevention"]):
    def locked(self) -> Self:
        """Hold the rows until the transaction ends; pk order keeps deadlocks away."""
        return self.order_by("pk").select_for_update(of=("self",), no_key=True)


@audited()
class Prevention(models.Model):
    """Something that is done about a cause: by whom, until when, how one sees that it was done."""

    cause = models.ForeignKey(Cause, models.PROTECT, related_name="preventions", verbose_name=_("cause"))
    merchant = models.ForeignKey(
        Merchant,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("only this merchant"),
    )
    shop = models.ForeignKey(
        Shop, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("only this shop")
    )
    what = models.CharField(_("what is done"), max_length=200)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("who sees to it")
    )
    due_on = models.DateField(_("until"))
    weeks = models.PositiveSmallIntegerField(_("effect is checked after, weeks"), default=8)
    state = models.CharField(
        _("state"), max_length=10, choices=PreventionState, default=PreventionState.PLANNED
    )
    evidence = models.TextField(_("how one sees that it was done"), blank=True)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    check_on = models.DateField(_("effect is checked on"), null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by whom")
    )
    planned_at = models.DateTimeField(db_default=Now(), verbose_name=_("planned"))

    objects = PreventionQuerySet.as_manager()

    class Meta:
        verbose_name = _("preventive action")
        verbose_name_plural = _("preventive actions")
        constraints = [
            models.CheckConstraint(
                name="prevention_that_is_done_shows_it",
                condition=Q(state__in=OPEN_PREVENTIONS) | Q(evidence__regex=r"\S", done_on__isnull=False),
            ),
            models.CheckConstraint(
                name="prevention_is_checked_when_it_is_done",
                condition=Q(state="done", check_on__isnull=False) | ~Q(state="done") & Q(check_on=None),
            ),
            models.CheckConstraint(
                name="prevention_is_checked_after_weeks", condition=Q(weeks__gte=1, weeks__lte=52)
            ),
        ]
        indexes = [
            models.Index(  # the nightly check of effects
                fields=["check_on"], name="prevention_to_check", condition=Q(state="done")
            ),
        ]

    def __str__(self) -> str:
        return self.what

    def first_check(self) -> timedelta:
        return timedelta(weeks=self.weeks)


class Outcome(models.TextChoices):
    FELL = "fell", _("The rate fell")
    NOT_FALLEN = "not", _("It can’t be said that the rate fell")
    TOO_FEW = "few", _("Too few cases to tell")
    UNCODED = "uncoded", _("Too many cases without a cause to tell")


class EffectCheck(models.Model):
    """What a check of an effect compared and found; see causes/effect.py for the method. Written once."""

    prevention = models.ForeignKey(
        Prevention, models.PROTECT, related_name="checks", verbose_name=_("preventive action")
    )
    on = models.DateField(verbose_name=_("day"))
    days = models.PositiveIntegerField(verbose_name=_("days"))  # of each of the two spans
    per = models.CharField(
        max_length=9,
        choices=[("purchases", _("purchases")), ("days", _("days"))],
        verbose_name=_("counted per"),
    )
    cases_before = models.PositiveIntegerField(verbose_name=_("cases before"))
    of_before = models.PositiveIntegerField(verbose_name=_("out of, before"))
    cases_after = models.PositiveIntegerField(verbose_name=_("cases after"))
    of_after = models.PositiveIntegerField(verbose_name=_("out of, after"))
    uncoded = models.PositiveIntegerField(
        verbose_name=_("without a cause")
    )  # cases since then of which nobody has said the cause
    ratio = models.FloatField(
        null=True, verbose_name=_("ratio")
    )  # rate after by rate before; none when there was no case before
    low = models.FloatField(null=True, verbose_name=_("lowest ratio"))
    high = models.FloatField(null=True, verbose_name=_("highest ratio"))  # none: without end
    outcome = models.CharField(max_length=8, choices=Outcome, verbose_name=_("outcome"))

    class Meta:
        verbose_name = _("check of an effect")
        verbose_name_plural = _("checks of effects")
        constraints = [
            models.UniqueConstraint(name="effect_is_checked_once_a_day", fields=["prevention", "on"])
        ]
        triggers = [append_only("checks_are_written_once")]

    def __str__(self) -> str:
        return f"{dates.day(self.on)}: {self.get_outcome_display()}"
