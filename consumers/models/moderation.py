"""Reports of reviews that break the rules, and what staff decided, in words that both sides read."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from consumers.models.review import Review, State
from portal.kernel.db import append_only


class Rule(models.TextChoices):
    """What a review may not be."""

    INSULT = "insult", _("Insulting or threatening")
    PRIVATE = "private", _("Personal data of somebody")
    ADVERT = "advert", _("Advertising")
    NO_VISIT = "novisit", _("Not about a visit to this shop")
    INSIDE = "inside", _("Written by somebody who works there, or by a competitor")
    BURST = "burst", _("Part of a wave of reviews")
    OTHER = "other", _("Something else")


class Decision(models.Model):
    """One decision of staff about a review, with the reason. Written once."""

    review = models.ForeignKey(Review, models.PROTECT, related_name="decisions")
    before = models.CharField(max_length=6, choices=State)
    after = models.CharField(max_length=6, choices=State)
    rule = models.CharField(_("rule"), max_length=8, choices=Rule, blank=True)  # empty: within the rules
    said = models.CharField(_("reason"), max_length=400)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("decision about a review")
        verbose_name_plural = _("decisions about reviews")
        constraints = [
            models.CheckConstraint(name="decision_says_why", condition=~Q(said="")),
            models.CheckConstraint(
                name="taken_down_review_broke_a_rule", condition=~Q(after=State.HIDDEN) | ~Q(rule="")
            ),
        ]
        triggers = [append_only("review_decisions_are_written_once")]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"


class Report(models.Model):
    """Somebody says that a review breaks the rules; settled by a decision."""

    review = models.ForeignKey(Review, models.PROTECT, related_name="reports", db_index=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    from_shop = models.BooleanField(_("from the shop"), default=False)
    rule = models.CharField(_("rule"), max_length=8, choices=Rule)
    said = models.CharField(_("what is wrong"), max_length=400, blank=True)
    decision = models.ForeignKey(
        Decision, models.PROTECT, null=True, blank=True, related_name="settles", verbose_name=_("decision")
    )
    at = models.DateTimeField(_("reported"), db_default=Now())

    class Meta:
        verbose_name = _("report of a review")
        verbose_name_plural = _("reports of reviews")
        constraints = [
            models.UniqueConstraint(name="review_reported_once_per_person", fields=["review", "by"]),
            models.UniqueConstraint(
                name="review_reported_once_by_its_shop", fields=["review"], condition=Q(from_shop=True)
            ),
        ]

    def __str__(self) -> str:
        return str(Rule(self.rule).label)
