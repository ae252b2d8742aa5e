"""Birthdays, sealed, and the greetings before them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from coupons.models import CouponProgramme
from merchants.models import Customer, Merchant
from portal.kernel.audit import audited
from portal.kernel.crypto import EncryptedTextField
from portal.kernel.db import append_only


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
