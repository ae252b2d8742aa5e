"""The coupons that people hold, and the uses made of them."""

from datetime import datetime, timedelta
from typing import Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from coupons.models.paper import NOBODYS, PaperBatch
from coupons.models.programmes import FACE_FITS, CouponKind, CouponProgramme, Via
from coupons.models.terms import CouponTerms
from merchants.models import Customer, Merchant, Shop
from portal.kernel.audit import audited
from portal.kernel.models import User


class CouponState(models.TextChoices):
    """Expired isn't one of them: that is a matter of the clock, see ``stage_at``."""

    ISSUED = "issued", _("Nobody’s yet")  # printed on paper
    CLAIMED = "claimed", _("Claimed")
    HELD = "held", _("Reserved")
    REDEEMED = "redeemed", _("Used")
    RETURNED = "returned", _("Given back")  # its use was undone: it can be used again
    REVOKED = "revoked", _("Cancelled by shop")


OPEN = (CouponState.CLAIMED, CouponState.HELD, CouponState.RETURNED)  # its holder can still use it
#: Which state may follow which. The database lets no other change pass.
MOVES = {
    CouponState.ISSUED: (CouponState.CLAIMED, CouponState.REDEEMED, CouponState.REVOKED),
    CouponState.CLAIMED: (CouponState.HELD, CouponState.REDEEMED, CouponState.REVOKED),
    CouponState.HELD: (CouponState.CLAIMED, CouponState.REDEEMED, CouponState.REVOKED),
    CouponState.REDEEMED: (CouponState.RETURNED,),
    CouponState.RETURNED: (
        CouponState.CLAIMED,
        CouponState.HELD,
        CouponState.REDEEMED,
        CouponState.REVOKED,
    ),
}
USED_UP = Q(kind="value", spent=F("amount_off")) | ~Q(kind="value") & Q(times=F("uses"))


#: What a coupon says for good, from the moment it was issued.
FACE = (
    *("title", "kind", "amount_off", "percent_off", "most_off", "price", "item", "uses", "minimum"),
    *("terms", "valid_from", "valid_until"),
)


class CouponQuerySet(models.QuerySet["Coupon"]):
    def held_by(self, user: User) -> Self:
        return self.filter(customer__user=user).select_related("programme__merchant", "terms")

    def of(self, merchant: Merchant) -> Self:
        return self.filter(merchant=merchant)

    def nobodys(self) -> Self:
        """On paper and not yet claimed; one whose anonymous use was undone is so again."""
        return self.filter(NOBODYS)

    def usable_at(self, moment: datetime) -> Self:
        return self.filter(state__in=OPEN, valid_from__lte=moment, valid_until__gt=moment)

    def locked(self) -> Self:
        """Hold the coupons and their programmes, the programme first, until the transaction ends."""
        rows = self.select_related("programme__merchant", "customer", "terms").order_by("pk")
        return rows.select_for_update(of=("programme", "self"), no_key=True)

    def hold(self, pk: int) -> "Coupon":
        """The same for one. Had the lock to be waited for, the row is the new one but the customer joined to
        it isn't: then who has it is asked again.
        """
        coupon = self.locked().get(pk=pk)
        if coupon.customer_id and coupon.customer is None:
            coupon.refresh_from_db(fields=["customer"])
        return coupon


@audited(inserts=False)
class Coupon(models.Model):
    """One claimed coupon, with the terms as they stood when it was claimed."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="coupons", db_index=False)
    programme = models.ForeignKey(
        CouponProgramme, models.PROTECT, related_name="coupons", db_index=False, db_constraint=False
    )
    terms = models.ForeignKey(
        CouponTerms, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, blank=True, related_name="coupons")
    batch = models.ForeignKey(
        PaperBatch,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="coupons",
        db_index=False,
        db_constraint=False,
    )
    ordinal = models.PositiveSmallIntegerField(default=1)  # the person's first, second … of the programme
    via = models.CharField(_("came by"), max_length=6, choices=Via, default=Via.LINK, db_default=Via.LINK)
    token = models.CharField(max_length=16, unique=True)
    state = models.CharField(max_length=8, choices=CouponState, default=CouponState.CLAIMED)
    title = models.CharField(max_length=40)
    kind = models.CharField(max_length=8, choices=CouponKind)
    amount_off = models.PositiveIntegerField(null=True, blank=True)
    percent_off = models.PositiveSmallIntegerField(null=True, blank=True)
    most_off = models.PositiveIntegerField(null=True, blank=True)
    price = models.PositiveIntegerField(null=True, blank=True)
    item = models.CharField(max_length=40, blank=True, db_default="")
    uses = models.PositiveSmallIntegerField(default=1, db_default=1)
    minimum = models.PositiveIntegerField(default=0)
    times = models.PositiveSmallIntegerField(default=0, db_default=0)  # so often it was used
    spent = models.PositiveIntegerField(default=0, db_default=0)  # of what a value coupon is worth
    held_until = models.DateTimeField(null=True, blank=True)
    hold_key = models.UUIDField(null=True, blank=True)  # of the basket or present that holds it
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    revoke_reason = models.CharField(max_length=120, blank=True, db_default="")
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField()
    key = models.UUIDField()
    claimed_at = models.DateTimeField(db_default=Now())

    outcome: str  # what ``coupons_claim`` answers beside the row

    objects = CouponQuerySet.as_manager()

    class Meta:
        verbose_name = _("coupon")
        verbose_name_plural = _("coupons")
        constraints = [
            models.UniqueConstraint(
                name="coupon_once_per_person_and_turn",
                fields=["programme", "customer", "ordinal"],
            ),
            models.UniqueConstraint(name="coupon_once_per_claim", fields=["customer", "key"]),
            models.UniqueConstraint(name="coupon_of_merchant", fields=["merchant", "id"]),
            models.CheckConstraint(name="coupon_says_what_its_kind_says", condition=FACE_FITS),
            models.CheckConstraint(
                name="coupon_used_no_more_than_it_allows",
                condition=Q(kind="value", spent__lte=F("amount_off")) | Q(spent=0, times__lte=F("uses")),
            ),
            models.CheckConstraint(
                name="coupon_is_used_exactly_when_used_up",
                condition=Q(state="redeemed") & USED_UP | ~Q(state="redeemed") & ~USED_UP,
            ),
            models.CheckConstraint(
                name="held_coupon_says_until_when",
                condition=Q(state="held", held_until__isnull=False, hold_key__isnull=False)
                | ~Q(state="held") & Q(held_until=None, hold_key=None),
            ),
            models.CheckConstraint(
                name="cancelled_coupon_says_by_whom",
                condition=Q(state="revoked", revoked_at__isnull=False, revoked_by__isnull=False)
                | ~Q(state="revoked") & Q(revoked_at=None, revoked_by=None),
            ),
            models.CheckConstraint(
                name="claimed_coupon_has_a_holder",
                condition=~Q(state__in=["claimed", "held"]) | Q(customer__isnull=False),
            ),
            models.CheckConstraint(
                name="coupon_without_a_holder_is_on_paper",
                condition=Q(customer__isnull=False) | Q(batch__isnull=False),
            ),
        ]
        indexes = [
            # read by the task that tells what ends soon
            models.Index(
                fields=["valid_until"],
                name="coupon_ending",
                condition=Q(state__in=["claimed", "returned"]),
            ),
            # read by the task that lets go what nobody took
            models.Index(fields=["held_until"], name="coupon_held", condition=Q(state="held")),
            # read by a batch's page and its sheets
            models.Index(fields=["batch", "id"], name="coupon_on_paper", condition=Q(batch__isnull=False)),
        ]
        triggers = [
            pgtrigger.FSM(
                name="coupon_moves_as_allowed",
                field="state",
                transitions=[(str(one), str(to)) for one, following in MOVES.items() for to in following],
            ),
            pgtrigger.ReadOnly(name="coupon_keeps_its_terms", fields=list(FACE)),
        ]

    def __str__(self) -> str:
        return self.title

    def stage_at(self, moment: datetime) -> str:
        """How its holder meets it: usable, reserved, upcoming, used, expired or cancelled."""
        if self.state == CouponState.REDEEMED:
            return "used"
        if self.state == CouponState.REVOKED:
            return "cancelled"
        if moment >= self.valid_until:
            return "expired"
        if self.is_held_at(moment):
            return "reserved"
        return "usable" if moment >= self.valid_from else "upcoming"

    @property
    def is_nobodys(self) -> bool:
        return self.customer_id is None and self.state in (CouponState.ISSUED, CouponState.RETURNED)

    def is_held_at(self, moment: datetime) -> bool:
        """A hold that has lapsed is none, also before anything tidies it away."""
        return self.held_until is not None and moment < self.held_until

    @property
    def left(self) -> int:
        """Of a value coupon: minor units; of any other: how often it can still be used."""
        return (
            (self.amount_off or 0) - self.spent if self.kind == CouponKind.VALUE else self.uses - self.times
        )

    @property
    def last_moment(self) -> datetime:
        return self.valid_until - timedelta(seconds=1)


class Redemption(models.Model):
    """One use of a coupon. An undone one stays, marked; of each turn at most one stands.

    A pack has as many turns as it has uses, a value coupon as many as there are parts; all others one.
    """

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="+", db_index=False)
    coupon = models.ForeignKey(Coupon, models.PROTECT, related_name="redemptions", db_constraint=False)
    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    turn = models.PositiveSmallIntegerField(default=1, db_default=1)
    bill = models.PositiveIntegerField()  # minor units, before the discount
    discount = models.PositiveIntegerField()
    key = models.UUIDField(unique=True)
    redeemed_at = models.DateTimeField(db_default=Now())
    undone_at = models.DateTimeField(null=True, blank=True)

    shares: list[int]  # what the verb took off each line, minor units; kept by the purchase's lines

    class Meta:
        verbose_name = _("redemption")
        verbose_name_plural = _("redemptions")
        constraints = [
            models.UniqueConstraint(
                name="coupon_redeemed_once",
                fields=["coupon", "turn"],
                condition=Q(undone_at=None),
            ),
            models.CheckConstraint(name="coupon_turns_count_from_one", condition=Q(turn__gte=1)),
            models.CheckConstraint(name="discount_within_bill", condition=Q(discount__lte=F("bill"))),
        ]
        indexes = [models.Index(fields=["merchant", "-id"], name="redemption_of_merchant")]

    def __str__(self) -> str:
        return f"{self.coupon_id} −{self.discount}"
