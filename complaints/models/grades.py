"""By which rules a case gets its grade when it is filed. A change is a new version; cases keep theirs."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from complaints.models.complaint import CameBy, Grade
from complaints.models.reason import about
from portal.kernel.db import append_only
from portal.kernel.money import format_money


class GradeRules(models.Model):
    """One version of all the rules, in the order in which they are asked."""

    why = models.CharField(_("what changed and why"), max_length=200)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by whom"),
    )
    at = models.DateTimeField(_("when"), db_default=Now())

    class Meta:
        verbose_name = _("grading rules")
        verbose_name_plural = _("grading rules")
        triggers = [append_only("grade_rules_are_written_once")]

    def __str__(self) -> str:
        return _("Version %(number)d") % {"number": self.pk}


class GradeRule(models.Model):
    """Where everything that a rule says holds, the case gets its grade; what is left empty is not asked."""

    version = models.ForeignKey(GradeRules, models.PROTECT, related_name="rules")
    position = models.PositiveSmallIntegerField(_("order in the list"))
    reason = about(verbose_name=_("reason, with all below it"), null=True, blank=True)
    came_by = models.CharField(_("came by"), max_length=6, choices=CameBy, blank=True)
    words = models.CharField(_("one of these words"), max_length=400, blank=True)
    amount_from = models.PositiveBigIntegerField(_("purchase of at least"), null=True, blank=True)
    open_from = models.PositiveSmallIntegerField(
        _("other open cases of the merchant, at least"), null=True, blank=True
    )
    is_guest = models.BooleanField(_("made an account just for this"), null=True, blank=True)
    grade = models.CharField(_("grade"), max_length=10, choices=Grade)

    class Meta:
        verbose_name = _("grading rule")
        verbose_name_plural = _("grading rules")
        constraints = [
            models.UniqueConstraint(name="grade_rule_has_a_place_of_its_own", fields=["version", "position"]),
            models.CheckConstraint(
                name="grade_rule_asks_for_something_countable",
                condition=(Q(amount_from=None) | Q(amount_from__gt=0))
                & (Q(open_from=None) | Q(open_from__gt=0)),
            ),
        ]
        triggers = [append_only("grade_rules_of_a_version_are_written_once")]

    def __str__(self) -> str:
        return _("%(conditions)s → %(grade)s") % {
            "conditions": " · ".join(self.conditions()) or _("everything else"),
            "grade": self.get_grade_display(),
        }

    def conditions(self) -> list[str]:
        """What it asks for, in words."""
        told: list[tuple[Any, Any]] = [
            (self.reason_id, self.reason),
            (self.came_by, self.get_came_by_display()),
            (self.words, f"“{'” / “'.join(self.each_word())}”"),
            (self.amount_from, _("from %(amount)s") % {"amount": format_money(self.amount_from or 0)}),
            (self.open_from, _("from %(count)d other open cases") % {"count": self.open_from or 0}),
            (self.is_guest is True, _("new account")),
            (self.is_guest is False, _("known account")),
        ]
        return [str(words) for is_asked, words in told if is_asked]

    def each_word(self) -> list[str]:
        """Between commas or ideographic commas, as people write lists."""
        plain = self.words.replace("，", ",").replace("、", ",").replace("\n", ",")
        return [word.strip() for word in plain.split(",") if word.strip()]
