"""The case: what a person is unhappy about, where it stands, who has to answer by when."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints import triggers
from complaints.models.reason import about
from complaints.numbers import in_groups
from complaints.states import OPEN_STATES, OVER_STATES, REOPENED_AT_MOST, ComplaintState, Level, state_at_desk
from coupons.models import Coupon
from merchants.models import Merchant, Shop
from orders.models import Purchase
from portal.kernel.audit import audited
from portal.kernel.models import User


class CameBy(models.TextChoices):
    WEB = "web", _("Web form")
    PHONE = "phone", _("Phone call")
    MAIL = "mail", pgettext_lazy("channel", "E-mail")


class Grade(models.TextChoices):
    MINOR = "minor", _("Minor")
    SERIOUS = "serious", _("Serious")
    CRITICAL = "critical", _("Critical")


class ComplaintQuerySet(models.QuerySet["Complaint"]):
    def filed_by(self, user: User) -> Self:
        return self.filter(person=user)

    def still_open(self) -> Self:
        return self.filter(state__in=OPEN_STATES)

    def about(self, merchant: Merchant) -> Self:
        return self.filter(merchant=merchant)

    def due_before(self, moment: datetime) -> Self:
        return self.still_open().filter(due_at__lt=moment)

    def queue(self) -> Self:
        """What is still open, the one promised first at the top."""
        return self.still_open().order_by("due_at", "pk")

    def after_in_queue(self, complaint: "Complaint") -> Self:
        """The rest of the queue behind this case, by the queue's own key."""
        behind = Q(due_at__gt=complaint.due_at) | Q(due_at=complaint.due_at, pk__gt=complaint.pk)
        return self.queue().filter(behind)

    def locked(self) -> Self:
        """Hold the rows until the transaction ends; pk order keeps deadlocks away."""
        return self.order_by("pk").select_for_update(of=("self",), no_key=True)


@audited(leave_out=["grams"])
class Complaint(models.Model):
    """One case, about a shop and perhaps a purchase there."""

    number = models.CharField(
        _("number"), max_length=10, unique=True
    )  # read out on the phone, see numbers.py
    token = models.CharField(max_length=20, unique=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="complaints", verbose_name=_("person")
    )
    merchant = models.ForeignKey(
        Merchant, models.PROTECT, null=True, blank=True, related_name="complaints", verbose_name=_("merchant")
    )
    shop = models.ForeignKey(Shop, models.PROTECT, related_name="complaints", verbose_name=_("shop"))
    purchase = models.ForeignKey(Purchase, models.PROTECT, null=True, blank=True, related_name="complaints")
    coupon = models.ForeignKey(Coupon, models.PROTECT, null=True, blank=True, related_name="complaints")
    came_by = models.CharField(_("came by"), max_length=6, choices=CameBy, default=CameBy.WEB)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )  # who wrote down what the person said on the phone
    reason = about(verbose_name=_("reason"))
    said = models.TextField(_("what happened"))
    grams = ArrayField(models.CharField(max_length=20), default=list, blank=True, editable=False)
    is_named = models.BooleanField(_("the shop may know who it is"), default=False)
    state = models.CharField(
        _("state"),
        max_length=14,
        choices=ComplaintState,
        default=ComplaintState.RECEIVED,
    )
    grade = models.CharField(_("grade"), max_length=10, choices=Grade, default=Grade.MINOR)
    graded_by = models.ForeignKey(
        "complaints.GradeRule", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )  # the rule that held when it was filed, with its version; none for cases from before there were rules
    version = models.PositiveIntegerField(default=1)  # rises with every change; who saw less is asked to look
    level = models.PositiveSmallIntegerField(_("level"), choices=Level, default=Level.NONE)
    duplicate_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="duplicates")
    reopened = models.PositiveSmallIntegerField(_("opened again"), default=0)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="assigned_complaints",
        verbose_name=_("assignee"),
    )
    key = models.UUIDField()
    filed_at = models.DateTimeField(db_default=Now())
    due_at = models.DateTimeField(_("due next"))
    answered_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        verbose_name = _("complaint")
        verbose_name_plural = _("complaints")
        permissions = [
            ("answer_complaint", _("Can answer and move complaints")),
            ("supervise_complaint", _("Can close complaints without agreement and take them up")),
            ("manage_complaint", _("Can decide complaints as a manager")),
        ]
        constraints = [
            models.UniqueConstraint(name="complaint_once_per_key", fields=["person", "key"]),
            models.CheckConstraint(
                name="complaint_has_an_end_when_it_is_over",
                condition=Q(state__in=OPEN_STATES, ended_at=None)
                | Q(state__in=OVER_STATES, ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="complaint_reported_twice_names_the_first",
                condition=Q(state="duplicate", duplicate_of__isnull=False) & ~Q(duplicate_of=F("id"))
                | ~Q(state="duplicate") & Q(duplicate_of=None),
            ),
            models.CheckConstraint(
                name="complaint_by_phone_was_taken_down",
                condition=Q(came_by=CameBy.PHONE, taken_by__isnull=False)
                | ~Q(came_by=CameBy.PHONE) & Q(taken_by=None),
            ),
            models.CheckConstraint(
                name="complaint_is_opened_again_at_most_twice",
                condition=Q(reopened__lte=REOPENED_AT_MOST),
            ),
            models.CheckConstraint(
                name="complaint_goes_up_to_the_regulator", condition=Q(level__lte=Level.REGULATOR)
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                name="complaint_queue",
                condition=Q(state__in=OPEN_STATES),
            ),
            models.Index(fields=["merchant", "-id"], name="complaint_of_merchant"),
            GinIndex(fields=["grams"], name="complaint_grams"),  # what reads alike, and words of a search
            GinIndex(fields=["said"], opclasses=["gin_trgm_ops"], name="complaint_words"),
        ]
        triggers = [
            triggers.starts_as_received(),
            triggers.moves_as_allowed(),
            triggers.state_has_its_step(),
            triggers.stays_with_its_shop(),
            triggers.goes_up_only_with_a_word(),
            triggers.ends_only_when_promises_are_kept(),
        ]

    def __str__(self) -> str:
        return self.number_in_groups

    @property
    def number_in_groups(self) -> str:
        return in_groups(self.number)

    @property
    def state_at_desk(self) -> str:
        return state_at_desk(self.state)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES
