"""What care for customers writes down itself; the rest of its pages reads the layers below."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from coupons.models import CouponProgramme, FlashDeal
from merchants.models import Customer, Merchant, Shop
from messaging.models import Mailing
from portal.kernel.audit import audited
from portal.kernel.crypto import EncryptedTextField
from portal.kernel.db import append_only
from portal.kernel.models import Job


class PhoneLook(models.Model):
    """Somebody who usually sees only the last digits looked at a customer's whole number. Written once."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="+", db_index=False)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="phone_looks")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("look at a phone number")
        verbose_name_plural = _("looks at phone numbers")
        indexes = [models.Index(fields=["merchant", "-id"], name="phone_look_of_merchant")]
        triggers = [append_only("phone_looks_are_written_once")]

    def __str__(self) -> str:
        return f"{self.by_id} → {self.customer_id}"


class CardGrant(models.Model):
    """Member cards given to chosen customers: by whom, to whom, and how far that has come."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="+", db_index=False)
    key = models.UUIDField()
    customers = models.JSONField()  # keys of the chosen, in ascending order
    job = models.ForeignKey(Job, models.SET_NULL, null=True, blank=True, related_name="+")
    given = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("grant of cards")
        verbose_name_plural = _("grants of cards")
        constraints = [models.UniqueConstraint(name="cards_granted_once_per_key", fields=["merchant", "key"])]

    def __str__(self) -> str:
        return str(self.key)


class Audience(models.TextChoices):
    """Whom a flash deal is told."""

    NEAR = "near", _("People who are usually near")
    MEMBERS = "members", _("My members")
    FOLLOWERS = "follow", _("Followers of my shops")
    AWAY = "away", _("Customers not seen for 60 days")
    SEGMENT = "segment", _("A segment or list")


class SegmentQuerySet(models.QuerySet["Segment"]):
    def of(self, merchant: Merchant) -> Self:
        return self.filter(merchant=merchant)

    def in_use(self) -> Self:
        return self.filter(put_away_at=None)

    def locked(self) -> Self:
        return self.order_by("pk").select_for_update(of=("self",), no_key=True)


@audited()
class Segment(models.Model):
    """Some of a merchant's customers under a name: all whom rules fit, or a list of chosen ones."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="segments", db_index=False)
    token = models.CharField(max_length=16, unique=True)
    name = models.CharField(_("name"), max_length=30)
    is_list = models.BooleanField(_("chosen by hand"), default=False)
    rules = models.JSONField(default=dict)  # ``crm.rules.Rules.stored``
    key = models.UUIDField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    put_away_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    objects = SegmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("segment")
        verbose_name_plural = _("segments")
        constraints = [
            # what a membership's and a campaign's (merchant, segment) point at
            models.UniqueConstraint(name="segment_of_merchant", fields=["merchant", "id"]),
            models.UniqueConstraint(name="segment_once_per_key", fields=["merchant", "key"]),
            models.UniqueConstraint(
                name="segment_name_once_in_use", fields=["merchant", "name"], condition=Q(put_away_at=None)
            ),
            models.CheckConstraint(
                name="segment_has_rules_or_is_a_list",
                condition=Q(is_list=True, rules={}) | Q(is_list=False) & ~Q(rules={}),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """That a customer was in a segment, from when until when. Ended, never removed."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="+", db_index=False)
    segment = models.ForeignKey(
        Segment, models.PROTECT, related_name="memberships", db_constraint=False, db_index=False
    )
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="memberships", db_constraint=False)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("membership of a segment")
        verbose_name_plural = _("memberships of segments")
        constraints = [
            models.UniqueConstraint(
                name="in_a_segment_once", fields=["segment", "customer"], condition=Q(until=None)
            ),
            models.CheckConstraint(
                name="segment_left_after_it_was_joined",
                condition=Q(until=None) | Q(until__gte=models.F("since")),
            ),
        ]
        # who came and went lately
        indexes = [models.Index(fields=["segment", "since"], name="membership_by_date")]

    def __str__(self) -> str:
        return f"{self.segment_id} {self.customer_id}"


class AddressedQuerySet(models.QuerySet["Campaign"]):
    def of(self, merchant: Merchant) -> Self:
        return self.filter(merchant=merchant)

    def due(self, moment: datetime) -> Self:
        """Held long enough, not stopped and not gone out."""
        return self.filter(released_at=None, stopped_at=None, goes_at__lte=moment)

    def locked(self) -> Self:
        return self.order_by("pk").select_for_update(of=("self",), no_key=True)


@audited()
class Campaign(models.Model):
    """A flash deal on its way to people: held for half a minute, gone out, or stopped."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="+", db_index=False)
    token = models.CharField(max_length=16, unique=True)
    deal = models.OneToOneField(FlashDeal, models.PROTECT, related_name="campaign", db_constraint=False)
    audience = models.CharField(_("whom"), max_length=8, choices=Audience)
    segment = models.ForeignKey(
        Segment, models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False
    )
    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+")  # the distance is measured from it
    within_m = models.PositiveIntegerField(default=2000)
    key = models.UUIDField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    goes_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    mailing = models.OneToOneField(Mailing, models.PROTECT, null=True, blank=True, related_name="campaign")
    created_at = models.DateTimeField(db_default=Now())

    objects = AddressedQuerySet.as_manager()

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        constraints = [
            models.UniqueConstraint(name="campaign_once_per_key", fields=["merchant", "key"]),
            models.CheckConstraint(
                name="campaign_for_a_segment_names_it",
                condition=Q(audience="segment", segment__isnull=False)
                | ~Q(audience="segment") & Q(segment=None),
            ),
            models.CheckConstraint(
                name="campaign_is_told_when_it_is_released",
                condition=Q(released_at=None, mailing=None)
                | Q(released_at__isnull=False, mailing__isnull=False),
            ),
        ]
        indexes = [
            # the task's look for what has been held long enough
            models.Index(
                fields=["goes_at"], name="campaign_due", condition=Q(released_at=None, stopped_at=None)
            ),
        ]

    def __str__(self) -> str:
        return self.token


@audited(leave_out=["day", "next_on"])  # who decided when, but no copy of what is removed again
class OwnBirthday(models.Model):
    """A person's birthday as they gave it. Shops that know them may greet them; the day itself is sealed.

    Of the day, only when it comes next lies open, so that the nightly question opens nothing.
    """

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="own_birthday")
    day = EncryptedTextField()  # ``crm.days.Birthday.stored``
    next_on = models.DateField(db_index=True)  # which ones the task greets, and rolls on when they are over
    shown = models.BooleanField(_("shops that know me may see the day"), default=False)
    given_at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("birthday given by the person")
        verbose_name_plural = _("birthdays given by the person")

    def __str__(self) -> str:
        return str(self.person_id)


@audited(leave_out=["day", "next_on"])
class NotedBirthday(models.Model):
    """A customer's birthday as a shop noted it, who had agreed to that. Sealed as a person's own."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="+", db_index=False)
    customer = models.OneToOneField(Customer, models.CASCADE, related_name="birthday")
    day = EncryptedTextField()
    next_on = models.DateField(db_index=True)  # those that the task rolls on
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")  # heard them agree
    agreed_at = models.DateTimeField(_("agreed"))

    class Meta:
        verbose_name = _("birthday noted by a shop")
        verbose_name_plural = _("birthdays noted by shops")
        indexes = [models.Index(fields=["merchant", "next_on"], name="noted_birthday_coming")]

    def __str__(self) -> str:
        return str(self.customer_id)


@audited()
class GreetingPlan(models.Model):
    """Whether a merchant greets customers before their birthdays: how many days ahead, with which coupon."""

    FEWEST, MOST = 2, 7  # days ahead

    merchant = models.OneToOneField(Merchant, models.PROTECT, related_name="greeting_plan")
    is_on = models.BooleanField(_("greets"), default=True)
    days_ahead = models.PositiveSmallIntegerField(_("days ahead"), default=3)
    programme = models.ForeignKey(
        CouponProgramme, models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("birthday greetings of a shop")
        verbose_name_plural = _("birthday greetings of shops")
        constraints = [
            models.CheckConstraint(
                name="greeting_two_to_seven_days_ahead", condition=Q(days_ahead__gte=2, days_ahead__lte=7)
            )
        ]

    def __str__(self) -> str:
        return str(self.merchant_id)


class Greeting(models.Model):
    """That a merchant has greeted a person before a birthday. Written once, with the message.

    ``greeted_once_a_year`` (in its migration) keeps the birthdays of a merchant's greetings to one person
    300 days apart: lunar ones come after 353 to 385 days, and a date that was changed brings no second one.
    """

    APART = 300  # days

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    birthday_on = models.DateField()
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("birthday greeting")
        verbose_name_plural = _("birthday greetings")
        indexes = [models.Index(fields=["merchant", "birthday_on"], name="greeting_of_merchant")]
        triggers = [append_only("greetings_are_written_once")]

    def __str__(self) -> str:
        return f"{self.merchant_id} → {self.person_id}"
