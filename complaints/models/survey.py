"""How it was for the person, asked once after the end; and the call that a low answer leads to."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from complaints.models.complaint import Complaint
from portal.kernel.audit import audited

SCORES = (1, 2, 3, 4, 5)
LOW = 2  # and less: somebody calls


class Survey(models.Model):
    """One question about one case. ``token`` opens it without an account; the first answer counts."""

    complaint = models.OneToOneField(
        Complaint, models.PROTECT, verbose_name=_("complaint"), related_name="survey"
    )
    token = models.CharField(max_length=20, unique=True)
    asked_at = models.DateTimeField(_("asked"))
    score = models.PositiveSmallIntegerField(_("score"), null=True, blank=True)
    said = models.TextField(_("words"), blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    class Meta:
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")
        constraints = [
            models.CheckConstraint(
                name="survey_is_answered_with_one_to_five",
                condition=Q(score=None, answered_at=None, said="")
                | Q(score__gte=SCORES[0], score__lte=SCORES[-1], answered_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.complaint} · {self.score or '–'}"


@audited()
class CallBack(models.Model):
    """Somebody calls a person who was not happy with how it ended, and writes down what came of it."""

    survey = models.OneToOneField(Survey, models.PROTECT, verbose_name=_("survey"), related_name="call_back")
    opened_at = models.DateTimeField(_("opened"), db_default=Now())
    outcome = models.CharField(_("what came of it"), max_length=400, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("who called"),
        null=True,
        blank=True,
        related_name="+",
    )
    done_at = models.DateTimeField(_("done"), null=True, blank=True)

    class Meta:
        verbose_name = _("call-back")
        verbose_name_plural = _("call-backs")
        constraints = [
            models.CheckConstraint(
                name="call_back_that_is_done_says_what_came_of_it",
                condition=Q(done_at=None, by=None, outcome="")
                | Q(done_at__isnull=False, by__isnull=False, outcome__regex=r"\S"),
            ),
        ]
        indexes = [
            models.Index(fields=["opened_at"], name="call_back_queue", condition=Q(done_at=None)),
        ]

    def __str__(self) -> str:
        return str(self.survey.complaint)
