"""What puts a case right again: proposed, promised, done; who decided it, and what it made in the books."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from complaints import triggers
from complaints.models.complaint import Complaint
from complaints.models.story import Reply
from complaints.reasons.automatic import why_in_words
from complaints.states import Acting
from coupons.models import Coupon, CouponProgramme
from loyalty.models import Entry
from merchants.models import Merchant
from orders.models import PurchaseLine, Return
from portal.kernel.audit import audited
from portal.kernel.models import User


class RemedyKind(models.TextChoices):
    APOLOGY = "apology", _("Apology")
    REFUND = "refund", _("Money back")
    POINTS = "points", _("Points")
    COUPON = "coupon", _("Coupon")
    SERVICE = "service", _("Service again")


class RemedyState(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    PROMISED = "promised", _("Promised")
    EXECUTED = "executed", _("Done")
    DROPPED = "dropped", _("Dropped")


#: These somebody does outside the portal and says with which proof; the others the portal does by itself.
BY_HAND = (RemedyKind.REFUND, RemedyKind.SERVICE)
_BOUND = (RemedyState.PROMISED, RemedyState.EXECUTED)


@audited()
class Authority(models.Model):
    """Up to which worth one person in this role decides alone; above it a second one approves."""

    role = models.CharField(
        _("role"),
        max_length=10,
        unique=True,
        choices=[(role.value, role.label) for role in Acting if role not in (Acting.CONSUMER, Acting.SYSTEM)],
    )
    most = models.PositiveIntegerField(_("alone up to"))
    goodwill = models.PositiveIntegerField(_("goodwill a month, each"), default=0)

    class Meta:
        verbose_name = _("authority limit")
        verbose_name_plural = _("authority limits")

    def __str__(self) -> str:
        return self.get_role_display()


class RemedyQuerySet(models.QuerySet["Remedy"]):
    def proposed(self) -> Self:
        return self.filter(state=RemedyState.PROPOSED)

    def owed(self) -> Self:
        """Promised to a person and not done yet."""
        return self.filter(state=RemedyState.PROMISED)

    def to_do_by_hand(self) -> Self:
        """What somebody has to do outside the portal, or what the portal tried and couldn't."""
        return self.owed().filter(Q(kind__in=BY_HAND) | ~Q(stuck=""))

    def of(self, merchant: Merchant) -> Self:
        return self.filter(merchant=merchant)

    def shown_to_person(self) -> Self:
        """What was promised or done, and what is proposed while the proposal lies before them."""
        visible = Q(state__in=_BOUND) | Q(state=RemedyState.PROPOSED, complaint__state="proposed")
        found = self.filter(visible).select_related("programme", "coupon", "entry__account__card")
        return found.order_by("pk")

    def in_full(self) -> Self:
        people = ("proposed_by", "approved_by", "agreed_by", "executed_by")
        return self.select_related(*people, "programme", "line").order_by("pk")

    def locked(self) -> Self:
        """Hold the rows until the transaction ends; pk order keeps deadlocks away."""
        return self.order_by("pk").select_for_update(of=("self",), no_key=True)


@audited()
class Remedy(models.Model):
    """One thing that is done for the person of a case. The merchant gives it, goodwill the portal."""

    complaint = models.ForeignKey(
        Complaint, models.PROTECT, related_name="remedies", verbose_name=_("complaint")
    )
    merchant = models.ForeignKey(
        Merchant, models.PROTECT, null=True, blank=True, related_name="remedies", verbose_name=_("merchant")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=RemedyKind)
    state = models.CharField(_("state"), max_length=8, choices=RemedyState, default=RemedyState.PROPOSED)
    is_goodwill = models.BooleanField(_("goodwill"), default=False)
    worth = models.PositiveIntegerField(_("worth"), default=0)  # minor units: what it costs who gives it
    points = models.PositiveIntegerField(_("points"), default=0)
    line = models.ForeignKey(
        PurchaseLine,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("line of the purchase"),
    )
    programme = models.ForeignKey(
        CouponProgramme,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("coupon programme"),
    )
    says = models.CharField(_("what the person reads"), max_length=200)
    key = models.UUIDField(unique=True)  # of the form that proposed it, and of what it makes
    role = models.CharField(max_length=10, choices=Acting, verbose_name=_("in which role"))
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    proposed_at = models.DateTimeField(db_default=Now(), verbose_name=_("proposed"))
    needs_second = models.BooleanField(default=False, verbose_name=_("needs a second person"))
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("approved by"),
    )
    approved_at = models.DateTimeField(null=True, blank=True, verbose_name=_("approved"))
    agreed_by = models.ForeignKey(  # the merchant's owner or manager in whose name it is given
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("agreed by"),
    )
    agreed_at = models.DateTimeField(null=True, blank=True, verbose_name=_("agreed"))
    proof = models.CharField(_("proof"), max_length=120, blank=True)  # of what was done by hand
    stuck = models.CharField(_("why it couldn’t be done"), max_length=200, blank=True)
    dropped_why = models.CharField(_("why it was dropped"), max_length=200, blank=True)
    executed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("done by"),
    )
    executed_at = models.DateTimeField(null=True, blank=True, verbose_name=_("done"))
    reply = models.OneToOneField(Reply, models.PROTECT, null=True, blank=True, related_name="remedy")
    entry = models.OneToOneField(Entry, models.PROTECT, null=True, blank=True, related_name="remedy")
    coupon = models.OneToOneField(Coupon, models.PROTECT, null=True, blank=True, related_name="remedy")
    returned = models.OneToOneField(Return, models.PROTECT, null=True, blank=True, related_name="remedy")

    objects = RemedyQuerySet.as_manager()

    class Meta:
        verbose_name = _("remedy")
        verbose_name_plural = _("remedies")
        constraints = [
            models.CheckConstraint(
                name="remedy_is_executed_at_a_time",
                condition=Q(state="executed", executed_at__isnull=False)
                | ~Q(state="executed")
                & Q(executed_at=None, reply=None, entry=None)
                & Q(coupon=None, returned=None),
            ),
            models.CheckConstraint(
                name="remedy_executed_made_what_it_says",
                condition=~Q(state="executed")
                | Q(kind="apology", reply__isnull=False)
                | Q(kind="points", entry__isnull=False)
                | Q(kind="coupon", coupon__isnull=False)
                | Q(kind="refund", proof__regex=r"\S") & (Q(line=None) | Q(returned__isnull=False))
                | Q(kind="service", proof__regex=r"\S"),
            ),
            models.CheckConstraint(
                name="remedy_above_the_limit_has_a_second_person",
                condition=Q(needs_second=False) | ~Q(state__in=_BOUND) | Q(approved_by__isnull=False),
            ),
            models.CheckConstraint(
                name="remedy_is_never_approved_by_who_proposed_it",
                condition=Q(approved_by=None) | ~Q(approved_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="remedy_of_a_merchant_is_agreed_by_it",
                condition=Q(is_goodwill=True)
                | Q(kind="apology")
                | ~Q(state__in=_BOUND)
                | Q(agreed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="remedy_is_worth_something",
                condition=Q(kind="apology", worth=0) | ~Q(kind="apology") & Q(worth__gt=0),
            ),
            models.CheckConstraint(
                name="remedy_of_points_says_how_many",
                condition=Q(kind="points", points__gt=0) | ~Q(kind="points") & Q(points=0),
            ),
            models.CheckConstraint(
                name="remedy_of_a_coupon_says_which",
                condition=Q(kind="coupon", programme__isnull=False) | ~Q(kind="coupon") & Q(programme=None),
            ),
            models.CheckConstraint(
                name="remedy_of_goodwill_is_money",
                condition=Q(is_goodwill=False) | Q(kind="refund", line=None, agreed_by=None),
            ),
        ]
        indexes = [
            models.Index(  # the queue of what is still owed
                fields=["id"], name="remedy_owed", condition=Q(state="promised")
            ),
            models.Index(  # the sum of a person's goodwill in a month
                fields=["proposed_by", "proposed_at"],
                name="remedy_of_goodwill",
                condition=Q(is_goodwill=True),
            ),
        ]
        triggers = [triggers.remedy_goes_forward(), triggers.remedy_stays_in_its_case()]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.says}"

    @property
    def is_by_hand(self) -> bool:
        return self.kind in BY_HAND

    @property
    def waits_for_second(self) -> bool:
        return self.needs_second and self.approved_by_id is None

    @property
    def waits_for_merchant(self) -> bool:
        is_theirs = not self.is_goodwill and self.kind != RemedyKind.APOLOGY
        return is_theirs and self.agreed_by_id is None

    @property
    def waits(self) -> bool:
        """Somebody has to say yes before it can be put before the person."""
        return self.state == RemedyState.PROPOSED and (self.waits_for_second or self.waits_for_merchant)

    @property
    def dropped_because(self) -> str:
        return why_in_words(Acting.SYSTEM, self.dropped_why)

    def is_of(self, user: User) -> bool:
        return self.proposed_by_id == user.pk
