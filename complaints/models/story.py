"""What happened in a case: the moves, the way up, and what was said. All of it is written once."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from complaints import triggers
from complaints.models.complaint import Complaint, Grade
from complaints.states import ESCALATES, NEEDS_WHY, Acting, ComplaintState, Level
from portal.kernel.db import append_only


class Step(models.Model):
    """One move of a complaint from state to state: as whom, by whom, why and when. Written once.

    Steps from before roles were kept have none.
    """

    complaint = models.ForeignKey(
        Complaint, models.PROTECT, related_name="steps", verbose_name=_("complaint")
    )
    before = models.CharField(max_length=14, choices=ComplaintState, blank=True, verbose_name=_("from state"))
    after = models.CharField(max_length=14, choices=ComplaintState, verbose_name=_("to state"))
    role = models.CharField(max_length=10, choices=Acting, blank=True, verbose_name=_("in which role"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by whom"),
    )
    why = models.CharField(max_length=200, blank=True, verbose_name=_("why"))
    at = models.DateTimeField(db_default=Now(), verbose_name=_("when"))

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        constraints = [
            models.CheckConstraint(
                name="step_is_somebodys_or_the_systems",
                condition=Q(role=Acting.SYSTEM, by=None) | ~Q(role=Acting.SYSTEM) & Q(by__isnull=False),
            ),
            models.CheckConstraint(
                name="step_says_why_where_it_must",
                condition=Q(role="") | ~Q(after__in=NEEDS_WHY) | Q(why__regex=r"\S"),
            ),
        ]
        triggers = [append_only("steps_are_written_once"), triggers.steps_follow_the_table()]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"


class Escalation(models.Model):
    """A case going up one level or more: once to each, never down. Written once."""

    complaint = models.ForeignKey(
        Complaint, models.PROTECT, related_name="escalations", verbose_name=_("complaint")
    )
    level = models.PositiveSmallIntegerField(choices=Level, verbose_name=_("level"))
    role = models.CharField(max_length=10, choices=Acting, verbose_name=_("in which role"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by whom"),
    )
    why = models.CharField(max_length=200, verbose_name=_("why"))
    at = models.DateTimeField(db_default=Now(), verbose_name=_("when"))

    class Meta:
        verbose_name = _("escalation")
        verbose_name_plural = _("escalations")
        constraints = [
            models.UniqueConstraint(name="complaint_reaches_a_level_once", fields=["complaint", "level"]),
            models.CheckConstraint(
                name="escalation_is_by_who_may",
                condition=Q(
                    *[Q(level=level, role__in=roles) for level, roles in ESCALATES.items()], _connector=Q.OR
                ),
            ),
            models.CheckConstraint(
                name="escalation_is_somebodys_or_the_systems",
                condition=Q(role=Acting.SYSTEM, by=None) | ~Q(role=Acting.SYSTEM) & Q(by__isnull=False),
            ),
            models.CheckConstraint(name="escalation_says_why", condition=Q(why__regex=r"\S")),
        ]
        triggers = [append_only("escalations_are_written_once")]

    def __str__(self) -> str:
        return f"{self.complaint_id}: {self.get_level_display()}"


class Grading(models.Model):
    """How grave a case is, by whose judgement and why. Written once; the last one counts."""

    complaint = models.ForeignKey(
        Complaint, models.PROTECT, related_name="gradings", verbose_name=_("complaint")
    )
    grade = models.CharField(max_length=10, choices=Grade, verbose_name=_("grade"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by whom"),
    )
    why = models.CharField(max_length=200, verbose_name=_("why"))
    at = models.DateTimeField(db_default=Now(), verbose_name=_("when"))

    class Meta:
        verbose_name = _("grading")
        verbose_name_plural = _("gradings")
        constraints = [models.CheckConstraint(name="grading_says_why", condition=Q(why__regex=r"\S"))]
        triggers = [append_only("gradings_are_written_once")]

    def __str__(self) -> str:
        return f"{self.get_grade_display()}: {self.why}"


class Reply(models.Model):
    """Something said to the person or by the person, for both to read. Written once.

    The desk says it, or the shop, or else the person.
    """

    complaint = models.ForeignKey(
        Complaint, models.PROTECT, related_name="replies", verbose_name=_("complaint")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by whom")
    )
    from_staff = models.BooleanField(verbose_name=_("from the desk"))
    from_shop = models.BooleanField(default=False, verbose_name=_("from the shop"))
    said = models.TextField(verbose_name=_("words"))
    key = models.UUIDField(unique=True)
    at = models.DateTimeField(db_default=Now(), verbose_name=_("when"))

    class Meta:
        verbose_name = _("reply")
        verbose_name_plural = _("replies")
        constraints = [
            models.CheckConstraint(name="reply_has_one_voice", condition=~Q(from_staff=True, from_shop=True)),
        ]
        triggers = [append_only("replies_are_written_once")]

    def __str__(self) -> str:
        return self.said[:40]


class InternalNote(models.Model):
    """What staff say to each other about a case; the person never sees it."""

    complaint = models.ForeignKey(
        Complaint, models.PROTECT, related_name="notes", verbose_name=_("complaint")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by whom")
    )
    said = models.TextField(verbose_name=_("words"))
    key = models.UUIDField(unique=True)
    at = models.DateTimeField(db_default=Now(), verbose_name=_("when"))

    class Meta:
        verbose_name = _("internal note")
        verbose_name_plural = _("internal notes")
        triggers = [append_only("notes_are_written_once")]

    def __str__(self) -> str:
        return self.said[:40]
